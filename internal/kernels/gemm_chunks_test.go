package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestChunks compares products over a long depth, whose workers pack chunks of B, with those of a B that is packed as a whole: any
// number of workers gives the same bits.
func TestChunks(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testChunks[float32](t)
		testChunks[float64](t)
	})
}

func testChunks[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	workers := shortPools(t)
	taken := 0
	for _, s := range []struct{ rows, cols, depth int }{
		{65, 97, 289}, {61, 70, 600}, {130, 66, 577}, {201, 65, 300}, {33, 450, 600}, {250, 260, 290},
	} {
		t.Run(fmt.Sprintf("%T %d × %d × %d", T(0), s.rows, s.depth, s.cols), func(t *testing.T) {
			a, b, old := randomMatrix[T](rng, s.rows, s.depth, true), randomMatrix[T](rng, s.depth, s.cols, false), randomMatrix[T](rng, s.rows, s.cols, false)
			for _, ep := range []*Epilogue[T]{nil, {Bias: randomSlice[T](rng, s.cols), Act: ActReLU}, {Bias: randomSlice[T](rng, s.cols), Act: ActTanh}} {
				result := func(f func(c Matrix[T])) Matrix[T] {
					c := old
					c.Data = append([]T(nil), old.Data...)
					f(c)
					return c
				}
				want := result(func(c Matrix[T]) { MatMulPacked(nil, c, a, Pack(nil, b), 0.5, 2, ep) })
				for _, p := range workers {
					got := result(func(c Matrix[T]) { MatMul(p, c, a, b, 0.5, 2, ep) })
					for i, v := range got.Data {
						if v != want.Data[i] {
							t.Fatalf("%d workers: element %d: got %v, want %v", p.Workers(), i, v, want.Data[i])
						}
					}
				}
			}
			g := newProduct[T](isa)
			defer g.free()
			g.set(old, a, 1, 0, nil)
			g.bLines = b.Transposed().lines()
			if g.plan(nil); g.byChunks {
				taken++
			}
		})
	}
	if vector := isa == AVX2 || isa == AVX512; vector && taken == 0 {
		t.Errorf("got no product in chunks, want some")
	}
}
