package kernels

const (
	// tapLanes is how many elements the vector forms compute at once, at least.
	tapLanes = 8
	// longRun is the number of adjacent elements from which on a copy is faster than sums of one tap.
	longRun = 64
)

// A tapPiece is how the elements [lo, hi) of the result are computed along the last axis.
type tapPiece[T Float] struct {
	lo, hi int
	from   int // of a copy of adjacent elements, which begin here
	taps   int // of sums: the most of an element; 0 for a copy

	// Tap k of element lo+i is number k·(hi-lo)+i; at is -1 for taps that an element does not have.
	at     []int32
	weight []T
	near   nearTaps[T]
	far    farTaps[T]
}

// divide sets the pieces: runs of at least longRun elements that are copies of adjacent elements, and what is between them.
func (m *TapMap[T]) divide() {
	rest := 0 // of the result
	for i := 0; i < m.out; {
		n := m.run(i)
		if n < longRun {
			i += max(n, 1)
			continue
		}
		m.gathered(rest, i)
		m.pieces = append(m.pieces, tapPiece[T]{lo: i, hi: i + n, from: int(m.at[m.first[i]])})
		i += n
		rest = i
	}
	m.gathered(rest, m.out)
}

// run returns how many elements of the result, from i on, are a copy of adjacent elements.
func (m *TapMap[T]) run(i int) (n int) {
	for ; i+n < m.out; n++ {
		k := m.first[i+n]
		if m.first[i+n+1] != k+1 || m.weight[k] != 1 || m.at[k] != m.at[m.first[i]]+int32(n) {
			break
		}
	}
	return n
}

// gathered adds a piece of sums.
func (m *TapMap[T]) gathered(lo, hi int) {
	if lo == hi {
		return
	}
	p := tapPiece[T]{lo: lo, hi: hi, taps: 1}
	for i := lo; i < hi; i++ {
		p.taps = max(p.taps, m.first[i+1]-m.first[i])
	}
	n := hi - lo
	p.at, p.weight = make([]int32, p.taps*n), make([]T, p.taps*n)
	for k := range p.at {
		p.at[k] = -1
	}
	for i := lo; i < hi; i++ {
		for k := m.first[i]; k < m.first[i+1]; k++ {
			to := (k-m.first[i])*n + i - lo
			p.at[to], p.weight[to] = m.at[k], m.weight[k]
		}
	}
	p.near, p.far = nearby(&p, m.in), farther(&p, m.in)
	m.pieces = append(m.pieces, p)
}

// along sets rows of y to the map of rows of x.
func (m *TapMap[T]) along(y, x []T, rows int) {
	for i := range m.pieces {
		p := &m.pieces[i]
		switch n := p.hi - p.lo; {
		case p.taps == 0:
			for r := range rows {
				copy(y[r*m.out+p.lo:][:n], x[r*m.in+p.from:])
			}
		case vectorTaps[T]() && p.near.width > 0:
			vectorNear(p, m, y, x, rows)
		case vectorFarTaps[T]() && len(p.far.block) > 0:
			vectorFar(p, m, y, x, rows)
		case vectorTaps[T]() && n >= tapLanes:
			vectorAlong(p, m, y, x, rows)
		default:
			for r := range rows {
				p.sum(y[r*m.out+p.lo:][:n], x[r*m.in:][:m.in])
			}
		}
	}
}

// sum sets dst to the piece's sums.
func (p *tapPiece[T]) sum(dst, x []T) {
	for i := range dst {
		var sum T
		for k := i; k < len(p.at); k += len(dst) {
			if at := p.at[k]; at >= 0 {
				sum += T(p.weight[k] * x[at])
			}
		}
		dst[i] = sum
	}
}

// nearTaps are the taps of a piece in blocks of tapLanes elements, the last of which ends with the piece. The indices of one
// tap of a block begin at its base and are within width times tapLanes elements; width is 0 if there are none such.
type nearTaps[T Float] struct {
	width    int
	base, at []int32
	weight   []T
}

// nearby returns the taps of a piece in blocks, for x of n elements.
func nearby[T Float](p *tapPiece[T], n int) (t nearTaps[T]) {
	size := p.hi - p.lo
	if size < tapLanes || n < tapLanes {
		return t
	}
	t.width = 1
	for from := 0; from < size; from += tapLanes {
		first := min(from, size-tapLanes)
		for k := range p.taps {
			at := p.at[k*size+first:][:tapLanes]
			low, high := int32(n), int32(0)
			for _, i := range at {
				if i >= 0 {
					low, high = min(low, i), max(high, i)
				}
			}
			for low+int32(t.width*tapLanes) <= high {
				t.width++
			}
			t.base = append(t.base, min(low, high)) // 0 if there are none
			t.at = append(t.at, at...)
			t.weight = append(t.weight, p.weight[k*size+first:][:tapLanes]...)
		}
	}
	if t.width > 2 || n < t.width*tapLanes {
		return nearTaps[T]{}
	}
	for k := range t.base {
		t.base[k] = min(t.base[k], int32(n-t.width*tapLanes))
		for i, at := range t.at[k*tapLanes:][:tapLanes] {
			if at >= 0 {
				t.at[k*tapLanes+i] = at - t.base[k]
			}
		}
	}
	return t
}
