package graphtest

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// forgetful is a layer that does not save its setting.
type forgetful struct{ factor float64 }

func (f forgetful) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return x.Mul(s.Param("slope", graph.Ones)).Scale(f.factor)
}

func (f forgetful) MarshalText() ([]byte, error)  { return nil, nil }
func (f *forgetful) UnmarshalText(_ []byte) error { f.factor = 1; return nil }

// drifting is an optimizer with a state that no checkpoint stores.
type drifting struct{}

func (drifting) Rate() float64                  { return 0.01 }
func (drifting) Slots() int                     { return 0 }
func (drifting) Update32(graph.Update[float32]) {}
func (drifting) Update64(u graph.Update[float64]) {
	drifted++
	for i, g := range u.Grad {
		u.Weights[i] -= u.Rate * g / math.Sqrt(float64(drifted))
	}
}

var drifted = 0

// square is a loss.
type square struct{}

func (square) Loss(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() }

func init() {
	graph.Register("", forgetful{})
	graph.Register("", drifting{})
	graph.Register("", square{})
}

// TestLossIsFound: Stored reports a lost setting of a layer and a lost state of an optimizer.
func TestLossIsFound(t *testing.T) {
	x := Check{}.Random(8, 2)
	check := func(factor float64, rule graph.Optimizer) error {
		m, err := graph.Compile(forgetful{factor}, graph.Config{Input: []int{2}, Loss: square{}, Optimizer: rule, DType: x.Dtype()})
		require.NoError(t, err)
		return stored(m, graph.Arrays{X: x, Y: Check{Seed: 1}.Random(8, 2)}, filepath.Join(t.TempDir(), "model"))
	}
	require.ErrorContains(t, check(2, drifting{}), "opened model: output: got prediction")
	require.ErrorContains(t, check(1, drifting{}), "resumed run: got history")
}
