package graphtest

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A scanRow is a loop with its captures, which come after the initial states and the sequences.
type scanRow struct {
	name   string
	shapes [][]int
	f      func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node
}

var scanRows = []scanRow{
	{"cumulative product", [][]int{{2}, {4, 2}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		final, outs := l.Scan(s, x[:1], x[1:], func(_ *graph.Scope, h, x []graph.Node) (next, out []graph.Node) {
			h[0] = h[0].Mul(x[0]).Tanh()
			return h, h
		})
		return append(final, outs...)
	}},
	{"recurrent", [][]int{{2, 3}, {4, 2, 2}, {3, 3}, {2, 3}, {3}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		final, outs := l.Scan(s, x[:1], x[1:2], func(_ *graph.Scope, h, e []graph.Node) (next, out []graph.Node) {
			y := e[0].MatMul(x[3]).Add(h[0].MatMul(x[2])).Add(x[4]).Tanh()
			return []graph.Node{y}, []graph.Node{y, h[0].Mul(e[0].Sum(1).Reshape(-1, 1))}
		})
		return append(final, outs...)
	}},
	{"two states, two sequences, only one final state", [][]int{{2, 3}, {2}, {3, 2, 3}, {3, 2}, {2, 1}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		final, outs := l.Scan(s, x[:2], x[2:4], func(_ *graph.Scope, h, e []graph.Node) (next, out []graph.Node) {
			a := h[0].Mul(x[4]).Add(e[0].Sigmoid()).Sin()
			b := h[1].Exp().Add(e[1]).Mul(a.Sum(1)).Tanh()
			return []graph.Node{a, b}, []graph.Node{a.Mul(b.Reshape(-1, 1)), e[1].Square(), x[4]}
		})
		return append(outs, final[1])
	}},
	{"states that are exchanged or stay", [][]int{{2}, {2}, {2}, {3, 2}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		final, outs := l.Scan(s, x[:3], x[3:], func(_ *graph.Scope, h, e []graph.Node) (next, out []graph.Node) {
			return []graph.Node{h[1].Sin(), h[0], h[2]}, []graph.Node{h[0], h[1], h[2].Mul(e[0]), e[0]}
		})
		return append(outs, final...)
	}},
	{"weights of one state alone", [][]int{{2, 3}, {4, 2, 3}, {3, 3}, {3}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		final, _ := l.Scan(s, x[:1], x[1:2], func(_ *graph.Scope, h, e []graph.Node) (next, out []graph.Node) {
			b := h[0].MatMul(x[2].Add(x[2].Square())).Add(x[3])
			return []graph.Node{e[0].Add(b.Slice(1, 0, 1).Mul(b)).Tanh()}, nil
		})
		return final
	}},
	{"no states", [][]int{{4, 2, 3}, {2, 3}, {3, 3}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		_, outs := l.Scan(s, nil, x[:1], func(_ *graph.Scope, _, e []graph.Node) (next, out []graph.Node) {
			return nil, []graph.Node{e[0].Mul(x[1]), x[2].MatMul(e[0].Transpose()), e[0].Transpose().MatMul(x[1]), e[0].MatMul(x[2]).Softmax().Add(e[0].MatMul(x[2]).Softmax(0)), graph.Concat(0, e[0], x[1])}
		})
		return outs
	}},
	{"a loop in a loop", [][]int{{2}, {2, 2}, {3, 2}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		final, outs := l.Scan(s, x[:1], x[1:2], func(s *graph.Scope, h, e []graph.Node) (next, out []graph.Node) {
			in, all := l.Scan(s, h, x[2:3], func(_ *graph.Scope, g, d []graph.Node) (next, out []graph.Node) {
				g[0] = g[0].Mul(d[0]).Add(e[0].Mul(h[0])).Tanh()
				return g, g
			})
			return in, []graph.Node{all[0].Sum(0)}
		})
		return append(final, outs...)
	}},
	{"without sequences", [][]int{{2, 2}, {2, 2}}, func(l graph.Loop, s *graph.Scope, x []graph.Node) []graph.Node {
		l.Steps = 3
		final, outs := l.Scan(s, x[:1], nil, func(_ *graph.Scope, h, _ []graph.Node) (next, out []graph.Node) {
			y := h[0].MatMul(x[1]).Softmax()
			return []graph.Node{y}, []graph.Node{y.Slice(1, 0, 1)}
		})
		return append(final, outs...)
	}},
}

// TestScan checks the first and second derivatives of loops in both directions, with stored values and values that are
// computed again.
func TestScan(t *testing.T) {
	for _, r := range scanRows {
		for _, l := range []graph.Loop{{}, {Reverse: true}, {Recompute: true}} {
			t.Run(fmt.Sprintf("%s, %+v", r.name, l), func(t *testing.T) {
				var x []*tensor.Dense
				for i, s := range r.shapes {
					x = append(x, Check{Seed: uint64(i)}.Random(s...))
				}
				f := func(s *graph.Scope, x ...graph.Node) graph.Node {
					var all []graph.Node
					for _, y := range r.f(l, s, x) {
						all = append(all, y.Reshape(-1))
					}
					return graph.Concat(0, all...)
				}
				Check{}.Func(t, f, x...)
				Check{Twice: true, Tolerance: 1e-5}.Func(t, f, x...)
			})
		}
	}
}
