package graph_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// TestStepDivergesAfterApply: a Step whose loss is infinite takes back at most 32 updates, whichever of Step, Fit and Apply did them, and
// none before the first loss that was finite. It returns to finite weights.
func TestStepDivergesAfterApply(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		updates string // S is a Step, F a Fit of one step, A ten times Apply, W SetWeights, B an Apply that breaks the weights
		most    int    // updates that are taken back
	}{
		{"S", 1}, {"SA", 11}, {"SAAA", 31}, {"SAAAA", 32}, {"SAAAAAAAAAA", 32}, {"FAAAAA", 32}, {"SAAAASAAAA", 32}, {"SAAAAWAAAA", 32},
		{"A", 0}, {"AAAA", 0}, {"AAAASAAAA", 32}, {"SWA", 0}, {"SWAAAA", 32}, {"SAAAABAAAA", math.MaxInt},
	} {
		for name, rule := range map[string]graph.Optimizer{"Adam": optimizers.Adam{}, "EMA": optimizers.EMA{Optimizer: optimizers.SGD{LearningRate: 0.01}}} {
			t.Run(c.updates+" "+name, func(t *testing.T) {
				m, data := stepped(t, rule)
				b := graph.Batch{X: data.X, Y: data.Y}
				_, gradients, err := m.GradientsOf(b)
				require.NoError(t, err)
				seen := []string{bits(m.Weights())}
				for _, u := range c.updates {
					switch u {
					case 'S':
						_, err = m.Step(ctx, b)
					case 'F':
						_, err = m.Fit(ctx, data, graph.FitConfig{})
					case 'W':
						err = m.SetWeights(m.Weights())
						seen = seen[:len(seen)-1]
					case 'B':
						require.NoError(t, m.SetRate(math.MaxFloat64))
						err = m.Apply(gradients)
						require.NoError(t, m.SetRate(0.01))
					case 'A':
						for range 9 {
							require.NoError(t, m.Apply(gradients))
							seen = append(seen, bits(m.Weights()))
						}
						err = m.Apply(gradients)
					}
					require.NoError(t, err)
					seen = append(seen, bits(m.Weights()))
				}
				far := random(2, 30, 2)
				for i := range far.Float64s() {
					far.Float64s()[i] = 1e30
				}
				_, err = m.Step(ctx, graph.Batch{X: data.X, Y: far})
				require.ErrorIs(t, err, graph.ErrDiverged)
				slices.Reverse(seen)
				back := slices.Index(seen, bits(m.Weights()))
				require.GreaterOrEqual(t, back, 0)
				require.LessOrEqual(t, back, c.most, fmt.Sprintf("updates of %d", len(seen)-1))
				logs, err := m.Step(ctx, b)
				require.NoError(t, err)
				require.Less(t, logs["loss"], 100.0)
			})
		}
	}
}
