package ops

import (
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Over returns the function that computes elements lo to hi of the chain's output of a shape, from inputs whose shapes broadcast to it.
// The output may be in the place of an input of its shape.
func Over[T kernels.Float](c Chain, out []int, in [][]int) func(out []T, in [][]T, lo, hi int) {
	layouts := make([]layout, len(in))
	for i, shape := range in {
		layouts[i] = newLayout(shape, out)
	}
	return layoutPieces[T](c, tensors.Size(out), layouts)
}
