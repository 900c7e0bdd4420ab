package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// convBenchShapes are typical convolutions of small networks: of signals, of images, and of the outputs of a first layer.
var convBenchShapes = []ConvShape{
	{32, 1, 32, 1, Window{1, 1, 1, 1, 0, 0}, Window{784, 3, 1, 1, 0, 0}},
	{32, 1, 32, 1, Window{28, 3, 1, 1, 1, 1}, Window{28, 3, 1, 1, 1, 1}},
	{32, 32, 64, 1, Window{14, 3, 1, 1, 1, 1}, Window{14, 3, 1, 1, 1, 1}},
	{4, 64, 64, 1, Window{56, 3, 1, 1, 1, 1}, Window{56, 3, 1, 1, 1, 1}},
	{4, 64, 128, 1, Window{28, 3, 2, 1, 1, 1}, Window{28, 3, 2, 1, 1, 1}},
}

// BenchmarkConv measures the three products of a convolution.
func BenchmarkConv(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range convBenchShapes {
		in, out, weights := s.sizes()
		x, y, w := randomSlice[float32](rng, s.Batch*in), randomSlice[float32](rng, s.Batch*out), randomSlice[float32](rng, weights)
		flops := 2 * float64(s.Batch) * float64(weights) * float64(s.Y.Out()*s.X.Out())
		for _, workers := range []int{1, 2} {
			p := NewPool(workers)
			for _, part := range []struct {
				name string
				run  func()
			}{
				{"forward", func() { Conv(p, s, y, x, w, nil) }},
				{"input", func() { ConvInput(p, s, x, y, w, nil) }},
				{"weights", func() { ConvWeights(p, s, w, x, y) }},
			} {
				name := fmt.Sprintf("%dx%dx%dx%d-%d/%s/workers=%d", s.Batch, s.In, s.Y.In, s.X.In, s.Out, part.name, workers)
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						part.run()
					}
					b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
			p.Close()
		}
	}
}
