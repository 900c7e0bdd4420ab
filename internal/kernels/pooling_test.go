package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var poolShapes = []PoolShape{
	{1, movingWindow(1, 1, 1, 1, 0, 0), movingWindow(1, 1, 1, 1, 0, 0)},
	{7, movingWindow(6, 2, 2, 1, 0, 0), movingWindow(5, 2, 2, 1, 0, 0)},
	{7, movingWindow(3, 1, 1, 1, 0, 0), movingWindow(7, 2, 2, 1, 0, 0)},
	{3, movingWindow(7, 3, 2, 1, 0, 0), movingWindow(9, 3, 1, 1, 0, 0)},
	{3, movingWindow(7, 3, 2, 1, 1, 1), movingWindow(6, 3, 2, 1, 1, 1)},
	{2, movingWindow(8, 2, 1, 3, 1, 2), movingWindow(7, 3, 3, 2, 2, 0)},
	{40, movingWindow(1, 1, 1, 1, 0, 0), movingWindow(254, 2, 2, 1, 0, 0)},
	{2, movingWindow(1, 1, 1, 1, 0, 0), movingWindow(2, 1, 1, 1, 2, 1)}, // windows that are all padding
	{3, movingWindow(6, 2, 2, 1, 0, 0), movingWindow(28, 2, 2, 1, 0, 0)},
	{3, movingWindow(5, 2, 2, 1, 0, 0), movingWindow(33, 2, 2, 1, 0, 0)},
	{2, movingWindow(3, 1, 1, 1, 0, 0), movingWindow(17, 2, 2, 1, 0, 0)},
	{3, movingWindow(4, 2, 2, 1, 0, 0), movingWindow(14, 2, 2, 1, 0, 0)},
	{3, movingWindow(6, 2, 2, 1, 0, 0), movingWindow(9, 2, 2, 1, 0, 0)},
	{3, movingWindow(6, 2, 2, 1, 1, 1), movingWindow(9, 2, 2, 1, 1, 0)},
	{3, movingWindow(8, 2, 3, 1, 0, 1), movingWindow(8, 2, 3, 1, 2, 2)},
	{2, movingWindow(2, 2, 2, 1, 1, 1), movingWindow(4, 5, 5, 1, 3, 3)}, // no window is inside the image
	{3, bins(7, 3), bins(10, 4)},
	{5, bins(28, 5), bins(28, 5)},
	{2, bins(9, 2), bins(50, 3)}, // windows of more columns than a vector has
	{2, bins(3, 2), bins(16, 2)},
	{2, movingWindow(1, 1, 1, 1, 0, 0), bins(512, 7)}, // of many columns, some of two windows
	{2, movingWindow(5, 2, 2, 1, 0, 0), bins(90, 5)},
	{2, movingWindow(5, 3, 1, 1, 1, 1), movingWindow(61, 20, 7, 1, 6, 9)},
	{2, movingWindow(3, 1, 1, 1, 0, 0), movingWindow(90, 17, 30, 1, 2, 0)}, // with columns of no window between them
	{3, bins(3, 5), bins(4, 4)},
	{2, bins(9, 1), movingWindow(8, 3, 2, 1, 1, 1)},
	{2, movingWindow(4, 2, 2, 1, 0, 0), bins(1, 3)},
	{3, movingWindow(6, 3, 2, 1, 0, 0).Ceil(), movingWindow(8, 3, 2, 1, 0, 0).Ceil()},
	{2, movingWindow(5, 2, 2, 1, 0, 0).Ceil(), movingWindow(7, 2, 2, 1, 1, 1).Ceil()},
	{2, movingWindow(9, 3, 4, 2, 1, 1).Ceil(), movingWindow(19, 3, 4, 1, 1, 1).Ceil()},
	{2, movingWindow(70, 3, 2, 1, 1, 1), movingWindow(61, 3, 2, 1, 1, 1)}, // in several blocks
	{1, movingWindow(1, 1, 1, 1, 0, 0), movingWindow(3000, 5, 1, 2, 4, 4)},
	{0, movingWindow(2, 2, 2, 1, 0, 0), movingWindow(2, 2, 2, 1, 0, 0)},
}

// movingWindow returns a window with the fields of Window.
func movingWindow(in, kernel, stride, dilation, before, after int) PoolWindow {
	return PoolWindow{Window: Window{in, kernel, stride, dilation, before, after}}
}

// bins returns the windows of adaptive pooling.
func bins(in, n int) PoolWindow { return PoolWindow{Window: Window{in, 1, 1, 1, 0, 0}, Bins: n} }

// elements returns the indices of the elements inside a window at a position, and how many are inside the padded image.
func (w PoolWindow) elements(o int) (list []int, padded int) {
	if w.Bins > 0 {
		for i := range w.In {
			if (i+1)*w.Bins > o*w.In && i*w.Bins < (o+1)*w.In { // they overlap
				list = append(list, i)
			}
		}
		return list, len(list)
	}
	for k := range w.Kernel {
		i := o*w.Stride + k*w.Dilation - w.Before
		if i >= 0 && i < w.In {
			list = append(list, i)
		}
		if i < w.In+w.After {
			padded++
		}
	}
	return list, padded
}

// window returns the indices of the elements in a window, and how many are inside the padded image.
func (s PoolShape) window(oy, ox int) (list []int, padded int) {
	rows, height := s.Y.elements(oy)
	columns, width := s.X.elements(ox)
	for _, y := range rows {
		for _, x := range columns {
			list = append(list, y*s.X.In+x)
		}
	}
	return list, height * width
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
			v[len(v)/2], v[len(v)/5], v[len(v)/7] = nan[T](), T(math.Inf(1)), T(math.Inf(-1))
			dy[len(dy)/2], dy[len(dy)/5], dy[len(dy)/7] = nan[T](), T(math.Inf(1)), T(math.Inf(-1))
		}
		for _, p := range pools(t) {
			y, picked, dx := randomSlice[T](rng, len(dy)), randomSlice[T](rng, len(dy)), randomSlice[T](rng, len(x))
			MaxPool(p, s, y, x)
			MaxPoolPick(p, s, picked, x, v)
			MaxPoolGrad(p, s, dx, x, dy, false)
			wantY, wantPicked, wantDX := make([]T, len(y)), make([]T, len(y)), make([]T, len(x))
			s.each(func(i, position, oy, ox int) {
				best := -1
				list, _ := s.window(oy, ox)
				for _, at := range list {
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
				s.each(func(i, position, oy, ox int) {
					list, all := s.window(oy, ox)
					n := T(max(1, len(list)))
					if padded {
						n = T(all)
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

// TestCeil: the number of positions is PyTorch's.
func TestCeil(t *testing.T) {
	for _, r := range []struct {
		w    PoolWindow
		want int
	}{
		{movingWindow(6, 3, 2, 1, 0, 0), 3},
		{movingWindow(7, 3, 2, 1, 0, 0), 3},
		{movingWindow(5, 2, 2, 1, 1, 1), 3}, // the fourth window would begin in the padding at the end
		{movingWindow(7, 2, 2, 1, 1, 1), 4},
		{movingWindow(5, 1, 4, 1, 0, 0), 2},
		{movingWindow(6, 1, 4, 1, 0, 0), 2}, // the third window would begin behind the elements
		{movingWindow(9, 3, 4, 2, 1, 1), 3},
	} {
		if got := r.w.Ceil().Out(); got != r.want {
			t.Errorf("%+v: got %d positions, want %d", r.w, got, r.want)
		}
	}
}

// each calls f for each plane and position of the window.
func (s PoolShape) each(f func(plane, position, oy, ox int)) {
	for i := range s.Planes {
		position := 0
		for oy := range s.Y.Out() {
			for ox := range s.X.Out() {
				f(i, position, oy, ox)
				position++
			}
		}
	}
}

// TestEmptyWindow: Empty finds the windows that have no element of the image, for all small windows.
func TestEmptyWindow(t *testing.T) {
	empty := 0
	for i := range 4 * 4 * 3 * 5 * 9 * 9 {
		next := func(n int) int { k := i % n; i /= n; return k }
		w := PoolWindow{Window: Window{In: 1 + next(4), Kernel: 1 + next(4), Stride: 1 + next(3), Dilation: 1 + next(5)}}
		if w.Before, w.After = next(9), next(9); w.Before >= w.Extent() || w.After >= w.Extent() || w.Check() != nil {
			continue
		}
		for _, w := range []PoolWindow{w, w.Ceil()} {
			want := -1
			for o := w.Out() - 1; o >= 0; o-- {
				if from, to, _ := w.span(o); from >= to {
					want = o
				}
			}
			if got := w.Empty(); got != want {
				t.Fatalf("%+v: got %d, want %d", w, got, want)
			}
			if want >= 0 {
				empty++
			}
		}
	}
	if empty == 0 {
		t.Error("got no window without elements, want some")
	}
}
