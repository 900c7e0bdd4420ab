package kernels

import "unsafe"

// An ahead is the vectors of the head that is computed next. Some of them are prefetched in each product of this head: they lie far
// apart, and a processor does not foresee where.
type ahead struct {
	parts  [8]aheadPart
	n      int // parts in use
	cost   int // multiply-adds for each vector
	credit int // multiply-adds done since the last prefetch
}

// An aheadPart is vectors that are still to be prefetched; sizes are in bytes.
type aheadPart struct {
	first         unsafe.Pointer
	stride, bytes int
	next, rows    int
}

// aheadBytes is the size of a head's vectors above which they are not prefetched, since they would leave the cache before their use.
const aheadBytes = 1 << 18

// prefetch adds the vectors of group g of row b at all places to those that are prefetched; size is that of a group.
func prefetch[T Float](x *ahead, v Vectors[T], b, times, g, size int) {
	if times == 0 {
		return
	}
	data := v.at(b, times, 0, g, size)
	x.parts[x.n] = aheadPart{unsafe.Pointer(&data[0]), v.Stride * sizeof[T](), size * sizeof[T](), 0, times}
	x.n++
}

// ahead sets x to the vectors of group g of row b.
func (j *attentionJob[T]) ahead(x *ahead, b, g int) {
	group := j.Heads / j.KeyHeads
	wide, wideValue := group*j.Size, group*j.ValueSize
	prefetch(x, j.out, b, j.Queries, g, wideValue)
	if j.derive {
		prefetch(x, j.dq, b, j.Queries, g, wide)
		prefetch(x, j.dk, b, j.Keys, g, j.Size)
		prefetch(x, j.dv, b, j.Keys, g, j.ValueSize)
		prefetch(x, j.dout, b, j.Queries, g, wideValue)
	}
	prefetch(x, j.q, b, j.Queries, g, wide)
	prefetch(x, j.v, b, j.Keys, g, j.ValueSize)
	prefetch(x, j.k, b, j.Keys, g, j.Size)
	work := j.Queries * j.Keys * group
	if j.Causal {
		work /= 2
	}
	if j.derive {
		x.spread(work * (3*j.Size + 2*j.ValueSize))
	} else {
		x.spread(work * (j.Size + j.ValueSize))
	}
}

// spread divides the prefetches evenly among the given number of multiply-adds.
func (x *ahead) spread(work int) {
	rows, bytes := 0, 0
	for _, p := range x.parts[:x.n] {
		rows, bytes = rows+p.rows, bytes+p.rows*p.bytes
	}
	if bytes > aheadBytes {
		x.n = 0
	}
	x.cost = max(1, work/max(1, rows))
}

// spend prefetches what is due after the given number of multiply-adds.
func (x *ahead) spend(work int) {
	if x == nil || x.n == 0 {
		return
	}
	x.credit += work
	rows := x.credit / x.cost
	x.credit -= rows * x.cost
	for rows > 0 && x.n > 0 {
		p := &x.parts[x.n-1]
		n := min(rows, p.rows-p.next)
		prefetchRows((*byte)(unsafe.Add(p.first, p.next*p.stride)), p.stride, p.bytes, n)
		p.next += n
		if rows -= n; p.next == p.rows {
			x.n--
		}
	}
}
