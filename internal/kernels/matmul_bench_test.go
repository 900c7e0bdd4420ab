package kernels

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// A benchShape is a product of an m × k matrix and a k × n matrix.
type benchShape struct {
	m, k, n int
	ta, tb  bool
}

func (s benchShape) String() string {
	name := fmt.Sprintf("%dx%dx%d", s.m, s.k, s.n)
	for _, t := range []bool{s.ta, s.tb} {
		if t {
			name += "T"
		} else {
			name += "N"
		}
	}
	return name
}

// benchShapes are square products and those of a dense network's forward pass and gradients.
func benchShapes() []benchShape {
	shapes := []benchShape{{m: 512, k: 512, n: 512}, {m: 1024, k: 1024, n: 1024}}
	for _, b := range []int{1, 32, 128, 512} {
		for _, l := range [][2]int{{784, 256}, {256, 128}, {128, 10}} {
			shapes = append(shapes,
				benchShape{m: b, k: l[0], n: l[1]},
				benchShape{m: l[0], k: b, n: l[1], ta: true},
				benchShape{m: b, k: l[1], n: l[0], tb: true})
		}
	}
	return shapes
}

// BenchmarkPeak measures the bounds of the other benchmarks, for one core: multiply-adds, and copies of memory that fits the
// first-level cache, the second-level cache, and neither.
func BenchmarkPeak(b *testing.B) {
	b.Run("multiply-adds", func(b *testing.B) {
		if PeakFMA[float32]() == 0 {
			b.Skip("portable Go has no loop of multiply-adds that reaches a peak")
		}
		for b.Loop() {
			b.ReportMetric(PeakFMA[float32]()/1e9, "GFLOP/s")
			b.ReportMetric(PeakFMA[float64]()/1e9, "GFLOP64/s")
		}
	})
	for _, n := range benchSizes {
		b.Run(fmt.Sprintf("copy/%d", n), func(b *testing.B) {
			x := benchSlices(2, n)
			benchElements(b, n, 2, func() { copy(x[0], x[1]) })
		})
	}
}

var (
	peak32 = sync.OnceValue(PeakFMA[float32])
	peak64 = sync.OnceValue(PeakFMA[float64])
)

func BenchmarkMatMul(b *testing.B) {
	for workers := 1; workers <= 2; workers++ {
		p := NewPool(workers)
		defer p.Close()
		for _, s := range benchShapes() {
			b.Run(fmt.Sprintf("%v/workers=%d", s, workers), func(b *testing.B) { benchMatMul[float32](b, p, s) })
		}
		for _, s := range benchShapes()[:4] {
			b.Run(fmt.Sprintf("float64/%v/workers=%d", s, workers), func(b *testing.B) { benchMatMul[float64](b, p, s) })
		}
	}
}

func benchMatMul[T Float](b *testing.B, p *Pool, s benchShape) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, w := denseRandom[T](rng, s.m, s.k, s.ta), denseRandom[T](rng, s.k, s.n, s.tb)
	c := denseRandom[T](rng, s.m, s.n, false)
	peak := peak64
	if single[T]() {
		peak = peak32
	}
	s.loop(b, float64(p.Workers())*peak(), func() { MatMul(p, c, x, w, 1, 0, nil) })
}

// loop runs a product of the shape s and reports its speed and, if the workers' peak is known, the fraction of it.
func (s benchShape) loop(b *testing.B, peak float64, product func()) {
	b.ReportAllocs()
	for b.Loop() {
		product()
	}
	speed := 2 * float64(s.m) * float64(s.k) * float64(s.n) * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(speed/1e9, "GFLOP/s")
	if peak > 0 {
		b.ReportMetric(speed/peak, "of-peak")
	}
}

// BenchmarkMatMulPacked runs a forward pass with weights packed once, a bias and an activation.
func BenchmarkMatMulPacked(b *testing.B) {
	for workers := 1; workers <= 2; workers++ {
		p := NewPool(workers)
		defer p.Close()
		for _, s := range benchShapes() {
			if s.ta || s.tb {
				continue
			}
			b.Run(fmt.Sprintf("%v/workers=%d", s, workers), func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 1))
				x, w := denseRandom[float32](rng, s.m, s.k, false), Pack(p, denseRandom[float32](rng, s.k, s.n, false))
				c, ep := denseRandom[float32](rng, s.m, s.n, false), &Epilogue[float32]{Bias: make([]float32, s.n), Act: ActTanh}
				s.loop(b, float64(workers)*peak32(), func() { MatMulPacked(p, c, x, w, 1, 0, ep) })
			})
		}
	}
}

// BenchmarkMatMulSums computes gradients by weights and biases, as of the dense layers of a transformer: of operands that stay in the
// cache, and of 16 in turn, most of which have left it.
func BenchmarkMatMulSums(b *testing.B) {
	for _, s := range []benchShape{
		{m: 128, k: 2048, n: 512, ta: true}, {m: 512, k: 2048, n: 128, ta: true}, {m: 128, k: 2048, n: 384, ta: true}, {m: 128, k: 2048, n: 128, ta: true},
	} {
		for _, operands := range []int{1, 16} {
			b.Run(fmt.Sprintf("%v/operands=%d", s, operands), func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 1))
				x, g, c := make([]Matrix[float32], operands), make([]Matrix[float32], operands), denseRandom[float32](rng, s.m, s.n, false)
				for i := range x {
					x[i], g[i] = denseRandom[float32](rng, s.m, s.k, true), denseRandom[float32](rng, s.k, s.n, false)
				}
				sums, i := make([]float32, s.n), 0
				s.loop(b, peak32(), func() {
					MatMulSums(nil, c, x[i], g[i], sums)
					i = (i + 1) % operands
				})
			})
		}
	}
}

// denseRandom returns a random rows × cols matrix without gaps, stored transposed if transposed is set.
func denseRandom[T Float](rng *rand.Rand, rows, cols int, transposed bool) Matrix[T] {
	if transposed {
		return denseRandom[T](rng, cols, rows, false).Transposed()
	}
	m := Dense(make([]T, rows*cols), rows, cols)
	for i := range m.Data {
		m.Data[i] = T(rng.NormFloat64())
	}
	return m
}

// BenchmarkMatMulBatch runs many small products, as of the heads of attention.
func BenchmarkMatMulBatch(b *testing.B) {
	for _, s := range []benchShape{
		{m: 16, k: 32, n: 16}, {m: 16, k: 32, n: 16, tb: true}, {m: 16, k: 16, n: 32}, {m: 8, k: 8, n: 8}, {m: 32, k: 32, n: 32}, {m: 64, k: 32, n: 64},
	} {
		b.Run(s.String(), func(b *testing.B) {
			const n = 768
			rng := rand.New(rand.NewPCG(1, 1))
			x, w, c := denseRandom[float32](rng, n*s.m, s.k, false), denseRandom[float32](rng, n*s.k, s.n, false), denseRandom[float32](rng, n*s.m, s.n, false)
			x.Rows, w.Rows, c.Rows = s.m, s.k, s.m
			if s.tb {
				w = Dense(w.Data, s.n, s.k).Transposed()
			}
			all := s
			all.m *= n
			all.loop(b, peak32(), func() { MatMulBatch(nil, n, c, x, w, s.m*s.n, s.m*s.k, s.k*s.n, 1, 0, true) })
		})
	}
}
