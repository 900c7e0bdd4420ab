package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// tileShapes are shapes that tiles compute: with odd sizes, all kinds of padding and panels that are not full.
var tileShapes = []ConvShape{
	{13, 16, 24, 1, Window{10, 3, 1, 1, 1, 1}, Window{8, 3, 1, 1, 1, 1}},
	{14, 24, 16, 1, Window{9, 3, 1, 1, 2, 0}, Window{8, 3, 1, 1, 0, 2}},
	{3, 16, 16, 1, Window{23, 3, 1, 1, 0, 0}, Window{21, 3, 1, 1, 2, 2}},
	{16, 16, 16, 1, Window{4, 3, 1, 1, 0, 0}, Window{33, 3, 1, 1, 1, 0}},
	{1, 16, 16, 1, Window{37, 3, 1, 1, 1, 1}, Window{30, 3, 1, 1, 0, 0}},
	{90, 16, 24, 1, Window{4, 3, 1, 1, 1, 1}, Window{4, 3, 1, 1, 1, 1}}, // one tile of 4 × 4
	{65, 24, 16, 1, Window{7, 3, 1, 1, 1, 1}, Window{7, 3, 1, 1, 1, 1}},
	{50, 16, 16, 1, Window{7, 3, 1, 1, 2, 0}, Window{5, 3, 1, 1, 1, 1}},
}

// fewShapes are shapes for which only the sum over the batch uses tiles.
var fewShapes = []ConvShape{
	{64, 16, 16, 1, Window{3, 3, 1, 1, 1, 1}, Window{4, 3, 1, 1, 1, 0}},
	{256, 16, 16, 1, Window{1, 3, 1, 1, 1, 1}, Window{1, 3, 1, 1, 1, 1}},
	{256, 16, 16, 1, Window{3, 3, 1, 1, 0, 0}, Window{3, 3, 1, 1, 0, 0}},
	{5, 16, 16, 1, Window{1, 3, 1, 1, 1, 1}, Window{130, 3, 1, 1, 1, 1}},
	{16, 264, 256, 1, Window{7, 3, 1, 1, 1, 1}, Window{7, 3, 1, 1, 1, 1}}, // more weights than pay for few pixels
}

// TestConvTiles compares convolutions by tiles with plain sums, for whole images and bands.
func TestConvTiles(t *testing.T) {
	larger := 0
	for i, s := range slices.Concat(tileShapes, fewShapes) {
		g := s.grid()
		tiles, ok := g.tiling(s.Batch, s.Out)
		if i < len(tileShapes) && tiles.largerEach() {
			larger++
		}
		if each := i < len(tileShapes); !ok || tiles.fasterEach() != each || !tiles.fasterSum() {
			t.Errorf("%+v: tiles for images and for the sum: got %v, %v, want %v, true", s, tiles.fasterEach(), tiles.fasterSum(), each)
		}
	}
	if largeTiles && (larger == 0 || larger == len(tileShapes)) {
		t.Errorf("shapes with tiles of 4 × 4 pixels: got %d of %d, want some and not all", larger, len(tileShapes))
	}
	eachISA(t, func(t *testing.T) {
		testConv[float32](t, tileShapes, 0x1p-23)
		testConv[float32](t, fewShapes[:4], 0x1p-23) // plain sums of the last one take too long
	})
	old := bandElements
	defer func() { bandElements = old }()
	bandElements = 1 << 12
	testConv[float32](t, tileShapes[2:3], 0x1p-23)
}

// TestConvTilesNotFinite checks that numbers that are not finite, or so large that the sums of a tile are not, give the
// result of a plain sum.
func TestConvTilesNotFinite(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(5, 6))
		for _, s := range tileShapes[:2] {
			in, out, weights := s.sizes()
			x, y, w := randomSlice[float32](rng, s.Batch*in), randomSlice[float32](rng, s.Batch*out), randomSlice[float32](rng, weights)
			for i := range w {
				w[i] /= 8
			}
			x[in/2], x[3*in/2], x[5*in/2] = float32(math.Inf(1)), float32(math.NaN()), -float32(math.Inf(1))
			x[7*in/2], x[7*in/2+2] = 3e38, -3e38
			y[out/2+2*s.X.Out()+2], y[5*out/2], y[5*out/2+2] = float32(math.NaN()), 3e38, -3e38
			want, magnitude := plainConv(s, x, y, w)
			got := [3][]float32{make([]float32, len(y)), make([]float32, len(x)), make([]float32, len(w))}
			Conv(nil, s, got[0], x, w, nil)
			ConvInput(nil, s, got[1], y, w, nil)
			ConvWeights(nil, s, got[2], x, y)
			for r := range got {
				special := 0
				for i, v := range got[r] {
					g, want := float64(v), want[r][i]
					if want-want != 0 {
						special++
					}
					m := magnitude[r][i]
					if m <= 1e38 && math.Abs(g-want) <= 0x1p-17*m || g == want || g != g && want != want {
						continue
					}
					if m > 1e38 && m-m == 0 { // depends on the order of the sum
						continue
					}
					t.Fatalf("%d of %+v: element %d: got %v, want %v", r, s, i, g, want)
				}
				if special == 0 {
					t.Errorf("%d of %+v: got no result that is not finite, want some", r, s)
				}
			}
		}
	})
}

// TestConvDivided checks that the workers who divide one image, by its rows or by the outputs, give the bits of one worker, also where a
// number is not finite.
func TestConvDivided(t *testing.T) {
	pools := shortPools(t)
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for _, s := range []ConvShape{
			{1, 16, 232, 1, Window{14, 3, 1, 1, 1, 1}, Window{13, 3, 1, 1, 1, 1}}, // by tiles, divided by outputs
			{1, 16, 48, 1, Window{37, 3, 1, 1, 1, 1}, Window{30, 3, 1, 1, 1, 1}},  // by tiles, divided by rows
			{1, 24, 200, 1, Window{5, 3, 1, 1, 0, 0}, Window{6, 3, 1, 1, 1, 1}},   // by tiles of a small image
			{1, 24, 200, 1, Window{7, 5, 1, 1, 2, 2}, Window{6, 3, 1, 1, 1, 1}},   // by taps, divided by outputs
			{1, 24, 200, 1, Window{13, 5, 2, 1, 1, 1}, Window{12, 3, 2, 1, 1, 1}},
			{1, 8, 40, 1, Window{61, 5, 2, 1, 1, 1}, Window{62, 3, 2, 1, 1, 1}}, // by taps, divided by rows
		} {
			in, out, weights := s.sizes()
			x, w, bias := randomSlice[float32](rng, in), randomSlice[float32](rng, weights), randomSlice[float32](rng, s.Out)
			for _, infinite := range []bool{false, true} {
				if infinite {
					x[in/2] = float32(math.Inf(1))
				}
				for _, ep := range []*Epilogue[float32]{nil, {Bias: bias, Act: ActReLU}, {Bias: bias, Act: ActTanh}} {
					want := make([]float32, out)
					Conv(nil, s, want, x, w, ep)
					for _, p := range pools {
						got := randomSlice[float32](rng, out)
						Conv(p, s, got, x, w, ep)
						sameBits(t, fmt.Sprintf("%+v, infinite %t, epilogue %t, %d workers", s, infinite, ep != nil, p.Workers()), got, want)
					}
				}
			}
		}
	})
}

// TestTileForms compares the forms of the transformations with plain Go, bit by bit, and checks that they write nothing
// else.
func TestTileForms(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for range 50 {
			channels, tiles, gap := 8*(1+rng.IntN(4)), 1+rng.IntN(5), 8*rng.IntN(2)
			size := 2 + 2*rng.IntN(2)
			stride, line := tiles*channels+gap, (size*tiles+2)*channels+gap
			src := randomSlice[float32](rng, 1000+36*stride+9*line)
			end := tileEnd[float32]{relu: rng.IntN(2) == 0}
			if rng.IntN(2) == 0 {
				end.bias = randomSlice[float32](rng, channels)
			}
			turns := []transposition{
				{1 + rng.IntN(20), 1 + rng.IntN(3), 70, 1, 21, 1, 8, 170},
				{1 + rng.IntN(20), 1 + rng.IntN(3), 1, 8, 170, 70, 1, 21},
			}
			for name, f := range map[string]func(dst []float32, plain bool){
				"tilesIn": func(dst []float32, plain bool) {
					pick(plain, plainTilesIn[float32], tilesIn[float32])(size, dst, src, stride, line, channels, tiles)
				},
				"tilesSpread": func(dst []float32, plain bool) {
					pick(plain, plainTilesSpread[float32], tilesSpread[float32])(size, dst, src, stride, line, channels, tiles)
				},
				"tilesOut": func(dst []float32, plain bool) {
					pick(plain, plainTilesOut[float32], tilesOut[float32])(size, dst, src, line, stride, channels, tiles, &end)
				},
				"transformKernels": func(dst []float32, plain bool) {
					pick(plain, plainTransformKernels[float32], transformKernels[float32])(size, dst, src, stride, channels, tiles)
				},
				"restoreKernels": func(dst []float32, plain bool) {
					pick(plain, plainRestoreKernels[float32], restoreKernels[float32])(size, dst, src, stride, channels, tiles)
				},
				"transposeLines in": func(dst []float32, plain bool) {
					pick(plain, plainTranspose[float32], transposeLines[float32])(turns[0], dst, src)
				},
				"transposeLines out": func(dst []float32, plain bool) {
					pick(plain, plainTranspose[float32], transposeLines[float32])(turns[1], dst, src)
				},
			} {
				want, got := make([]float32, len(src)), make([]float32, len(src))
				f(want, true)
				f(got, false)
				sameBits(t, fmt.Sprintf("%s of %d tiles of size %d of %d channels, %+v", name, tiles, size, channels, turns), got, want)
			}
		}
	})
}

func pick[F any](first bool, a, b F) F {
	if first {
		return a
	}
	return b
}
