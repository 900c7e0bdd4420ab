package onnx

import (
	"fmt"
	"slices"
)

// A layout is how recurrent operators have a matrix, (1, gates·units, rows), or a vector, (1, gates·units), whose columns are in
// another order in the network.
type layout struct {
	columns string // the first columns of the gates, in the operator's order
	units   int
	rank    int // 2 for a matrix, 1 for a vector
	turned  bool
}

// A group is columns of one item that are neighbours in the operator.
type group struct {
	item int
	from []int
	layout
}

// groups joins neighbours of one item. Those of item -1 are zeros.
func groups(list []columns, units, rank int) (all []group) {
	for _, c := range list {
		if k := len(all) - 1; k >= 0 && all[k].item == c.item && all[k].turned == c.turned {
			all[k].from = append(all[k].from, c.from)
			continue
		}
		all = append(all, group{c.item, []int{c.from}, layout{units: units, rank: rank, turned: c.turned}})
	}
	for k := range all {
		all[k].layout.columns = fmt.Sprint(all[k].from)
	}
	return all
}

// inOrder reports whether the group is all columns of its item, of the given width, in their order.
func (g group) inOrder(width int) bool {
	for k, from := range g.from {
		if from != k*g.units {
			return false
		}
	}
	return len(g.from)*g.units == width
}

// permutes reports whether the group is all columns of its item, each once.
func (g group) permutes(width int) bool {
	g.from = slices.Sorted(slices.Values(g.from))
	return g.inOrder(width)
}

// laid returns the value of columns in the form of recurrent operators.
func (w *writer) laid(list []columns, units, rank int) string {
	key := fmt.Sprint("laid", list, units, rank)
	if v, ok := w.views[key]; ok {
		return v
	}
	var parts []string
	for _, g := range groups(list, units, rank) {
		switch {
		case g.item < 0:
			n := len(g.from) * units
			parts = append(parts, w.constant(w.floats([]int64{1, int64(n)}, make([]float64, n)...)))
		case w.isLaid(g):
			parts = append(parts, w.store(g.item).value)
		default:
			parts = append(parts, w.arranged(g))
		}
	}
	v := parts[0]
	if len(parts) > 1 {
		v = w.node("Concat", parts, intAttribute("axis", 1))
	}
	w.views[key] = v
	return v
}

// isLaid reports whether the group's item is a parameter that is stored in the group's layout.
func (w *writer) isLaid(g group) bool {
	l, ok := w.layouts[g.item]
	return ok && l.layout == g.layout
}

// arranged writes the operations that give a group its layout.
func (w *writer) arranged(g group) string {
	item, turned := g.item, g.turned || g.rank == 1
	s := w.items[item].shape
	axis, width := len(s)-1, w.width(item).size
	if g.turned {
		axis, width = 0, s[0].size
	}
	out := shape{{size: 1}, {size: len(g.from) * g.units}}
	if g.rank == 2 {
		out = append(out, s[1-axis])
	}
	if g.inOrder(width) {
		transpose := !turned
		if transpose {
			item, transpose = w.untransposed(item, true)
		}
		if !transpose {
			return w.seen(item, out)
		}
	}
	var parts []string
	for _, from := range g.from {
		v := w.value(g.item)
		if g.units < width {
			v = w.node("Slice", []string{v, w.integers(from), w.integers(from + g.units), w.integers(axis)})
		}
		parts = append(parts, v)
	}
	v := parts[0]
	if len(parts) > 1 {
		v = w.node("Concat", parts, intAttribute("axis", axis))
	}
	if g.rank == 2 && !g.turned {
		v = w.node("Transpose", []string{v}, intsAttribute("perm", 1, 0))
	}
	return w.node("Reshape", []string{v, w.reshapeTo(out, nil)})
}

// inLayout returns the bytes of a parameter of the given shape in a layout, and its shape there.
func (l layout) inLayout(raw []byte, dims []int64, from []int) ([]byte, shape) {
	rows, width := 1, int(dims[len(dims)-1])
	if l.rank == 2 {
		if rows = int(dims[0]); l.turned {
			rows, width = width, rows
		}
	}
	out, size := make([]byte, 0, len(raw)), len(raw)/(rows*width)
	for _, from := range from {
		for column := from; column < from+l.units; column++ {
			for row := range rows {
				at := column*rows + row
				if !l.turned {
					at = row*width + column
				}
				out = append(out, raw[at*size:(at+1)*size]...)
			}
		}
	}
	s := shape{{size: 1}, {size: width}}
	if l.rank == 2 {
		s = append(s, dim{size: rows})
	}
	return out, s
}
