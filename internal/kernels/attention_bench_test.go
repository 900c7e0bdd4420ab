package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkAttention computes causal attention of four heads, whose queries, keys and values are side by side. The operations
// counted are those that results need: half of the scores.
func BenchmarkAttention(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ time, batch int }{{128, 1}, {128, 16}, {2048, 1}} { // the first one stays in the cache of the second level
		time := c.time
		const heads, size, stride = 4, 32, 3 * 4 * 32
		a := Attention[float32]{Batch: c.batch, Heads: heads, KeyHeads: heads, Queries: time, Keys: time, Size: size, ValueSize: size, Causal: true, Scale: 0.2}
		qkv, grads, out := make([]float32, 2048*stride), make([]float32, 2048*stride), make([]float32, 2048*heads*size)
		for i := range qkv {
			qkv[i] = float32(rng.NormFloat64())
		}
		part := func(x []float32, i int) Vectors[float32] { return Vectors[float32]{x[i*heads*size:], stride} }
		y, dout := Vectors[float32]{out, heads * size}, Vectors[float32]{qkv[:len(out)], heads * size}
		stats := make([]float32, a.Stats())
		product := 2 * float64(a.Batch*heads) * float64(time) * float64(time+1) / 2 * size
		bench := func(name string, products float64, f func()) {
			b.Run(fmt.Sprintf("%d×%d %s", c.batch, time, name), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(products*product*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
		bench("forward", 2, func() { a.Forward(nil, y, stats, part(qkv, 0), part(qkv, 1), part(qkv, 2), nil) })
		bench("backward", 5, func() {
			a.Backward(nil, part(grads, 0), part(grads, 1), part(grads, 2), dout, y, stats, part(qkv, 0), part(qkv, 1), part(qkv, 2), nil)
		})
	}
}
