package onnx

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// pooling writes a pooling: its windows first, then its bins, which ONNX does not have.
func (w *writer) pooling(i int, d ops.Pool) stored {
	if d.Part != ops.MaxPool && d.Part != ops.AvgPool {
		return w.fail(i, "got the derivative of a pooling, which has no form in ONNX")
	}
	it := &w.items[i]
	s := slices.Clone(w.items[it.in[0]].shape)
	all := w.windowsAt(i)[0]
	moving := slices.Clone(all)
	for k := range moving {
		if moving[k].Bins > 0 {
			moving[k].Bins = 0 // a window of one element
		}
	}
	y, to := stored{shape: s}, slices.Clone(it.shape)
	if one := (kernels.Window{In: 1, Kernel: 1, Stride: 1, Dilation: 1}); moving[0].Window == one && len(w.store(w.base(it.in[0])).shape) == 3 {
		s, to = slices.Delete(s, 2, 3), slices.Delete(to, 2, 3) // a signal that the graph computes as an image of height 1
		all, moving, y.shape = all[1:], moving[1:], s
	}
	y.value = w.seen(it.in[0], s)
	if slices.ContainsFunc(moving, func(p kernels.PoolWindow) bool { return p.Kernel > 1 || p.Stride > 1 || p.Before > 0 || p.After > 0 }) {
		for k, p := range all {
			if p.Bins > 0 {
				to[2+k] = s[2+k]
			}
		}
		y = w.slidingPool(i, d, y, to, moving)
	}
	for k, p := range all {
		if p.Bins > 0 {
			y = w.bins(i, d.Part, y, 2+k, p)
		}
	}
	return y
}

// slidingPool writes the pooling of x, the input of item i, over windows; to is the shape of the result.
func (w *writer) slidingPool(i int, d ops.Pool, x stored, to shape, list []kernels.PoolWindow) stored {
	windows := make([]kernels.Window, len(list))
	zeros := make([]int, 2*len(to)) // in front of each dimension, then behind
	dilated, over := false, false
	for k, p := range list {
		windows[k] = p.Window
		if w.padding(i) != ceilPadding {
			windows[k].After += p.Over // padding is never the largest; averages count no more than they should, as below
		}
		zeros[2+k], zeros[len(to)+2+k] = p.Before, p.After
		dilated, over = dilated || p.Dilation > 1, over || p.Over > 0
	}
	padded := w.padsApart(i, windows)
	if d.Part == ops.MaxPool || !dilated && w.wide(x.value, windows) {
		x.value = w.apart(x.value)
	}
	switch {
	case d.Part == ops.MaxPool:
		if padded {
			x.value = w.padSame(x, windows, math.Inf(-1))
		}
		return stored{w.node("MaxPool", []string{x.value}, w.sliding(i, windows)...), to}
	case dilated:
		return w.dilatedMean(i, d.Padded, stored{x.value, to}, list, windows)
	case d.Padded && over: // the padding becomes elements, and what is behind it does not count
		x.value = w.node("Pad", []string{x.value, w.integers(zeros...)})
		for k := range windows {
			windows[k].Before, windows[k].After = 0, list[k].Over
		}
		d.Padded = false
	}
	attributes := slices.DeleteFunc(w.sliding(i, windows), func(a proto.Attribute) bool { return a.Name == "dilations" })
	attributes = append(attributes, intAttribute("count_include_pad", map[bool]int{true: 1}[d.Padded]))
	mean := func(value string) string { return w.node("AveragePool", []string{value}, attributes...) }
	if !padded {
		return stored{mean(x.value), to}
	}
	y := mean(w.padSame(x, windows, 0))
	if !d.Padded { // divided by the share of the elements that count
		s := append(shape{{size: 1}, {size: 1}}, x.shape[2:]...)
		ones := w.node("Expand", []string{w.number(1), w.dims(s)})
		y = w.node("Div", []string{y, mean(w.padSame(stored{ones, s}, windows, 0))})
	}
	return stored{y, to}
}

// dilatedMean writes an average pooling with a dilation, which AveragePool of opset 17 does not have: a convolution of each
// channel with ones, divided by the number of elements that count. x has the shape of the result.
func (w *writer) dilatedMean(i int, padded bool, x stored, list []kernels.PoolWindow, windows []kernels.Window) stored {
	channels := x.shape[1].size
	for _, d := range x.shape[1:] {
		if d.vars != "" {
			return w.fail(i, "got a size that depends on %s, want constants for a dilated pooling", w.varying())
		}
	}
	size, dims, positions := channels, []int64{int64(channels), 1}, []int64(nil)
	counts := []float64{1}
	for _, p := range list {
		size, dims, positions = size*p.Kernel, append(dims, int64(p.Kernel)), append(positions, int64(p.Out()))
		var next []float64
		for _, c := range counts {
			for o := range p.Out() {
				next = append(next, max(1, c*float64(p.Counted(o, padded))))
			}
		}
		counts = next
	}
	ones := w.constant(w.floats(dims, slices.Repeat([]float64{1}, size)...))
	sum := w.node("Conv", []string{x.value, ones}, append(w.sliding(i, windows), intAttribute("group", channels))...)
	return stored{w.node("Div", []string{sum, w.constant(w.floats(positions, counts...))}), x.shape}
}

// bins writes a pooling along one axis over bins: a part and its largest element or mean for each bin, joined.
func (w *writer) bins(i int, part ops.PoolPart, x stored, axis int, p kernels.PoolWindow) stored {
	reduce := "ReduceMax"
	if part == ops.AvgPool {
		reduce = "ReduceMean"
	}
	if x.shape[axis].vars != "" && p.Bins > 1 {
		return w.fail(i, "got an adaptive pooling of a size that depends on %s, want a constant, or one result", w.varying())
	}
	var parts []string
	for o := range p.Bins {
		from, to := p.Span(o)
		v := x.value
		if x.shape[axis].vars == "" {
			v = w.node("Slice", []string{x.value, w.integers(from), w.integers(to), w.integers(axis)})
		}
		if to-from > 1 {
			v = w.node(reduce, []string{v}, intsAttribute("axes", axis), intAttribute("keepdims", 1))
		}
		parts = append(parts, v)
	}
	s := slices.Clone(x.shape)
	s[axis] = dim{size: p.Bins}
	return stored{w.node("Concat", parts, intAttribute("axis", axis)), s}
}

// apart returns a value that is the same. onnxruntime joins a Pad of zeros with the pooling behind it. The padding of a MaxPool is never the
// largest, and that of an AveragePool must be smaller than the window; a Max of one value between them keeps the zeros.
func (w *writer) apart(value string) string {
	if slices.ContainsFunc(w.graph.Nodes, func(n proto.Node) bool { return n.Operator == "Pad" && n.Outputs[0] == value }) {
		return w.node("Max", []string{value})
	}
	return value
}

// wide reports whether a value is made by a Pad that is, together with the padding of windows, as wide as one of them.
func (w *writer) wide(value string, list []kernels.Window) bool {
	made := func(value string) (made proto.Node) {
		for _, n := range w.graph.Nodes {
			if n.Outputs[0] == value {
				made = n
			}
		}
		return made
	}
	pad := made(value)
	if pad.Operator != "Pad" || len(pad.Attributes) > 0 { // of zeros
		return false
	}
	border := made(pad.Inputs[1])
	if border.Operator != "Constant" {
		return false
	}
	raw := border.Attributes[0].Tensor.Raw // an int64 for each side
	if len(raw) != 16*(2+len(list)) {
		return false
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint64(raw[8*i:])) }
	for k, v := range list {
		if at(2+k)+v.Before >= v.Kernel || at(2+len(list)+2+k)+v.After >= v.Kernel {
			return true
		}
	}
	return false
}
