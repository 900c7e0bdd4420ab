package eval

import "slices"

// broadcast returns the shape that shapes broadcast to.
func (c *call) broadcast(shapes ...[]int) []int {
	rank := 0
	for _, s := range shapes {
		rank = max(rank, len(s))
	}
	out := make([]int, rank)
	for i := range out {
		out[i] = 1
	}
	for _, s := range shapes {
		for i, d := range s {
			o := &out[rank-len(s)+i]
			if d != *o && d != 1 && *o != 1 {
				c.fail("got shapes %v, want shapes that broadcast", slices.Clone(shapes))
			}
			if *o == 1 {
				*o = d
			}
		}
	}
	return out
}

// spread returns the strides of a tensor within a shape that it broadcasts to.
func spread(from, to []int) []int {
	by, own := make([]int, len(to)), strides(from)
	for i, d := range from {
		if d != 1 {
			by[len(to)-len(from)+i] = own[i]
		}
	}
	return by
}

// expanded returns a tensor broadcast to a shape.
func (c *call) expanded(t *Tensor, shape []int) *Tensor {
	if sizeOf(t.Shape) == sizeOf(c.shape(shape...)) {
		return t.reshaped(shape...)
	}
	return &Tensor{shape, t.data.strided(shape, spread(t.Shape, shape), 0)}
}

// pairs calls f with the positions in the result and in two operands, for runs of n elements; da and db are the operands' steps.
func pairs(shape, a, b []int, f func(o, ia, ib, n, da, db int)) {
	by, bb := spread(a, shape), spread(b, shape)
	size := sizeOf(shape)
	if size == 0 {
		return
	}
	rank := len(shape)
	if rank == 0 {
		f(0, 0, 0, 1, 0, 0)
		return
	}
	n := shape[rank-1]
	da, db := by[rank-1], bb[rank-1]
	inner := rank - 1
	for inner > 0 && by[inner-1] == n*da && bb[inner-1] == n*db { // joined to one longer run
		inner--
		n *= shape[inner]
	}
	pos := make([]int, inner)
	ia, ib := 0, 0
	for o := 0; o < size; o += n {
		f(o, ia, ib, n, da, db)
		for k := inner - 1; k >= 0; k-- {
			ia, ib = ia+by[k], ib+bb[k]
			if pos[k]++; pos[k] < shape[k] {
				break
			}
			ia, ib = ia-shape[k]*by[k], ib-shape[k]*bb[k]
			pos[k] = 0
		}
	}
}

// combine applies f to two tensors of elements T, which are broadcast.
func combine[T, R element](c *call, a, b *Tensor, f func(x, y T) R) *Tensor {
	shape := c.shape(c.broadcast(a.Shape, b.Shape)...)
	x, y, out := a.data.(list[T]), b.data.(list[T]), make(list[R], sizeOf(shape))
	pairs(shape, a.Shape, b.Shape, func(o, ia, ib, n, da, db int) {
		for i := range n {
			out[o+i] = f(x[ia+i*da], y[ib+i*db])
		}
	})
	return &Tensor{shape, out}
}
