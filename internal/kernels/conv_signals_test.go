package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestConvSignals compares convolutions of signals with the columns of each image, which sum in the same order: the bits are the same,
// also of NaN and infinities, with weights packed or not, and with a bias of zeros.
func TestConvSignals(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testConvSignals[float32](t)
		testConvSignals[float64](t)
	})
}

func testConvSignals[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	pools, trials, done := pools(t)[:4], 40, 0
	if testing.Short() { // for runs in an emulator
		trials = 20
	}
	for range trials {
		kernel := signalTaps + rng.IntN(200)
		s := ConvShape{Batch: 1 + rng.IntN(5), In: 1, Out: 1 + rng.IntN(100), Groups: 1,
			Y: Window{In: 1 + rng.IntN(4), Kernel: 1, Stride: 1 + rng.IntN(2), Dilation: 1},
			X: Window{In: kernel + rng.IntN(600), Kernel: kernel, Stride: 1 + rng.IntN(90), Dilation: 1}}
		in, out, weights := s.sizes()
		x, w, want := randomSlice[T](rng, s.Batch*in), randomSlice[T](rng, weights), make([]T, s.Batch*out)
		x[rng.IntN(len(x))], x[rng.IntN(len(x))], w[rng.IntN(len(w))] = nan[T](), T(math.Inf(1)), 0
		ep := &Epilogue[T]{Act: []Activation{ActNone, ActReLU, ActTanh}[rng.IntN(3)]}
		plain := newTapProduct(s, ep)
		columns := borrowColumns[T](&plain.grid)
		for i := range s.Batch {
			plain.image(nil, columns, want[i*out:(i+1)*out], x[i*in:(i+1)*in], w, nil, i*out)
		}
		columns.free()
		if SignalsPay[T](s) {
			done++
		}
		var packed PackedConv[T]
		packed.Pack(nil, s, w)
		biased := *ep
		biased.Bias = make([]T, s.Out)
		for _, p := range pools {
			for _, packed := range []*PackedConv[T]{nil, &packed} {
				for _, ep := range []*Epilogue[T]{ep, &biased} {
					got := make([]T, len(want))
					ConvPacked(p, s, got, x, w, packed, ep)
					sameNumbers(t, fmt.Sprintf("%+v, %+v, %d workers", s, *ep, p.Workers()), got, want, 0)
				}
			}
		}
	}
	if (isa == AVX2 || isa == AVX512) != (done > 0) {
		t.Fatalf("got %d convolutions of signals of 40, want some in AVX2 and AVX-512 and none in other forms", done)
	}
}
