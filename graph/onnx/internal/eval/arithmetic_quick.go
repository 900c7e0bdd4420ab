package eval

import (
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// An arithmeticKernel computes an operator for arrays, for an array and a number, and for a number and an array.
type arithmeticKernel struct {
	arrays func(dst, a, b []float32)
	right  func(dst, a []float32, b float32)
	left   func(dst []float32, a float32, b []float32)
}

var arithmeticKernels = map[string]arithmeticKernel{
	"Add": {kernels.Add[float32], kernels.Shift[float32], swapped(kernels.Shift[float32])},
	"Sum": {kernels.Add[float32], kernels.Shift[float32], swapped(kernels.Shift[float32])},
	"Sub": {kernels.Sub[float32], func(dst, a []float32, b float32) { kernels.Shift(dst, a, -b) }, kernels.SubScalarLeft[float32]},
	"Mul": {kernels.Mul[float32], kernels.Scale[float32], swapped(kernels.Scale[float32])},
	"Div": {kernels.Div[float32], kernels.DivScalar[float32], kernels.DivScalarLeft[float32]},
	"Max": {kernels.Max[float32], atLeast, swapped(atLeast)},
	"Min": {kernels.Min[float32], atMost, swapped(atMost)},
}

// atLeast sets dst to the larger of each element and c, or to NaN where either is.
func atLeast(dst, x []float32, c float32) { within(dst, x, c, float32(math.Inf(1)), c) }

// atMost sets dst to the smaller of each element and c, or to NaN where either is.
func atMost(dst, x []float32, c float32) { within(dst, x, float32(math.Inf(-1)), c, c) }

func within(dst, x []float32, least, most, c float32) {
	if c != c {
		kernels.Fill(dst, c)
		return
	}
	kernels.Clip(dst, x, least, most)
}

func swapped(f func(dst, x []float32, c float32)) func(dst []float32, c float32, x []float32) {
	return func(dst []float32, c float32, x []float32) { f(dst, x, c) }
}

// compute applies the kernel to two tensors, which are broadcast.
func (k arithmeticKernel) compute(c *call, a, b *Tensor) *Tensor {
	out := c.filled(proto.Float32, c.broadcast(a.Shape, b.Shape)...)
	x, y, to := a.data.(list[float32]), b.data.(list[float32]), out.data.(list[float32])
	pairs(out.Shape, a.Shape, b.Shape, func(o, ia, ib, n, da, db int) {
		dst := to[o:][:n]
		switch {
		case da == 1 && db == 1 || n == 1:
			k.arrays(dst, x[ia:][:n], y[ib:][:n])
		case da == 1:
			k.right(dst, x[ia:][:n], y[ib])
		case db == 1:
			k.left(dst, x[ia], y[ib:][:n])
		default: // both are the same number for all
			k.arrays(dst[:1], x[ia:][:1], y[ib:][:1])
			for i := range dst {
				dst[i] = dst[0]
			}
		}
	})
	return out
}

// floats returns the elements of a tensor of float32.
func floats(t *Tensor) []float32 { return t.data.(list[float32]) }
