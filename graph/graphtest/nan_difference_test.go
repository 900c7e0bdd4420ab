package graphtest

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/extremes"
)

// A nanDifference is where a result differs from PyTorch's on purpose: is reports whether it may, for the operands of the element,
// which is a row for an operation on rows.
type nanDifference struct {
	reason string
	is     func(at []float64, got float64) bool
}

var (
	atNaN = nanDifference{"the derivative at NaN is NaN; PyTorch has that of another number", func(at []float64, got float64) bool {
		return slices.ContainsFunc(at, math.IsNaN) && math.IsNaN(got)
	}}
	atInfinity = nanDifference{"the limit at an infinity; PyTorch has NaN", func(at []float64, got float64) bool {
		return slices.ContainsFunc(at, infinite) && (got == 0 || math.Abs(got) <= 3.5)
	}}
	ofTies = nanDifference{"of equal elements the first; PyTorch takes any", func(at []float64, got float64) bool {
		return repeated(at) && !math.IsNaN(got)
	}}
)

// nanDifferences are the differences, by case and result.
var nanDifferences = map[string]nanDifference{
	"abs, gradient 0": atNaN, "relu, gradient 0": atNaN, "leaky relu, gradient 0": atNaN, "clip, gradient 0": atNaN,
	"maximum, gradient 0": atNaN, "maximum, gradient 1": atNaN, "minimum, gradient 0": atNaN, "minimum, gradient 1": atNaN,
	"xlogy, gradient 0": atNaN, "norm 1, gradient 0": atNaN, "norm inf, gradient 0": atNaN,
	"gelu, value": atInfinity, "gelu, gradient 0": atInfinity,
	"top 2, gradient 0": ofTies, "bottom 2, gradient 0": ofTies,
	"max pool, gradient 0": ofTies, "max pool, stride, gradient 0": ofTies,
	"sign, value": {"NaN, as in NumPy; PyTorch has 0", atNaN.is},
	"pow, gradient 1": {"the limit where the power is 0; NaN for an exponent of NaN", func(at []float64, got float64) bool {
		return math.Pow(at[0], at[1]) == 0 && got == 0 || atNaN.is(at, got)
	}},
	"mod, gradient 1": {"NaN where the remainder is NaN or infinite", func(at []float64, got float64) bool {
		return (at[1] == 0 || infinite(at[1])) && math.IsNaN(got)
	}},
	"xlogy, gradient 1": {"0 where both are 0", func(at []float64, got float64) bool { return at[0] == 0 && at[1] == 0 && got == 0 }},
	"log sum exp, gradient 0": {"0 if all elements are -Inf", func(at []float64, got float64) bool {
		return got == 0 && !slices.ContainsFunc(at, func(v float64) bool { return v != math.Inf(-1) })
	}},
	"cumulative product, gradient 0": {"products of the other elements; PyTorch divides by the element", func(at []float64, _ float64) bool {
		return slices.ContainsFunc(at, func(v float64) bool { return infinite(v) || math.IsNaN(v) })
	}},
}

func infinite(v float64) bool { return math.IsInf(v, 0) }

// repeated reports whether two elements are equal, or NaN.
func repeated(at []float64) bool {
	for i, v := range at {
		for _, w := range at[:i] {
			if v == w || math.IsNaN(v) && math.IsNaN(w) {
				return true
			}
		}
	}
	return false
}

// sameAsPyTorch fails the test unless the elements are those of PyTorch, up to rounding, or one of nanDifferences.
func (c operationCase) sameAsPyTorch(t *testing.T, dt tensor.Dtype, what string, want []float64, got *tensor.Dense) {
	t.Helper()
	values, limit, differs := extremes.Floats(got), 1e-12, false
	if dt == tensor.Float32 {
		limit = 2e-6
	}
	require.Len(t, values, len(want))
	difference, known := nanDifferences[c.Name+", "+what]
	for i, w := range want {
		g := values[i]
		if math.IsNaN(w) && math.IsNaN(g) || w == g || math.Abs(w-g) <= limit*max(1, math.Abs(w)) {
			continue
		}
		at := c.operands(i, len(want))
		if differs = true; !known || !difference.is(at, g) {
			t.Errorf("%v, %s, element %d, at %v: got %v, want %v as PyTorch", dt, what, i, at, g, w)
		}
	}
	if known && !differs {
		t.Errorf("%v, %s: got that of PyTorch, want the case left out of nanDifferences", dt, what)
	}
}

// operands returns the operands of element i of a result of n elements: its row, or its element of each input of one row.
func (c operationCase) operands(i, n int) (at []float64) {
	for _, x := range c.Inputs {
		rows := x.Shape[0]
		if rows == 1 {
			at = append(at, x.Data[i])
			continue
		}
		width := len(x.Data) / rows
		row := i * rows / n
		at = append(at, x.Data[row*width:(row+1)*width]...)
	}
	return at
}
