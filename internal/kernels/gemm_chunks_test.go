package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestChunks compares products over a long depth, whose workers take chunks of B, with those of a B that is packed as a whole: any
// number of workers gives the same bits, and so do operands that are packed and ones that are read in place.
func TestChunks(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testChunks[float32](t)
		testChunks[float64](t)
	})
}

func testChunks[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	workers := shortPools(t)
	taken := map[[2]bool]bool{} // whether A and B are read in place
	const page = aliasBytes / 4
	for _, s := range []struct{ rows, cols, depth, aStride, bStride int }{
		{65, 97, 289, 65, 97}, {61, 70, 600, 61, page}, {130, 66, 577, 140, 80}, {201, 65, 300, page, 65}, {33, 450, 600, 33, 450}, {250, 260, 290, page, page},
	} {
		t.Run(fmt.Sprintf("%T %d × %d × %d", T(0), s.rows, s.depth, s.cols), func(t *testing.T) {
			a := Matrix[T]{Data: randomSlice[T](rng, s.depth*s.aStride), Rows: s.depth, Cols: s.rows, Stride: s.aStride}.Transposed()
			b := Matrix[T]{Data: randomSlice[T](rng, s.depth*s.bStride), Rows: s.depth, Cols: s.cols, Stride: s.bStride}
			old := randomMatrix[T](rng, s.rows, s.cols, false)
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
				taken[[2]bool{g.aPlain, g.bPlain}] = true
			}
		})
	}
	for _, plain := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		if want := isa == AVX512 || isa == AVX2 && !plain[1]; taken[plain] != want {
			t.Errorf("chunks with A and B read in place: %v: got %v, want %v", plain, taken[plain], want)
		}
	}
}
