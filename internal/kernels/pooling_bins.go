package kernels

import (
	"math"
	"unsafe"
)

// windows are the spans of a pooling in bins: for each position along an axis, how many elements a window has and the first of them.
type windows struct {
	y, x  []int
	width int // of the image
}

// inWindows reports whether windowsJob and windowsGradJob can do the pooling: at least one axis has bins, and the windows are of
// adjacent elements.
func (p *positions) inWindows() bool {
	if p.y.Bins == 0 && p.x.Bins == 0 || p.in > math.MaxInt32 {
		return false
	}
	for _, a := range []*axis{&p.y, &p.x} {
		for o := range a.count {
			if n, _ := a.span(o); n == 0 || a.Dilation > 1 {
				return false
			}
		}
	}
	return true
}

// windows returns the spans. The caller must return them with end.
func (p *positions) windows() windows {
	w := windows{borrowTaps(2 * p.y.count), borrowTaps(2 * p.x.count), p.x.In}
	for o := range p.y.count {
		w.y[2*o], w.y[2*o+1] = p.y.span(o)
	}
	for o := range p.x.count {
		w.x[2*o], w.x[2*o+1] = p.x.span(o)
	}
	return w
}

// end returns what positions.windows has borrowed.
func (w *windows) end() {
	giveBackTaps(w.y)
	giveBackTaps(w.x)
}

// A windowsJob is MaxPool of some planes in vector registers, for windows of different sizes.
type windowsJob struct {
	a    positions
	y, x []float32
}

func (j *windowsJob) piece(lo, hi int) {
	a := &j.a
	w := a.windows()
	defer w.end()
	for i := lo; i < hi; i++ {
		vectorWindowMax(&w, j.y[i*a.out:(i+1)*a.out], j.x[i*a.in:(i+1)*a.in])
	}
}

// A windowsGradJob is MaxPoolGrad of some planes in vector registers, for windows of different sizes.
type windowsGradJob struct {
	a         positions
	s         PoolShape
	dx, x, dy []float32
}

func (j *windowsGradJob) piece(lo, hi int) {
	a := &j.a
	w := a.windows()
	defer w.end()
	store := borrow[float32](a.out)
	defer giveBack(store)
	first := unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(store))), a.out)
	for i := lo; i < hi; i++ {
		x, dx, dy := j.x[i*a.in:(i+1)*a.in], j.dx[i*a.in:(i+1)*a.in], j.dy[i*a.out:(i+1)*a.out]
		vectorWindowFirst(&w, first, x)
		clear(dx)
		for o, at := range first {
			if at < 0 {
				at = int32(argMax(&j.s, x, o/a.x.count, o%a.x.count))
			}
			dx[at] += dy[o]
		}
	}
}
