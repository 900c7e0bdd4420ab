package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tileErrors are bounds of the rounding errors of convolutions by tiles for normally distributed numbers: the root of the mean square
// in multiples of that of plain sums in float32, and the largest in multiples of 2⁻²⁴ times the sum of the terms' magnitudes.
var tileErrors = map[int]struct{ mean, most, weightsMean, weightsMost float64 }{
	2: {1, 4, 1.25, 2},
	4: {2.5, 24, 2.5, 4},
}

// TestTileErrors holds the bounds, for an image of which each element is a sum of many products.
func TestTileErrors(t *testing.T) {
	s := ConvShape{3, 32, 32, 1, Window{16, 3, 1, 1, 1, 1}, Window{16, 3, 1, 1, 1, 1}}
	in, out, weights := s.sizes()
	rng := rand.New(rand.NewPCG(9, 10))
	x, y, w := randomSlice[float32](rng, s.Batch*in), randomSlice[float32](rng, s.Batch*out), randomSlice[float32](rng, weights)
	want, magnitude := plainConv(s, x, y, w)
	g := s.grid()
	small, _ := g.tiling(s.Batch, s.Out)
	run := func(t *testing.T, r int, tiles *tiling) (mean, most float64) {
		got := make([]float32, len(want[r]))
		switch {
		case tiles == nil && r == 0:
			Conv(nil, s, got, x, w, nil)
		case tiles == nil:
			ConvWeights(nil, s, got, x, y)
		case r == 0:
			_, _, size := tiles.panels(tilePanel[float32]())
			p := tileProduct[float32]{tiling: *tiles, weights: make([]float32, size)}
			transformWeights(nil, *tiles, p.weights, w)
			if bad := p.compute(got, x, nil, false, s.Batch, 0, tiles.down); bad != 0 {
				t.Fatalf("got the images %b with numbers that are not finite, want none", bad)
			}
		default:
			sum := tileSum[float32]{*tiles, x, outputs[float32]{dy: y, size: out}}
			if !tileWeights(nil, sum, s.Batch, got) {
				t.Fatal("got a number that is not finite, want none")
			}
		}
		for i, v := range got {
			d := math.Abs(float64(v) - want[r][i])
			mean += d * d / float64(len(got))
			most = max(most, d/magnitude[r][i]*0x1p24)
		}
		return math.Sqrt(mean), most
	}
	old := isa
	defer useISA(old)
	useISA(Generic)
	plain, _ := run(t, 0, nil)
	plainWeights, _ := run(t, 2, nil)
	eachISA(t, func(t *testing.T) {
		for size, bound := range tileErrors {
			tiles := small.sized(size)
			t.Run(fmt.Sprint(size), func(t *testing.T) {
				mean, most := run(t, 0, &tiles)
				weightsMean, weightsMost := run(t, 2, &tiles)
				mean, weightsMean = mean/plain, weightsMean/plainWeights
				t.Logf("errors: %.2f, at most %.2f; of the weights %.2f, at most %.2f", mean, most, weightsMean, weightsMost)
				if !(mean <= bound.mean && most <= bound.most && weightsMean <= bound.weightsMean && weightsMost <= bound.weightsMost) {
					t.Errorf("errors: got %.2f, at most %.2f; of the weights %.2f, at most %.2f; want %+v", mean, most, weightsMean, weightsMost, bound)
				}
			})
		}
	})
}

// TestTilesTogether checks that an image's result has the same bits whatever images are beside it, if several are computed at once,
// and that a number that is not finite stays in its image.
func TestTilesTogether(t *testing.T) {
	s := ConvShape{25, 16, 24, 1, Window{8, 3, 1, 1, 1, 1}, Window{9, 3, 1, 1, 1, 1}}
	in, out, weights := s.sizes()
	rng := rand.New(rand.NewPCG(11, 12))
	x, w := randomSlice[float32](rng, s.Batch*in), randomSlice[float32](rng, weights)
	x[2*in+5], x[7*in-1] = nan[float32](), float32(math.Inf(1))
	eachISA(t, func(t *testing.T) {
		ep := &Epilogue[float32]{Act: ActTanh, Bias: randomSlice[float32](rng, s.Out)}
		for _, p := range pools(t) {
			all, one := make([]float32, s.Batch*out), make([]float32, out)
			Conv(p, s, all, x, w, ep)
			for i := range s.Batch {
				single := s
				single.Batch = 1
				Conv(p, single, one, x[i*in:][:in], w, ep)
				sameBits(t, fmt.Sprintf("image %d", i), all[i*out:][:out], one)
			}
		}
	})
}
