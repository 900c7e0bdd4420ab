package kernels

import "math"

// A PoolShape is the shape of a pooling of Planes images with Y.In × X.In elements to as many images with Y.Out() ×
// X.Out().
type PoolShape struct {
	Planes int
	Y, X   PoolWindow
}

func (s PoolShape) sizes() (in, out int) { return s.Y.In * s.X.In, s.Y.Out() * s.X.Out() }

func (s PoolShape) check(kernel string, lengthIn, lengthOut int) {
	in, out := s.sizes()
	sameLength(kernel, lengthIn, s.Planes*in)
	sameLength(kernel, lengthOut, s.Planes*out)
}

// argMax returns the index of the first largest element of a window, -1 if the window is all padding. NaN counts as larger
// than any number.
func argMax[T Float](s *PoolShape, plane []T, oy, ox int) int {
	best, m := -1, T(math.Inf(-1))
	fromY, toY, y := s.Y.span(oy)
	fromX, toX, x0 := s.X.span(ox)
	for range toY - fromY {
		x := x0
		for range toX - fromX {
			if v := plane[y*s.X.In+x]; v > m || best < 0 || v != v && m == m {
				best, m = y*s.X.In+x, v
			}
			x += s.X.Dilation
		}
		y += s.Y.Dilation
	}
	return best
}

// MaxPool sets y to the largest element of x in each window.
func MaxPool[T Float](p *Pool, s PoolShape, y, x []T) {
	s.check("MaxPool", len(x), len(y))
	if s.paired() {
		maxPoolPaired(p, s, y, x)
	} else {
		maxPoolAny(p, s, y, x)
	}
}

// MaxPoolPick sets y, for each window, to the element of v at the position of the first largest element of x, or to -Inf if
// the window is all padding.
func MaxPoolPick[T Float](p *Pool, s PoolShape, y, x, v []T) {
	s.check("MaxPoolPick", len(x), len(y))
	sameLength("MaxPoolPick", len(x), len(v))
	in, out := s.sizes()
	divide(p, s.Planes, max(1, 1<<14/(in+out)), pickJob[T]{s, y, x, v})
}

// A pickJob is MaxPoolPick of some planes.
type pickJob[T Float] struct {
	s       PoolShape
	y, x, v []T
}

func (j *pickJob[T]) piece(lo, hi int) {
	in, out := j.s.sizes()
	y := j.y[lo*out : hi*out]
	for i := lo; i < hi; i++ {
		for oy := range j.s.Y.Out() {
			for ox := range j.s.X.Out() {
				if at := argMax(&j.s, j.x[i*in:(i+1)*in], oy, ox); at >= 0 {
					y[0] = j.v[i*in+at]
				} else {
					y[0] = T(math.Inf(-1))
				}
				y = y[1:]
			}
		}
	}
}

// MaxPoolGrad sets dx to the derivative of Σ dy·MaxPool(x) with respect to x: in each window, the first largest element
// gets all of dy. If relu is set, the result is multiplied by the derivative of a ReLU with output x, as in ReLUGrad.
func MaxPoolGrad[T Float](p *Pool, s PoolShape, dx, x, dy []T, relu bool) {
	s.check("MaxPoolGrad", len(dx), len(dy))
	sameLength("MaxPoolGrad", len(dx), len(x))
	if s.paired() {
		covers := s.X.In%2 == 0 && s.Y.In%s.Y.Kernel == 0 // the windows cover all elements
		maxPoolGradPaired(p, s, dx, x, dy, covers, relu && covers)
		relu = relu && !covers
	} else {
		maxPoolGradAny(p, s, dx, x, dy)
	}
	if relu {
		divide(p, len(dx), 1<<14, reluJob[T]{dx, x})
	}
}

// A reluJob multiplies dx by the derivative of a ReLU with output x.
type reluJob[T Float] struct{ dx, x []T }

func (j *reluJob[T]) piece(lo, hi int) { ReLUGrad(j.dx[lo:hi], j.dx[lo:hi], j.x[lo:hi]) }
