// Package extremes compares functions of nodes and their first and second derivatives with references in float64, at
// arguments from denormal numbers to infinity, in float32 and in float64. It is for tests.
package extremes

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// magnitudes are those of the arguments: denormal numbers of float32 and of float64, the ends of both ranges, and densely
// where functions bend.
var magnitudes = []float64{
	0, 5e-324, 1e-310, 1e-300, 1e-160, 1e-45, 1e-40, 1e-38, 1e-30, 1e-20, 1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4,
	1e-3, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1, 1.1, 1.5, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 80, 88, 100, 200, 700,
	1e3, 1e4, 1e6, 1e8, 1e10, 1e15, 1e19, 1e20, 1e30, 1e38, 3e38, 1e100, 1e150, 1e300, math.Inf(1),
}

// Real is a function of real numbers. It must be accurate in float64: it must not cancel.
type Real = func(x ...float64) float64

// A Case is a function of nodes with references for its value and its derivatives. A result is right if it differs from the
// reference by at most Ulps·ε·|want| + Abs·ε and 128 denormal numbers, where ε is 2⁻²³ for float32 and 2⁻⁵² for float64.
type Case struct {
	Name string
	F    func(x ...graph.Node) graph.Node // element by element, or by rows if Row is set
	Want []Real                           // the value, the derivative, the second derivative; see Check; nil means unchecked
	Ulps float64
	Abs  [3]float64              // for the value, the derivatives, the second derivatives
	Keep func(x ...float64) bool // the arguments that are checked; nil means all
}

// Check checks a function of one argument at all magnitudes with both signs.
func (c Case) Check(t *testing.T) {
	var x []float64
	for _, m := range magnitudes {
		x = append(x, m, -m)
	}
	c.each(t, [][]float64{x})
}

// CheckPairs checks a function of two arguments at all pairs of a and b. Want are the references of the value, of the
// derivatives by a and by b, and of the second derivatives by a and a, by a and b, and by b and b.
func (c Case) CheckPairs(t *testing.T, a, b []float64) {
	var x, y []float64
	for _, v := range a {
		for _, w := range b {
			x, y = append(x, v), append(y, w)
		}
	}
	c.each(t, [][]float64{x, y})
}

func (c Case) each(t *testing.T, x [][]float64) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(fmt.Sprint(c.Name, " ", dt), func(t *testing.T) { c.check(t, dt, c.kept(dt, x)) })
	}
}

// kept returns the arguments that are checked, rounded to the element type.
func (c Case) kept(dt tensor.Dtype, x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i := range x[0] {
		one := make([]float64, len(x))
		for j := range x {
			one[j] = rounded(dt, x[j][i])
		}
		if c.Keep == nil || c.Keep(one...) {
			for j, v := range one {
				out[j] = append(out[j], v)
			}
		}
	}
	return out
}

func (c Case) check(t *testing.T, dt tensor.Dtype, x [][]float64) {
	n := len(x[0])
	shapes := make([][]int, len(x))
	in := make([]*tensor.Dense, len(x))
	for i := range x {
		shapes[i], in[i] = []int{n}, Tensor(dt, x[i], n)
	}
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		y := c.F(x...)
		out := append([]graph.Node{y}, graph.Grad(y.Sum(), x...)...)
		for i, d := range out[1:] {
			out = append(out, graph.Grad(d.Sum(), x[i:]...)...)
		}
		return out
	}, shapes...)
	require.NoError(t, err)
	results, err := f.Call(context.Background(), in...)
	require.NoError(t, err)
	for k, want := range c.Want {
		order := min(k, 1)
		if k > len(x) {
			order = 2
		}
		for i, got := range Floats(results[k]) {
			one := make([]float64, len(x))
			for j := range x {
				one[j] = x[j][i]
			}
			if want == nil {
				break
			}
			if w := want(one...); !Within(dt, got, w, c.Ulps, c.Abs[order]) {
				t.Errorf("result %d, of order %d, at %g: got %g, want %g", k, order, one, got, w)
			}
		}
	}
}
