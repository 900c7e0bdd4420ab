package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Moments returns the mean and the variance over the given axes, which stay in the shape with size 1, or over all axes if
// none is given. The variance is the mean of (x - mean)², divided by n, not n-1.
func (x Node) Moments(axes ...int) (mean, variance Node) {
	if x.err != nil {
		return x, x
	}
	kept := x.Shape()
	over := slices.Clone(axes)
	for i, a := range over {
		a, err := x.axis(a)
		if err == nil && slices.Contains(over[:i], a) {
			err = fmt.Errorf("got axis %d twice, want different axes", a)
		}
		if err != nil {
			failed := x.fail("Moments", err)
			return failed, failed
		}
		over[i], kept[a] = a, 1
	}
	if len(axes) == 0 {
		over = nil
		for i := range kept {
			over, kept[i] = append(over, i), 1
		}
	}
	groups, ok := grouped(x.Shape(), over)
	if !ok {
		mean = x.Mean(over...).Reshape(kept...)
		return mean, x.Sub(mean).Square().Mean(over...).Reshape(kept...)
	}
	both := x.apply("Moments", ops.Moments{Groups: groups})
	mean, variance = both.Slice(0, 0, 1).Reshape(kept...), both.Slice(0, 1, 2).Reshape(kept...)
	if m := x.mask; m != nil && !slices.Contains(over, m.batch) && !slices.Contains(over, m.time) {
		mean.mask, variance.mask = m, m
	}
	return mean, variance
}

// grouped returns the groups whose elements are along the axes; ok is false if the other dimensions are not adjacent, or an
// axis appears twice. The first dimension counts even if it is 1: a batch of one sample is computed as larger ones are.
func grouped(shape, axes []int) (d ops.Groups, ok bool) {
	for i, n := range shape {
		switch {
		case i > 0 && n == 1 || slices.Contains(axes, i): // does not number the groups
		case d.To == 0:
			d = ops.Groups{From: i, To: i + 1}
		case tensors.Size(shape[d.To:i]) > 1:
			return d, false
		default:
			d.To = i + 1
		}
	}
	return d, len(slices.Compact(slices.Sorted(slices.Values(axes)))) == len(axes)
}

// Normalize returns (x - mean)/√(variance + epsilon)·weight + bias. The operands broadcast to x; the zero Node for weight or
// bias omits it. The derivative is one fast operation if mean and variance have the shapes that Moments returns, and weight
// and bias have either these shapes or only the dimensions that the mean is over.
func (x Node) Normalize(mean, variance Node, epsilon float64, weight, bias Node) Node {
	others := slices.DeleteFunc([]Node{weight, bias}, none)
	if failed := x.together("Normalize", append(others, mean, variance)...); failed.err != nil {
		return failed
	}
	if math.IsNaN(epsilon) {
		return x.fail("Normalize", errors.New("epsilon: got NaN, want a number"))
	}
	if epsilon > 0 { // neither the root nor its reciprocal is infinite, in the padding either
		variance.mask = nil
	}
	d, single := x.normalGroups(mean, variance, weight, bias)
	if single {
		if y, ok := d.ofMoments(x, mean, variance, epsilon, weight, bias); ok {
			return y
		}
	}
	scale := variance.Shift(epsilon).Sqrt().Reciprocal()
	if single {
		return d.emit(x, mean, scale, weight, bias)
	}
	if both, err := ops.BroadcastShapes(scale.Shape(), weight.Shape()); err == nil && !none(weight) && !sameSample(both, x.Shape()) {
		scale, weight = scale.Mul(weight), Node{} // fewer products than with x
	}
	y := x.Sub(mean).Mul(scale)
	if !none(weight) {
		y = y.Mul(weight)
	}
	if !none(bias) {
		y = y.Add(bias)
	}
	return y
}

// sameSample reports whether two shapes are equal apart from the batch, so that the answer is the same for a batch of one sample.
func sameSample(a, b []int) bool {
	return len(a) == len(b) && (len(a) == 0 || slices.Equal(a[1:], b[1:]))
}

// none reports whether x is the zero Node, for an omitted operand.
func none(x Node) bool { return x.b == nil && x.err == nil }

// normalGroups returns the form of Normalize with which a single op does the normalization; ok is false outside training and
// for operands that need several ops.
func (x Node) normalGroups(mean, variance, weight, bias Node) (d normalize, ok bool) {
	for _, y := range []Node{x, mean, variance, weight, bias} {
		if y.err != nil || y.b != x.b && !none(y) || y.Rank() > x.Rank() {
			return d, false
		}
	}
	if none(x) || none(mean) || none(variance) || !x.b.training || !slices.Equal(mean.Shape(), variance.Shape()) {
		return d, false
	}
	shape := x.Shape()
	group := make([]int, len(shape)) // the shape of a tensor with one element for each group
	spread := func(y Node) {
		first := len(shape) - y.Rank()
		for i, n := range y.Shape() {
			if n != 1 {
				group[first+i] = n
			}
		}
	}
	for i := range group {
		group[i] = 1
	}
	spread(mean)
	parameters := slices.DeleteFunc([]Node{weight, bias}, none)
	d.Inner = len(parameters) > 0
	for _, p := range parameters {
		first := len(shape) - p.Rank()
		d.Inner = d.Inner && slices.Equal(p.Shape(), shape[first:]) && tensors.Size(group[first:]) == 1 && slices.Equal(p.Shape(), parameters[0].Shape())
	}
	for _, p := range parameters {
		if !d.Inner { // each channel in a group of channels becomes a group
			spread(p)
		}
	}
	var axes []int
	for i, n := range group {
		if n != shape[i] && n != 1 {
			return d, false
		}
		if n == 1 {
			axes = append(axes, i)
		}
	}
	d.Groups, ok = grouped(shape, axes)
	if d.Inner {
		d.Groups.From, d.Groups.To = 0, len(shape)-parameters[0].Rank()
		ok = ok && tensors.Size(group) == tensors.Size(shape[:d.To])
	}
	return d, ok
}

// A normalize is the form of an ops.Normalize.
type normalize ops.Normalize

// emit adds the op; omitted operands are 1 and 0.
func (d normalize) emit(x, mean, scale, weight, bias Node) Node {
	var in []Node
	if d.Inner {
		inside := x.Shape()[d.To:]
		in = []Node{d.group(x, mean), d.group(x, scale), orValue(x, weight, 1, inside), orValue(x, bias, 0, inside)}
	} else {
		in = []Node{d.group(x, mean), d.group(x, scale.Mul(orValue(x, weight, 1, nil))), d.group(x, orValue(x, bias, 0, d.Groups.Shape(x.Shape())))}
	}
	return x.apply("Normalize", ops.Normalize(d), in...)
}

// ofMoments adds an ops.GroupNorm; ok is false if mean and variance are not the moments of groups of x, each of them in one piece of
// memory, or if channels have few elements. It does not depend on the size of the batch.
func (d normalize) ofMoments(x, mean, variance Node, epsilon float64, weight, bias Node) (y Node, ok bool) {
	const fewest = 16
	if d.Inner || d.From > 0 || d.To == 0 || tensors.Size(x.Shape()[d.To:]) < fewest {
		return Node{}, false
	}
	n, groups, ok := ops.MomentsOf(x.n, mean.n, variance.n)
	if !ok || groups.From > 0 || groups.To == 0 || groups.To > d.To {
		return Node{}, false
	}
	shape := d.Groups.Shape(x.Shape())
	moments := Node{b: x.b, n: n}
	op := ops.GroupNorm{Groups: groups, Channels: d.To, Epsilon: epsilon}
	return x.apply("Normalize", op, moments, d.group(x, orValue(x, weight, 1, shape)), d.group(x, orValue(x, bias, 0, shape))), true
}

// group returns an operand with one element for each group of x.
func (d normalize) group(x, y Node) Node {
	shape := d.Groups.Shape(x.Shape())
	if tensors.Size(y.Shape()) == tensors.Size(shape) {
		return y.Reshape(shape...)
	}
	y = y.BroadcastTo(slices.Concat(slices.Repeat([]int{1}, d.From), shape)...)
	return y.Reshape(shape...)
}

// orValue returns y, or equal elements if y is omitted.
func orValue(x, y Node, value float64, shape []int) Node {
	if none(y) {
		return x.b.scope().Scalar(value).BroadcastTo(shape...)
	}
	return y
}
