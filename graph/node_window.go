package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A Window describes how the window of a convolution or a pooling moves along one spatial dimension.
type Window struct {
	Size          int // elements in the window; ignored by Conv and ConvTranspose, which take it from the weights
	Stride        int // elements that the window moves by; 0 means 1
	Dilation      int // distance between neighbouring elements of the window; 0 means 1
	Before, After int // padding in front and at the end
	Extra         int // ConvTranspose only: elements added to the end of the output, less than Stride (output_padding)

	// Ceil is for poolings: the number of positions is rounded up, so that the last window may reach beyond the padding. It
	// must begin before the padding at the end, and what it lacks counts in no average (PyTorch's ceil_mode).
	Ceil bool
	// Bins is for poolings: if it is not 0, there are so many windows of nearly equal size, and Bins is the only field set.
	// Window i has the elements from i·n/Bins, rounded down, to (i+1)·n/Bins, rounded up (PyTorch's adaptive pooling).
	Bins int
}

// over returns the window over n elements.
func (w Window) over(n int) kernels.Window {
	return kernels.Window{In: n, Kernel: w.Size, Stride: one(w.Stride), Dilation: one(w.Dilation), Before: w.Before, After: w.After}
}

// pooling returns the window of a pooling over n elements.
func (w Window) pooling(n int) (kernels.PoolWindow, error) {
	if w.Bins != 0 {
		if w != (Window{Bins: w.Bins}) || w.Bins < 0 {
			return kernels.PoolWindow{}, fmt.Errorf("got window %+v, want at least 1 bin and no other field", w)
		}
		if n%w.Bins == 0 { // the bins do not overlap
			return Window{Size: n / w.Bins, Stride: n / w.Bins}.pooling(n)
		}
		return kernels.PoolWindow{Window: Window{Size: 1}.over(n), Bins: w.Bins}, nil
	}
	p := kernels.PoolWindow{Window: w.over(n)}
	if w.Ceil && p.Check() == nil {
		p = p.Ceil()
	}
	return p, nil
}

func one(n int) int {
	if n == 0 {
		return 1
	}
	return n
}

// planar applies an operation on images to nodes with one or two spatial dimensions; one is taken for an image of height 1.
// f gets the windows of the height and the width, the sizes of x's dimensions 2 and 3.
func (x Node) planar(name string, windows []Window, f func(in []Node, y, x Window) Node, others ...Node) Node {
	nodes := append([]Node{x}, others...)
	for _, n := range nodes {
		switch rank := n.Rank(); {
		case n.err != nil:
			return n
		case len(windows) != 1 && len(windows) != 2:
			return x.fail(name, fmt.Errorf("got %d windows, want 1 or 2", len(windows)))
		case rank != 2+len(windows):
			return x.fail(name, fmt.Errorf("got shape %v, want %d dimensions", n.Shape(), 2+len(windows)))
		}
	}
	if len(windows) == 2 {
		return f(nodes, windows[0], windows[1])
	}
	for i, n := range nodes {
		nodes[i] = n.Expand(2)
	}
	y := f(nodes, Window{Size: 1}, windows[0])
	if y.err != nil {
		return y
	}
	return y.Reshape(slices.Delete(y.Shape(), 2, 3)...)
}

// Conv returns the convolution of x, (batch, in, length) or (batch, in, height, width), with the weights w, (out, in/groups,
// size...). windows has one Window for each spatial dimension; each output dimension is (n + Before + After -
// Dilation·(size-1) - 1)/Stride + 1, rounded down. As in other libraries the kernel is not flipped: it is a
// cross-correlation. groups divides the channels into groups that are convolved separately; 1 is a plain convolution.
func (x Node) Conv(w Node, groups int, windows ...Window) Node {
	if err := checkConv(windows); err != nil {
		return x.fail("Conv", err)
	}
	return x.planar("Conv", windows, func(in []Node, wy, wx Window) Node {
		wy.Size, wx.Size = in[1].Dim(2), in[1].Dim(3)
		return in[0].apply("Conv", ops.Conv{Groups: groups, Y: wy.over(in[0].Dim(2)), X: wx.over(in[0].Dim(3))}, in[1])
	}, w)
}

// checkConv returns an error if a convolution has a window with a field for poolings.
func checkConv(windows []Window) error {
	for _, w := range windows {
		if w.Ceil || w.Bins != 0 {
			return fmt.Errorf("got a window with Ceil %t and Bins %d, want false and 0 for a convolution", w.Ceil, w.Bins)
		}
	}
	return nil
}

// ConvTranspose returns the transposed convolution of x, shaped as for Conv, with the weights w, (in, out/groups, size...):
// the derivative of Conv by its input, a sum of copies of w at distances of Stride. Before and After are numbers of elements
// cut off the ends of the output, each of whose dimensions is (n-1)·Stride + Dilation·(size-1) + 1 - Before - After + Extra.
func (x Node) ConvTranspose(w Node, groups int, windows ...Window) Node {
	for _, v := range windows {
		if v.Extra < 0 || v.Extra >= one(v.Stride) {
			return x.fail("ConvTranspose", fmt.Errorf("Extra: got %d, want at least 0 and less than the stride %d", v.Extra, one(v.Stride)))
		}
	}
	if err := checkConv(windows); err != nil {
		return x.fail("ConvTranspose", err)
	}
	return x.planar("ConvTranspose", windows, func(in []Node, wy, wx Window) Node {
		over := [2]kernels.Window{}
		for i, v := range []Window{wy, wx} { // the windows move over the output
			v.Size = in[1].Dim(2 + i)
			k := v.over(in[0].Dim(2 + i))
			k.In = (k.In-1)*k.Stride + k.Extent() - k.Before - k.After + v.Extra
			over[i] = k
		}
		return in[0].apply("ConvTranspose", ops.Conv{Part: ops.ConvInput, Groups: groups, Y: over[0], X: over[1]}, in[1])
	}, w)
}

// MaxPool returns the largest element at each position of a window that moves over x, (batch, channels, length) or (batch,
// channels, height, width). windows has one Window for each spatial dimension; its Stride is 1 unless set. Padding is
// ignored, and must be less than the window spans; a window of padding alone, which dilation makes possible, is an error. Of equal
// largest elements, or of several NaN, the first gets the gradient.
func (x Node) MaxPool(windows ...Window) Node { return x.pool("MaxPool", ops.MaxPool, false, windows) }

// AvgPool returns the mean at each position of a window that moves over x, as in MaxPool. With padded, padding counts as
// zeros (PyTorch's count_include_pad); without it, the mean is over the elements of x only, and 0 where dilation leaves none.
func (x Node) AvgPool(padded bool, windows ...Window) Node {
	return x.pool("AvgPool", ops.AvgPool, padded, windows)
}

func (x Node) pool(name string, part ops.PoolPart, padded bool, windows []Window) Node {
	return x.planar(name, windows, func(in []Node, wy, wx Window) Node {
		ky, err := wy.pooling(in[0].Dim(2))
		kx, err2 := wx.pooling(in[0].Dim(3))
		if err = errors.Join(err, err2); err != nil {
			return x.fail(name, err)
		}
		return in[0].apply(name, ops.Pool{Part: part, Padded: padded, Y: ky, X: kx})
	})
}

// Warp resamples the images x, (batch, channels, height, width), by an affine map for each, matrix, (batch, 2, 3). The pixel
// of the result at (y, x), counted in pixels from the centre, is read from the image at matrix·(y, x, 1), also from the
// centre, interpolated bilinearly. Pixels outside the image have the value fill. The derivative by the matrices is zero.
func (x Node) Warp(matrix Node, fill float64) Node {
	if math.IsNaN(fill) || math.IsInf(fill, 0) {
		return x.fail("Warp", fmt.Errorf("fill: got %v, want a finite number", fill))
	}
	return x.apply("Warp", ops.Warp{Fill: fill}, matrix)
}
