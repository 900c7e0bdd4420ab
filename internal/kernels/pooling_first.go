package kernels

import (
	"math"
	"unsafe"
)

// A firstJob is MaxPoolGrad of some planes in float32. An element and its place become one integer, a key: the larger the
// element and the earlier its place, the larger the key. So the largest key of a window is that of its first largest element,
// and it can be found over rows and columns separately, without branches.
type firstJob struct {
	a         positions
	dx, x, dy []float32
}

func (j *firstJob) piece(lo, hi int) {
	a := &j.a
	store, spans := borrow[float64](a.in+a.x.In+a.x.count), borrowTaps(2*a.x.count)
	defer giveBack(store)
	defer giveBackTaps(spans)
	for o := range a.x.count {
		spans[2*o], spans[2*o+1] = a.x.span(o)
	}
	all := unsafe.Slice((*int64)(unsafe.Pointer(&store[0])), len(store))
	keys, row, best := all[:a.in], all[a.in:a.in+a.x.In], all[a.in+a.x.In:]
	for i := lo; i < hi; i++ {
		to, d := j.dx[i*a.in:(i+1)*a.in], j.dy[i*a.out:(i+1)*a.out]
		setKeys(keys, j.x[i*a.in:(i+1)*a.in])
		clear(to)
		for o := range a.y.count {
			n, at := a.y.span(o)
			if n == 0 {
				continue
			}
			rowKeys(row, keys[at*a.x.In:], n, a.y.Dilation*a.x.In)
			a.x.bestKeys(best, row, spans)
			give(to, d[o*a.x.count:][:a.x.count], best)
		}
	}
}

// setKeys sets dst to the keys of the elements of x. NaN is larger than any number; +0 and -0 are equal.
func setKeys(dst []int64, x []float32) {
	setNumberKeys(dst, x)
	if m := MaxOf(x); m == m {
		return
	}
	for i, v := range x {
		if v != v {
			dst[i] = math.MaxInt32<<32 | int64(^uint32(i))
		}
	}
}

// setNumberKeys is setKeys for numbers. As a function of its own it keeps its variables in registers.
//
//go:noinline
func setNumberKeys(dst []int64, x []float32) {
	dst = dst[:len(x)]
	place := int64(math.MaxUint32)
	for i, v := range x {
		b := int32(math.Float32bits(v))
		sign := b >> 31
		n := b&math.MaxInt32 ^ sign - sign // -n for a negative number, so that -0 is 0
		dst[i] = int64(n)<<32 + place
		place--
	}
}

// rowKeys sets dst to the largest keys of n rows that are stride apart, the first at the beginning of keys.
func rowKeys(dst, keys []int64, n, stride int) {
	switch n {
	case 1:
		copy(dst, keys)
		return
	case 2:
		a, b := keys[:len(dst)], keys[stride:][:len(dst)]
		for i, k := range a {
			dst[i] = larger64(k, b[i])
		}
		return
	}
	a, b, c := keys[:len(dst)], keys[stride:][:len(dst)], keys[2*stride:][:len(dst)]
	for i, k := range a {
		dst[i] = larger64(larger64(k, b[i]), c[i])
	}
	r := 3
	for ; r+1 < n; r += 2 {
		a, b := keys[r*stride:][:len(dst)], keys[(r+1)*stride:][:len(dst)]
		for i, k := range a {
			dst[i] = larger64(dst[i], larger64(k, b[i]))
		}
	}
	if r < n {
		for i, k := range keys[r*stride:][:len(dst)] {
			dst[i] = larger64(dst[i], k)
		}
	}
}

// bestKeys sets best to the largest key of each window along w, or to noKey for a window that is all padding. row has the largest
// keys over the windows' rows, and spans the results of w.span.
func (w *axis) bestKeys(best, row []int64, spans []int) {
	w.bestOf(best[:w.from], row, spans)
	w.bestOf(best[w.to:], row, spans[2*w.to:])
	inside := best[w.from:w.to]
	if w.Kernel != 3 || w.Dilation != 1 {
		w.bestOf(inside, row, spans[2*w.from:])
		return
	}
	at := w.from*w.Stride - w.Before
	for o := range inside {
		three := row[at:][:3]
		a, b, c := three[0], three[1], three[2]
		inside[o] = larger64(larger64(a, b), c)
		at += w.Stride
	}
}

// bestOf sets best to the largest keys of windows of any size.
func (w *axis) bestOf(best, row []int64, spans []int) {
	for o := range best {
		n, at := spans[2*o], spans[2*o+1]
		k := noKey
		for range n {
			k = larger64(k, row[at])
			at += w.Dilation
		}
		best[o] = k
	}
}

// noKey is smaller than any key.
const noKey = int64(math.MinInt64)

// give adds the elements of d to those of dx at the places of the keys. These are known before, since an addition that has to
// find out whether it reads what the one before has written is slow.
func give(dx, d []float32, best []int64) {
	for o, k := range best[:len(d)] {
		if k != noKey {
			dx[^uint32(k)] += d[o]
		}
	}
}

// larger64 returns the larger of a and b. Unlike max it compiles to a move without a branch, which could not be predicted.
func larger64(a, b int64) int64 {
	if b > a {
		a = b
	}
	return a
}
