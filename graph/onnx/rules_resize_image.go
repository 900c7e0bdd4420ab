package onnx

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

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
