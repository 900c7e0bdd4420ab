package graph

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// both returns the mask of the steps that are valid in two masks. It is the first if these describe different axes.
func (b *builder) both(x, y *stepMask) (*stepMask, error) {
	switch {
	case x == nil:
		return y, nil
	case y == nil || *y == *x || y.batch != x.batch || y.time != x.time:
		return x, nil
	}
	n, err := b.apply("Mask", ops.Map{Code: ops.Mul}, x.n, y.n)
	return &stepMask{n, x.batch, x.time}, err
}

// A placement says which dimension of an op's result is dimension d of operand i; ok is false if there is none.
type placement func(i, d int) (to int, ok bool)

// inherit returns y, the result of the op d on the operands in, with the mask that it has from them.
func (y Node) inherit(d ops.Def, in ...Node) Node {
	if y.err != nil || !slices.ContainsFunc(in, func(x Node) bool { return x.mask != nil }) {
		return y
	}
	shapes, out := make([][]int, len(in)), ops.Shape(y.n)
	for i, x := range in {
		shapes[i] = ops.Shape(x.n)
	}
	place := placed(d, shapes, out)
	moved := func(i int) *stepMask { // the mask of operand i at its axes of the result
		x := in[i]
		if x.mask == nil || place == nil {
			return nil
		}
		batch, ok := place(i, x.mask.batch)
		time, ok2 := place(i, x.mask.time)
		if !ok || !ok2 || batch == time || min(batch, time) < 0 || max(batch, time) >= len(out) {
			return nil
		}
		return &stepMask{x.mask.n, batch, time}
	}
	var err error
	if c, ok := d.(ops.Concat); ok {
		y.mask, err = y.b.joinedMask(c.Axis, moved, in)
	} else {
		for i := range in {
			m := moved(i)
			if m != nil {
				m.n, err = y.b.cutMask(d, *m)
			}
			if err == nil && m != nil {
				m, err = y.b.repeatedMask(m, out)
			}
			if err == nil {
				y.mask, err = y.b.both(y.mask, m)
			}
			if err != nil {
				break
			}
		}
	}
	if err != nil {
		return Node{err: err}
	}
	return y
}

// placed returns the placement of an op, and nil for one that drops masks.
func placed(d ops.Def, in [][]int, out []int) placement {
	same := func(_, d int) (int, bool) { return d, true }
	except := func(axis int) placement { return func(_, d int) (int, bool) { return d, d != axis } }
	first := func(dims int) placement { return func(i, d int) (int, bool) { return d, i == 0 && d < dims } }
	aligned := func(i, d int) (int, bool) { return d + len(out) - len(in[i]), true }
	switch d := d.(type) {
	case ops.Map, ops.Broadcast:
		return aligned
	case ops.Stop, ops.Slice, ops.Pad, ops.Concat, ops.Reverse, ops.OneHot:
		return same
	case ops.Normalize, ops.GroupNorm:
		return first(len(out))
	case ops.Trilu:
		return first(len(out) - 2)
	case ops.Pool, ops.Warp:
		return first(2)
	case ops.Softmax:
		return except(d.Axis(len(out)))
	case ops.Arg:
		return except(d.Axis)
	case ops.Order:
		return except(d.Axis)
	case ops.GatherElements:
		return except(d.Axis)
	case ops.ScatterElements:
		return except(d.Axis)
	case ops.CumSum:
		return except(d.Axis)
	case ops.Recurrence:
		return except(d.Axis)
	case ops.Resample:
		return except(d.Axis)
	case ops.Gather:
		return func(i, d int) (int, bool) { return d, i == 1 }
	case ops.MatMul:
		return func(i, d int) (int, bool) {
			summed := len(in[i]) - 1 - i // the columns of the first factor, the rows of the second one
			to, _ := aligned(i, d)
			return to, d != summed
		}
	case ops.Distances:
		return func(i, d int) (int, bool) {
			rows := len(out) - 2
			if d == rows {
				return d + i, true
			}
			return d, d < rows
		}
	case reduction:
		return func(_, axis int) (to int, ok bool) {
			for _, a := range d.axes {
				if a < axis {
					to--
				}
			}
			return axis + to, !slices.Contains(d.axes, axis)
		}
	case ops.Transpose:
		perm := ops.Decode(d.Perm)
		return func(_, d int) (int, bool) { return slices.Index(perm, d), true }
	case ops.Reshape:
		from := in[0]
		if slices.Equal(from, out) {
			return same
		}
		return func(_, d int) (int, bool) {
			same := func(e int) bool { return out[e] == from[d] && tensors.Size(out[:e]) == tensors.Size(from[:d]) }
			if d < len(out) && same(d) { // dimensions of 1 can be the same as others
				return d, true
			}
			for e := range out {
				if same(e) {
					return e, true
				}
			}
			return 0, false
		}
	}
	return nil
}

// maskedAs returns y with the mask of x, whose dimension d is dimension to(d) of y; there is none if the batch or the time is below 0.
// It is for operations that are made of Reshape, which cannot tell dimensions of size 1 from each other.
func (y Node) maskedAs(x Node, to func(d int) int) Node {
	if y.err != nil || x.mask == nil {
		return y
	}
	y.mask = nil
	if batch, time := to(x.mask.batch), to(x.mask.time); batch >= 0 && time >= 0 {
		y.mask = &stepMask{x.mask.n, batch, time}
	}
	return y
}

// A reduction is a sum or a maximum over some axes, which are removed.
type reduction struct {
	ops.Reduce
	axes []int
}

// cutMask does to a mask what an op does to the masked node along the batch or the time.
func (b *builder) cutMask(d ops.Def, m stepMask) (*ops.Node, error) {
	axis := func(a int) (int, bool) { return slices.Index([]int{m.batch, m.time}, a), a == m.batch || a == m.time }
	switch d := d.(type) {
	case ops.Slice:
		if a, ok := axis(d.Axis); ok {
			return b.apply("Mask", ops.Slice{Axis: a, From: d.From, To: d.To}, m.n)
		}
	case ops.Reverse:
		if a, ok := axis(d.Axis); ok {
			return b.apply("Mask", ops.Reverse{Axis: a}, m.n)
		}
	case ops.Pad:
		if a, ok := axis(d.Axis); ok {
			front := slices.Clone(ops.Shape(m.n))
			front[a] = d.Before
			padded, err := b.apply("Mask", ops.Pad{Axis: a, After: d.After}, m.n)
			if err != nil || d.Before == 0 {
				return padded, err
			}
			return b.apply("Mask", ops.Concat{Axis: a}, b.g.Fill(1, front), padded)
		}
	}
	return m.n, nil
}

// repeatedMask repeats a mask of one row where an op repeats the masked node, for a result of the given shape. It is nil if the mask
// does not fit that. One step that is repeated loses its mask: what is computed from the last step, as a query for all, says nothing
// about the others.
func (b *builder) repeatedMask(m *stepMask, shape []int) (*stepMask, error) {
	to, from := []int{shape[m.batch], shape[m.time]}, ops.Shape(m.n)
	if from[1] != to[1] || from[0] != to[0] && from[0] != 1 {
		return nil, nil
	}
	n := b.add("Mask", func() (*ops.Node, error) { return b.g.BroadcastTo(m.n, to) })
	return &stepMask{n.n, m.batch, m.time}, n.err
}

// joinedMask is the mask of a Concat of the operands along an axis.
func (b *builder) joinedMask(axis int, moved func(i int) *stepMask, in []Node) (all *stepMask, err error) {
	masks := make([]*stepMask, len(in))
	for i := range in {
		if masks[i] = moved(i); all == nil {
			all = masks[i]
		}
	}
	if all == nil {
		return nil, nil
	}
	a := slices.Index([]int{all.batch, all.time}, axis)
	if a < 0 {
		for _, m := range masks {
			if all, err = b.both(all, m); err != nil {
				break
			}
		}
		return all, err
	}
	parts := make([]*ops.Node, len(in))
	for i, x := range in {
		if m := masks[i]; m != nil && m.batch == all.batch && m.time == all.time {
			parts[i] = m.n
			continue
		}
		s := x.Shape()
		parts[i] = b.g.Fill(1, []int{s[all.batch], s[all.time]})
	}
	n, err := b.apply("Mask", ops.Concat{Axis: a}, parts...)
	return &stepMask{n, all.batch, all.time}, err
}
