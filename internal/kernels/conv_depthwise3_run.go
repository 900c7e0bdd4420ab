package kernels

import "math"

// depthwise3Numbers is how many numbers the forms of sums have: the kernel, the bias and the least value.
const depthwise3Numbers = 11

// depthwise3Planes is convPlanes where there is a depthwise3. It reports whether there is.
func depthwise3Planes[T Float](p *Pool, s ConvShape, input bool, y, x, w []T, ep *Epilogue[T]) bool {
	if !vectorDepthwise3[T]() {
		return false
	}
	n := s.Batch * s.Groups
	s.Batch = 1
	known := &knownForwardDepthwise3
	if input {
		known = &knownInputDepthwise3
	}
	t := known.get(s)
	if t == nil {
		return false
	}
	divide(p, n, max(1, 1<<14/t.framed()), depthwise3Job[T]{depthwise3: t, groups: s.Groups, y: y, x: x, w: w, ep: ep})
	return true
}

// framed returns the number of elements of a plane with its lines of zeros.
func (t *depthwise3) framed() int { return t.lines * t.from.width }

// A depthwise3Job is depthwise3Planes of some planes.
type depthwise3Job[T Float] struct {
	*depthwise3
	groups  int
	y, x, w []T
	ep      *Epilogue[T]
}

func (j *depthwise3Job[T]) piece(lo, hi int) {
	store, w := borrow[T](j.framed()), borrow[T](depthwise3Numbers)
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
		w[depthwise3Numbers-2], w[depthwise3Numbers-1] = bias, low
		kernel, y, x := j.w[g*9:][:9], j.y[i*out:(i+1)*out], betweenZeros(j.depthwise3, store, j.x[i*in:(i+1)*in])
		for k := range j.parts {
			p := &j.parts[k]
			for l, e := range p.kernel {
				w[l] = kernel[e]
			}
			vectorDepthwise3Sum(p, y, x, w, j.from.width)
		}
		if j.ep.rowwise() {
			j.ep.segment(y, i*out)
		}
	}
	giveBack(w)
	giveBack(store)
}

// betweenZeros returns a plane with its lines of zeros. It writes it to store, which has zeros there, unless it needs none.
func betweenZeros[T Float](t *depthwise3, store, plane []T) []T {
	at := t.top * t.from.width
	if at == 0 && t.lines <= t.from.height {
		return plane
	}
	if at < len(store) {
		copy(store[at:], plane)
	}
	return store
}
