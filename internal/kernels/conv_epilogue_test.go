package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestConvEpilogue compares convolutions with an epilogue, in both directions, and with max pooling, with separate kernels
// run one after the other: for all shapes and numbers of workers, with NaN in the input.
func TestConvEpilogue(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testConvEpilogue[float32](t, 1e-5)
		testConvEpilogue[float64](t, 1e-13)
	})
}

func testConvEpilogue[T Float](t *testing.T, limit float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i, s := range convShapes {
		if testing.Short() && i%4 > 0 { // for runs in an emulator
			continue
		}
		in, out, weights := s.sizes()
		n := s.Batch * s.Groups
		x, y, w := randomSlice[T](rng, n*in), randomSlice[T](rng, n*out), randomSlice[T](rng, s.Groups*weights)
		x[len(x)/2], y[len(y)/3] = nan[T](), nan[T]()
		for _, p := range pools(t) {
			for act := ActNone; act <= ActGELU; act++ {
				for _, deriv := range []bool{false, true} {
					if deriv && act >= ActClip {
						continue
					}
					for name, c := range map[string]struct {
						run           func(ep *Epilogue[T]) []T
						channels, len int
					}{
						"Conv":      {func(ep *Epilogue[T]) []T { c := make([]T, len(y)); Conv(p, s, c, x, w, ep); return c }, s.Out, len(y)},
						"ConvInput": {func(ep *Epilogue[T]) []T { c := make([]T, len(x)); ConvInput(p, s, c, y, w, ep); return c }, s.In, len(x)},
					} {
						ep := &Epilogue[T]{Act: act, Slope: 0.1, Low: -0.5, High: 1}
						want := c.run(nil)
						if deriv {
							ep.Deriv = randomSlice[T](rng, c.len)
						} else {
							ep.Bias = randomSlice[T](rng, c.channels)
							pixels := c.len / s.Batch / c.channels
							for i := range want {
								want[i] += ep.Bias[i/pixels%c.channels]
							}
						}
						if act == ActReLU && !deriv {
							ReLU(want, want)
						} else {
							ep.segment(want, 0)
						}
						what := fmt.Sprintf("%s of %+v, activation %v, derivative %v", name, s, act, deriv)
						sameNumbers(t, what, c.run(ep), want, limit*float64(s.depth()+s.Out))
					}
				}
			}
			testConvMaxPool(t, p, s, x, w)
		}
	}
}

// testConvMaxPool compares the kernels that include pooling with separate ones.
func testConvMaxPool[T Float](t *testing.T, p *Pool, s ConvShape, x, w []T) {
	q := PoolShape{s.Batch * s.Out, movingWindow(s.Y.Out(), min(2, s.Y.Out()), 2, 1, 0, 0), movingWindow(s.X.Out(), min(2, s.X.Out()), 2, 1, 0, 0)}
	_, out, _ := s.sizes()
	_, pooled := q.sizes()
	ep := &Epilogue[T]{Act: ActReLU, Bias: make([]T, s.Out)}
	for i := range ep.Bias {
		ep.Bias[i] = T(i)
	}
	between, want, got := make([]T, s.Batch*s.Groups*out), make([]T, q.Planes*pooled), make([]T, q.Planes*pooled)
	Conv(p, s, between, x, w, ep)
	MaxPool(p, q, want, between)
	ConvMaxPool(p, s, q, got, x, w, ep)
	sameBits(t, fmt.Sprintf("ConvMaxPool of %+v", s), got, want)

	wantDW, gotDW, dx := make([]T, len(w)), make([]T, len(w)), make([]T, len(between))
	for _, relu := range []bool{false, true} {
		MaxPoolGrad(p, q, dx, between, got, relu)
		ConvWeights(p, s, wantDW, x, dx)
		ConvWeightsPooled(p, s, q, gotDW, x, between, got, relu)
		sameNumbers(t, fmt.Sprintf("ConvWeightsPooled of %+v", s), gotDW, wantDW, 0)
	}
}

// TestConvClip: a convolution that bounds its result has the bits of one without bounds and Clip after it, whatever the sign of zero.
func TestConvClip(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testConvClip[float32](t)
		testConvClip[float64](t)
	})
}

func testConvClip[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	wide := func(in int) Window { return Window{In: in, Kernel: 1, Stride: 1, Dilation: 1} }
	shapes := append([]ConvShape{{1, 24, 37, 1, wide(17), wide(33)}, {1, 64, 64, 1, wide(14), wide(14)}, {1, 300, 32, 1, wide(7), wide(7)}}, convShapes...)
	for _, s := range shapes {
		in, out, weights := s.sizes()
		x, w := randomSlice[T](rng, s.Batch*s.Groups*in), randomSlice[T](rng, s.Groups*weights)
		x[len(x)/2] = nan[T]()
		want, got := make([]T, s.Batch*s.Groups*out), make([]T, s.Batch*s.Groups*out)
		ep := Epilogue[T]{Bias: randomSlice[T](rng, s.Out)}
		Conv(nil, s, want, x, w, &ep)
		low, high := T(0), T(0.5)
		Clip(want, want, low, high)
		ep.Act, ep.Low, ep.High = ActClip, low, high
		for _, p := range pools(t) {
			Conv(p, s, got, x, w, &ep)
			sameNumbers(t, fmt.Sprintf("%+v", s), got, want, 0)
		}
	}
}
