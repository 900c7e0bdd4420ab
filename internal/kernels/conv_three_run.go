package kernels

import "math"

// threeNumbers is how many numbers the forms of sums have: the kernel, the bias and the least value.
const threeNumbers = 11

// threePlanes is convPlanes where there is a three. It reports whether there is.
func threePlanes[T Float](p *Pool, s ConvShape, input bool, y, x, w []T, ep *Epilogue[T]) bool {
	if !vectorThree[T]() {
		return false
	}
	n := s.Batch * s.Groups
	s.Batch = 1
	known := &knownForwardThree
	if input {
		known = &knownInputThree
	}
	t := known.get(s)
	if t == nil {
		return false
	}
	divide(p, n, max(1, 1<<14/t.framed()), threeJob[T]{three: t, groups: s.Groups, y: y, x: x, w: w, ep: ep})
	return true
}

// framed returns the number of elements of a plane with its lines of zeros.
func (t *three) framed() int { return t.lines * t.from.width }

// A threeJob is threePlanes of some planes.
type threeJob[T Float] struct {
	*three
	groups  int
	y, x, w []T
	ep      *Epilogue[T]
}

func (j *threeJob[T]) piece(lo, hi int) {
	store, w := borrow[T](j.framed()), borrow[T](threeNumbers)
	clear(store)
	in, out := j.from.size(), j.to.size()
	bias, low := T(0), T(math.Inf(-1))
	if j.ep.inStrip()&applyReLU != 0 {
		low = 0
	}
	for i := lo; i < hi; i++ {
		g := i % j.groups
		if j.ep != nil && j.ep.Bias != nil {
			bias = j.ep.Bias[g]
		}
		w[threeNumbers-2], w[threeNumbers-1] = bias, low
		kernel, y, x := j.w[g*9:][:9], j.y[i*out:(i+1)*out], betweenZeros(j.three, store, j.x[i*in:(i+1)*in])
		for k := range j.parts {
			p := &j.parts[k]
			for l, e := range p.kernel {
				w[l] = kernel[e]
			}
			vectorThreeSum(p, y, x, w, j.from.width)
		}
		if j.ep.rowwise() {
			j.ep.segment(y, i*out)
		}
	}
	giveBack(w)
	giveBack(store)
}

// betweenZeros returns a plane with its lines of zeros. It writes it to store, which has zeros there, unless it needs none.
func betweenZeros[T Float](t *three, store, plane []T) []T {
	at := t.top * t.from.width
	if at == 0 && t.lines <= t.from.height {
		return plane
	}
	if at < len(store) {
		copy(store[at:], plane)
	}
	return store
}
