package onnx

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// rule writes the nodes of item i and returns the value that holds its elements. Each kind of operation has a case.
func (w *writer) rule(i int) stored {
	it := &w.items[i]
	if len(it.in) > 0 && w.items[it.in[0]].body != nil {
		return w.loopPart(i)
	}
	switch d := it.op().Def.(type) {
	case *ops.Constant:
		return w.tensor(i, d)
	case ops.Random:
		return w.noise(i, d)
	case ops.Steps:
		return w.steps(i)
	case ops.Fill, ops.Broadcast, ops.Slice, ops.Pad, ops.Concat, ops.Reverse, ops.Transpose:
		return stored{w.structure(i), it.shape}
	}
	if m, ok := it.op().Def.(ops.Map); ok && (m.Code == ops.Scale || m.Code == ops.Add || m.Code == ops.Mul) {
		if s, ok := w.combined(i, m); ok {
			return s
		}
	}
	if !w.steady(i) {
		if n, ok := w.factor(i); ok { // a size as a number
			size := w.node("Cast", []string{w.size(n)}, intAttribute("to", int(w.element)))
			return stored{w.node("Mul", []string{w.value(it.in[0]), size}), it.shape}
		}
		return w.fail(i, "got settings that depend on %s, want constants", w.varying())
	}
	switch d := it.op().Def.(type) {
	case ops.Map:
		return stored{w.elementwise(i, d), it.shape}
	case ops.MatMul:
		return w.product(i, "")
	case ops.Distances:
		return w.distances(i)
	case ops.Conv:
		return w.convolution(i, d, "")
	case ops.Pool:
		return w.pooling(i, d)
	case ops.Resample:
		return w.resample(i, d)
	case ops.Softmax:
		return stored{w.node(d.Name(), []string{w.value(it.in[0])}, intAttribute("axis", -1-d.Behind)), it.shape}
	case ops.Reduce:
		return stored{w.reduction(i, d), it.shape}
	case ops.Moments:
		return w.moments(i, d)
	case ops.Gather:
		return stored{w.node("Gather", []string{w.value(it.in[0]), w.index(it.in[1])}, intAttribute("axis", 0)), it.shape}
	case ops.Arg, ops.Order, ops.GatherElements, ops.ScatterElements, ops.CumSum, ops.Recurrence, ops.Trilu:
		return w.along(i)
	case ops.OneHot:
		values := w.constant(w.floats([]int64{2}, 0, 1))
		return stored{w.node("OneHot", []string{w.index(it.in[0]), w.integers(d.Classes), values}, intAttribute("axis", -1)), it.shape}
	}
	return w.fail(i, noForm)
}

// factor returns the dimension that item i is multiplied by, if it is.
func (w *writer) factor(i int) (dim, bool) {
	sizes := make([]int, len(w.items[i].nodes))
	for k, n := range w.items[i].nodes {
		m, ok := ops.Of(n).Def.(ops.Map)
		sizes[k] = int(m.A)
		if !ok || m.Code != ops.Scale || float64(sizes[k]) != m.A || len(ops.Shape(n)) == 0 {
			return dim{}, false
		}
	}
	return w.symbols.dimOf(sizes)
}

// noForm is the error of an operation that no rule writes.
const noForm = "got an operation that has no form in ONNX"

// varying names the sizes that vary, for errors.
func (w *writer) varying() string {
	if w.symbols.grow {
		return "the size of the batch or of a dimension that is graph.Any"
	}
	return "the batch size"
}

// steady reports whether the op has the same settings for all sizes.
func (w *writer) steady(i int) bool {
	switch d := w.items[i].op().Def.(type) {
	case ops.Conv, ops.Pool:
		return w.padding(i) != unknownPadding
	case ops.Resample:
		return w.steadyTaps(i, d)
	case ops.Trilu:
		_, ok := w.diagonal(i, d)
		return ok
	case ops.ScatterElements: // its size is that of the result
		return !slices.ContainsFunc(w.items[i].nodes, func(n *ops.Node) bool { return ops.Of(n).Def.(ops.ScatterElements).Axis != d.Axis })
	}
	return w.same(i)
}

// index returns the value of item i as int64, as an index.
func (w *writer) index(i int) string {
	v := w.value(i)
	if at, ok := w.positions[i]; ok {
		return at
	}
	return w.node("Cast", []string{v}, intAttribute("to", int(proto.Int64)))
}

// tensor writes a constant, which must be the same for all batch sizes.
func (w *writer) tensor(i int, c *ops.Constant) stored {
	it := &w.items[i]
	if c.Waves() != nil && slices.ContainsFunc(it.shape, func(d dim) bool { return d.vars != "" }) {
		return w.waves(i, c)
	}
	advice := ""
	if w.symbols.grow {
		advice = "; Scope.Waves makes one of sines and cosines"
	}
	for _, n := range it.nodes {
		if !slices.Equal(ops.Of(n).Def.(*ops.Constant).Values(), c.Values()) {
			return w.fail(i, "got a constant that depends on %s, want one for any size%s", w.varying(), advice)
		}
	}
	dims := make([]int64, len(it.shape))
	for k, d := range it.shape {
		dims[k] = int64(d.size)
	}
	return stored{w.constant(w.floats(dims, c.Values()...)), it.shape}
}

// noise adds an input of random numbers, which the program that runs the file must draw.
func (w *writer) noise(i int, d ops.Random) stored {
	it := &w.items[i]
	if len(it.shape) == 0 || it.shape[0] != (dim{1, batchSymbol}) {
		return w.fail(i, "got noise whose first dimension is not the batch, want (batch, ...), since the noise is an input of the file")
	}
	v := w.typed(w.name("noise"), it.shape)
	switch d.Dist {
	case ops.Uniform:
		v.Doc = "random numbers, uniform from 0 up to, not including, 1"
	case ops.Normal:
		v.Doc = "random numbers of the standard normal distribution; zeros for its mean"
	case ops.Bernoulli:
		v.Doc = fmt.Sprintf("1 with the probability %v, else 0, at random", d.P)
	}
	w.graph.Inputs = append(w.graph.Inputs, v)
	return stored{v.Name, it.shape}
}

// reduction writes a sum or a maximum; the reduced dimensions keep size 1.
func (w *writer) reduction(i int, d ops.Reduce) string {
	x := w.value(w.items[i].in[0])
	axes := span(d.From, d.To)
	if d.Max {
		return w.node("ReduceMax", []string{x}, intsAttribute("axes", axes...), intAttribute("keepdims", 1))
	}
	return w.node("ReduceSum", []string{x, w.integers(axes...)}, intAttribute("keepdims", 1))
}

// moments writes the means and the variances of groups, concatenated along the first dimension.
func (w *writer) moments(i int, d ops.Moments) stored {
	x := w.items[i].in[0]
	s := slices.Clone(w.items[x].shape)
	axes := append(span(0, d.From), span(d.To, len(s))...)
	for _, a := range axes {
		s[a] = dim{size: 1}
	}
	mean := func(v string) string {
		if len(axes) == 0 {
			return v
		}
		return w.node("ReduceMean", []string{v}, intsAttribute("axes", axes...), intAttribute("keepdims", 1))
	}
	m := mean(w.value(x))
	off := w.node("Sub", []string{w.value(x), m})
	both := w.node("Concat", []string{m, mean(w.node("Mul", []string{off, off}))}, intAttribute("axis", 0))
	if s[0] = (dim{size: 2 * s[0].size, vars: s[0].vars}); d.From > 0 {
		s[0] = dim{size: 2}
	}
	return stored{both, s}
}

// span returns the integers from, from+1, …, to-1.
func span(from, to int) []int {
	var list []int
	for n := from; n < to; n++ {
		list = append(list, n)
	}
	return list
}
