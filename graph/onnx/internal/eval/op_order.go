package eval

import (
	"cmp"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	extreme := op(1, 1, "axis keepdims select_last_index", argExtreme)
	register(map[string]operator{
		"ArgMax": extreme, "ArgMin": extreme,
		"TopK":   {least: 1, most: 2, attributes: "axis k largest sorted", run: topK},
		"Unique": {least: 1, most: 1, attributes: "axis sorted", run: unique},
	})
}

// orders compare two elements of a list.
var orders = table[func(d data) func(i, j int) int]{
	proto.Float32: order[float32], proto.Float64: order[float64], proto.Int8: order[int8], proto.Int16: order[int16], proto.Int32: order[int32],
	proto.Int64: order[int64], proto.Uint8: order[uint8], proto.Uint16: order[uint16], proto.Uint32: order[uint32], proto.Uint64: order[uint64],
	proto.Bool: func(d data) func(i, j int) int { return order[uint8](castTo[uint8](d)) },
}

// order compares numbers; NaN is larger than any.
func order[T number](d data) func(i, j int) int {
	x := d.(list[T])
	return func(i, j int) int {
		a, b := x[i], x[j]
		if a != a || b != b {
			return -cmp.Compare(a, b)
		}
		return cmp.Compare(a, b)
	}
}

// argExtreme returns the position of the largest or smallest element along an axis; a NaN counts as the extreme.
func argExtreme(c *call) *Tensor {
	x := c.in(0)
	axis := c.axisAttribute(0, len(x.Shape))
	compare, l := pick(c, x, orders)(x.data), c.lines(x, axis)
	c.want(l.size > 0, "got shape %v, want at least one element along axis %d", x.Shape, axis)
	last, smallest := c.flag("select_last_index"), c.node.Operator == "ArgMin"
	isNaN := c.nans(x)
	shape := slices.Clone(x.Shape)
	shape[axis] = 1
	out := c.made(proto.Int64, shape...)
	for i := range l.count {
		best := 0
		for k := 1; k < l.size; k++ {
			at := l.start(i) + k*l.step
			d := compare(at, l.start(i)+best*l.step)
			if smallest && d != 0 && !isNaN(at) && !isNaN(l.start(i)+best*l.step) {
				d = -d
			}
			if d > 0 || last && d == 0 {
				best = k
			}
		}
		out.data.(list[int64])[i] = int64(best)
	}
	if c.int("keepdims", 1) == 0 {
		shape = slices.Delete(shape, axis, axis+1)
	}
	return out.reshaped(shape...)
}

// nans returns a function that reports whether an element of a tensor is NaN.
func (c *call) nans(t *Tensor) func(at int) bool {
	switch x := t.data.(type) {
	case list[float32]:
		return func(at int) bool { return x[at] != x[at] }
	case list[float64]:
		return func(at int) bool { return x[at] != x[at] }
	}
	return func(int) bool { return false }
}

// topK returns the largest or smallest elements along an axis, and their positions. Of equal elements the first comes first.
func topK(c *call) []*Tensor {
	x := c.in(0)
	k := c.int("k", 0)
	if c.opset >= 10 {
		k = c.one(1)
	}
	axis := c.axisAttribute(-1, len(x.Shape))
	compare, l := pick(c, x, orders)(x.data), c.lines(x, axis)
	c.want(k >= 0 && k <= l.size, "got k %d, want 0 to %d", k, l.size)
	sign := -1
	if c.int("largest", 1) == 0 {
		sign = 1
	}
	shape := slices.Clone(x.Shape)
	shape[axis] = k
	index, out := c.index(shape...), c.made(proto.Int64, shape...)
	to := lines{l.count, k, l.step}
	all := c.index(l.size)
	for i := range l.count {
		for p := range all {
			all[p] = p
		}
		start := l.start(i)
		slices.SortStableFunc(all, func(a, b int) int { return sign * compare(start+a*l.step, start+b*l.step) })
		for p, at := range all[:k] {
			place := to.start(i) + p*l.step
			index[place], out.data.(list[int64])[place] = start+at*l.step, int64(at)
		}
	}
	return []*Tensor{{shape, x.data.take(index, nil)}, out}
}

// unique returns the different slices along an axis, or elements; for each the first position; for each slice of the input its place
// among them; and how often each occurs.
func unique(c *call) []*Tensor {
	x := c.in(0)
	axis := 0
	if c.attribute("axis") == nil {
		x = x.reshaped(x.Size())
	} else {
		axis = c.axisAttribute(0, len(x.Shape))
	}
	n := x.Shape[axis]
	perm := []int{axis}
	for i := range x.Shape {
		if i != axis {
			perm = append(perm, i)
		}
	}
	rows := c.permuted(x, perm)
	width := rows.Size() / max(n, 1)
	element := pick(c, x, orders)(rows.data)
	compare := func(a, b int) int {
		for k := range width {
			if d := element(a*width+k, b*width+k); d != 0 {
				return d
			}
		}
		return 0
	}
	sorted := c.index(n)
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, compare)
	var groups [][]int
	for i, p := range sorted {
		if i == 0 || compare(sorted[i-1], p) != 0 {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], p)
	}
	if c.int("sorted", 1) == 0 {
		slices.SortFunc(groups, func(a, b []int) int { return a[0] - b[0] })
	}
	first, inverse, counts := make([]int64, len(groups)), make([]int64, n), make([]int64, len(groups))
	index := c.index(len(groups), width)
	for g, list := range groups {
		first[g], counts[g] = int64(list[0]), int64(len(list))
		for _, p := range list {
			inverse[p] = int64(g)
		}
		for k := range width {
			index[g*width+k] = list[0]*width + k
		}
	}
	rows = &Tensor{append([]int{len(groups)}, rows.Shape[1:]...), rows.data.take(index, nil)}
	back := make([]int, len(perm))
	for i, p := range perm {
		back[p] = i
	}
	return []*Tensor{c.permuted(rows, back), vector(first...), vector(inverse...), vector(counts...)}
}
