package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// stridedShapes are strided convolutions in place: with odd sizes, all kinds of padding, panels that are not full and deep products.
var stridedShapes = []ConvShape{
	{3, 16, 24, 1, Window{20, 3, 2, 1, 1, 1}, Window{17, 3, 2, 1, 1, 1}},
	{1, 40, 16, 1, Window{17, 3, 2, 1, 0, 0}, Window{18, 3, 2, 1, 0, 1}},
	{2, 16, 48, 1, Window{4, 3, 2, 1, 2, 0}, Window{5, 3, 2, 1, 0, 2}},
	{1, 104, 104, 1, Window{17, 3, 2, 1, 1, 0}, Window{16, 3, 2, 1, 1, 1}},
	{9, 24, 16, 1, Window{2, 3, 2, 1, 1, 1}, Window{33, 3, 2, 1, 2, 2}},
}

// TestConvStrided compares strided convolutions with plain sums, for whole images and bands.
func TestConvStrided(t *testing.T) {
	forward := 0
	for _, s := range stridedShapes {
		c, ok := s.strided()
		if !ok {
			t.Errorf("%+v: got no strided convolution, want one", s)
		}
		if c.fasterForward() {
			forward++
		}
	}
	if forward == 0 || forward == len(stridedShapes) {
		t.Errorf("shapes computed forward so: got %d of %d, want some and not all", forward, len(stridedShapes))
	}
	eachISA(t, func(t *testing.T) {
		testConv[float32](t, stridedShapes, 0x1p-23)
	})
	old := bandElements
	defer func() { bandElements = old }()
	bandElements = 1 << 10
	testConv[float32](t, stridedShapes, 0x1p-23)
}

// TestConvStridedEpilogue compares the results with an epilogue, and those that are pooled, with separate kernels, for images alone and
// in a batch.
func TestConvStridedEpilogue(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	eachISA(t, func(t *testing.T) {
		for _, s := range stridedShapes {
			in, out, weights := s.sizes()
			x, y, w := randomSlice[float32](rng, s.Batch*in), randomSlice[float32](rng, s.Batch*out), randomSlice[float32](rng, weights)
			bias := randomSlice[float32](rng, max(s.In, s.Out))
			x[in/2], y[out/3] = nan[float32](), float32(math.Inf(1))
			single := s
			single.Batch = 1
			for _, p := range shortPools(t) {
				for _, act := range []Activation{ActNone, ActReLU, ActTanh} {
					for r, n := range []int{out, in} {
						what := fmt.Sprintf("%d of %+v, activation %v", r, s, act)
						run := func(s ConvShape, dst []float32, i int, ep *Epilogue[float32]) {
							if r == 0 {
								Conv(p, s, dst, x[i*in:][:s.Batch*in], w, ep)
							} else {
								ConvInput(p, s, dst, y[i*out:][:s.Batch*out], w, ep)
							}
						}
						channels := []int{s.Out, s.In}[r]
						ep := &Epilogue[float32]{Act: act, Bias: bias[:channels]}
						got, want, one := make([]float32, s.Batch*n), make([]float32, s.Batch*n), make([]float32, n)
						run(s, got, 0, ep)
						run(s, want, 0, nil)
						for i := range want {
							want[i] += ep.Bias[i/(n/channels)%channels]
						}
						if act == ActReLU {
							ReLU(want, want)
						} else {
							ep.segment(want, 0)
						}
						sameNumbers(t, what, got, want, 1e-4)
						for i := range s.Batch {
							run(single, one, i, ep)
							sameBits(t, what, one, got[i*n:][:n])
						}
						ep = &Epilogue[float32]{Act: act, Deriv: randomSlice[float32](rng, s.Batch*n)}
						run(s, got, 0, ep)
						run(s, want, 0, nil)
						ep.segment(want, 0)
						sameNumbers(t, what+", derivative", got, want, 1e-4)
					}
				}
				testConvMaxPool(t, p, s, x, w)
			}
		}
	})
}
