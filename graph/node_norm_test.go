package graph_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

// TestNormalize compares moments over any axes, and normalizations with parameters of any shape, in one op or several, with
// the formula in basic operations, and checks first and second derivatives.
func TestNormalize(t *testing.T) {
	for _, r := range []struct {
		x            []int
		axes         []int
		weight, bias []int // nil means none
	}{
		{[]int{4, 3}, []int{0}, []int{3}, []int{3}},
		{[]int{4, 3}, []int{-1}, []int{3}, []int{3}},
		{[]int{4, 3}, []int{1}, nil, nil},
		{[]int{4, 3}, []int{1}, []int{4, 1}, nil},
		{[]int{4, 3}, nil, []int{4, 3}, []int{3}},
		{[]int{2, 3, 4}, []int{0, 2}, []int{3, 1}, []int{3, 1}},
		{[]int{2, 3, 4}, []int{0, 2}, nil, []int{3, 1}},
		{[]int{2, 3, 4}, []int{0, 2}, []int{4}, []int{3, 1}},
		{[]int{2, 3, 4}, []int{1, 2}, []int{3, 4}, []int{3, 4}},
		{[]int{2, 3, 4}, []int{2}, nil, []int{4}},
		{[]int{2, 3, 4}, []int{0, 1}, []int{4}, []int{}},
		{[]int{2, 3, 4}, []int{1}, []int{3, 1}, []int{3, 1}}, // groups that are not adjacent
		{[]int{2, 2, 3, 2}, []int{2, 3}, []int{2, 3, 1}, []int{2, 3, 1}},
		{[]int{2, 2, 3, 2}, []int{1, 2, 3}, []int{2, 3, 1}, []int{2, 1, 1}},
		{[]int{2, 1, 3, 1}, []int{1, 3}, []int{3, 1}, []int{1}},
		{[]int{1, 3}, []int{0}, []int{3}, []int{3}},
		{[]int{3, 1}, []int{1}, []int{1}, []int{1}},
		{[]int{2, 2, 2, 16}, []int{2, 3}, []int{2, 2, 1}, []int{2, 2, 1}}, // in one op with the moments
		{[]int{2, 1, 3, 17}, []int{2, 3}, []int{1, 3, 1}, nil},
		{[]int{2, 3, 1, 16}, []int{2, 3}, nil, []int{3, 1, 1}},
		{[]int{3, 18}, []int{1}, nil, nil},
	} {
		t.Run(fmt.Sprint(r), func(t *testing.T) {
			c := graphtest.Check{Twice: true, Tolerance: 1e-5}
			in := []*graph.Tensor{c.Random(r.x...)}
			for _, s := range [][]int{r.weight, r.bias} {
				if s != nil {
					c.Seed++
					in = append(in, c.Random(s...))
				}
			}
			operands := func(x []graph.Node) (weight, bias graph.Node) {
				if r.weight != nil {
					weight = x[1]
				}
				if r.bias != nil {
					bias = x[len(x)-1]
				}
				return weight, bias
			}
			f := func(_ *graph.Scope, x ...graph.Node) graph.Node {
				mean, variance := x[0].Moments(r.axes...)
				weight, bias := operands(x)
				return x[0].Normalize(mean, variance, 0.1, weight, bias)
			}
			c.Func(t, f, in...)
			graphtest.Check{}.Func(t, f, in...)
			graphtest.Check{Inference: true}.Func(t, f, in...)

			shapes := make([][]int, len(in))
			for i := range in {
				shapes[i] = in[i].Shape()
			}
			both, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				d := x[0].Sub(meanOver(x[0], r.axes))
				want := d.Div(meanOver(d.Square(), r.axes).Shift(0.1).Sqrt())
				if weight, bias := operands(x); r.weight != nil || r.bias != nil {
					if r.weight != nil {
						want = want.Mul(weight)
					}
					if r.bias != nil {
						want = want.Add(bias)
					}
				}
				training := s.TrainingMode(true).Apply(graph.LayerFunc(func(s *graph.Scope, _ graph.Node) graph.Node { return f(s, x...) }), x[0])
				return []graph.Node{f(s, x...), training, want}
			}, shapes...)
			require.NoError(t, err)
			got, err := both.Call(context.Background(), in...)
			require.NoError(t, err)
			require.InDeltaSlice(t, got[2].Data(), got[0].Data(), 1e-12)
			require.InDeltaSlice(t, got[2].Data(), got[1].Data(), 1e-12)
		})
	}
}

// meanOver returns the mean over axes, which stay in the shape with size 1.
func meanOver(x graph.Node, axes []int) graph.Node {
	s := x.Shape()
	for i := range s {
		if axes == nil {
			s[i] = 1
		}
	}
	for _, a := range axes {
		s[(a+len(s))%len(s)] = 1
	}
	return x.Mean(axes...).Reshape(s...)
}

// TestNormalizeErrors checks that operands that do not fit, and the zero Node, are errors.
func TestNormalizeErrors(t *testing.T) {
	for want, f := range map[string]func(x graph.Node) graph.Node{
		"Moments: got axis 2 for shape [2 3], want -2 to 1":                        func(x graph.Node) graph.Node { m, _ := x.Moments(2); return m },
		"Moments: got axis 1 twice, want different axes":                           func(x graph.Node) graph.Node { _, v := x.Moments(1, -1); return v },
		"got a Node that is not in this graph":                                     func(x graph.Node) graph.Node { return x.Normalize(graph.Node{}, x, 1, x, x) },
		"Normalize: got shapes [2 3] and [2], want dimensions that are equal or 1": func(x graph.Node) graph.Node { m := x.Mean(1); return x.Normalize(m, m, 1, graph.Node{}, graph.Node{}) },
		"Normalize: got shapes [2 3] and [3 1], want dimensions that are equal or 1": func(x graph.Node) graph.Node {
			m, v := x.Moments(1)
			return x.Normalize(m, v, 1, graph.Node{}, x.Reshape(-1).Slice(0, 0, 3).Expand(1))
		},
	} {
		for _, training := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, training %v", want, training), func(t *testing.T) {
				_, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
					layer := graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return f(x) })
					return []graph.Node{s.TrainingMode(training).Apply(layer, x[0])}
				}, []int{2, 3})
				require.ErrorContains(t, err, want)
			})
		}
	}
}
