package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

func init() {
	windowing := "auto_pad ceil_mode dilations kernel_shape pads strides"
	register(map[string]operator{
		"MaxPool":           {least: 1, most: 1, attributes: windowing + " storage_order", run: maxPool},
		"AveragePool":       op(1, 1, windowing+" count_include_pad", averagePool),
		"LpPool":            op(1, 1, windowing+" p", lpPool),
		"GlobalAveragePool": op(1, 1, "", globalPool), "GlobalMaxPool": op(1, 1, "", globalPool), "GlobalLpPool": op(1, 1, "p", globalPool),
		"MaxUnpool": op(2, 3, "kernel_shape pads strides", maxUnpool),
	})
}

// maxPool returns the largest element of each window and its position in the flat input.
func maxPool(c *call) []*Tensor {
	x := c.in(0)
	w := c.window(x, nil)
	if c.node.slot(1) < 0 {
		if y := c.quickPool(x, w, true, false); y != nil {
			return []*Tensor{y}
		}
	}
	compare := pick(c, x, orders)(x.data)
	t, pixels := c.taps(w), sizeOf(w.in)
	shape := append(slices.Clone(x.Shape[:2]), w.out...)
	best, out := c.index(shape...), c.made(proto.Int64, shape...)
	n := len(t.from) - 1
	c.spend(product(sizeOf(x.Shape[:2]), len(t.at)))
	for i := range best {
		plane, o := i/n, i%n
		c.want(t.from[o] < t.from[o+1], "got a window that is only in the padding, want one with elements")
		for j := t.from[o]; j < t.from[o+1]; j++ {
			if at := plane*pixels + t.at[j]; j == t.from[o] || compare(at, best[i]) > 0 {
				best[i] = at
			}
		}
	}
	for i, at := range best {
		if c.flag("storage_order") { // column-major within a plane
			at = at/pixels*pixels + transposedIndex(at%pixels, w.in)
		}
		out.data.(list[int64])[i] = int64(at)
	}
	return []*Tensor{{shape, x.data.take(best, nil)}, out}
}

// transposedIndex returns the column-major index of an element with a row-major index.
func transposedIndex(at int, shape []int) int {
	out, size := 0, 1
	for i, by := range strides(shape) {
		out += at / by % shape[i] * size
		size *= shape[i]
	}
	return out
}

// pooled applies f to the elements of each window; all is the number of elements with the padding.
func (c *call) pooled(x *Tensor, w *window, f func(values []float64, all int) float64) *Tensor {
	t, pixels := c.taps(w), sizeOf(w.in)
	shape := c.shape(append(slices.Clone(x.Shape[:2]), w.out...)...)
	in, out, n := x.Doubles(), make(list[float64], sizeOf(shape)), len(t.from)-1
	c.want(isFloat(x), "got elements of %v, want floating-point numbers", x.Type())
	c.spend(product(sizeOf(x.Shape[:2]), len(t.at)))
	pool().For(len(out), 64, func(lo, hi int) {
		var values []float64
		for i := lo; i < hi; i++ {
			plane, o := i/n*pixels, i%n
			values = values[:0]
			for _, at := range t.at[t.from[o]:t.from[o+1]] {
				values = append(values, in[plane+at])
			}
			out[i] = f(values, t.counts[o])
		}
	})
	return (&Tensor{shape, out}).as(x.Type())
}

func average(values []float64, n int) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total / float64(n)
}

func averagePool(c *call) *Tensor {
	x, padded := c.in(0), c.flag("count_include_pad")
	w := c.window(x, nil)
	if y := c.quickPool(x, w, false, padded); y != nil {
		return y
	}
	return c.pooled(x, w, func(values []float64, all int) float64 {
		if !padded {
			all = len(values)
		}
		return average(values, all)
	})
}

func lp(p float64) func(values []float64, all int) float64 {
	return func(values []float64, _ int) float64 {
		total := 0.0
		for _, v := range values {
			total += math.Pow(math.Abs(v), p)
		}
		return math.Pow(total, 1/p)
	}
}

// power returns the attribute p, at least 1.
func (c *call) power() float64 {
	a, p := c.attribute("p"), 2.0
	if a != nil {
		if p = float64(a.Int); a.Kind == proto.Float { // in opset 1
			p = float64(a.Float)
		}
	}
	c.want(p >= 1, "attribute p: got %v, want 1 or more", p)
	return p
}

func lpPool(c *call) *Tensor { return c.pooled(c.in(0), c.window(c.in(0), nil), lp(c.power())) }

// globalPool reduces all elements of a channel.
func globalPool(c *call) *Tensor {
	x := c.in(0)
	c.want(len(x.Shape) >= 2 && isFloat(x), "got %v of shape %v, want floating-point numbers (batch, channels, ...)", x.Type(), x.Shape)
	n := sizeOf(x.Shape[2:])
	c.want(n > 0, "got shape %v, want at least one element", x.Shape)
	shape := append(slices.Clone(x.Shape[:2]), slices.Repeat([]int{1}, len(x.Shape)-2)...)
	if from, single := x.data.(list[float32]); single && c.node.Operator != "GlobalLpPool" {
		y := c.filled(proto.Float32, shape...)
		to := y.data.(list[float32])
		pool().For(len(to), 1+4096/n, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				if plane := from[i*n:][:n]; c.node.Operator == "GlobalMaxPool" {
					to[i] = kernels.MaxOf(plane)
				} else {
					to[i] = float32(kernels.SumFloat64(plane) / float64(n))
				}
			}
		})
		return y
	}
	f := average
	switch c.node.Operator {
	case "GlobalMaxPool":
		f = func(values []float64, _ int) float64 { return slices.Max(values) }
	case "GlobalLpPool":
		f = lp(c.power())
	}
	in, out := x.Doubles(), make(list[float64], sizeOf(c.shape(shape...)))
	for i := range out {
		out[i] = f(in[i*n:(i+1)*n], n)
	}
	return (&Tensor{shape, out}).as(x.Type())
}

// maxUnpool puts elements back to the positions that MaxPool returned.
func maxUnpool(c *call) *Tensor {
	x, at := c.in(0), c.sizes(1)
	n := len(x.Shape) - 2
	c.want(n >= 1 && len(at) == x.Size(), "got %d positions for shape %v, want one for each element", len(at), x.Shape)
	size, stride, pads := c.each("kernel_shape", n, 1, 1), c.each("strides", n, 1, 1), c.each("pads", 2*n, 0, 0)
	natural := slices.Clone(x.Shape)
	for i := range n {
		natural[2+i] = (x.Shape[2+i]-1)*stride[i] - pads[i] - pads[n+i] + size[i]
	}
	shape := natural
	if c.opt(2) != nil {
		shape = c.sizes(2)
		c.want(len(shape) == n+2, "input 3: got %v, want %d sizes", shape, n+2)
	}
	out := c.made(x.Type(), shape...)
	for i, p := range at {
		if shape[len(shape)-1] != natural[len(natural)-1] || len(shape) > 3 && shape[2] != natural[2] { // positions count in the natural size
			pos, from, to := 0, strides(natural), strides(shape)
			for k := range natural {
				pos += p / max(from[k], 1) % max(natural[k], 1) * to[k]
			}
			p = pos
		}
		c.want(p >= 0 && p < out.Size(), "input 2: got position %d, want 0 to %d", p, out.Size()-1)
		at[i] = p
	}
	out.data.put(at, x.data)
	return out
}
