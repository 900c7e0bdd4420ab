package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// convShapes are shapes with strides, dilations, groups, paddings and odd sizes.
var convShapes = []ConvShape{
	{1, 1, 1, 1, Window{1, 1, 1, 1, 0, 0}, Window{1, 1, 1, 1, 0, 0}},
	{3, 2, 3, 1, Window{7, 3, 1, 1, 0, 0}, Window{6, 2, 1, 1, 0, 0}},
	{3, 2, 3, 1, Window{7, 3, 2, 1, 1, 1}, Window{6, 2, 2, 1, 1, 1}},
	{2, 2, 5, 1, Window{7, 3, 1, 2, 2, 2}, Window{9, 2, 1, 3, 2, 1}},
	{11, 4, 6, 2, Window{5, 3, 1, 1, 1, 1}, Window{5, 3, 1, 1, 1, 1}},
	{2, 3, 3, 3, Window{5, 3, 2, 2, 3, 1}, Window{8, 2, 3, 1, 0, 2}},
	{2, 3, 6, 3, Window{9, 2, 3, 1, 0, 0}, Window{10, 1, 4, 1, 0, 0}},
	{2, 1, 33, 1, Window{1, 1, 1, 1, 0, 0}, Window{70, 3, 1, 1, 0, 0}},
	{2, 1, 2, 1, Window{1, 1, 1, 1, 0, 0}, Window{3, 3, 5, 1, 4, 4}},
	{3, 35, 20, 1, Window{9, 3, 1, 1, 1, 1}, Window{11, 3, 1, 1, 1, 1}},
	{3, 70, 40, 1, Window{5, 1, 1, 1, 0, 0}, Window{7, 1, 1, 1, 0, 0}}, // points
	{2, 290, 72, 1, Window{3, 1, 1, 1, 0, 0}, Window{3, 1, 1, 1, 0, 0}},
	{3, 6, 4, 2, Window{3, 3, 1, 1, 0, 0}, Window{2, 2, 1, 1, 0, 0}}, // a kernel as large as the image
	{1, 2, 3, 1, Window{28, 5, 2, 1, 2, 2}, Window{29, 5, 2, 1, 2, 2}},
	{2, 2, 2, 1, Window{2, 1, 1, 1, 3, 3}, Window{2, 2, 2, 1, 3, 4}},
	{16, 16, 16, 1, Window{7, 3, 1, 1, 1, 1}, Window{8, 3, 1, 1, 1, 1}},
	{3, 5, 5, 5, Window{9, 3, 1, 1, 1, 1}, Window{21, 3, 1, 1, 1, 1}}, // and more by channel
	{2, 4, 4, 4, Window{12, 3, 2, 1, 1, 1}, Window{19, 5, 2, 1, 2, 2}},
	{11, 4, 4, 4, Window{6, 3, 1, 1, 1, 1}, Window{8, 3, 1, 1, 1, 1}}, // with a kernel of 3×3
	{3, 3, 3, 3, Window{5, 3, 1, 1, 0, 2}, Window{29, 3, 1, 1, 2, 0}},
	{2, 2, 2, 2, Window{8, 3, 1, 1, 2, 1}, Window{13, 3, 1, 1, 0, 0}},
	{9, 3, 3, 3, Window{8, 3, 2, 1, 1, 1}, Window{16, 3, 2, 1, 1, 1}},
	{2, 2, 2, 2, Window{7, 3, 2, 1, 1, 0}, Window{38, 3, 2, 1, 1, 0}},
	{2, 3, 3, 3, Window{6, 3, 2, 1, 0, 1}, Window{22, 3, 2, 1, 0, 1}},
	{2, 2, 2, 2, Window{9, 3, 2, 1, 2, 2}, Window{40, 3, 2, 1, 2, 2}},
	{2, 2, 2, 2, Window{4, 3, 2, 1, 1, 2}, Window{33, 3, 2, 1, 2, 1}},
	{2, 2, 2, 2, Window{1, 3, 1, 1, 1, 1}, Window{70, 3, 1, 1, 1, 1}},
	{1, 2, 2, 2, Window{2, 3, 2, 1, 2, 2}, Window{18, 3, 2, 1, 2, 0}},
	{2, 3, 3, 3, Window{9, 5, 1, 2, 4, 4}, Window{9, 3, 3, 2, 2, 0}},
	{1, 2, 2, 2, Window{1, 1, 1, 1, 0, 0}, Window{40, 7, 2, 1, 3, 3}},
	{2, 20, 12, 1, Window{5, 1, 1, 1, 0, 0}, Window{6, 1, 1, 1, 0, 0}}, // pointwise
	{2, 12, 20, 2, Window{5, 1, 2, 1, 0, 0}, Window{6, 1, 2, 1, 0, 0}},
	{3, 5, 20, 1, Window{8, 1, 2, 1, 0, 0}, Window{36, 1, 2, 1, 0, 0}}, // every second pixel of every second line
	{2, 5, 7, 1, Window{7, 1, 2, 1, 0, 0}, Window{32, 1, 2, 1, 0, 0}},
	{5, 70, 40, 1, Window{9, 1, 2, 1, 0, 0}, Window{8, 1, 2, 1, 0, 0}},
	{3, 4, 6, 2, Window{7, 1, 3, 1, 0, 0}, Window{8, 1, 3, 1, 0, 0}},
	{3, 4, 6, 2, Window{7, 1, 2, 1, 0, 0}, Window{8, 1, 1, 1, 0, 0}},
	{3, 4, 4, 4, Window{7, 1, 3, 1, 0, 0}, Window{8, 1, 4, 1, 0, 0}},
	{2, 3, 5, 1, Window{4, 1, 2, 1, 2, 1}, Window{16, 1, 2, 1, 0, 0}},
	{2, 3, 5, 1, Window{1, 1, 3, 1, 1, 1}, Window{2, 1, 1, 1, 0, 0}},      // only zeros around the image
	{3, 1, 37, 1, Window{1, 1, 1, 1, 0, 0}, Window{200, 64, 31, 1, 0, 0}}, // signals
	{2, 1, 70, 1, Window{3, 1, 2, 1, 0, 0}, Window{163, 65, 20, 1, 0, 3}},
	{1, 1, 33, 1, Window{1, 1, 1, 1, 0, 0}, Window{90, 90, 1, 1, 0, 0}},
	{1, 8, 9, 1, Window{1, 1, 1, 1, 0, 0}, Window{128, 65, 1, 1, 0, 0}},   // two workers get as many pixels of the input as the result has
	{2, 1, 33, 1, Window{1, 1, 1, 1, 0, 0}, Window{150, 64, 21, 1, 1, 0}}, // the kernel meets zeros, or elements apart
	{2, 1, 33, 1, Window{1, 1, 1, 1, 0, 0}, Window{150, 64, 21, 2, 0, 0}},
}

// plainConv computes the three results of a convolution term by term, and the sums of the terms' magnitudes.
func plainConv[T Float](s ConvShape, x, y, w []T) (results, magnitudes [3][]float64) {
	for i, n := range []int{len(y), len(x), len(w)} {
		results[i], magnitudes[i] = make([]float64, n), make([]float64, n)
	}
	add := func(r, at int, v float64) {
		results[r][at] += v
		magnitudes[r][at] += math.Abs(v)
	}
	in, out := s.In/s.Groups, s.Out/s.Groups
	for n := range s.Batch {
		for o := range s.Out {
			for i := range in {
				for oy := range s.Y.Out() {
					for ox := range s.X.Out() {
						for ky := range s.Y.Kernel {
							for kx := range s.X.Kernel {
								iy, ix := oy*s.Y.Stride+ky*s.Y.Dilation-s.Y.Before, ox*s.X.Stride+kx*s.X.Dilation-s.X.Before
								if iy < 0 || iy >= s.Y.In || ix < 0 || ix >= s.X.In {
									continue
								}
								ai := ((n*s.In+o/out*in+i)*s.Y.In+iy)*s.X.In + ix
								ao := ((n*s.Out+o)*s.Y.Out()+oy)*s.X.Out() + ox
								aw := ((o*in+i)*s.Y.Kernel+ky)*s.X.Kernel + kx
								add(0, ao, float64(x[ai])*float64(w[aw]))
								add(1, ai, float64(y[ao])*float64(w[aw]))
								add(2, aw, float64(x[ai])*float64(y[ao]))
							}
						}
					}
				}
			}
		}
	}
	return results, magnitudes
}

func randomSlice[T Float](rng *rand.Rand, n int) []T {
	s := make([]T, n+1)[1:] // not aligned
	for i := range s {
		s[i] = T(rng.NormFloat64())
	}
	return s
}

func TestConv(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testConv[float32](t, convShapes, 0x1p-23)
		testConv[float64](t, convShapes, 0x1p-52)
	})
}

// TestConvCut cuts small images into as many pieces as large ones.
func TestConvCut(t *testing.T) {
	old := columnBytes
	defer func() { columnBytes = old }()
	for _, columnBytes = range []int{1 << 10, 3 << 10} {
		testConv[float32](t, convShapes, 0x1p-23)
	}
}

func testConv[T Float](t *testing.T, shapes []ConvShape, epsilon float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range shapes {
		in, out, weights := s.sizes()
		n := s.Batch * s.Groups
		x, y, w := randomSlice[T](rng, n*in), randomSlice[T](rng, n*out), randomSlice[T](rng, s.Groups*weights)
		want, magnitude := plainConv(s, x, y, w)
		var first [3][]T
		for _, p := range pools(t) {
			got := [3][]T{randomSlice[T](rng, len(y)), randomSlice[T](rng, len(x)), randomSlice[T](rng, len(w))}
			Conv(p, s, got[0], x, w, nil)
			ConvInput(p, s, got[1], y, w, nil)
			ConvWeights(p, s, got[2], x, y)
			for r, name := range []string{"Conv", "ConvInput", "ConvWeights"} {
				if first[r] == nil {
					first[r] = got[r]
					for i, v := range got[r] {
						if d := math.Abs(float64(v) - want[r][i]); !(d <= 64*epsilon*magnitude[r][i]) {
							t.Fatalf("%s of %+v: element %d: got %v, want %v", name, s, i, v, want[r][i])
						}
					}
				}
				sameBits(t, fmt.Sprintf("%s of %+v", name, s), got[r], first[r])
			}
		}
	}
}

// TestConvInputInfinite checks that an infinite weight does not affect the elements between strides, which it does not
// meet.
func TestConvInputInfinite(t *testing.T) {
	s := ConvShape{1, 1, 1, 1, Window{1, 1, 1, 1, 0, 0}, Window{4, 1, 2, 1, 0, 0}}
	dx := make([]float32, 4)
	ConvInput(nil, s, dx, []float32{1, -1}, []float32{float32(math.Inf(1))}, nil)
	if want := []float64{math.Inf(1), 0, math.Inf(-1), 0}; fmt.Sprint(dx) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", dx, want)
	}
}
