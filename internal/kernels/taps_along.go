package kernels

// tapLanes is how many elements the vector forms compute at once, at least.
const tapLanes = 8

// A tapPiece is how the elements [lo, hi) of the result are computed along the last axis. If taps is 0, they are a copy of
// elements that begin at index from. Otherwise tap k of element lo+i is number k·(hi-lo)+i of at and weight; at is -1 for
// those that an element does not have.
type tapPiece[T Float] struct {
	lo, hi, from, taps int
	at                 []int32
	weight             []T
}

// divide sets the pieces: runs of at least tapLanes elements that are copies of adjacent elements, and what is between them.
func (m *TapMap[T]) divide() {
	rest := 0 // of the result
	for i := 0; i < m.out; {
		n := m.run(i)
		if n < tapLanes {
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
	m.pieces = append(m.pieces, p)
}

// along sets y to the map of one row x.
func (m *TapMap[T]) along(y, x []T) {
	for i := range m.pieces {
		p := &m.pieces[i]
		switch dst := y[p.lo:p.hi]; {
		case p.taps == 0:
			copy(dst, x[p.from:])
		case vectorTaps[T]() && len(dst) >= tapLanes:
			vectorAlong(p, dst, x)
		default:
			p.sum(dst, x)
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
