package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// structure writes an operation that moves or repeats elements, and returns its value.
func (w *writer) structure(i int) string {
	it := &w.items[i]
	switch d := it.op().Def.(type) {
	case ops.Fill:
		return w.fill(i, d)
	case ops.Broadcast:
		return w.node("Expand", []string{w.value(it.in[0]), w.dims(w.repeats(i))})
	case ops.Slice:
		return w.slice(i)
	case ops.Pad:
		return w.pad(i)
	case ops.Concat:
		var in []string
		for _, k := range it.in {
			in = append(in, w.value(k))
		}
		if !w.steady(i) {
			break
		}
		return w.node("Concat", in, intAttribute("axis", d.Axis))
	case ops.Reverse: // from the last element to the first, in steps of -1
		ends := []string{w.integers(-1), w.integers(math.MinInt), w.integers(d.Axis), w.integers(-1)}
		return w.node("Slice", append([]string{w.value(it.in[0])}, ends...))
	case ops.Transpose:
		return w.node("Transpose", []string{w.value(it.in[0])}, intsAttribute("perm", ops.Decode(d.Perm)...))
	}
	return w.fail(i, noForm).value
}

// fill writes equal elements.
func (w *writer) fill(i int, d ops.Fill) string {
	it := &w.items[i]
	for _, n := range it.nodes {
		if ops.Of(n).Def.(ops.Fill).Value != d.Value {
			return w.fail(i, "got a number that depends on %s, want a constant", w.varying()).value
		}
	}
	if len(it.shape) == 0 {
		return w.number(d.Value)
	}
	return w.node("Expand", []string{w.number(d.Value), w.dims(it.shape)})
}

// repeats returns the shape for Expand of item i's input, 1 where its size does not change.
func (w *writer) repeats(i int) shape {
	to, from := slices.Clone(w.items[i].shape), w.items[w.items[i].in[0]].shape
	for k := range from {
		if last := len(to) - len(from) + k; to[last] == from[k] {
			to[last] = dim{size: 1}
		}
	}
	return to
}

// slice writes a part of one axis, whose ends may depend on the batch size.
func (w *writer) slice(i int) string {
	it := &w.items[i]
	from, to := make([]int, len(it.nodes)), make([]int, len(it.nodes))
	fromLast, toLast := make([]int, len(it.nodes)), make([]int, len(it.nodes)) // counted from the end
	axis := it.op().Def.(ops.Slice).Axis
	for k, n := range it.nodes {
		d := ops.Of(n).Def.(ops.Slice)
		if from[k], to[k] = d.From, d.To; d.Axis != axis {
			return w.fail(i, "got an axis that depends on the batch size, want a constant").value
		}
		last := ops.Of(n).InShape(0)[axis]
		fromLast[k], toLast[k] = from[k]-last, to[k]-last
	}
	begin, ok := w.symbols.dimOf(from)
	if varies(from) && !varies(fromLast) {
		begin, ok = dim{size: fromLast[0]}, true
	}
	end, ok2 := w.symbols.dimOf(to)
	switch {
	case ok2 && end == w.items[it.in[0]].shape[axis]:
		end = dim{size: math.MaxInt}
	case varies(to) && !varies(toLast):
		end, ok2 = dim{size: toLast[0]}, true
	}
	if !ok || !ok2 {
		return w.fail(i, "got ends %v, %v for batches of %v, want constants or multiples of the batch size", from, to, w.symbols.list[0].sizes).value
	}
	return w.node("Slice", []string{w.value(it.in[0]), w.dims(shape{begin}), w.dims(shape{end}), w.integers(axis)})
}

// pad writes a padding with zeros; paddings of paddings become one operator.
func (w *writer) pad(i int) string {
	before := make([]int, len(w.items[i].shape))
	after := slices.Clone(before)
	for {
		it := &w.items[i]
		d, ok := it.op().Def.(ops.Pad)
		if !ok || !w.steady(i) {
			return w.fail(i, "got a padding that depends on %s, want a constant", w.varying()).value
		}
		before[d.Axis] += d.Before
		after[d.Axis] += d.After
		i = it.in[0]
		if o := w.items[i].op(); o == nil || w.items[i].uses != 1 {
			break
		} else if _, ok := o.Def.(ops.Pad); !ok {
			break
		}
	}
	return w.node("Pad", []string{w.value(i), w.integers(append(before, after...)...)})
}

// steps writes a mask of lengths: 1 where the number of the step is less than the length. ONNX does not check the lengths.
func (w *writer) steps(i int) stored {
	it := &w.items[i]
	column := w.node("Unsqueeze", []string{w.value(it.in[0]), w.integers(1)})
	return stored{w.boolToFloat(w.node("Greater", []string{column, w.counted(it.shape[1])})), it.shape}
}

// counted writes the numbers 0, 1, 2, … up to n - 1.
func (w *writer) counted(n dim) string {
	if n.vars != "" {
		ones := w.node("Expand", []string{w.number(1), w.dims(shape{n})})
		return w.node("CumSum", []string{ones, w.integer(0)}, intAttribute("exclusive", 1))
	}
	numbers := make([]float64, n.size)
	for k := range numbers {
		numbers[k] = float64(k)
	}
	return w.constant(w.floats([]int64{int64(n.size)}, numbers...))
}
