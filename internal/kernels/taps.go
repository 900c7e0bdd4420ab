package kernels

// Taps are a linear map along an axis of In elements x: element i of the result is the sum of Weight[k]·x[At[k]] over the k
// from First[i] to First[i+1]-1.
type Taps struct {
	In        int
	First, At []int
	Weight    []float64
}

// Out returns the number of elements of the result.
func (t *Taps) Out() int { return len(t.First) - 1 }

// add adds element at of x, times a weight, to the element of the result that comes next.
func (t *Taps) add(at int, weight float64) {
	if n := len(t.At); n > t.First[len(t.First)-1] && t.At[n-1] == at {
		t.Weight[n-1] += weight
		return
	}
	t.At, t.Weight = append(t.At, at), append(t.Weight, weight)
}

// divide divides the weights of the element that comes next by their sum, if it is asked to.
func (t *Taps) divide(total float64, asked bool) {
	for k := t.First[len(t.First)-1]; asked && k < len(t.Weight); k++ {
		t.Weight[k] /= total
	}
}

// next ends an element of the result. Weights of 0 are left out, so that what they belong to does not matter.
func (t *Taps) next() {
	n := t.First[len(t.First)-1]
	for k := n; k < len(t.At); k++ {
		if t.Weight[k] != 0 {
			t.At[n], t.Weight[n] = t.At[k], t.Weight[k]
			n++
		}
	}
	t.At, t.Weight, t.First = t.At[:n], t.Weight[:n], append(t.First, n)
}

// Transposed returns the transposed map, the derivative.
func (t *Taps) Transposed() *Taps {
	r := &Taps{In: t.Out(), First: make([]int, t.In+1), At: make([]int, len(t.At)), Weight: make([]float64, len(t.At))}
	for _, at := range t.At {
		r.First[at+1]++
	}
	for i := range t.In {
		r.First[i+1] += r.First[i]
	}
	place := append([]int(nil), r.First...)
	for i := range t.Out() {
		for k := t.First[i]; k < t.First[i+1]; k++ {
			at := t.At[k]
			r.At[place[at]], r.Weight[place[at]] = i, t.Weight[k]
			place[at]++
		}
	}
	return r
}

// within returns the map for elements that are groups of n adjacent numbers, as a map of the numbers.
func (t *Taps) within(n int) *Taps {
	r := &Taps{In: t.In * n, First: []int{0}}
	for i := range t.Out() {
		for j := range n {
			for k := t.First[i]; k < t.First[i+1]; k++ {
				r.At, r.Weight = append(r.At, t.At[k]*n+j), append(r.Weight, t.Weight[k])
			}
			r.First = append(r.First, len(r.At))
		}
	}
	return r
}

// A TapMap is a map of Taps along one axis of a tensor with elements of type T.
type TapMap[T Float] struct {
	in, out, inner int
	first          []int
	at             []int32
	weight         []T
	pieces         []tapPiece[T] // of the result, if inner is 1
	runs           []int         // if not: from each element on, how many are copies of adjacent elements
}

// NewTapMap prepares t for an axis that inner elements come after.
func NewTapMap[T Float](t *Taps, inner int) *TapMap[T] {
	if inner < tapLanes {
		t, inner = t.within(inner), 1
	}
	m := &TapMap[T]{in: t.In, out: t.Out(), inner: inner, first: t.First}
	for k, at := range t.At {
		m.at, m.weight = append(m.at, int32(at)), append(m.weight, T(t.Weight[k]))
	}
	if inner == 1 {
		m.divide()
		return m
	}
	m.runs = make([]int, m.out)
	for i := 0; i < m.out; {
		n := m.run(i)
		for k := range n {
			m.runs[i+k] = n - k
		}
		i += max(n, 1)
	}
	return m
}

// Apply sets y to the map of x, which is (any, in, inner); y is (any, out, inner).
func (m *TapMap[T]) Apply(p *Pool, y, x []T) {
	outer := len(x) / (m.in * m.inner)
	sameLength("TapMap", len(x), outer*m.in*m.inner)
	sameLength("TapMap", len(y), outer*m.out*m.inner)
	if m.inner == 1 {
		divide(p, outer, max(1, 1<<13/(m.out+len(m.at))), tapJob[T]{m, y, x})
		return
	}
	divide(p, outer*m.out, max(1, 1<<13/(m.inner*(1+len(m.at)/m.out))), tapJob[T]{m, y, x})
}

// A tapJob is Apply on some of the outer elements; if inner is not 1, on some elements of the result along the axis.
type tapJob[T Float] struct {
	m    *TapMap[T]
	y, x []T
}

func (j *tapJob[T]) piece(lo, hi int) {
	m := j.m
	if m.inner == 1 {
		m.along(j.y[lo*m.out:hi*m.out], j.x[lo*m.in:hi*m.in], hi-lo)
		return
	}
	for lo < hi {
		i, plane := lo%m.out, j.x[lo/m.out*m.in*m.inner:][:m.in*m.inner]
		n := min(m.out-i, hi-lo)
		m.across(j.y[lo*m.inner:(lo+n)*m.inner], plane, i, i+n)
		lo += n
	}
}

// across sets y to the elements [i, end) of the result of a plane.
func (m *TapMap[T]) across(y, plane []T, i, end int) {
	for i < end {
		n := min(m.runs[i], end-i)
		if n > 0 {
			copy(y[:n*m.inner], plane[int(m.at[m.first[i]])*m.inner:])
		} else {
			for n = 1; i+n < end && m.runs[i+n] == 0; n++ {
			}
			m.combine(y[:n*m.inner], plane, i, i+n)
		}
		y, i = y[n*m.inner:], i+n
	}
}

// combine sets y to sums, the elements [i, end) of the result of a plane.
func (m *TapMap[T]) combine(y, plane []T, i, end int) {
	if vectorCombines[T]() {
		vectorCombine(m, y, plane, i, end)
		return
	}
	n := m.inner
	for ; i < end; i++ {
		dst := y[:n]
		at, weight := m.at[m.first[i]:m.first[i+1]], m.weight[m.first[i]:m.first[i+1]]
		for j := range dst {
			var sum T
			for k, w := range weight {
				sum += T(w * plane[int(at[k])*n+j])
			}
			dst[j] = sum
		}
		y = y[n:]
	}
}
