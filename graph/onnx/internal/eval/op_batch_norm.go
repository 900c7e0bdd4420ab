package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// batchNorm normalizes channels, with the running statistics or, in training mode, the batch's. Before opset 14, nodes of several
// outputs are in training mode.
func batchNorm(c *call) []*Tensor {
	x := c.in(0)
	c.want(c.int("spatial", 1) != 0, "attribute spatial: got 0, want 1")
	c.want(len(x.Shape) >= 2 && isFloat(x), "got %v of shape %v, want floating-point numbers (batch, channels, ...)", x.Type(), x.Shape)
	n, pixels := x.Shape[1], sizeOf(x.Shape[2:])
	named := func(name string) bool { return name != "" }
	training := c.flag("training_mode") || c.opset < 14 && !c.flag("is_test") && slices.ContainsFunc(c.node.Outputs[1:], named)
	if x.Type() == proto.Float32 && !training {
		y := c.scaledChannels(x, n, pixels)
		if len(c.node.out) == 1 {
			return []*Tensor{y}
		}
		return []*Tensor{y, c.in(3).clone(), c.in(4).clone()}
	}
	p := c.statistics(n)
	scale, bias, mean, variance := p[0], p[1], p[2], p[3]
	eps, momentum := c.float("epsilon", 1e-5), c.float("momentum", 0.9)
	in, out := x.Doubles(), c.made(proto.Float64, x.Shape...)
	y := out.data.(list[float64])
	running := [2][]float64{slices.Clone(mean), slices.Clone(variance)}
	for ch := range n {
		m, v := mean[ch], variance[ch]
		each := func(f func(at int)) {
			for b := range x.Shape[0] {
				for k := range pixels {
					f((b*n+ch)*pixels + k)
				}
			}
		}
		if training {
			total, squares, count := 0.0, 0.0, float64(x.Shape[0]*pixels)
			each(func(at int) { total += in[at] })
			m = total / count
			each(func(at int) { squares += (in[at] - m) * (in[at] - m) })
			v = squares / count
			running[0][ch] = running[0][ch]*momentum + m*(1-momentum)
			running[1][ch] = running[1][ch]*momentum + v*(1-momentum)
		}
		factor := scale[ch] / math.Sqrt(v+eps)
		each(func(at int) { y[at] = (in[at]-m)*factor + bias[ch] })
	}
	return []*Tensor{out.as(x.Type()), of([]int{n}, running[0]).as(c.in(3).Type()), of([]int{n}, running[1]).as(c.in(4).Type())}
}

// statistics returns the scales, biases, means and variances of a batch normalization.
func (c *call) statistics(n int) (p [4][]float64) {
	for i := range p {
		p[i] = c.in(1 + i).Doubles()
		c.want(len(p[i]) == n, "input %d: got %d numbers, want %d, one for each channel", i+2, len(p[i]), n)
	}
	return p
}

// scaledChannels is a batch normalization by running statistics: each of n channels times a factor, plus a summand.
func (c *call) scaledChannels(x *Tensor, n, pixels int) *Tensor {
	params := func() []float32 {
		p, eps := c.statistics(n), c.float("epsilon", 1e-5)
		list := make([]float32, 0, 2*n)
		for i := range n {
			factor := p[0][i] / math.Sqrt(p[3][i]+eps)
			list = append(list, float32(factor), float32(p[1][i]-p[2][i]*factor))
		}
		return list
	}
	var list []float32
	if slices.Contains(c.node.constant[1:], false) {
		list = params()
	} else {
		list = kept(c, 1, 8*n, params)
	}
	c.want(len(list) == 2*n, "got %d channels, want %d", n, len(list)/2)
	y := c.filled(proto.Float32, x.Shape...)
	to, from := floats(y), floats(x)
	pool().For(x.Shape[0]*n, 1+4096/max(pixels, 1), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			plane := to[i*pixels:][:pixels]
			kernels.Scale(plane, from[i*pixels:][:pixels], list[2*(i%n)])
			kernels.Shift(plane, plane, list[2*(i%n)+1])
		}
	})
	return y
}
