package datasets

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// blanks returns n images of width pixels. No pixel has a value that noise can have, and the first pixel numbers the image.
func blanks[T graph.Float](n, width int) graph.Arrays {
	x := make([]T, n*width)
	for i := range x {
		x[i] = 2
		if i%width == 0 {
			x[i] = T(2 + i/width)
		}
	}
	return graph.Arrays{X: dense(x, n, width)}
}

// noisyRows makes a pass, and returns the noisy images by the number of the clean image, and the order of these numbers.
func noisyRows[T graph.Float](t *testing.T, p PixelNoise, size int, rng *rand.Rand) (rows map[int][]T, order []int) {
	t.Helper()
	rows = map[int][]T{}
	for b, err := range p.Batches(size, rng) {
		require.NoError(t, err)
		require.True(t, b.X.Shape().Eq(b.Y.Shape()))
		x, y, width := b.X.Data().([]T), b.Y.Data().([]T), b.X.Shape()[1]
		for i := range b.X.Shape()[0] {
			k := int(y[i*width]) - 2
			rows[k] = append([]T(nil), x[i*width:][:width]...)
			order = append(order, k)
			for j, v := range y[i*width+1:][:width-1] {
				if v != 2 {
					t.Fatalf("pixel %d of the target is %v, want it clean", j+1, v)
				}
			}
		}
	}
	return rows, order
}

// replaced returns the fraction of replaced pixels in a row of blanks, and their mean and mean square.
func replaced[T graph.Float](t *testing.T, row []T) (fraction, mean, square float64) {
	n := 0.
	for _, v := range row {
		if v >= 2 {
			continue
		}
		if !(v >= 0 && v < 1) {
			t.Fatalf("noise of %v, want it in [0,1)", v)
		}
		n++
		mean += float64(v)
		square += float64(v) * float64(v)
	}
	return n / float64(len(row)), mean / n, square / n
}

func TestPixelNoiseAmount(t *testing.T) {
	t.Run("float32", testAmount[float32])
	t.Run("float64", testAmount[float64])
}

func testAmount[T graph.Float](t *testing.T) {
	for _, amount := range []float64{0, 0.01, 0.8, 1} {
		p := PixelNoise{Clean: blanks[T](20, 2_001), Amount: amount}
		for _, rng := range []*rand.Rand{nil, rand.New(rand.NewPCG(1, 2))} {
			rows, _ := noisyRows[T](t, p, 7, rng)
			require.Len(t, rows, 20)
			var all []T
			for _, r := range rows {
				all = append(all, r...)
			}
			fraction, mean, square := replaced(t, all)
			if amount == 0 || amount == 1 {
				assert.Equal(t, amount, fraction)
			}
			// The tolerance is five standard deviations, with amount·n replaced pixels of n.
			n := float64(len(all))
			assert.InDelta(t, amount, fraction, 5*sqrt(amount*(1-amount)/n))
			if amount > 0 {
				assert.InDelta(t, 1./2, mean, 5*sqrt(1./12/(amount*n)))
				assert.InDelta(t, 1./3, square, 5*sqrt(4./45/(amount*n)))
			}
		}
	}
}

// TestPixelNoiseUpTo checks that the amounts of the images are uniform in their range.
func TestPixelNoiseUpTo(t *testing.T) {
	const n = 400
	p := PixelNoise{Clean: blanks[float32](n, 500), Amount: 0.2, UpTo: 1}
	rows, _ := noisyRows[float32](t, p, 64, rand.New(rand.NewPCG(1, 2)))
	var mean, square, low, high float64
	low = 1
	for _, r := range rows {
		fraction, _, _ := replaced(t, r)
		mean += fraction / n
		square += fraction * fraction / n
		low, high = min(low, fraction), max(high, fraction)
	}
	assert.InDelta(t, 0.6, mean, 5*0.8/sqrt(12*n))
	assert.InDelta(t, 0.8/sqrt(12), sqrt(square-mean*mean), 0.03)
	assert.InDelta(t, 0.2, low, 0.06)
	assert.InDelta(t, 1, high, 0.02)
}

// TestPixelNoiseSkew checks the fraction of amounts below a limit against that of powers of uniform numbers.
func TestPixelNoiseSkew(t *testing.T) {
	const n = 600
	for _, skew := range []int{1, 2} {
		p := PixelNoise{Clean: blanks[float64](n, 400), UpTo: 0.8, Skew: skew}
		rows, _ := noisyRows[float64](t, p, 64, rand.New(rand.NewPCG(5, 6)))
		var below float64
		for _, r := range rows {
			if fraction, _, _ := replaced(t, r); fraction < 0.2 { // a quarter of UpTo
				below += 1. / n
			}
		}
		want := math.Pow(0.25, 1/float64(1+skew))
		assert.InDelta(t, want, below, 5*sqrt(want*(1-want)/n), "Skew %d", skew)
	}
}

func TestPixelNoisePasses(t *testing.T) {
	seeded := func() *rand.Rand { return rand.New(rand.NewPCG(3, 4)) }
	p := PixelNoise{Clean: blanks[float32](50, 33), Amount: 0.5, UpTo: 0.9}
	require.Equal(t, 50, p.Len())

	// Without a rng the noise is the same in every pass, for any batch size.
	fixed, order := noisyRows[float32](t, p, 8, nil)
	again, _ := noisyRows[float32](t, p, 0, nil)
	assert.Equal(t, fixed, again)
	assert.Equal(t, 49, order[49])

	// With a rng it is drawn anew in every pass; the same seed gives the same noise, for any batch size.
	rng := seeded()
	first, order := noisyRows[float32](t, p, 8, rng)
	second, _ := noisyRows[float32](t, p, 8, rng)
	repeated, _ := noisyRows[float32](t, p, 50, seeded())
	assert.NotEqual(t, fixed, first)
	assert.NotEqual(t, first, second)
	assert.Equal(t, first, repeated)
	assert.NotEqual(t, 49, order[49])

	// Fixed keeps the noise of each image in any order.
	p.Fixed = true
	shuffled, order := noisyRows[float32](t, p, 8, seeded())
	assert.Equal(t, fixed, shuffled)
	assert.NotEqual(t, 49, order[49])

	// Another Seed gives other noise.
	p.Seed = 1
	other, _ := noisyRows[float32](t, p, 8, nil)
	assert.NotEqual(t, fixed, other)

	// No two images have the same noise, with or without a rng.
	for _, rows := range []map[int][]float32{fixed, first} {
		seen := map[float32]bool{}
		for _, r := range rows {
			for _, v := range r {
				if v < 2 && seen[v] {
					t.Errorf("%v is in two images", v)
				}
				seen[v] = v < 2
			}
		}
	}
}

// TestPixelNoiseShape checks that the noisy images have the shape of the clean ones, also in a smaller last batch.
func TestPixelNoiseShape(t *testing.T) {
	clean := graph.Arrays{X: dense(make([]float32, 5*6), 5, 1, 2, 3)}
	var shapes [][]int
	for b, err := range (PixelNoise{Clean: clean, Amount: 0.5}).Batches(3, nil) {
		require.NoError(t, err)
		assert.Equal(t, b.X.Shape(), b.Y.Shape())
		shapes = append(shapes, b.X.Shape())
	}
	assert.Equal(t, [][]int{{3, 1, 2, 3}, {2, 1, 2, 3}}, shapes)
	for range (PixelNoise{Clean: clean, Amount: 0.5}).Batches(3, nil) {
		break // Batches must not yield again
	}
}

// TestPixelNoiseParts: the parts of the batches together have the images and the noise of whole batches, for a clean set that yields
// parts and one that does not; a part may have no rows.
func TestPixelNoiseParts(t *testing.T) {
	clean := blanks[float32](50, 33)
	for _, fixed := range []bool{false, true} {
		p := PixelNoise{Clean: clean, Amount: 0.5, UpTo: 0.9, Fixed: fixed}
		want, _ := noisyRows[float32](t, p, 8, rand.New(rand.NewPCG(3, 4)))
		for _, set := range []graph.Dataset{clean, struct{ graph.Dataset }{clean}} {
			p.Clean = set
			got := map[int][]float32{}
			for k := range 3 { // the last batch has 2 rows, of which the first part has none
				cut := func(rows int) (from, to int) { return k * rows / 3, (k + 1) * rows / 3 }
				batches := 0
				for b, err := range p.Parts(8, rand.New(rand.NewPCG(3, 4)), cut) {
					require.NoError(t, err)
					if batches++; b.X == nil {
						require.Zero(t, k)
						require.Equal(t, 7, batches)
						continue
					}
					x, y := b.X.Data().([]float32), b.Y.Data().([]float32)
					for i := range b.X.Shape()[0] {
						got[int(y[i*33])-2] = append([]float32(nil), x[i*33:][:33]...)
					}
				}
				require.Equal(t, 7, batches)
			}
			require.Equal(t, want, got)
		}
	}
}
