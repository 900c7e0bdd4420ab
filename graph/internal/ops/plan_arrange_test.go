package ops

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestArrange places random lifetimes. No two share memory while both are alive, and the memory is near the least possible.
func TestArrange(t *testing.T) {
	for name, arrange := range map[string]func([]lifetime) int{"arrange": arrange, "bySize": bySize, "inOrder": inOrder} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(200) {
				rng := rand.New(rand.NewPCG(seed, 1))
				values := make([]lifetime, rng.IntN(60))
				for i := range values {
					from := rng.IntN(40)
					values[i] = lifetime{words: 8 * rng.IntN(1+rng.IntN(50)), from: from, to: from + rng.IntN(1+rng.IntN(20))}
				}
				words, least := arrange(values), 0
				for now := range 80 {
					var alive []lifetime
					sum := 0
					for _, v := range values {
						if v.from <= now && now <= v.to && v.words > 0 {
							alive = append(alive, v)
							sum += v.words
						}
					}
					least = max(least, sum)
					slices.SortFunc(alive, func(a, b lifetime) int { return a.at - b.at })
					for i, v := range alive {
						require.LessOrEqual(t, v.at+v.words, words, fmt.Sprint(seed, v))
						if i > 0 {
							require.GreaterOrEqual(t, v.at, alive[i-1].at+alive[i-1].words, fmt.Sprint(seed, v))
						}
					}
				}
				require.LessOrEqual(t, words, 2*least, "seed %d", seed)
			}
		})
	}
}
