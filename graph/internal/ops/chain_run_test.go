package ops

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestRunChain compares chains computed run by run with the same functions of inputs that are written out in full: the bits
// must be equal, wherever a worker's part begins and ends.
func TestRunChain(t *testing.T) {
	t.Run("float32", testRunChain[float32])
	t.Run("float64", testRunChain[float64])
}

func testRunChain[T kernels.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	link := func(c Code, a, b int) Link { return Link{Map: Map{Code: c, A: 0.5}, Args: [2]int{a, b}} }
	// Inputs are 0 to 3, links start at 4: numbers computed from numbers, a number as left or right argument beside a slice,
	// and a function without a form for a number, which must be repeated.
	links := []Link{
		link(Shift, 1, 0), link(Sub, 0, 4), link(Mul, 5, 2), link(Add, 4, 6), link(Div, 4, 7), link(Div, 8, 1),
		link(Mul, 4, 9), link(Sub, 1, 10), link(Sub, 1, 3), link(Max, 11, 12), link(Add, 13, 2), link(TanhGrad, 4, 14),
	}
	for _, r := range []struct {
		out []int
		in  [][]int
		run int
	}{
		{[]int{3, 5, 70}, [][]int{{3, 5, 70}, {5, 1}, {70}, {}}, 70},
		{[]int{3, 5, 70}, [][]int{{5, 70}, {3, 1, 1}, {5, 1}, {1}}, 70},
		{[]int{3, 2, 1500}, [][]int{{1500}, {2, 1}, {3, 1, 1500}, {3, 2, 1500}}, 1500},
		{[]int{2, 9, 64}, [][]int{{2, 9, 64}, {2, 1, 1}, {2, 1, 1}, {2, 9, 64}}, 576},
		{[]int{40, 50}, [][]int{{40, 50}, {}, {40, 50}, {1, 1}}, 2000},
		{[]int{4, 80}, [][]int{{1}, {4, 1}, {4, 1}, {4, 1}}, 80},
	} {
		size := tensors.Size(r.out)
		layouts, in, full := make([]layout, len(r.in)), make([][]T, len(r.in)), make([][]T, len(r.in)+len(links))
		for i, s := range r.in {
			layouts[i], in[i], full[i] = newLayout(s, r.out), make([]T, tensors.Size(s)), make([]T, size)
			for k := range in[i] {
				in[i][k] = T(rng.NormFloat64())
			}
			in[i][len(in[i])-1] = [...]T{0, T(math.Inf(-1)), T(math.Copysign(0, -1)), 1}[i]
			load(layouts[i], full[i], in[i], 0)
		}
		for n := 1; n <= len(links); n++ { // the last link may have only numbers as arguments
			if got := runLength(layouts, size); got != r.run {
				t.Fatalf("%v as %v: got runs of %d, want %d", r.in, r.out, got, r.run)
			}
			l := links[n-1]
			full[len(in)+n-1] = make([]T, size)
			function[T](l.Map)(full[len(in)+n-1], full[l.Args[0]], full[l.Args[1]])
			c := newRunChain[T](Chain{Inputs: len(in), Links: links[:n]}, layouts, r.run)
			got, s := make([]T, size), c.scratch()
			at := 0
			for at < size {
				to := min(size, at+1+rng.IntN(700))
				c.do(got, in, at, to, s)
				at = to
			}
			if !slices.EqualFunc(got, full[len(in)+n-1], func(a, b T) bool {
				return math.Float64bits(float64(a)) == math.Float64bits(float64(b)) || a != a && b != b
			}) {
				t.Fatalf("%v as %v, %d links: got other bits than one by one", r.in, r.out, n)
			}
		}
	}
}
