package kernels

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPairs checks sums of pairs and repeated elements of all small lengths, and of some with several blocks.
func TestPairs(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testPairs[float32](t)
		testPairs[float64](t)
	})
}

func testPairs[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range append(slices.Collect(upTo(40)), pairBlock, pairBlock+1, 2*pairBlock+13) {
		x := randomSlice[T](rng, 2*n)
		got, want := randomSlice[T](rng, n), make([]T, n)
		for i := range want {
			want[i] = x[2*i] + x[2*i+1]
		}
		RowSum(got, x, n, 2, 2)
		if !slices.Equal(got, want) {
			t.Errorf("RowSum of %d pairs: got %v, want %v", n, got, want)
		}
		twice, both := randomSlice[T](rng, 2*n), make([]T, 2*n)
		for i, v := range x[:n] {
			both[2*i], both[2*i+1] = v, v
		}
		RepeatTwice(twice, x[:n])
		if !slices.Equal(twice, both) {
			t.Errorf("RepeatTwice of %d elements: got %v, want %v", n, twice, both)
		}
	}
}

// upTo yields 0 to n.
func upTo(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n + 1 {
			if !yield(i) {
				return
			}
		}
	}
}
