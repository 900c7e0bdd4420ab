package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestConvPacked: packed weights give the bits that the weights in memory give, and weights packed for another convolution or in
// another form are ignored.
func TestConvPacked(t *testing.T) {
	var stale PackedConv[float32]
	rng := rand.New(rand.NewPCG(11, 12))
	eachISA(t, func(t *testing.T) {
		var packed PackedConv[float32]
		for _, s := range append(convShapes, aloneShapes...) {
			s.Batch = 2
			in, out, weights := s.sizes()
			n := s.Batch * s.Groups
			x, w := randomSlice[float32](rng, n*in), randomSlice[float32](rng, s.Groups*weights)
			ep := &Epilogue[float32]{Bias: randomSlice[float32](rng, s.Out), Act: ActClip, Low: -0.5, High: 1}
			want, got := make([]float32, n*out), make([]float32, n*out)
			Conv(nil, s, want, x, w, ep)
			packed.Pack(nil, s, w)
			for _, p := range pools(t)[:3] {
				for _, c := range []*PackedConv[float32]{&packed, &stale} {
					ConvPacked(p, s, got, x, w, c, ep)
					sameBits(t, fmt.Sprintf("%+v, %d workers", s, p.Workers()), got, want)
				}
			}
			if s.In == 64 {
				other := s
				other.Out += 32
				stale.Pack(nil, other, make([]float32, len(w)/s.Out*other.Out))
			}
		}
	})
	points := ConvShape{1, 64, 96, 1, Window{7, 1, 1, 1, 0, 0}, Window{7, 1, 1, 1, 0, 0}}
	if order := OrderOf[float32](points); (order == ConvOrder{}) != (!tilesPay[float32]() || isa == NEON) {
		t.Fatalf("OrderOf %+v: got %+v", points, order)
	}
	tiles := ConvShape{1, 32, 32, 1, Window{14, 3, 1, 1, 1, 1}, Window{14, 3, 1, 1, 1, 1}}
	if order := OrderOf[float32](tiles); (order == ConvOrder{}) != !tilesPay[float32]() {
		t.Fatalf("OrderOf %+v: got %+v", tiles, order)
	}
}
