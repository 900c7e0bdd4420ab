package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A paddingRule says how the padding of windows depends on the sizes.
type paddingRule uint8

const (
	fixedPadding   paddingRule = iota // it does not
	samePadding                       // SAME_UPPER: elements divided by the stride, rounded up, are the results; an odd zero is at the end
	ceilPadding                       // ceil_mode: it is fixed, and a last window may reach beyond it
	unknownPadding                    // in another way
)

// windowsOf returns the windows of a convolution or a pooling, nil for another operation.
func windowsOf(d ops.Def) []kernels.PoolWindow {
	switch d := d.(type) {
	case ops.Conv:
		return []kernels.PoolWindow{{Window: d.Y}, {Window: d.X}}
	case ops.Pool:
		return []kernels.PoolWindow{d.Y, d.X}
	}
	return nil
}

// windowsAt returns the windows of item i at each point. An adaptive pooling has a window without overlap for sizes that are multiples
// of the number of results; if that makes the windows' own size vary, they are bins.
func (w *writer) windowsAt(i int) [][]kernels.PoolWindow {
	var all [][]kernels.PoolWindow
	for _, n := range w.items[i].nodes {
		all = append(all, windowsOf(ops.Of(n).Def))
	}
	for k := range all[0] {
		fixed := true
		for _, list := range all {
			fixed = fixed && list[k].Kernel == all[0][k].Kernel && list[k].Bins == all[0][k].Bins
		}
		for _, list := range all {
			v := list[k]
			parts := kernels.PoolWindow{Window: kernels.Window{In: v.In, Kernel: v.Kernel, Stride: v.Kernel, Dilation: 1}}
			if !fixed && v == parts && v.In%v.Kernel == 0 {
				list[k] = kernels.PoolWindow{Window: kernels.Window{In: v.In, Kernel: 1, Stride: 1, Dilation: 1}, Bins: v.In / v.Kernel}
			}
		}
	}
	return all
}

// padding returns how the padding of item i depends on the sizes; unknownPadding if something else does, too.
func (w *writer) padding(i int) paddingRule {
	it := &w.items[i]
	o := it.op()
	for _, n := range it.nodes {
		if withoutWindows(ops.Of(n).Def) != withoutWindows(o.Def) {
			return unknownPadding
		}
	}
	fixed, same, ceil := rulesOf(w.windowsAt(i))
	c, isConv := o.Def.(ops.Conv)
	p, isPool := o.Def.(ops.Pool)
	switch {
	case fixed:
		return fixedPadding
	case same && (!isConv || c.Part == ops.ConvForward):
		return samePadding
	case ceil && isPool && p.Part == ops.MaxPool:
		return ceilPadding
	}
	return unknownPadding
}

// rulesOf returns which rules the padding of windows follows at all points: fixedPadding, samePadding, ceilPadding.
func rulesOf(all [][]kernels.PoolWindow) (fixed, same, ceil bool) {
	fixed, same, ceil = true, true, true
	first := all[0]
	for _, list := range all {
		for k, v := range list {
			zeros := max(0, ((v.In+v.Stride-1)/v.Stride-1)*v.Stride+v.Extent()-v.In)
			same = same && v.Before == zeros/2 && v.After == zeros-zeros/2 && v.Over == 0
			up := v
			up.Over = 0
			ceil = ceil && v.Before == first[k].Before && v.After == first[k].After && up.Ceil() == v
			fixed = fixed && v.Before == first[k].Before && v.After == first[k].After && v.Over == first[k].Over
			v.In, v.Before, v.After, v.Over = first[k].In, first[k].Before, first[k].After, first[k].Over
			if v != first[k] {
				return false, false, false
			}
		}
	}
	return fixed, same, ceil
}

// withoutWindows returns a convolution or a pooling without its windows, to compare the other settings.
func withoutWindows(d ops.Def) ops.Def {
	switch d := d.(type) {
	case ops.Conv:
		d.Y, d.X = kernels.Window{}, kernels.Window{}
		return d
	case ops.Pool:
		d.Y, d.X = kernels.PoolWindow{}, kernels.PoolWindow{}
		return d
	}
	return d
}

// windows returns the windows over x's spatial dimensions. flat reports whether x is a signal, reshaped to an image of
// height 1.
func (w *writer) windows(x int, wy, wx kernels.Window) (list []kernels.Window, flat bool) {
	s := w.store(w.base(x)).shape
	if wy == (kernels.Window{In: 1, Kernel: 1, Stride: 1, Dilation: 1}) && len(s) == 3 {
		return []kernels.Window{wx}, true
	}
	return []kernels.Window{wy, wx}, false
}

// sliding returns the attributes of item i's windows: size, strides, dilations and pads.
func (w *writer) sliding(i int, list []kernels.Window) []proto.Attribute {
	var size, stride, dilation, before, after []int
	for _, v := range list {
		size, stride, dilation = append(size, v.Kernel), append(stride, v.Stride), append(dilation, v.Dilation)
		before, after = append(before, v.Before), append(after, v.After)
	}
	attributes := []proto.Attribute{
		intsAttribute("kernel_shape", size...), intsAttribute("strides", stride...), intsAttribute("dilations", dilation...),
	}
	pads := intsAttribute("pads", append(before, after...)...)
	switch rule := w.padding(i); {
	case w.padsApart(i, list):
		return append(attributes, intsAttribute("pads", make([]int, 2*len(list))...))
	case rule == samePadding:
		return append(attributes, stringAttribute("auto_pad", "SAME_UPPER"))
	case rule == ceilPadding:
		return append(attributes, pads, intAttribute("ceil_mode", 1))
	}
	return append(attributes, pads)
}

// padsApart reports whether a Pad in front of item i has its padding. With SAME_UPPER, onnxruntime takes no dilation, or ignores it; of
// windows that are shorter than the stride it refuses those of poolings, and shifts those of convolutions by half of the difference.
func (w *writer) padsApart(i int, list []kernels.Window) bool {
	_, pool := w.items[i].op().Def.(ops.Pool)
	return w.padding(i) == samePadding && slices.ContainsFunc(list, func(v kernels.Window) bool {
		return v.Dilation > 1 || pool && v.Extent() < v.Stride || (v.Stride-v.Extent())/2 > 0
	})
}

// padSame returns x with the elements that SAME_UPPER adds. How many depends on the remainder of the size, less one, by the stride.
func (w *writer) padSame(x stored, list []kernels.Window, fill float64) string {
	sides := [2][]string{{w.integers(0, 0)}, {w.integers(0, 0)}} // of the batch and the channels
	for k, v := range list {
		var zeros [2][]int // before and after, for each remainder
		for r := range v.Stride {
			n := max(0, v.Extent()-1-r)
			zeros[0], zeros[1] = append(zeros[0], n/2), append(zeros[1], n-n/2)
		}
		d := x.shape[2+k]
		for side, table := range zeros {
			if d.vars == "" {
				sides[side] = append(sides[side], w.integers(table[(d.size-1)%v.Stride]))
				continue
			}
			rest := w.node("Mod", []string{w.node("Sub", []string{w.size(d), w.integers(1)}), w.integers(v.Stride)})
			sides[side] = append(sides[side], w.node("Gather", []string{w.integers(table...), rest}))
		}
	}
	pads := w.node("Concat", slices.Concat(sides[0], sides[1]), intAttribute("axis", 0))
	return w.node("Pad", []string{x.value, pads, w.number(fill)})
}
