package kernels

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// aloneShapes are shapes on either side of each limit that decides how a convolution is computed. The test sets Batch.
var aloneShapes = []ConvShape{
	{0, 16, 16, 1, Window{8, 3, 1, 1, 1, 1}, Window{8, 3, 1, 1, 1, 1}},   // just enough pixels for tiles
	{0, 16, 16, 1, Window{7, 3, 1, 1, 1, 1}, Window{9, 3, 1, 1, 1, 1}},   // one pixel less
	{0, 24, 32, 1, Window{14, 3, 1, 1, 1, 1}, Window{13, 3, 1, 1, 1, 1}}, // several workers divide an image
	{0, 16, 40, 1, Window{9, 3, 1, 1, 0, 0}, Window{9, 3, 1, 1, 0, 0}},   // tiles only for the derivative with respect to the input
	{0, 8, 16, 1, Window{12, 3, 1, 1, 1, 1}, Window{12, 3, 1, 1, 1, 1}},  // few channels
	{0, 32, 16, 2, Window{10, 3, 1, 1, 1, 1}, Window{10, 3, 1, 1, 1, 1}}, // groups
	{0, 16, 16, 1, Window{10, 3, 2, 1, 1, 1}, Window{10, 3, 2, 1, 1, 1}}, // strides
	{0, 32, 32, 1, Window{1, 1, 1, 1, 0, 0}, Window{200, 3, 1, 1, 1, 1}}, // signals
	{0, 1, 32, 1, Window{1, 1, 1, 1, 0, 0}, Window{90, 3, 1, 1, 0, 0}},
	{0, 1, 65, 1, Window{1, 1, 1, 1, 0, 0}, Window{240, 80, 40, 1, 0, 0}}, // with long kernels
	{0, 40, 8, 1, Window{6, 5, 1, 1, 2, 2}, Window{6, 5, 1, 1, 2, 2}},     // a sum in several blocks
	{0, 64, 96, 1, Window{7, 1, 1, 1, 0, 0}, Window{7, 1, 1, 1, 0, 0}},    // points, in panels for two workers and for three
	{0, 64, 160, 1, Window{14, 1, 1, 1, 0, 0}, Window{14, 1, 1, 1, 0, 0}},
	{0, 40, 9, 1, Window{1, 1, 1, 1, 0, 0}, Window{1, 1, 1, 1, 0, 0}}, // a kernel as large as the image
	{0, 3, 5, 1, Window{4, 2, 1, 1, 0, 0}, Window{5, 2, 1, 1, 0, 0}},
}

// TestConvAlone checks in every form that an image's result has the same bits alone and in any batch, for any number of
// workers.
func TestConvAlone(t *testing.T) {
	pools := pools(t)[1:3]
	eachISA(t, func(t *testing.T) {
		for _, s := range aloneShapes {
			testConvAlone[float32](t, pools, s)
			testConvAlone[float64](t, pools, s)
		}
	})
}

func testConvAlone[T Float](t *testing.T, pools []*Pool, s ConvShape) {
	batches := []int{1, 2, 3, 17, 64}
	if testing.Short() { // for runs with the race detector
		batches = batches[:3]
	}
	most := slices.Max(batches)
	rng := rand.New(rand.NewPCG(9, 10))
	in, out, weights := s.sizes()
	in, out = in*s.Groups, out*s.Groups
	x, y, w := randomSlice[T](rng, most*in), randomSlice[T](rng, most*out), randomSlice[T](rng, s.Groups*weights)
	x[in+in/2], y[out+out/2] = nan[T](), nan[T]() // tiles cannot compute this image
	deriv := randomSlice[T](rng, most*in)
	act := &Epilogue[T]{Act: ActReLU, Bias: randomSlice[T](rng, s.Out)}
	q := PoolShape{s.Out, movingWindow(s.Y.Out(), min(2, s.Y.Out()), 2, 1, 0, 0), movingWindow(s.X.Out(), 2, 2, 1, 0, 0)}
	_, pooled := q.sizes()
	pooled *= s.Out
	for name, form := range map[string]struct {
		size int // of an image's result
		run  func(p *Pool, to []T, first, n int)
	}{
		"Conv": {out, func(p *Pool, to []T, first, n int) {
			Conv(p, s.of(n), to, x[first*in:(first+n)*in], w, nil)
		}},
		"Conv, bias and ReLU": {out, func(p *Pool, to []T, first, n int) {
			Conv(p, s.of(n), to, x[first*in:(first+n)*in], w, act)
		}},
		"ConvMaxPool": {pooled, func(p *Pool, to []T, first, n int) {
			q := q
			q.Planes *= n
			ConvMaxPool(p, s.of(n), q, to, x[first*in:(first+n)*in], w, act)
		}},
		"ConvInput": {in, func(p *Pool, to []T, first, n int) {
			ConvInput(p, s.of(n), to, y[first*out:(first+n)*out], w, nil)
		}},
		"ConvInput, derivative": {in, func(p *Pool, to []T, first, n int) {
			ep := &Epilogue[T]{Act: ActReLU, Deriv: deriv[first*in : (first+n)*in]}
			ConvInput(p, s.of(n), to, y[first*out:(first+n)*out], w, ep)
		}},
	} {
		alone := make([]T, most*form.size)
		for i := range most {
			form.run(nil, alone[i*form.size:(i+1)*form.size], i, 1)
		}
		for _, p := range pools {
			for _, n := range batches {
				got := make([]T, n*form.size)
				form.run(p, got, 0, n)
				sameBits(t, fmt.Sprintf("%s of %d × %+v, %d workers", name, n, s, p.Workers()), got, alone[:len(got)])
			}
		}
	}
}

// of returns the shape with a batch of n.
func (s ConvShape) of(n int) ConvShape {
	s.Batch = n
	return s
}
