package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestAttentionMemory: attention and its derivative take memory in proportion to the time; the plain form takes its square.
func TestAttentionMemory(t *testing.T) {
	words := func(time int, plain bool) int {
		g := NewGraph(tensor.Float32)
		x, grad := g.Input("x", []int{1, time, 12}), g.Input("grad", []int{1, time, 4})
		part := func(i int) *Node { return g.Must(Slice{Axis: 2, From: 4 * i, To: 4*i + 4}, x) }
		y, err := g.Attention(Attend{Heads: 2, KeyHeads: 2, Scale: 1, Causal: true}, part(0), part(1), part(2), nil)
		require.NoError(t, err)
		loss := g.Reduced(g.m2(Mul, y, grad), []int{0, 1, 2}, false, false)
		grads, err := g.Grad(loss, []*Node{x})
		require.NoError(t, err)
		e := &Expression{Outputs: []Named{{Name: "loss", Node: loss}, {Name: "gradient", Node: grads[0]}}}
		if plain {
			e = e.Unrolled()
			for _, n := range e.Nodes() {
				require.False(t, compound(defOf(n)))
			}
		}
		l := Lower(Of(e.Outputs[0].Node).graph, []*Node{e.Outputs[0].Node, e.Outputs[1].Node}, &Env{})
		return l.Words
	}
	short, long := words(256, false), words(1024, false)
	require.InDelta(t, 4*short, long, 0.05*float64(long))
	short, long = words(256, true), words(1024, true)
	require.InDelta(t, 16*short, long, 0.2*float64(long))
}
