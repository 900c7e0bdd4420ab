package graph

import (
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// MaxPool returns the largest element of each place of a window that moves over x, (batch, channels, length) or (batch,
// channels, height, width): one Window for each dimension of space. Padding is never the largest; of equal elements the
// first gets the gradient.
func (x Node) MaxPool(windows ...Window) Node { return x.pool("MaxPool", ops.MaxPool, false, windows) }

// AvgPool returns the mean of each place of a window that moves over x, as MaxPool does. Padding counts as zeros if padded
// is set, and else it does not count.
func (x Node) AvgPool(padded bool, windows ...Window) Node {
	return x.pool("AvgPool", ops.AvgPool, padded, windows)
}

func (x Node) pool(name string, part ops.PoolPart, padded bool, windows []Window) Node {
	return x.planar(name, windows, func(in []Node, wy, wx kernels.Window) Node {
		return in[0].apply(name, ops.Pool{Part: part, Padded: padded, Y: wy, X: wx})
	})
}
