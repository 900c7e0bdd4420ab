package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestConvPair compares ConvPair with one convolution after the other, bit by bit.
func TestConvPair(t *testing.T) {
	if !vectorLines[float32]() {
		t.Skip("the kernels of lines need AVX-512; without it another path computes these convolutions, which TestConv checks")
	}
	rng := rand.New(rand.NewPCG(9, 10))
	trials := 200
	if testing.Short() {
		trials = 40
	}
	epilogues := func(channels int) *Epilogue[float32] {
		return []*Epilogue[float32]{nil, {Bias: randomSlice[float32](rng, channels)}, {Act: ActReLU, Bias: randomSlice[float32](rng, channels)},
			{Act: ActClip, High: 0.5}, {Act: ActTanh}, {Act: ActLeakyReLU, Slope: 0.1}}[rng.IntN(6)]
	}
	done := 0
	for range trials {
		k := 3 + 2*rng.IntN(2)
		plain := func(in int) Window { return Window{In: in, Kernel: 1, Stride: 1, Dilation: 1} }
		window := func(in int) Window {
			return Window{In: in, Kernel: k, Stride: 1 + rng.IntN(2), Dilation: 1, Before: rng.IntN(k + 1), After: k - 1 + rng.IntN(3)}
		}
		height, width := 1+rng.IntN(130), 1+rng.IntN(130)
		first := ConvShape{Batch: 1 + rng.IntN(3), In: 1 + rng.IntN(30), Out: 1 + rng.IntN(40), Groups: 1, Y: plain(height), X: plain(width)}
		second := ConvShape{Batch: first.Batch, In: first.Out, Out: first.Out, Groups: first.Out, Y: window(height), X: window(width)}
		if !ConvPairPays[float32](first, second) {
			continue
		}
		done++
		in, middle, weights := first.sizes()
		_, out, taps := second.sizes()
		x, w, v := randomSlice[float32](rng, first.Batch*in), randomSlice[float32](rng, weights), randomSlice[float32](rng, second.Groups*taps)
		ep, after := epilogues(first.Out), epilogues(first.Out)
		if rng.IntN(4) == 0 {
			x[rng.IntN(len(x))], v[rng.IntN(len(v))], w[rng.IntN(len(w))] = nan[float32](), float32(math.Inf(1)), float32(math.Inf(-1))
		}
		what := fmt.Sprintf("%+v, %+v, epilogues %+v, %+v", first, second, ep, after)
		between, want := make([]float32, first.Batch*middle), make([]float32, first.Batch*second.Groups*out)
		Conv(nil, first, between, x, w, ep)
		Conv(nil, second, want, between, v, after)
		for _, p := range pools(t) {
			got := make([]float32, len(want))
			ConvPair(p, first, second, got, x, w, v, ep, after)
			for i := range want {
				if got[i] != want[i] && (got[i] == got[i] || want[i] == want[i]) {
					t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], want[i])
				}
			}
		}
	}
	if done < trials/2 {
		t.Fatalf("got %d pairs of shapes, want more", done)
	}
}
