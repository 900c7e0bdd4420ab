package eval

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

func init() {
	windowing := "auto_pad dilations group kernel_shape pads strides"
	register(map[string]operator{
		"Conv": op(2, 3, windowing, conv), "ConvTranspose": op(2, 3, windowing+" output_padding output_shape", convTranspose),
	})
}

// checkBias checks a bias, one number for each channel, which may be nil.
func (c *call) checkBias(b, x *Tensor, channels int) {
	if b != nil {
		c.sameType(x, b)
		if len(b.Shape) != 1 || b.Size() != channels {
			c.fail("bias: got shape %v, want [%d], one number for each channel", b.Shape, channels)
		}
	}
}

// biased adds a bias, unless it is nil.
func (c *call) biased(y, b *Tensor) *Tensor {
	if b == nil {
		return y
	}
	shape := slices.Repeat([]int{1}, len(y.Shape)-1)
	shape[0] = b.Size()
	return pick(c, y, everySum)(c, y, b.reshaped(shape...))
}

func conv(c *call) *Tensor {
	x, w := c.in(0), c.in(1)
	c.sameType(x, w)
	return c.conv(x, w, c.opt(2))
}

// conv is a convolution of (batch, channels, ...) with (out, channels/group, ...), plus a bias unless it is nil.
func (c *call) conv(x, w, bias *Tensor) *Tensor {
	if len(w.Shape) != len(x.Shape) || len(w.Shape) < 3 {
		c.fail("got shapes %v and %v, want (batch, channels, ...) and (out, channels / group, ...)", x.Shape, w.Shape)
	}
	win, groups := c.window(x, w.Shape[2:]), c.int("group", 1)
	batch, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	if groups < 1 || in != w.Shape[1]*groups || out%groups != 0 {
		c.fail("got %d channels, weights %v and %d groups, want channels that the groups divide", in, w.Shape, groups)
	}
	c.checkBias(bias, x, out)
	y := c.filled(x.Type(), append([]int{batch, out}, win.out...)...)
	c.spend(product(y.Size(), sizeOf(w.Shape[1:])))
	if y.Size() == 0 || x.Size() == 0 {
		return c.biased(c.made(x.Type(), y.Shape...), bias)
	}
	if len(win.in) <= 2 {
		s := kernels.ConvShape{Batch: batch, In: in, Out: out, Groups: groups, Y: kernels.Window{In: 1, Kernel: 1, Stride: 1, Dilation: 1}, X: win.kernel(len(win.in) - 1)}
		if len(win.in) == 2 {
			s.Y = win.kernel(0)
		}
		switch x.Type() {
		case proto.Float32:
			quickConv[float32](c, s, y, x, w, bias)
			return y
		case proto.Float64:
			quickConv[float64](c, s, y, x, w, bias)
			return y
		}
	}
	pick(c, x, convolutions)(y.data, x.data, w.data, c.taps(win), batch, groups, in/groups, out/groups, sizeOf(win.in), sizeOf(win.size))
	return c.biased(y, bias)
}

func (w *window) kernel(i int) kernels.Window {
	return kernels.Window{In: w.in[i], Kernel: w.size[i], Stride: w.stride[i], Dilation: w.dilation[i], Before: w.before[i], After: w.after[i]}
}

var convolutions = table[func(y, x, w data, t *taps, batch, groups, in, out, pixels, size int)]{
	proto.Float32: convolved[float32], proto.Float64: convolved[float64], proto.Int32: convolved[int32],
}

// convolved computes a convolution; in and out are the channels of a group.
func convolved[T number](y, x, w data, t *taps, batch, groups, in, out, pixels, size int) {
	to, from, weights, n := y.(list[T]), x.(list[T]), w.(list[T]), len(t.from)-1
	pool().For(batch*groups*out, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			channel := i % (groups * out)
			b, g := i/(groups*out), channel/out
			image, k := from[(b*groups+g)*in*pixels:], weights[channel*in*size:]
			for o := range n {
				var total T
				for c := range in {
					for j := t.from[o]; j < t.from[o+1]; j++ {
						total += image[c*pixels+t.at[j]] * k[c*size+t.kernel[j]]
					}
				}
				to[i*n+o] = total
			}
		}
	})
}

// convTranspose is the transposed map of a convolution with weights (channels, out/group, ...).
func convTranspose(c *call) *Tensor {
	x, w := c.in(0), c.in(1)
	c.sameType(x, w)
	c.want(len(w.Shape) == len(x.Shape) && len(w.Shape) > 2, "got shapes %v and %v, want (batch, channels, ...) and (channels, out / group, ...)", x.Shape, w.Shape)
	groups := c.int("group", 1)
	batch, in := x.Shape[0], x.Shape[1]
	c.want(groups > 0 && in == w.Shape[0] && in%groups == 0, "got %d channels, weights %v and %d groups, want channels that the groups divide", in, w.Shape, groups)
	out := w.Shape[1] * groups
	win := c.transposedWindow(x, w.Shape[2:])
	c.checkBias(c.opt(2), x, out)
	c.spend(product(x.Size(), sizeOf(w.Shape[1:])))
	if y := c.quickTransposed(x, w, c.opt(2), win, groups); y != nil {
		return y
	}
	y := c.made(x.Type(), append([]int{batch, out}, win.in...)...)
	if y.Size() > 0 && x.Size() > 0 {
		t := c.taps(win)
		pick(c, x, transposed)(y.data, x.data, w.data, t, batch, groups, in/groups, out/groups, sizeOf(win.in), sizeOf(win.size))
	}
	return c.biased(y, c.opt(2))
}

// transposedWindow returns the window of the convolution that convTranspose transposes: its input is the result.
func (c *call) transposedWindow(x *Tensor, size []int) *window {
	n := len(size)
	k := c.ints("kernel_shape")
	c.want(k == nil || slices.Equal(k, size), "attribute kernel_shape: got %v, want %v", k, size)
	w := &window{in: make([]int, n), out: x.Shape[2:], size: size, stride: c.each("strides", n, 1, 1), dilation: c.each("dilations", n, 1, 1)}
	pads, more, want := c.each("pads", 2*n, 0, 0), c.each("output_padding", n, 0, 0), c.ints("output_shape")
	w.before, w.after = pads[:n:n], pads[n:]
	if len(want) == n+2 {
		want = want[2:]
	}
	c.want(want == nil || len(want) == n, "attribute output_shape: got %v, want %d sizes", want, n)
	mode := c.str("auto_pad", "NOTSET")
	for i := range n {
		c.want(size[i] >= 1 && size[i] <= maxExtent/w.dilation[i], "got a window of %d elements, %d apart, want 1 or more", size[i], w.dilation[i])
		full := w.stride[i]*(w.out[i]-1) + w.dilation[i]*(size[i]-1) + 1 + more[i]
		var all int
		switch {
		case want != nil:
			all = full - want[i]
		case mode == "SAME_UPPER" || mode == "SAME_LOWER":
			all = full - w.out[i]*w.stride[i]
		case mode == "VALID":
			w.before[i], w.after[i] = 0, 0
		}
		if want != nil || mode == "SAME_UPPER" || mode == "SAME_LOWER" {
			c.want(all >= -maxExtent, "attribute output_shape: got %v, want at most %d more than the natural size", want, maxExtent)
			if w.before[i] = all / 2; mode != "SAME_UPPER" && all > 0 {
				w.before[i] = all - all/2
			}
			if all < 0 {
				w.before[i] = 0
			}
			w.after[i] = all - w.before[i]
		}
		w.in[i] = full - w.before[i] - w.after[i]
		c.want(w.in[i] >= 0, "got padding %d and %d for %d elements, want less", w.before[i], w.after[i], full)
	}
	return w
}

var transposed = table[func(y, x, w data, t *taps, batch, groups, in, out, pixels, size int)]{
	proto.Float32: convolvedBack[float32], proto.Float64: convolvedBack[float64],
}

// convolvedBack adds each input times the weights to the elements of the result that its window covers.
func convolvedBack[T number](y, x, w data, t *taps, batch, groups, in, out, pixels, size int) {
	to, from, weights, n := y.(list[T]), x.(list[T]), w.(list[T]), len(t.from)-1
	pool().For(batch*groups*out, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			b, g, channel := i/(groups*out), i%(groups*out)/out, i%out
			plane := to[i*pixels:][:pixels]
			for c := range in {
				image := from[((b*groups+g)*in+c)*n:][:n]
				k := weights[((g*in+c)*out+channel)*size:][:size]
				for o, v := range image {
					for j := t.from[o]; j < t.from[o+1]; j++ {
						plane[t.at[j]] += v * k[t.kernel[j]]
					}
				}
			}
		}
	})
}
