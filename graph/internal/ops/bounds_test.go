package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestBoundsOfALoop: what a step says of its results is known of the loop's.
func TestBoundsOfALoop(t *testing.T) {
	g := NewGraph(tensor.Float64)
	h, x := g.Input("h", []int{2}), g.Input("x", []int{2})
	next := g.m1(Tanh, g.m2(Add, h, x))
	final, outs, err := g.Loop(Loop{
		Steps: 3, Init: []*Node{g.Fill(5, []int{2})}, States: []*Node{h}, Next: []*Node{next},
		Stacks: []*Node{g.Input("xs", []int{3, 2})}, Xs: []*Node{x}, Outs: []*Node{next, h, g.m1(Sigmoid, h), g.m2(Add, h, x)},
	})
	require.NoError(t, err)
	for _, r := range []struct {
		n      *Node
		lo, hi float64
		ok     bool
	}{{final[0], -1, 1, true}, {outs[0], -1, 1, true}, {outs[1], -1, 5, true}, {outs[2], 0, 1, true}, {outs[3], 0, 0, false}} {
		lo, hi, ok := Bounds(r.n)
		require.Equal(t, r.ok, ok)
		if ok {
			require.Equal(t, []float64{r.lo, r.hi}, []float64{lo, hi})
		}
	}
}
