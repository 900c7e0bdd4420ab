package onnx_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// randomStep returns a step that is like that of a recurrent layer, of units 2: sums and products of states and gates.
func randomStep(seed uint64, states int) func(s *graph.Scope, state, x nodes) (next, out nodes) {
	return func(s *graph.Scope, state, x nodes) (next, out nodes) {
		r := rand.New(rand.NewPCG(seed, 2))
		any := func(list ...graph.Node) graph.Node { return list[r.IntN(len(list))] }
		h := state[0]
		w, u := s.Param("w", graph.GlorotUniform, 3, 8), s.Param("u", graph.GlorotUniform, 2, 8)
		z, b := x[0].MatMul(w).Add(s.Param("bias", graph.Normal(0, 1), 8)), h.MatMul(u)
		if r.IntN(2) == 0 {
			b = b.Add(s.Param("bias2", graph.Normal(0, 1), 8))
		}
		part := func(x graph.Node, i int) graph.Node { return x.Slice(1, 2*i, 2*i+2) }
		sum := func() graph.Node {
			i := r.IntN(4)
			return any(part(z.Add(b), i), part(z, i).Add(part(b, i)), part(b, i).Add(part(z, (i+1)%4)))
		}
		gate := func() graph.Node { return sum().Sigmoid() }
		sums := nodes{sum(), part(z, 1), part(b, 2), part(z, 3).Add(gate().Mul(part(b, r.IntN(4)))), part(z, 3).Add(gate().Mul(h).MatMul(s.Param("v", graph.GlorotUniform, 2, 2)))}
		n, g := any(append(sums, sums[0], sums[3], sums[4])...).Tanh(), gate()
		if states == 1 {
			return nodes{any(n, n.Add(g.Mul(h.Sub(n))), g.Mul(h).Add(n.Mul(g.Neg().Shift(1))), n.Mul(g).Add(h.Mul(g.Neg().Shift(1))), g.Mul(n), sum().ReLU())}, nil
		}
		memory := g.Mul(state[1]).Add(any(gate(), gate(), g.Neg().Shift(1)).Mul(any(sum().Tanh(), sum().Tanh(), n, h)))
		y := any(gate(), g).Mul(any(memory.Tanh(), memory.Tanh(), memory.Tanh(), memory, state[1].Tanh()))
		return [][]graph.Node{{y, memory}, {y, memory}, {y, memory}, {memory, y}}[r.IntN(4)], nil
	}
}

// TestRandomSteps: whatever a loop is written as, it computes the same when it is read.
func TestRandomSteps(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(300) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			states := 1 + int(seed%2)
			step := randomStep(seed, states)
			l := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
				x = x.SwapAxes(0, 1)
				init := slices.Repeat(nodes{s.Scalar(0).BroadcastTo(x.Dim(1), 2)}, states)
				final, _ := graph.Loop{Reverse: seed%5 == 0}.Scan(s, init, nodes{x, x.Slice(2, 0, 1).Add(x.Slice(2, 1, 2))}, func(s *graph.Scope, state, x nodes) (next, out nodes) {
					next, out = step(s, state, x)
					for i := range next {
						if seed%3 == 0 && (i == 0 || seed%9 != 0) { // a mask, or one of the first state only
							next[i] = next[i].Where(x[1], state[i])
						}
					}
					return next, out
				})
				return graph.Concat(1, final...)
			})
			n := network{"", l, []int{4, 3}}
			m := compiled(t, n, tensor.Float64)
			net, file := reread(t, m)
			for _, o := range recurrentOperators(t, file) {
				count[o]++
			}
			again, err := graph.Compile(net, graph.Config{Input: n.input, DType: tensor.Float64})
			require.NoError(t, err)
			x := samples(3, n.input, tensor.Float64)
			near(t, predicted(t, m, x), predicted(t, again, x), 1e-11)
			require.True(t, slices.Equal(file, written(t, m)))
		})
	}
	t.Log(count)
	for _, o := range []string{"LSTM", "GRU", "RNN", "Scan"} {
		require.Greater(t, count[o], 10, o)
	}
}
