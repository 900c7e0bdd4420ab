package ops

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFreeSpans: spans that are in use at a time do not overlap, and when all are free again they are one.
func TestFreeSpans(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var free freeSpans
		var used []span
		words, most, now := 0, 0, 0
		for range 60 {
			if len(used) > 0 && rng.IntN(2) == 0 {
				i := rng.IntN(len(used))
				now -= used[i].n
				free.put(used[i])
				used[i] = used[len(used)-1]
				used = used[:len(used)-1]
				continue
			}
			s := free.take(8*rng.IntN(20), &words)
			require.LessOrEqual(t, s.end(), words)
			for _, u := range used {
				require.True(t, s.end() <= u.at || u.end() <= s.at || s.n == 0 || u.n == 0, "%v overlaps %v", s, u)
			}
			used = append(used, s)
			now += s.n
			most = max(most, now)
		}
		require.GreaterOrEqual(t, words, most)
		for _, s := range used {
			free.put(s)
		}
		if words > 0 {
			require.Equal(t, freeSpans{{0, words}}, free)
		}
	}
}
