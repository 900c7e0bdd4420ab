//go:build !noasm && (js || arm64)

package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// samePortable runs f in portable Go and in the highest form, with the same random numbers, and wants the same bits; any NaN equals any
// other.
func samePortable(t *testing.T, what string, f func(rng *rand.Rand) []float32) {
	t.Helper()
	old := isa
	defer useISA(old)
	var want []float32
	for _, form := range []ISA{Generic, machine} {
		useISA(form)
		got := f(rand.New(rand.NewPCG(1, 2)))
		if form == Generic {
			want = got
		}
		for i, v := range got {
			if math.Float32bits(v) != math.Float32bits(want[i]) && (v == v || want[i] == want[i]) {
				t.Fatalf("%s: element %d: got %g, want %g as in portable Go", what, i, v, want[i])
			}
		}
	}
}

func TestElementsHaveThePortableBits(t *testing.T) {
	var all []float32
	step := uint64(40009)
	if testing.Short() { // for runs in an emulator
		step *= 8
	}
	for bits := uint64(0); bits < 1<<32; bits += step {
		all = append(all, math.Float32frombits(uint32(bits)))
	}
	for _, c := range slices.Concat(mathCases(), geluCases(), powCases(), exactCases[float32]()) {
		samePortable(t, c.name, func(rng *rand.Rand) []float32 {
			y, b := make([]float32, len(all)), someValues[float32](rng, len(all))
			c.run(y, all, b)
			return y
		})
	}
	samePortable(t, "Logistic", func(rng *rand.Rand) []float32 {
		y := make([]float32, len(all))
		Logistic(y, all, someValues[float32](rng, len(all)))
		return y
	})
}

func TestRowsHaveThePortableBits(t *testing.T) {
	for cols := 1; cols < 40; cols++ {
		samePortable(t, fmt.Sprintf("softmax of %d columns", cols), func(rng *rand.Rand) (all []float32) {
			const rows = 7
			z, g, target := randomSlice[float32](rng, rows*cols), randomSlice[float32](rng, rows*cols), randomSlice[float32](rng, rows*cols)
			z[0], target[len(target)/2] = float32(math.Inf(-1)), 0
			out := func(f func(dst []float32)) {
				dst := make([]float32, rows*cols)
				f(dst)
				all = append(all, dst...)
			}
			out(func(dst []float32) { Softmax(dst, z, rows, cols) })
			y := all
			out(func(dst []float32) { LogSoftmax(dst, z, rows, cols) })
			out(func(dst []float32) { SoftmaxGrad(dst, g, y, rows, cols) })
			out(func(dst []float32) { LogSoftmaxGrad(dst, g, z, rows, cols) })
			out(func(dst []float32) { SoftmaxCEGrad(dst, z, target, rows, cols, 0.3) })
			out(func(dst []float32) { BCELogitsGrad(dst, z, target, 0.3) })
			out(func(dst []float32) { ColSum(dst[:cols], z, rows, cols, cols) })
			mean, variance := make([]float32, cols), make([]float32, cols)
			Moments(mean, variance, g, rows, cols, 1, 0, cols)
			all = append(append(all, mean...), variance...)
			Moments(mean[:1], variance[:1], g, 1, 1, rows*cols, 0, 1)
			return append(all, mean[0], variance[0], SoftmaxCE(z, target, rows, cols), BCELogits(z, target), Sum(z), Dot(z, g))
		})
	}
}

// inTwo returns each number as the sum of two float32, which differ if one of its first 48 bits does.
func inTwo(x []float64) (list []float32) {
	for _, v := range x {
		list = append(list, float32(v), float32(v-float64(float32(v))))
	}
	return list
}

func TestProductsHaveThePortableBits(t *testing.T) {
	trials := 300
	if testing.Short() {
		trials = 100
	}
	for i := range trials {
		samePortable(t, fmt.Sprintf("product %d", i), func(*rand.Rand) []float32 {
			rng := rand.New(rand.NewPCG(3, uint64(i)))
			x := newTrial[float32](rng, rng.IntN(40), rng.IntN(400), rng.IntN(70))
			if i%10 == 0 {
				x = newTrial[float32](rng, 1+rng.IntN(2), 1+rng.IntN(90), 1+rng.IntN(200))
			}
			MatMul(nil, x.c, x.a, x.b, x.alpha, x.beta, x.ep)
			y := newTrial[float64](rng, rng.IntN(40), rng.IntN(400), rng.IntN(70))
			if i%10 == 0 {
				y = newTrial[float64](rng, 1+rng.IntN(2), 1+rng.IntN(90), 1+rng.IntN(200))
			}
			MatMul(nil, y.c, y.a, y.b, y.alpha, y.beta, nil)
			return append(x.c.Data, inTwo(y.c.Data)...)
		})
	}
	for _, s := range slices.Concat(convShapes, tileShapes, fewShapes[1:2]) {
		if g := s.grid(); machine == NEON && s.Groups == 1 {
			if _, ok := g.tiling(s.Batch, s.Out); ok { // tiles sum in another order; TestTileForms holds their transformations
				continue
			}
		}
		samePortable(t, fmt.Sprintf("convolution %+v", s), func(rng *rand.Rand) []float32 {
			in, out, weights := s.sizes()
			n := s.Batch * s.Groups
			x, y, w := randomSlice[float32](rng, n*in), randomSlice[float32](rng, n*out), randomSlice[float32](rng, s.Groups*weights)
			ep := &Epilogue[float32]{Act: ActReLU, Bias: randomSlice[float32](rng, s.Out)}
			dx, dw, c := make([]float32, len(x)), make([]float32, len(w)), make([]float32, len(y))
			Conv(nil, s, c, x, w, ep)
			ConvInput(nil, s, dx, y, w, nil)
			ConvWeights(nil, s, dw, x, y)
			return slices.Concat(c, dx, dw)
		})
	}
	for _, s := range poolShapes {
		samePortable(t, fmt.Sprintf("pooling %+v", s), func(rng *rand.Rand) []float32 {
			in, out := s.sizes()
			x, dy := randomSlice[float32](rng, s.Planes*in), randomSlice[float32](rng, s.Planes*out)
			for i := range x {
				x[i] = float32(math.Round(float64(2 * x[i])))
			}
			y, dx, rx, ay, ax := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(dy)), make([]float32, len(x))
			MaxPool(nil, s, y, x)
			MaxPoolGrad(nil, s, dx, x, dy, false)
			MaxPoolGrad(nil, s, rx, x, dy, true)
			AvgPool(nil, s, ay, x, true)
			AvgPoolGrad(nil, s, ax, dy, false)
			return slices.Concat(y, dx, rx, ay, ax)
		})
	}
}

func TestAttentionHasThePortableBits(t *testing.T) {
	for _, causal := range []bool{false, true} {
		samePortable(t, fmt.Sprintf("attention, causal %v", causal), func(rng *rand.Rand) []float32 {
			a := Attention[float32]{Batch: 2, Heads: 4, KeyHeads: 2, Queries: 70, Keys: 150, Size: 12, ValueSize: 9, Causal: causal, Offset: 3, Scale: 0.3}
			return newAttention(rng, a, true).run(nil)
		})
	}
}

func TestDrawsHaveThePortableBits(t *testing.T) {
	for _, offset := range []int{0, 3, 1<<34 - 100} {
		samePortable(t, fmt.Sprintf("draws from %d on", offset), func(*rand.Rand) (all []float32) {
			dst, s := make([]float32, 5000), Stream{Key: 7, Counter: 1 << 40}
			UniformFill(dst, s, offset)
			all = append(all, dst...)
			NormalFill(dst, s, offset)
			all = append(all, dst...)
			BernoulliMask(dst, s, offset, 0.3, 2)
			return append(all, dst...)
		})
	}
}

func TestColumnsHaveThePortableBits(t *testing.T) {
	for _, s := range columnShapes {
		samePortable(t, fmt.Sprintf("softmax of columns %v", s), func(rng *rand.Rand) (all []float32) {
			n := s[0] * s[1] * s[2]
			x, g := randomSlice[float32](rng, n), randomSlice[float32](rng, n)
			for _, log := range []bool{false, true} {
				y, d := make([]float32, n), make([]float32, n)
				SoftmaxColumns(y, x, s[1], s[2], 0, s[0]*s[2], log)
				SoftmaxColumnsGrad(d, g, y, s[1], s[2], 0, s[0]*s[2], log)
				all = append(append(all, y...), d...)
			}
			return all
		})
	}
}
