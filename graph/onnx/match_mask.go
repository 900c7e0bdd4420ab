package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// lengths returns the item of the lengths, one for each sequence of a batch, that a mask, (time, batch, 1), is made of: the padding is
// behind the steps of each sequence. It returns -1 for any other mask.
func (net *network) lengths(mask int, time, batch dim) int {
	i, axes := net.base(mask), shape{time, batch}
	if d, ok := defOf(&net.items[i]).(ops.Transpose); ok && d.Perm == ops.Encode([]int{1, 0}) {
		i = net.base(net.items[i].in[0])
		slices.Reverse(axes)
	}
	it := &net.items[i]
	if !slices.Equal(without1(it.shape), axes) {
		return -1
	}
	if _, ok := defOf(it).(ops.Steps); ok && axes[1] == time {
		return it.in[0]
	}
	if net.code(i) == ops.ZeroNaN {
		i = net.base(net.items[i].in[0])
		it = &net.items[i]
	}
	if net.code(i) != ops.Greater {
		return -1
	}
	lengths, place := net.unrepeated(it.in[0]), net.unrepeated(it.in[1])
	if !net.counts(place, time) || count(net.items[lengths].shape) != batch || !along(it.shape, net.items[it.in[0]].shape, batch) ||
		!along(it.shape, net.items[it.in[1]].shape, time) {
		return -1
	}
	return lengths
}

// along reports whether an operand of the given shape, which is broadcast to all, has the dimension d where all has it.
func along(all, operand shape, d dim) bool {
	at := slices.Index(all, d) - len(all) + len(operand)
	return at >= 0 && operand[at] == d
}

// without1 returns a shape without dimensions of size 1.
func without1(s shape) shape {
	return slices.DeleteFunc(slices.Clone(s), func(d dim) bool { return d == dim{size: 1} })
}

// unrepeated returns the item that i has the elements of, repeated or in another shape.
func (net *network) unrepeated(i int) int {
	for {
		i = net.base(i)
		if _, ok := defOf(&net.items[i]).(ops.Broadcast); !ok && (net.code(i) != ops.Floor || net.items[i].op() == nil) {
			return i
		}
		i = net.items[i].in[0]
	}
}

// counts reports whether item i is the numbers 0, 1, 2, … up to n - 1.
func (net *network) counts(i int, n dim) bool {
	it := &net.items[i]
	if count(it.shape) != n {
		return false
	}
	switch d := defOf(it).(type) {
	case *ops.Constant:
		for k, v := range d.Values() {
			if v != float64(k) {
				return false
			}
		}
		return n.vars == ""
	case ops.CumSum:
		one, ok := defOf(&net.items[net.unrepeated(it.in[0])]).(ops.Fill)
		return ok && one.Value == 1 && d.Exclusive && !d.Reverse && it.shape[d.Axis] == n
	}
	return false
}
