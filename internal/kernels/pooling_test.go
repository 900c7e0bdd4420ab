package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var poolShapes = []PoolShape{
	{1, Window{1, 1, 1, 1, 0, 0}, Window{1, 1, 1, 1, 0, 0}},
	{7, Window{6, 2, 2, 1, 0, 0}, Window{5, 2, 2, 1, 0, 0}},
	{7, Window{3, 1, 1, 1, 0, 0}, Window{7, 2, 2, 1, 0, 0}},
	{3, Window{7, 3, 2, 1, 0, 0}, Window{9, 3, 1, 1, 0, 0}},
	{3, Window{7, 3, 2, 1, 1, 1}, Window{6, 3, 2, 1, 1, 1}},
	{2, Window{8, 2, 1, 3, 1, 2}, Window{7, 3, 3, 2, 2, 0}},
	{40, Window{1, 1, 1, 1, 0, 0}, Window{254, 2, 2, 1, 0, 0}},
	{2, Window{1, 1, 1, 1, 0, 0}, Window{2, 1, 1, 1, 2, 1}}, // windows that are all padding
	{3, Window{6, 2, 2, 1, 0, 0}, Window{28, 2, 2, 1, 0, 0}},
	{3, Window{5, 2, 2, 1, 0, 0}, Window{33, 2, 2, 1, 0, 0}},
	{2, Window{3, 1, 1, 1, 0, 0}, Window{17, 2, 2, 1, 0, 0}},
	{3, Window{4, 2, 2, 1, 0, 0}, Window{14, 2, 2, 1, 0, 0}},
	{3, Window{6, 2, 2, 1, 0, 0}, Window{9, 2, 2, 1, 0, 0}},
	{3, Window{6, 2, 2, 1, 1, 1}, Window{9, 2, 2, 1, 1, 0}},
	{3, Window{8, 2, 3, 1, 0, 1}, Window{8, 2, 3, 1, 2, 2}},
	{2, Window{2, 2, 2, 1, 1, 1}, Window{4, 5, 5, 1, 3, 3}}, // no window is inside the image
	{0, Window{2, 2, 2, 1, 0, 0}, Window{2, 2, 2, 1, 0, 0}},
}

// window returns the indices of the elements in a window.
func (s PoolShape) window(oy, ox int) (list []int) {
	for ky := range s.Y.Kernel {
		for kx := range s.X.Kernel {
			y, x := oy*s.Y.Stride+ky*s.Y.Dilation-s.Y.Before, ox*s.X.Stride+kx*s.X.Dilation-s.X.Before
			if y >= 0 && y < s.Y.In && x >= 0 && x < s.X.In {
				list = append(list, y*s.X.In+x)
			}
		}
	}
	return list
}

func TestPooling(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testPooling[float32](t)
		testPooling[float64](t)
	})
}

func testPooling[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range poolShapes {
		in, out := s.sizes()
		x, v, dy := randomSlice[T](rng, s.Planes*in), randomSlice[T](rng, s.Planes*in), randomSlice[T](rng, s.Planes*out)
		for i := range x {
			x[i] = T(math.Round(float64(2 * x[i]))) // so that many are equal
		}
		if len(x) > 0 {
			x[len(x)/2], x[len(x)/3], x[len(x)/5], x[len(x)/7] = nan[T](), nan[T](), T(math.Inf(1)), T(math.Inf(-1))
		}
		for _, p := range pools(t) {
			y, picked, dx := randomSlice[T](rng, len(dy)), randomSlice[T](rng, len(dy)), randomSlice[T](rng, len(x))
			MaxPool(p, s, y, x)
			MaxPoolPick(p, s, picked, x, v)
			MaxPoolGrad(p, s, dx, x, dy, false)
			wantY, wantPicked, wantDX := make([]T, len(y)), make([]T, len(y)), make([]T, len(x))
			s.each(nil, func(i, position, oy, ox int) {
				best := -1
				for _, at := range s.window(oy, ox) {
					if at += i * in; best < 0 || x[at] > x[best] || x[at] != x[at] && x[best] == x[best] {
						best = at
					}
				}
				o := i*out + position
				if wantY[o], wantPicked[o] = T(math.Inf(-1)), T(math.Inf(-1)); best >= 0 {
					wantY[o], wantPicked[o] = x[best], v[best]
					wantDX[best] += dy[o]
				}
			})
			sameNumbers(t, fmt.Sprintf("MaxPool %+v", s), y, wantY, 0)
			sameNumbers(t, fmt.Sprintf("MaxPoolPick %+v", s), picked, wantPicked, 0)
			sameNumbers(t, fmt.Sprintf("MaxPoolGrad %+v", s), dx, wantDX, 0)
			MaxPoolGrad(p, s, dx, x, dy, true)
			ReLUGrad(wantDX, wantDX, x)
			sameNumbers(t, fmt.Sprintf("MaxPoolGrad, ReLU, %+v", s), dx, wantDX, 0)
			for _, padded := range []bool{false, true} {
				AvgPool(p, s, y, v, padded)
				AvgPoolGrad(p, s, dx, dy, padded)
				clear(wantY)
				clear(wantDX)
				s.each(nil, func(i, position, oy, ox int) {
					list := s.window(oy, ox)
					n := T(max(1, len(list)))
					if padded {
						n = T(s.Y.Kernel * s.X.Kernel)
					}
					for _, at := range list {
						wantY[i*out+position] += v[i*in+at] / n
						wantDX[i*in+at] += dy[i*out+position] / n
					}
				})
				sameNumbers(t, fmt.Sprintf("AvgPool %+v", s), y, wantY, 1e-5)
				sameNumbers(t, fmt.Sprintf("AvgPoolGrad %+v", s), dx, wantDX, 1e-5)
			}
		}
	}
}

// sameNumbers reports numbers that differ by more than the limit; NaN is the same as NaN.
func sameNumbers[T Float](t *testing.T, what string, got, want []T, limit float64) {
	t.Helper()
	for i, v := range want {
		if !(math.Abs(float64(got[i]-v)) <= limit) && got[i] != v && (got[i] == got[i] || v == v) {
			t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], v)
		}
	}
}
