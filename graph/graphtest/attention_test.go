package graphtest

import (
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// TestAttention checks the first and second derivatives of attention in all its forms.
func TestAttention(t *testing.T) {
	type node = graph.Node
	mask := func(s *graph.Scope, rows ...[]float64) node {
		return s.Constant(tensor.New(tensor.WithShape(len(rows), len(rows[0])), tensor.WithBacking(slices.Concat(rows...))))
	}
	apart := func(a graph.Attention, padding ...[]float64) func(s *graph.Scope, x ...node) node {
		return func(s *graph.Scope, x ...node) node {
			if len(padding) > 0 {
				return s.Attention(x[0], x[1].Masked(mask(s, padding...)), x[2], a)
			}
			return s.Attention(x[0], x[1], x[2], a)
		}
	}
	for _, r := range []struct {
		name   string
		f      func(*graph.Scope, ...node) node
		shapes [][]int
	}{
		{"one head", apart(graph.Attention{}), [][]int{{2, 3, 4}, {2, 5, 4}, {2, 5, 3}}},
		{"heads", apart(graph.Attention{Heads: 2, Scale: 0.3}), [][]int{{1, 3, 4}, {1, 2, 4}, {1, 2, 6}}},
		{"causal", apart(graph.Attention{Causal: true}), [][]int{{1, 4, 2}, {1, 4, 2}, {1, 4, 2}}},
		{"causal, queries later than keys", apart(graph.Attention{Heads: 2, Causal: true}), [][]int{{1, 2, 4}, {1, 5, 4}, {1, 5, 2}}},
		{"causal, queries without keys", apart(graph.Attention{Causal: true}), [][]int{{1, 4, 2}, {1, 2, 2}, {1, 2, 2}}},
		{"heads that share keys", apart(graph.Attention{Heads: 4, KeyHeads: 2}), [][]int{{2, 3, 8}, {2, 3, 4}, {2, 3, 2}}},
		{"heads that share keys, causal, mask", apart(graph.Attention{Heads: 2, KeyHeads: 1, Causal: true}, []float64{0, 1, 1, 0}, []float64{1, 1, 0, 1}),
			[][]int{{2, 3, 4}, {2, 4, 2}, {2, 4, 3}}},
		{"mask", apart(graph.Attention{Heads: 2}, []float64{1, 1, 0}, []float64{0, 1, 0}), [][]int{{2, 2, 4}, {2, 3, 4}, {2, 3, 4}}},
		{"mask of all keys", apart(graph.Attention{}, []float64{0, 0, 0}, []float64{0, 1, 0}), [][]int{{2, 2, 2}, {2, 3, 2}, {2, 3, 2}}},
		{"dropout", apart(graph.Attention{Heads: 2, KeyHeads: 1, Dropout: 0.4}), [][]int{{2, 3, 4}, {2, 4, 2}, {2, 4, 2}}},
		{"dropout, causal, mask", apart(graph.Attention{Heads: 2, Dropout: 0.4, Causal: true}, []float64{1, 1, 1, 0}), [][]int{{1, 4, 4}, {1, 4, 4}, {1, 4, 4}}},
		{"side by side", func(s *graph.Scope, x ...node) node {
			return s.Attention(x[0].Slice(2, 0, 4), x[0].Slice(2, 4, 6), x[0].Slice(2, 6, 0), graph.Attention{Heads: 2, KeyHeads: 1, Causal: true})
		}, [][]int{{2, 3, 9}}},
		{"keys and values side by side", func(s *graph.Scope, x ...node) node {
			return s.Attention(x[0], x[1].Slice(2, 0, 2), x[1].Slice(2, 2, 0), graph.Attention{Heads: 2, KeyHeads: 1, Dropout: 0.2})
		}, [][]int{{2, 2, 4}, {2, 3, 5}}},
		{"one node for all", func(s *graph.Scope, x ...node) node { return s.Attention(x[0], x[0], x[0], graph.Attention{}) }, [][]int{{2, 3, 2}}},
		{"slices in another order", func(s *graph.Scope, x ...node) node {
			return s.Attention(x[0].Slice(2, 4, 0), x[0].Slice(2, 0, 2), x[0].Slice(2, 2, 4), graph.Attention{})
		}, [][]int{{2, 3, 6}}},
	} {
		t.Run(r.name, func(t *testing.T) {
			var x []*tensor.Dense
			for i, s := range r.shapes {
				x = append(x, Check{Seed: uint64(i)}.Random(s...))
			}
			Check{}.Func(t, r.f, x...)
			Check{Twice: true, Tolerance: 1e-5}.Func(t, r.f, x...)
			Check{Inference: true}.Func(t, r.f, x...)
		})
	}
}
