package graph_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// TestSlicesDerivative checks the joined gradient of several slices of one node, which touch, overlap, leave gaps, or are
// taken along different axes.
func TestSlicesDerivative(t *testing.T) {
	type part struct{ axis, from, to int }
	c := graphtest.Check{}
	for _, parts := range [][]part{
		{{1, 0, 2}, {1, 2, 5}},
		{{1, 3, 5}, {1, 1, 2}},
		{{1, 0, 3}, {1, 2, 5}, {1, 1, 4}, {1, 0, 1}},
		{{1, 0, 2}, {0, 1, 3}, {1, 2, 5}, {0, 0, 1}},
		{{1, 0, 5}, {1, 0, 5}, {1, 2, 3}, {1, 2, 3}},
	} {
		f := func(_ *graph.Scope, x ...graph.Node) graph.Node {
			y := x[0].Square().Sum()
			for i, p := range parts {
				y = y.Add(x[0].Slice(p.axis, p.from, p.to).PowScalar(float64(3 + i)).Sum())
			}
			return y
		}
		for _, c := range []graphtest.Check{c, {Twice: true, Tolerance: 1e-5}} {
			c.Func(t, f, c.Random(3, 5))
		}
	}
}

func TestReverse(t *testing.T) {
	f := func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].Reverse(1).Mul(x[0]) }
	c := graphtest.Check{}
	c.Func(t, f, c.Random(2, 3, 4))
	c.Func(t, f, c.Random(2, 5))
}
