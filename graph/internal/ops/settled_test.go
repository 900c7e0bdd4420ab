package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestSettled: ops that depend on parameters alone run when parameters have changed, also in memory that another graph has used
// meanwhile; an op that depends on an input runs in each run.
func TestSettled(t *testing.T) {
	var packs Packs
	w, x := tensors.New(tensor.Float32, []int{2, 3}), tensors.New(tensor.Float32, []int{2, 3})
	build := func(params bool) *Lowered {
		g := NewGraph(tensor.Float32)
		nw, nx := g.Input("w", []int{2, 3}), g.Input("x", []int{2, 3})
		if params {
			g.Params = []*Node{nw}
		}
		turned := g.Must(Transpose{Encode([]int{1, 0})}, g.m1(Exp, nw))
		view := g.Must(Slice{0, 1, 2}, turned)
		y := g.m2(Add, nx, g.m1(Square, nw))
		sums := g.Must(Reduce{From: 0, To: 1}, turned)
		l := Lower(g, []*Node{y, view, sums}, &Env{Pool: kernels.Default(), Packs: &packs})
		l.Input(nw).Set(w)
		l.Input(nx).Set(x)
		return l
	}
	l, other := build(true), build(false)
	require.Positive(t, l.Settled)
	require.Zero(t, other.Settled)
	memory := NewMemory(max(l.Words, other.Words))
	values := func(l *Lowered) (list [][]float32) {
		l.Attach(memory)
		require.NoError(t, l.Run())
		for i := range 3 {
			list = append(list, append([]float32(nil), tensors.Data[float32](l.Value(i))...))
		}
		l.Detach()
		return list
	}
	set := func(t *tensor.Dense, v float32) { kernels.Fill(tensors.Data[float32](t), v) }
	set(w, 0)
	set(x, 1)
	require.Equal(t, [][]float32{{1, 1, 1, 1, 1, 1}, {1, 1}, {3, 3}}, values(l))
	set(w, 2)
	set(x, 5)
	changed := values(other)
	require.Equal(t, [][]float32{{5, 5, 5, 5, 5, 5}, {1, 1}, {3, 3}}, values(l), "the packs know of no change")
	packs.Changed()
	require.Equal(t, changed, values(l))
}
