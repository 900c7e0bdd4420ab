package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// resample writes a resize or a border along one axis, together with those along other axes that it is applied to.
func (w *writer) resample(i int, d ops.Resample) stored {
	it := &w.items[i]
	switch {
	case d.Adjoint || d.Rule.Antialias || d.Axis == 0 || d.Rule.Scale > 0 && !w.scales(i):
		return w.tapProduct(i, d)
	case d.Rule.Kind == kernels.TapWrap:
		return stored{w.wrap(i, d), it.shape}
	case d.Rule.Kind >= kernels.TapReflect:
		before := make([]int, len(it.shape))
		after := slices.Clone(before)
		x := w.together(i, d, func(r ops.Resample) {
			before[r.Axis], after[r.Axis] = r.Rule.Before, r.Rule.Out-r.Rule.In-r.Rule.Before
		})
		mode := map[kernels.TapKind]string{kernels.TapReflect: "reflect", kernels.TapEdge: "edge"}[d.Rule.Kind]
		return stored{w.node("Pad", []string{w.value(x), w.integers(append(before, after...)...)}, stringAttribute("mode", mode)), it.shape}
	}
	return w.resize(i, d)
}

// scaleOf returns the factor of a resize.
func scaleOf(r kernels.TapRule) float64 {
	if r.Scale > 0 {
		return r.Scale
	}
	return float64(r.Out) / float64(r.In)
}

// scales reports whether a runtime that gets the factor of a resize as a float32 finds the size and the elements of the result:
// onnxruntime returns the input if the sizes are equal, which is right for a factor of 1.
func scales(r kernels.TapRule) bool {
	return (r.In != r.Out || r.Scale == 0 || r.Scale == 1) && int(math.Floor(float64(float32(r.In)*float32(scaleOf(r))))) == r.Out
}

// scales reports whether a runtime that gets the factor of item i, a resize, finds the size of the result, for all sizes.
func (w *writer) scales(i int) bool {
	first := w.items[i].op().Def.(ops.Resample).Rule
	for _, n := range w.items[i].nodes {
		if r := ops.Of(n).Def.(ops.Resample).Rule; scaleOf(r) != scaleOf(first) || !scales(r) {
			return false
		}
	}
	return true
}

// steadyTaps is steady for a resize or a border, whose axis may have any size.
func (w *writer) steadyTaps(i int, d ops.Resample) bool {
	same := func(r ops.Resample) ops.Resample {
		if r.Rule.Kind >= kernels.TapReflect {
			r.Rule.Out -= r.Rule.In
		} else {
			r.Rule.Out = 0
		}
		r.Rule.In = 0
		return r
	}
	for _, n := range w.items[i].nodes {
		if r := ops.Of(n).Def.(ops.Resample); same(r) != same(d) {
			return false
		}
	}
	return true
}

// wrap writes a border of the elements at the other end, since Pad has it only from opset 19 on.
func (w *writer) wrap(i int, d ops.Resample) string {
	x := w.value(w.items[i].in[0])
	in := []string{x}
	axis, before, after := w.integers(d.Axis), d.Rule.Before, d.Rule.Out-d.Rule.In-d.Rule.Before
	if before > 0 {
		from := d.Rule.In - before
		if w.items[w.items[i].in[0]].shape[d.Axis].vars != "" {
			from = -before
		}
		in = slices.Insert(in, 0, w.node("Slice", []string{x, w.integers(from), w.integers(math.MaxInt), axis}))
	}
	if after > 0 {
		in = append(in, w.node("Slice", []string{x, w.integers(0), w.integers(after), axis}))
	}
	return w.node("Concat", in, intAttribute("axis", d.Axis))
}

// together calls f with the op of item i and with those below it that do the same along other axes and have no other user.
// It returns the item below them.
func (w *writer) together(i int, d ops.Resample, f func(r ops.Resample)) int {
	same := func(r ops.Resample, i int) ops.Resample { // without what may differ
		by := w.scales(i)
		r.Axis, r.Rule.In, r.Rule.Out, r.Rule.Before, r.Rule.Scale = 0, 0, 0, 0, 0
		if by && r.Rule.Kind < kernels.TapReflect {
			r.Rule.Scale = 1
		}
		return r
	}
	seen, first := map[int]bool{}, same(d, i)
	for r, ok := d, true; ok && !seen[r.Axis] && same(r, i) == first && w.steady(i); {
		f(r)
		seen[r.Axis] = true
		if i = w.items[i].in[0]; w.items[i].op() == nil || w.items[i].uses != 1 {
			break
		}
		r, ok = w.items[i].op().Def.(ops.Resample)
	}
	return i
}

// tapProduct writes a map along an axis that ONNX does not have as a product with its matrix.
func (w *writer) tapProduct(i int, d ops.Resample) stored {
	it := &w.items[i]
	if w.items[it.in[0]].shape[d.Axis].vars != "" {
		return w.fail(i, "got an axis whose size depends on %s, want a constant, or a resize without antialias by a factor", w.varying())
	}
	t := d.Rule.Taps()
	if d.Adjoint {
		t = t.Transposed()
	}
	matrix := make([]float64, t.In*t.Out())
	for o := range t.Out() {
		for k := t.First[o]; k < t.First[o+1]; k++ {
			matrix[t.At[k]*t.Out()+o] = t.Weight[k]
		}
	}
	s := it.shape
	outer, _ := product(s[:d.Axis])
	inner, _ := product(s[d.Axis+1:])
	rows, ok := product(slices.Delete(slices.Clone(s), d.Axis, d.Axis+1))
	if !ok {
		return w.fail(i, "got several dimensions in proportion to the batch, want one")
	}
	m := w.constant(w.floats([]int64{int64(t.In), int64(t.Out())}, matrix...))
	from, to := dim{size: t.In}, dim{size: t.Out()}
	if inner == (dim{size: 1}) {
		return stored{w.node("MatMul", []string{w.seen(it.in[0], shape{rows, from}), m}), shape{rows, to}}
	}
	swap := intsAttribute("perm", 0, 2, 1)
	x := w.node("Transpose", []string{w.seen(it.in[0], shape{outer, from, inner})}, swap)
	x = w.node("Reshape", []string{x, w.reshapeTo(shape{rows, from}, nil)})
	y := w.node("Reshape", []string{w.node("MatMul", []string{x, m}), w.reshapeTo(shape{outer, inner, to}, nil)})
	return stored{w.node("Transpose", []string{y}, swap), shape{outer, to, inner}}
}
