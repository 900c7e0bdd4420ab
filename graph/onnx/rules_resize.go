package onnx

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
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

// resize writes Resize over an image (batch, channels, height, width), which runtimes interpolate: if x is not one, the sizes
// in front of and behind the axis are its channels and its width.
func (w *writer) resize(i int, d ops.Resample) stored {
	to := w.items[i].shape
	factors := []float32{1, 1, 1, 1}
	var from shape
	var x int
	if len(to) == 4 && d.Axis >= 2 {
		x = w.together(i, d, func(r ops.Resample) { factors[r.Axis] = float32(scaleOf(r.Rule)) })
		from = w.items[x].shape
	} else {
		outer, ok := product(to[1:d.Axis])
		inner, ok2 := product(to[d.Axis+1:])
		if !ok || !ok2 {
			return w.fail(i, "got several dimensions in proportion to the batch, want one")
		}
		x, factors[2] = w.items[i].in[0], float32(scaleOf(d.Rule))
		from = shape{to[0], outer, w.items[x].shape[d.Axis], inner}
		to = shape{to[0], outer, to[d.Axis], inner}
	}
	if !w.scales(i) {
		return stored{w.node("Resize", []string{w.seen(x, from), "", "", w.dims(to)}, resizeAttributes(d.Rule)...), to}
	}
	if stays(from, factors) {
		return w.resizeWider(i, d)
	}
	return stored{w.resizeBy(factors, w.seen(x, from), d), to}
}

// resizeBy returns the value of a Resize by factors.
func (w *writer) resizeBy(factors []float32, x string, d ops.Resample) string {
	t := proto.Tensor{Type: proto.Float32, Dims: []int64{int64(len(factors))}}
	for _, v := range factors {
		t.Raw = binary.LittleEndian.AppendUint32(t.Raw, math.Float32bits(v))
	}
	return w.node("Resize", []string{x, "", w.constant(t)}, resizeAttributes(d.Rule)...)
}

// stays reports whether, for some sizes, a resize by factors leaves all sizes as they are, but changes elements. onnxruntime then returns
// the input. A factor of 1.5 or more enlarges 2 elements; a single one never changes.
func stays(from shape, factors []float32) bool {
	some := false
	for a, f := range factors {
		if f != 1 && (from[a].vars == "" || f < 1 || f >= 1.5) {
			return false
		}
		some = some || f != 1
	}
	return some
}

// resizeWider writes a resize along one axis so that a size always changes: as an image whose only column is doubled and then left out.
func (w *writer) resizeWider(i int, d ops.Resample) stored {
	x, to := w.items[i].in[0], w.items[i].shape
	outer, ok := product(to[1:d.Axis])
	inner, ok2 := product(to[d.Axis+1:])
	lines, ok3 := product(shape{outer, inner})
	if !ok || !ok2 || !ok3 {
		return w.fail(i, "got several dimensions in proportion to the batch, want one")
	}
	one, n, m := dim{size: 1}, w.items[x].shape[d.Axis], to[d.Axis]
	swap, long := intsAttribute("perm", 0, 1, 3, 2), shape{to[0], lines, n, one}
	var v string
	if inner == one {
		v = w.seen(x, long)
	} else {
		v = w.node("Transpose", []string{w.seen(x, shape{to[0], outer, n, inner})}, swap)
		v = w.reshaped(stored{v, shape{to[0], outer, inner, n}}, long)
	}
	v = w.resizeBy([]float32{1, 1, float32(scaleOf(d.Rule)), 2}, v, d)
	y := stored{w.node("Slice", []string{v, w.integers(0), w.integers(1), w.integers(3)}), shape{to[0], lines, m, one}}
	if inner == one {
		return y
	}
	w.made = append(w.made, y)
	v = w.reshaped(y, shape{to[0], outer, inner, m})
	return stored{w.node("Transpose", []string{v}, swap), shape{to[0], outer, m, inner}}
}

// product returns the product of dimensions, and whether it has at most one symbol.
func product(s shape) (p dim, ok bool) {
	p.size = 1
	for _, d := range s {
		p = dim{p.size * d.size, p.vars + d.vars}
	}
	return p, utf8.RuneCountInString(p.vars) <= 1
}

// resizeAttributes returns the attributes of Resize.
func resizeAttributes(r kernels.TapRule) []proto.Attribute {
	positions := map[kernels.Positions]string{
		kernels.HalfPixel: "half_pixel", kernels.AlignCorners: "align_corners", kernels.Asymmetric: "asymmetric",
	}[r.Positions]
	list := []proto.Attribute{stringAttribute("coordinate_transformation_mode", positions)}
	switch r.Kind {
	case kernels.TapLinear:
		return append(list, stringAttribute("mode", "linear"))
	case kernels.TapCubic:
		inside := map[bool]int{true: 1}[r.Inside]
		return append(list, stringAttribute("mode", "cubic"), floatAttribute("cubic_coeff_a", r.A), intAttribute("exclude_outside", inside))
	}
	return append(list, stringAttribute("mode", "nearest"), stringAttribute("nearest_mode", nearestModes[r.Kind]))
}

var nearestModes = map[kernels.TapKind]string{
	kernels.TapFloor: "floor", kernels.TapCeil: "ceil", kernels.TapRoundDown: "round_prefer_floor", kernels.TapRoundUp: "round_prefer_ceil",
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
