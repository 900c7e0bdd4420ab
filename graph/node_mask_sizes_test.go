package graph_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestMaskOfEverySize: whether a node has a mask depends on what was done to it, not on whether the batch, the time or the features are 1.
func TestMaskOfEverySize(t *testing.T) {
	einsum := func(equation string) func(x, w graph.Node) graph.Node {
		return func(x, w graph.Node) graph.Node { return graph.Einsum(equation, x, w) }
	}
	self := func(equation string) func(x, w graph.Node) graph.Node {
		return func(x, _ graph.Node) graph.Node { return graph.Einsum(equation, x, x) }
	}
	for _, row := range []struct {
		name string
		f    func(x, w graph.Node) graph.Node // x, (batch, time, features), has a mask, w, (features, 2), has none
		want bool
	}{
		{"Einsum, as MatMul", einsum("btf,fg->btg"), true},
		{"Einsum, dots", einsum("...f,fg->...g"), true},
		{"Einsum, the masked node last", func(x, w graph.Node) graph.Node { return graph.Einsum("fg,btf->btg", w, x) }, true},
		{"Einsum of products", self("btf,btg->btg"), true},
		{"Einsum, element by element", self("btf,btf->btf"), true},
		{"Einsum without an arrow", func(x, _ graph.Node) graph.Node { return graph.Einsum("abc", x) }, true},
		{"Einsum of another order, and back", func(x, w graph.Node) graph.Node { return graph.Einsum("btf,fg->gtb", x, w).Transpose(2, 1, 0) }, true},
		{"Einsum of another order", einsum("btf,fg->gtb"), false},
		{"Einsum over the steps", self("btf,btg->bfg"), false},
		{"Einsum of all steps with all", self("btf,bsf->bts"), true},
		{"Einsum over the batch", einsum("btf,fg->tg"), false},
		{"Expand in front of the steps", func(x, _ graph.Node) graph.Node { return x.Expand(1) }, false},
		{"Expand in front of the steps, and back", func(x, _ graph.Node) graph.Node { return x.Expand(1).Tile(1, 3, 1, 1).Sum(1) }, true},
		{"Expand in front of the batch, and back", func(x, _ graph.Node) graph.Node { return x.Expand(0).Tile(3, 1, 1, 1).Max(0) }, true},
		{"Expand of the features", func(x, _ graph.Node) graph.Node { return x.Expand(2) }, true},
		{"Expand at the end", func(x, _ graph.Node) graph.Node { return x.Expand(-1) }, true},
		{"Tile of the features", func(x, _ graph.Node) graph.Node { return x.Tile(1, 1, 2) }, true},
		{"Tile of the steps", func(x, _ graph.Node) graph.Node { return x.Tile(1, 2, 1) }, false},
		{"Tile with a dimension in front, and back", func(x, _ graph.Node) graph.Node { return x.Tile(2, 1, 1, 3).Mean(0) }, true},
		{"Repeat of the features", func(x, _ graph.Node) graph.Node { return x.Repeat(2, 3) }, true},
		{"Repeat of the steps", func(x, _ graph.Node) graph.Node { return x.Repeat(1, 3) }, false},
		{"Repeat of the batch", func(x, _ graph.Node) graph.Node { return x.Repeat(0, 3) }, false},
	} {
		for _, shape := range [][]int{{2, 3, 4}, {2, 1, 4}, {1, 3, 4}, {2, 3, 1}, {1, 1, 4}, {1, 1, 1}} {
			t.Run(fmt.Sprint(row.name, shape), func(t *testing.T) {
				_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
					y := row.f(x[0].Masked(x[1]), x[2])
					mask, ok := y.Mask()
					require.NoError(t, y.Err())
					require.Equal(t, row.want, ok)
					if ok {
						require.Equal(t, shape[:2], mask.Shape())
					}
					return []graph.Node{y}
				}, shape, shape[:2], []int{shape[2], 2})
				require.NoError(t, err)
			})
		}
	}
}
