package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A Window says how a window moves along one dimension of space, as a convolution's weights or a pooling do.
type Window struct {
	Size          int // elements; a convolution takes it from the weights, and then it is 0
	Stride        int // steps from place to place; 0 is 1
	Dilation      int // distance of the elements; 0 is 1
	Before, After int // padding
	Extra         int // of ConvTranspose: elements that the output is longer, below Stride
}

// over returns the window over n elements.
func (w Window) over(n int) kernels.Window {
	return kernels.Window{In: n, Kernel: w.Size, Stride: one(w.Stride), Dilation: one(w.Dilation), Before: w.Before, After: w.After}
}

func one(n int) int {
	if n == 0 {
		return 1
	}
	return n
}

// planar applies an operation on images of two dimensions to nodes of one or two: one dimension is an image of height 1.
// f is given the windows over x's height and width.
func (x Node) planar(name string, windows []Window, f func(in []Node, y, x kernels.Window) Node, others ...Node) Node {
	nodes := append([]Node{x}, others...)
	for _, n := range nodes {
		switch rank := n.Rank(); {
		case n.err != nil:
			return n
		case len(windows) != 1 && len(windows) != 2:
			return x.fail(name, fmt.Errorf("got %d windows, want one or two", len(windows)))
		case rank != 2+len(windows):
			return x.fail(name, fmt.Errorf("got shape %v, want %d dimensions", n.Shape(), 2+len(windows)))
		}
	}
	if len(windows) == 2 {
		return f(nodes, windows[0].over(x.Dim(2)), windows[1].over(x.Dim(3)))
	}
	for i, n := range nodes {
		nodes[i] = n.Expand(2)
	}
	y := f(nodes, Window{Size: 1}.over(1), windows[0].over(x.Dim(2)))
	if y.err != nil {
		return y
	}
	return y.Reshape(slices.Delete(y.Shape(), 2, 3)...)
}

// Conv returns the convolution of x, (batch, in, length) or (batch, in, height, width), with weights w, (out, in/groups,
// size...): one window for each dimension of space. The weights are not turned round, as usual for networks.
func (x Node) Conv(w Node, groups int, windows ...Window) Node {
	return x.planar("Conv", windows, func(in []Node, wy, wx kernels.Window) Node {
		wy.Kernel, wx.Kernel = in[1].Dim(2), in[1].Dim(3)
		return in[0].apply("Conv", ops.Conv{Groups: groups, Y: wy, X: wx}, in[1])
	}, w)
}

// ConvTranspose returns the transposed convolution of x with weights w, (in, out/groups, size...): the derivative of Conv
// by its input, a sum of copies of w placed Stride apart. Before and After are elements that the output lacks at its ends.
func (x Node) ConvTranspose(w Node, groups int, windows ...Window) Node {
	for _, v := range windows {
		if v.Extra < 0 || v.Extra >= one(v.Stride) {
			return x.fail("ConvTranspose", fmt.Errorf("got %d extra elements, want 0 or more and fewer than the stride of %d", v.Extra, one(v.Stride)))
		}
	}
	return x.planar("ConvTranspose", windows, func(in []Node, wy, wx kernels.Window) Node {
		wy.Kernel, wx.Kernel = in[1].Dim(2), in[1].Dim(3)
		for i, v := range []*kernels.Window{&wx, &wy} { // the windows move over the output
			v.In = (v.In-1)*v.Stride + v.Extent() - v.Before - v.After
			if i < len(windows) {
				v.In += windows[len(windows)-1-i].Extra
			}
		}
		return in[0].apply("ConvTranspose", ops.Conv{Part: ops.ConvInput, Groups: groups, Y: wy, X: wx}, in[1])
	}, w)
}

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

// Warp returns images, (batch, channels, height, width), read at other places, which a matrix for each, (batch, 2, 3),
// gives: the pixel that is (y, x) from the middle of the result is what is matrix·(y, x, 1) from the middle of the image,
// between pixels bilinearly. Pixels outside of the image are fill. The derivative by the matrices is zero.
func (x Node) Warp(matrix Node, fill float64) Node {
	if math.IsNaN(fill) || math.IsInf(fill, 0) {
		return x.fail("Warp", errors.New("got a fill that is no finite number"))
	}
	return x.apply("Warp", ops.Warp{Fill: fill}, matrix)
}
