package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestConvLines compares the kernels that read planes in place with frames.
// The shapes have all numbers of lines that a kernel takes at once, lines of one element to several blocks, borders wider than the
// plane, and numbers that are not finite.
func TestConvLines(t *testing.T) {
	if !vectorLines[float32]() {
		t.Skip("the kernels of lines need AVX-512; without it another path computes these convolutions, which TestConv checks")
	}
	rng := rand.New(rand.NewPCG(7, 8))
	trials := 400
	if testing.Short() {
		trials = 60
	}
	for range trials {
		k := 3 + 2*rng.IntN(2)
		window := func(in int) Window {
			return Window{In: in, Kernel: k, Stride: 1 + rng.IntN(2), Dilation: 1, Before: rng.IntN(k + 1), After: k - 1 + rng.IntN(3)}
		}
		s := ConvShape{Batch: 1 + rng.IntN(3), Y: window(1 + rng.IntN(20)), X: window(1 + rng.IntN(70))}
		s.In = 2 + rng.IntN(4)
		s.Out, s.Groups = s.In, s.In
		in, out, weights := s.sizes()
		n := s.Batch * s.Groups
		x, dy, w := randomSlice[float32](rng, n*in), randomSlice[float32](rng, n*out), randomSlice[float32](rng, s.Groups*weights)
		if rng.IntN(4) == 0 {
			x[rng.IntN(len(x))], dy[rng.IntN(len(dy))], w[rng.IntN(len(w))] = nan[float32](), float32(math.Inf(1)), float32(math.Inf(-1))
		}
		ep := []*Epilogue[float32]{nil, {Bias: randomSlice[float32](rng, s.In)}, {Act: ActReLU, Bias: randomSlice[float32](rng, s.In)},
			{Act: ActClip, Low: -0.5, High: 1}, {Act: ActTanh}, {Act: ActSigmoid, Deriv: dy}}[rng.IntN(6)]
		what := fmt.Sprintf("%+v, epilogue %+v", s, ep)
		want, got := make([]float32, len(dy)), make([]float32, len(dy))
		convPlanes(nil, s, false, want, x, w, ep)
		for _, p := range pools(t) {
			if !convLines(p, s, got, x, w, ep) {
				t.Fatalf("%s: got no kernel, want one", what)
			}
			sameNumbers(t, what, got, want, 1e-5)
		}
		if ep != nil && ep.Deriv != nil {
			ep = nil
		}
		want, got = make([]float32, len(x)), make([]float32, len(x))
		convPlanes(nil, s, true, want, dy, w, ep)
		for _, p := range pools(t) {
			if convLinesInput(p, s, got, dy, w, ep) {
				sameNumbers(t, what+" by the input", got, want, 1e-5)
			}
		}
	}
}
