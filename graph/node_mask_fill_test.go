package graph_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// TestFinitePadding: in the padding an operation gives what it gives elsewhere, with the same derivative, where both are finite, and
// else 0 with the derivative 0. Valid steps are as without a mask.
func TestFinitePadding(t *testing.T) {
	numbers := []float64{2, 0, -2, math.NaN(), 0.5, 1, -1, -0.5, 3}
	n := len(numbers)
	data := append(append([]float64{}, numbers...), numbers...) // a valid step, and one of padding
	shape := []int{1, 2, n}
	for name, f := range map[string]func(s *graph.Scope, x graph.Node) graph.Node{
		"Log":           func(_ *graph.Scope, x graph.Node) graph.Node { return x.Log() },
		"Log1p":         func(_ *graph.Scope, x graph.Node) graph.Node { return x.Log1p() },
		"Sqrt":          func(_ *graph.Scope, x graph.Node) graph.Node { return x.Sqrt() },
		"Reciprocal":    func(_ *graph.Scope, x graph.Node) graph.Node { return x.Reciprocal() },
		"PowScalar -2":  func(_ *graph.Scope, x graph.Node) graph.Node { return x.PowScalar(-2) },
		"PowScalar 0.5": func(_ *graph.Scope, x graph.Node) graph.Node { return x.PowScalar(0.5) },
		"Div":           func(s *graph.Scope, x graph.Node) graph.Node { return s.Scalar(3).Div(x) },
		"Mod":           func(s *graph.Scope, x graph.Node) graph.Node { return s.Scalar(3).Mod(x) },
		"Pow 2":         func(s *graph.Scope, x graph.Node) graph.Node { return x.Pow(s.Scalar(2)) },
		"Pow 0.5":       func(s *graph.Scope, x graph.Node) graph.Node { return x.Pow(s.Scalar(0.5)) },
		"Pow -1":        func(s *graph.Scope, x graph.Node) graph.Node { return x.Pow(s.Scalar(-1)) },
		"Xlogy":         func(s *graph.Scope, x graph.Node) graph.Node { return s.Scalar(3).Xlogy(x) },
	} {
		t.Run(name, func(t *testing.T) {
			fn, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				mask := s.Table(func(i int) float64 { return float64(1 - i) }, 1, 2)
				y, m := f(s, x[0]), f(s, x[0].Masked(mask))
				return []graph.Node{y, graph.Grad(y.Sum(), x[0])[0], m, graph.Grad(m.Sum(), x[0])[0]}
			}, shape)
			require.NoError(t, err)
			out, err := fn.Call(t.Context(), tensor.New(tensor.WithShape(shape...), tensor.WithBacking(append([]float64{}, data...))))
			require.NoError(t, err)
			y, dy, m, dm := out[0].Float64s(), out[1].Float64s(), out[2].Float64s(), out[3].Float64s()
			for i, x := range data {
				if name == "Xlogy" && math.IsNaN(x) {
					continue // NaN, also of 0
				}
				value, slope := y[i], dy[i]
				if sum := value + slope; i >= n && (math.IsNaN(sum) || math.IsInf(sum, 0)) {
					value, slope = 0, 0
				}
				same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
				require.True(t, same(value, m[i]) && same(slope, dm[i]), "element %d, %v: got %v with derivative %v, want %v with %v", i, x, m[i], dm[i], value, slope)
			}
		})
	}
}

// TestFinitePaddingOfOneStep: one row of one step that is padding is finite as well, and a valid one is as without a mask.
func TestFinitePaddingOfOneStep(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(s *graph.Scope, x graph.Node) graph.Node
	}{
		{"Log", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Log() }},
		{"Sqrt", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Sqrt() }},
		{"Reciprocal", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Reciprocal() }},
		{"Div", func(s *graph.Scope, x graph.Node) graph.Node { return s.Scalar(3).Div(x) }},
		{"PowScalar", func(_ *graph.Scope, x graph.Node) graph.Node { return x.PowScalar(-2) }},
	} {
		for _, shape := range [][]int{{1, 1}, {1, 1, 3}, {1, 3, 1}} {
			for _, valid := range []float64{0, 1} {
				t.Run(fmt.Sprint(c.name, shape, valid), func(t *testing.T) {
					fn, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
						time := 1
						if len(shape) == 3 && shape[2] == 1 {
							time = 2
						}
						y := c.f(s, x[0])
						m := c.f(s, x[0].Masked(s.Scalar(valid).Reshape(1, 1), time))
						return []graph.Node{y, graph.Grad(y.Sum(), x[0])[0], m, graph.Grad(m.Sum(), x[0])[0]}
					}, shape)
					require.NoError(t, err)
					for _, v := range []float64{0, 4} {
						x := tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float64))
						require.NoError(t, x.Memset(v))
						out, err := fn.Call(t.Context(), x)
						require.NoError(t, err)
						for i := range 2 {
							want := out[i].Float64s()
							if valid == 0 && v == 0 {
								want = make([]float64, len(want))
							}
							require.Equal(t, want, out[2+i].Float64s())
						}
					}
				})
			}
		}
	}
}

// TestFilledPadding: what FillPadding puts into the padding has its value in the operations behind it.
func TestFilledPadding(t *testing.T) {
	x := []float64{1, 4, 9, 16, 25}
	for name, r := range map[string]struct {
		f    func(x graph.Node) graph.Node
		want float64
	}{
		"Sqrt":       {func(x graph.Node) graph.Node { return x.FillPadding(0).Sqrt().Sum(1) }, 6},
		"PowScalar":  {func(x graph.Node) graph.Node { return x.FillPadding(0).PowScalar(0.5).Sum(1) }, 6},
		"Exp":        {func(x graph.Node) graph.Node { return x.FillPadding(math.Inf(-1)).Exp().Sum(1) }, math.Exp(1) + math.Exp(4) + math.Exp(9)},
		"LogSumExp":  {func(x graph.Node) graph.Node { return x.FillPadding(math.Inf(-1)).LogSumExp(1) }, math.Log(math.Exp(1) + math.Exp(4) + math.Exp(9))},
		"Log":        {func(x graph.Node) graph.Node { return x.FillPadding(1).Log().Sum(1) }, math.Log(36)},
		"Div":        {func(x graph.Node) graph.Node { return x.FillPadding(0).Div(x).Sum(1) }, 3},
		"Div by 8":   {func(x graph.Node) graph.Node { return x.Div(x.FillPadding(8)).Sum(1) }, 3 + 16.0/8 + 25.0/8},
		"Norm":       {func(x graph.Node) graph.Node { return x.FillPadding(0).Norm(1) }, math.Sqrt(98)},
		"Reciprocal": {func(x graph.Node) graph.Node { return x.FillPadding(math.Inf(1)).Reciprocal().Sum(1) }, 1 + 1.0/4 + 1.0/9},
	} {
		t.Run(name, func(t *testing.T) {
			fn, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				return []graph.Node{r.f(x[0].Masked(x[1].Steps(5)))}
			}, []int{1, 5, 1}, []int{1})
			require.NoError(t, err)
			out, err := fn.Call(t.Context(), tensor.New(tensor.WithShape(1, 5, 1), tensor.WithBacking(append([]float64{}, x...))), tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{3})))
			require.NoError(t, err)
			require.InDelta(t, r.want, out[0].Float64s()[0], 1e-10)
		})
	}
}
