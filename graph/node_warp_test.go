package graph_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

func TestWarpDerivatives(t *testing.T) {
	matrices := graphtest.Check{Seed: 7}.Random(3, 2, 3)
	f := func(s *graph.Scope, x ...graph.Node) graph.Node {
		return x[0].Warp(s.Constant(matrices), 0.5).Square()
	}
	for _, c := range []graphtest.Check{{}, {Twice: true, Tolerance: 1e-5}} {
		c.Func(t, f, c.Random(3, 2, 4, 5))
		c.Func(t, f, c.Random(3, 1, 1, 7))
	}
}

func TestWarpErrors(t *testing.T) {
	for want, f := range map[string]func(x, m graph.Node) graph.Node{
		"Warp: got shape [2 5 6], want (batch, channels, height, width)": func(x, m graph.Node) graph.Node { return x.Reshape(2, 5, 6).Warp(m, 0) },
		"Warp: got matrices of shape [2 3 2], want [2 2 3]":              func(x, m graph.Node) graph.Node { return x.Warp(m.SwapAxes(1, 2), 0) },
		"Warp: fill: got NaN, want a finite number":                      func(x, m graph.Node) graph.Node { return x.Warp(m, math.NaN()) },
	} {
		t.Run(want, func(t *testing.T) {
			_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{f(x[0], x[1])} },
				[]int{2, 1, 5, 6}, []int{2, 2, 3})
			require.ErrorContains(t, err, want)
		})
	}
}
