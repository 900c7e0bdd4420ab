package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// combined writes item i together with items it depends on, if one ONNX operator computes them all: a product or a
// convolution with its bias, a mean, a batch normalization. It reports whether it has written something.
func (w *writer) combined(i int, m ops.Map) (stored, bool) {
	if m.Code == ops.Scale {
		return w.mean(i)
	}
	if s, ok := w.normalization(i); ok || m.Code != ops.Add {
		return s, ok
	}
	in := w.items[i].in
	for k := range in {
		if s, ok := w.biased(in[k], in[1-k]); ok {
			return s, true
		}
	}
	return stored{}, false
}

// biased writes the sum of item i, a product or a convolution that nothing else uses, and a vector with a number per column
// or channel.
func (w *writer) biased(i, bias int) (stored, bool) {
	p := w.base(i)
	o := w.items[p].op()
	if o == nil || !w.usedOnce(i) || !w.steady(p) {
		return stored{}, false
	}
	switch d := o.Def.(type) {
	case ops.MatMul:
		n := w.items[p].shape[len(w.items[p].shape)-1]
		s := w.items[i].shape
		if len(w.items[p].shape) == 2 && s[len(s)-1] == n && slices.Equal(w.items[bias].shape, shape{n}) {
			return w.product(p, w.value(bias)), true
		}
	case ops.Conv:
		if c := w.items[p].shape[1]; d.Part != ops.ConvWeights && w.perChannel(bias, len(w.items[i].shape), c) {
			return w.convolution(p, d, w.seen(bias, shape{c})), true
		}
	}
	return stored{}, false
}

// perChannel reports whether item i is a vector of c numbers in a shape that broadcasts along dimension 1 of a tensor of the
// given rank.
func (w *writer) perChannel(i, rank int, c dim) bool {
	s := w.items[i].shape
	if len(s) != rank-1 || s[0] != c || c.vars != "" {
		return false
	}
	for _, d := range s[1:] {
		if d != (dim{size: 1}) {
			return false
		}
	}
	return true
}

// mean writes item i as ReduceMean if it is a sum divided by the number of its terms.
func (w *writer) mean(i int) (stored, bool) {
	r := w.base(w.items[i].in[0])
	o := w.items[r].op()
	if o == nil {
		return stored{}, false
	}
	d, ok := o.Def.(ops.Reduce)
	if !ok || d.Max || !w.steady(r) {
		return stored{}, false
	}
	for k, n := range w.items[r].nodes {
		count := float64(tensors.Size(ops.Of(n).InShape(0))) / float64(tensors.Size(ops.Shape(n)))
		if f := ops.Of(w.items[i].nodes[k]).Def.(ops.Map).A * count; math.Abs(f-1) > 1e-12 {
			return stored{}, false
		}
	}
	axes := intsAttribute("axes", span(d.From, d.To)...)
	v := w.node("ReduceMean", []string{w.value(w.items[r].in[0])}, axes, intAttribute("keepdims", 1))
	return stored{v, w.items[r].shape}, true
}

// normalization writes (x - mean)·scale + bias as a batch normalization, if scale is 1/√(variance + epsilon), perhaps times
// a weight, and each of them has one number per channel. Item i is the sum, or the product if there is no bias.
func (w *writer) normalization(i int) (stored, bool) {
	top := i
	bias := -1
	if w.code(i) == ops.Add {
		i, bias = w.items[i].in[0], w.items[i].in[1]
	}
	if w.code(i) != ops.Mul || top != i && !w.usedOnce(i) {
		return stored{}, false
	}
	diff, scale := w.items[i].in[0], w.items[i].in[1]
	if w.code(diff) != ops.Sub {
		return stored{}, false
	}
	x, mean := w.items[diff].in[0], w.items[diff].in[1]
	s := w.items[x].shape
	if len(s) < 2 {
		return stored{}, false
	}
	c := s[1]
	for _, v := range []int{mean, scale, bias} {
		if v >= 0 && !w.perChannel(v, len(s), c) {
			return stored{}, false
		}
	}
	inverse, weight := w.base(scale), -1
	if w.code(inverse) == ops.Mul {
		inverse, weight = w.items[inverse].in[0], w.items[inverse].in[1]
	}
	root := w.under(inverse, ops.Reciprocal)
	shifted := w.under(root, ops.Sqrt)
	variance := w.under(shifted, ops.Shift)
	if variance < 0 {
		return stored{}, false
	}
	in := make([]string, 0, 5)
	base := w.store(w.base(x))
	if len(base.shape) < 2 || base.shape[0] != s[0] || base.shape[1] != c { // a reshape has moved the channels
		base = stored{w.value(x), s}
	}
	in = append(in, base.value)
	for _, v := range []struct {
		item  int
		usual float64
	}{{weight, 1}, {bias, 0}, {mean, 0}, {variance, 0}} {
		if v.item >= 0 {
			in = append(in, w.seen(v.item, shape{c}))
		} else {
			in = append(in, w.constant(w.floats([]int64{int64(c.size)}, slices.Repeat([]float64{v.usual}, c.size)...)))
		}
	}
	epsilon := w.items[shifted].op().Def.(ops.Map).A
	return stored{w.node("BatchNormalization", in, floatAttribute("epsilon", epsilon)), base.shape}, true
}

// under returns the input of item i if the item computes the function c, else -1.
func (w *writer) under(i int, c ops.Code) int {
	if i < 0 || w.code(i) != c || !w.steady(i) {
		return -1
	}
	return w.items[i].in[0]
}

// code returns the element-wise function that item i computes, Copy if it computes none.
func (net *network) code(i int) ops.Code {
	if o := net.items[i].op(); o != nil {
		if m, ok := o.Def.(ops.Map); ok {
			return m.Code
		}
	}
	return ops.Copy
}
