package graph_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	. "github.com/nndiy/nndiy/internal/extremes"
)

// TestNormAndStd compares values and derivatives with closed forms for numbers of every size: a norm of (3n, -4n) is 5n, its
// derivative (0.6, -0.8). Denormal numbers have too few digits for a derivative.
func TestNormAndStd(t *testing.T) {
	for _, r := range []struct {
		name string
		f    func(x graph.Node, axes ...int) graph.Node
		x    []float64
		want float64
		d    []float64
	}{
		{"norm", graph.Node.Norm, []float64{3, -4}, 5, []float64{0.6, -0.8}},
		{"norm of one element", graph.Node.Norm, []float64{0, -4}, 4, []float64{0, -1}},
		{"norm of 0", graph.Node.Norm, []float64{0, 0}, 0, []float64{0, 0}},
		{"std", graph.Node.Std, []float64{1, 3}, 1, []float64{-0.5, 0.5}},
		{"std of equal elements", graph.Node.Std, []float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 0, make([]float64, 7)},
		{"std of zeros", graph.Node.Std, []float64{0, 0, 0}, 0, make([]float64, 3)},
		{"std of one", graph.Node.Std, []float64{5}, 0, []float64{0}},
	} {
		t.Run(r.name, func(t *testing.T) {
			n := len(r.x)
			for _, axis := range []int{0, 1} { // the elements of a column, then of a row
				shape := []int{n, 1}
				if axis == 1 {
					shape = []int{1, n}
				}
				f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
					y, whole := r.f(x[0], axis), r.f(x[0])
					d := graph.Grad(y.Sum(), x[0])[0]
					return []graph.Node{y.Reshape(), d, whole, graph.Grad(d.Square().Sum(), x[0])[0]}
				}, shape)
				require.NoError(t, err)
				for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
					for _, size := range []float64{1e-37, 1e-30, 1e-20, 1e-6, 1, 1e4, 1e10, 1e20, 1e37, 1e-300, 1e300} {
						if dt == tensor.Float32 && (size > 1e38 || size < 1e-38) {
							continue
						}
						x := make([]float64, n)
						for i, v := range r.x {
							x[i] = v * size
						}
						out, err := f.Call(context.Background(), Tensor(dt, x, shape...))
						require.NoError(t, err)
						for _, k := range []int{0, 2} {
							require.True(t, Within(dt, Floats(out[k])[0], r.want*size, 4, 0), "of %g: got %v, want %g", x, out[k], r.want*size)
						}
						for i, got := range Floats(out[1]) {
							require.True(t, Within(dt, got, r.d[i], 8, 8*math.Abs(r.d[i])), "derivative at %g: got %v, want %v", x, out[1], r.d)
						}
						if r.want == 0 {
							require.Equal(t, make([]float64, n), Floats(out[3]), "the second derivative at 0")
						}
					}
				}
			}
		})
	}
}

// TestNormOfInfinity: a norm of an infinite element is infinite, one of NaN is NaN.
func TestNormOfInfinity(t *testing.T) {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{x[0].Norm(1)} }, []int{3, 2})
	require.NoError(t, err)
	out, err := f.Call(context.Background(), Tensor(tensor.Float32, []float64{1, math.Inf(-1), math.NaN(), 1, 5e-45, 0}, 3, 2))
	require.NoError(t, err)
	got := Floats(out[0])
	require.Equal(t, math.Inf(1), got[0])
	require.True(t, math.IsNaN(got[1]))
	require.InDelta(t, 5e-45, got[2], 1e-45)
}

// TestNormGradients checks the first and second derivatives over several axes.
func TestNormGradients(t *testing.T) {
	for _, axes := range [][]int{nil, {0}, {-1}, {0, 2}, {1, 2}} {
		for name, f := range map[string]func(x graph.Node, axes ...int) graph.Node{"Norm": graph.Node.Norm, "Std": graph.Node.Std} {
			t.Run(fmt.Sprint(name, axes), func(t *testing.T) {
				for _, c := range []graphtest.Check{{}, {Twice: true, Tolerance: 1e-5}} {
					c.Func(t, func(_ *graph.Scope, x ...graph.Node) graph.Node { return f(x[0], axes...) }, c.Random(2, 3, 4))
				}
			})
		}
	}
}

// TestNormErrors: errors name the operation.
func TestNormErrors(t *testing.T) {
	for want, f := range map[string]func(x graph.Node) graph.Node{
		"Norm: got axis 2 for shape [2 3]": func(x graph.Node) graph.Node { return x.Norm(2) },
		"Std: got axis 1 twice":            func(x graph.Node) graph.Node { return x.Std(1, -1) },
	} {
		_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{f(x[0])} }, []int{2, 3})
		require.ErrorContains(t, err, want)
	}
}
