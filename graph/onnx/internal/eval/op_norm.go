package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"Softmax": op(1, 1, "axis", softmax), "LogSoftmax": op(1, 1, "axis", softmax), "Hardmax": op(1, 1, "axis", softmax),
		"BatchNormalization":        {least: 5, most: 5, attributes: "epsilon momentum spatial training_mode is_test", run: batchNorm},
		"InstanceNormalization":     op(3, 3, "epsilon", instanceNorm),
		"GroupNormalization":        op(3, 3, "epsilon num_groups stash_type", groupNorm),
		"LayerNormalization":        {least: 2, most: 3, attributes: "axis epsilon stash_type", raw: true, run: layerNorm},
		"LpNormalization":           op(1, 1, "axis p", lpNorm),
		"LRN":                       op(1, 1, "alpha beta bias size", lrn),
		"MeanVarianceNormalization": op(1, 1, "axes", meanVariance),
		"Dropout":                   {least: 1, most: 3, attributes: "ratio seed is_test", random: true, run: dropout},
	})
}

// normalized subtracts the mean of each group of n elements and divides by the standard deviation. It also returns the means and the
// reciprocals of the deviations.
func (c *call) normalized(x *Tensor, n int, eps float64) (y *Tensor, means, inverse []float64) {
	c.want(isFloat(x), "got elements of %v, want floating-point numbers", x.Type())
	in, y := x.Doubles(), c.made(proto.Float64, x.Shape...)
	out := y.data.(list[float64])
	for at := 0; at < len(in); at += n {
		m := average(in[at:at+n], n)
		v := 0.0
		for _, e := range in[at : at+n] {
			v += (e - m) * (e - m)
		}
		s := 1 / math.Sqrt(v/float64(n)+eps)
		for k, e := range in[at : at+n] {
			out[at+k] = (e - m) * s
		}
		means, inverse = append(means, m), append(inverse, s)
	}
	return y, means, inverse
}

// affine multiplies by input 1 and adds input 2, which are broadcast after reshaping.
func (c *call) affine(y *Tensor, shape []int) *Tensor {
	for i, f := range []func(a, b float64) float64{func(a, b float64) float64 { return a * b }, func(a, b float64) float64 { return a + b }} {
		p := c.opt(1 + i)
		if p == nil {
			continue
		}
		c.want(shape == nil || p.Size() == sizeOf(shape), "input %d: got shape %v, want %v", i+2, p.Shape, shape)
		p = p.as(proto.Float64)
		if shape != nil {
			p = p.reshaped(shape...)
		}
		y = combine(c, y, p, f)
	}
	return y
}

func instanceNorm(c *call) *Tensor {
	x := c.in(0)
	c.want(len(x.Shape) >= 3, "got shape %v, want (batch, channels, ...)", x.Shape)
	y, _, _ := c.normalized(x, max(sizeOf(x.Shape[2:]), 1), c.float("epsilon", 1e-5))
	return c.affine(y, append([]int{x.Shape[1]}, slices.Repeat([]int{1}, len(x.Shape)-2)...)).as(x.Type())
}

func groupNorm(c *call) *Tensor {
	x, groups := c.in(0), c.int("num_groups", 0)
	c.want(len(x.Shape) >= 3 && groups > 0 && x.Shape[1]%groups == 0, "got shape %v and %d groups, want channels that the groups divide", x.Shape, groups)
	y, _, _ := c.normalized(x, max(sizeOf(x.Shape[1:])/groups, 1), c.float("epsilon", 1e-5))
	if c.opset < 21 { // one scale for each group
		y = c.affine(y.reshaped(x.Shape[0], groups, x.Size()/max(x.Shape[0]*groups, 1)), []int{groups, 1})
		return y.reshaped(x.Shape...).as(x.Type())
	}
	return c.affine(y, append([]int{x.Shape[1]}, slices.Repeat([]int{1}, len(x.Shape)-2)...)).as(x.Type())
}

// layerNorm also returns the means and the reciprocals of the deviations, of the type that stash_type names.
func layerNorm(c *call) []*Tensor {
	x, kind := c.in(0), c.elementType("stash_type", proto.Float32)
	axis := c.axisAttribute(-1, len(x.Shape))
	y, means, inverse := c.normalized(x, max(sizeOf(x.Shape[axis:]), 1), c.float("epsilon", 1e-5))
	shape := append(slices.Clone(x.Shape[:axis]), slices.Repeat([]int{1}, len(x.Shape)-axis)...)
	return []*Tensor{c.affine(y, nil).as(x.Type()), of(shape, means).as(kind), of(shape, inverse).as(kind)}
}

// lpNorm divides by the p-norm along an axis.
func lpNorm(c *call) *Tensor {
	x := c.in(0)
	l, norm := c.lines(x, c.axisAttribute(-1, len(x.Shape))), lp(c.power())
	in, out := x.Doubles(), c.made(proto.Float64, x.Shape...)
	row := make([]float64, l.size)
	for i := range l.count {
		for k := range row {
			row[k] = in[l.start(i)+k*l.step]
		}
		n := norm(row, 0)
		for k, v := range row {
			if n != 0 { // as in onnxruntime, zeros stay
				v /= n
			}
			out.data.(list[float64])[l.start(i)+k*l.step] = v
		}
	}
	return out.as(x.Type())
}

// lrn divides by a power of the sum of squares over neighbouring channels.
func lrn(c *call) *Tensor {
	x, size := c.in(0), c.int("size", 0)
	c.want(len(x.Shape) >= 3 && size > 0 && isFloat(x), "got %v of shape %v and size %d, want (batch, channels, ...) and 1 or more", x.Type(), x.Shape, size)
	alpha, beta, bias := c.float("alpha", 1e-4), c.float("beta", 0.75), c.float("bias", 1)
	l, in, out := c.lines(x, 1), x.Doubles(), c.made(proto.Float64, x.Shape...)
	c.spend(product(x.Size(), min(size, l.size)))
	for i := range l.count {
		for k := range l.size {
			total := 0.0
			for j := max(0, k-(size-1)/2); j <= min(l.size-1, k+size/2); j++ {
				v := in[l.start(i)+j*l.step]
				total += v * v
			}
			at := l.start(i) + k*l.step
			out.data.(list[float64])[at] = in[at] / math.Pow(bias+alpha/float64(size)*total, beta)
		}
	}
	return out.as(x.Type())
}

func meanVariance(c *call) *Tensor {
	x := c.in(0)
	axes := c.ints("axes")
	if axes == nil {
		axes = []int{0, 2, 3}
	}
	axes = c.axes(axes, len(x.Shape))
	var perm []int
	n := 1
	for i, d := range x.Shape {
		if slices.Contains(axes, i) {
			n *= d
		} else {
			perm = append(perm, i)
		}
	}
	perm = append(perm, axes...)
	back := make([]int, len(perm))
	for i, p := range perm {
		back[p] = i
	}
	t := c.permuted(x, perm)
	y, _, _ := c.normalized(t, max(n, 1), 1e-18)
	return c.permuted(y, back).as(x.Type())
}

// dropout is the identity, unless input 3 asks for training: then it sets random elements to 0 and scales the others.
func dropout(c *call) []*Tensor {
	x, ratio := c.in(0), c.float("ratio", 0.5)
	if c.opt(1) != nil {
		ratio = c.real(1)
	}
	mask := slices.Repeat(list[bool]{true}, len(c.index(x.Shape...)))
	if c.opt(2) == nil || !c.truth(c.in(2)) || ratio == 0 {
		return []*Tensor{x, {x.Shape, mask}}
	}
	c.want(ratio >= 0 && ratio < 1, "got ratio %v, want 0 up to 1", ratio)
	rng := c.random()
	out := x.Doubles()
	for i := range out {
		if mask[i] = rng.Float64() >= ratio; mask[i] {
			out[i] /= 1 - ratio
		} else {
			out[i] = 0
		}
	}
	return []*Tensor{of(x.Shape, out).as(x.Type()), {x.Shape, mask}}
}
