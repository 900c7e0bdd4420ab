package graph

import (
	"errors"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Warp returns images, (batch, channels, height, width), read at other places, which a matrix for each, (batch, 2, 3),
// gives: the pixel that is (y, x) from the middle of the result is what is matrix·(y, x, 1) from the middle of the image,
// between pixels bilinearly. Pixels outside of the image are fill. The derivative by the matrices is zero.
func (x Node) Warp(matrix Node, fill float64) Node {
	if math.IsNaN(fill) || math.IsInf(fill, 0) {
		return x.fail("Warp", errors.New("got a fill that is no finite number"))
	}
	return x.apply("Warp", ops.Warp{Fill: fill}, matrix)
}
