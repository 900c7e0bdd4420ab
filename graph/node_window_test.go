package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// TestConvDerivatives checks the first and second derivatives of Conv and ConvTranspose.
func TestConvDerivatives(t *testing.T) {
	c := graphtest.Check{}
	windows := []graph.Window{{Stride: 2, Before: 1}, {Dilation: 2, After: 1}}
	f := func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].Conv(x[1], 2, windows...) }
	back := func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].ConvTranspose(x[1], 2, windows...) }
	for _, c := range []graphtest.Check{c, {Twice: true, Tolerance: 1e-5}} {
		c.Func(t, f, c.Random(2, 4, 5, 6), c.Random(6, 2, 3, 2))
		c.Func(t, back, c.Random(2, 4, 3, 4), c.Random(4, 3, 3, 2))
	}
}

func TestConvErrors(t *testing.T) {
	one := graph.Window{}
	for want, f := range map[string]func(x, w graph.Node) graph.Node{
		"Conv: got 0 windows, want 1 or 2":  func(x, w graph.Node) graph.Node { return x.Conv(w, 1) },
		"Conv: got shape [2 4 5 6], want 3": func(x, w graph.Node) graph.Node { return x.Conv(w, 1, one) },
		"Conv: got shapes [2 4 5 6] and [6 2 3 2] in 1 groups, want [2 4 5 6] and [6 4 3 2]": func(x, w graph.Node) graph.Node {
			return x.Conv(w, 1, one, one)
		},
		"Conv: got 0 groups":                                                      func(x, w graph.Node) graph.Node { return x.Conv(w, 0, one, one) },
		"Conv: dimension 3: got 6 elements with":                                  func(x, w graph.Node) graph.Node { return x.Conv(w, 2, one, graph.Window{Dilation: 7}) },
		"Conv: dimension 2: got padding -1, 0":                                    func(x, w graph.Node) graph.Node { return x.Conv(w, 2, graph.Window{Before: -1}, one) },
		"ConvTranspose: Extra: got 1, want at least 0 and less than the stride 1": func(x, w graph.Node) graph.Node { return x.ConvTranspose(w, 1, one, graph.Window{Extra: 1}) },
		"ConvTranspose: got shapes [2 4 5 6] and [6 2 3 ":                         func(x, w graph.Node) graph.Node { return x.ConvTranspose(w, 1, one, one) },
	} {
		t.Run(want, func(t *testing.T) {
			_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{f(x[0], x[1])} },
				[]int{2, 4, 5, 6}, []int{6, 2, 3, 2})
			require.ErrorContains(t, err, want)
		})
	}
}
