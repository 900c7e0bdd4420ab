package kernels

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestCopyFramed compares with indices computed one by one.
func TestCopyFramed(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testCopyFramed[float32](t)
		testCopyFramed[float64](t)
	})
}

func testCopyFramed[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, axes := range [][]Border{
		{},
		{{3, 0, 0}},
		{{3, 2, 1}},
		{{5, -1, -2}, {4, 0, 0}},
		{{7, 0, 0}, {5, 1, 2}, {6, 3, 1}},
		{{3, 0, 0}, {2, 0, 0}, {5, 0, 2}, {30, 1, 0}},
		{{3, 0, 0}, {5, -1, -1}, {30, -2, 0}},
		{{2, 1, 0}, {3, 0, 0}, {5, 1, 0}, {9, -1, 2}, {2, 0, 0}},
		{{2, 1, 0}, {3, 2, 0}, {1, 0, 1}, {9, -1, 2}},
		{{700, 0, 0}, {9, 1, 1}, {11, 1, 1}},
		{{0, 0, 0}, {9, 1, 1}},
		{{3, 0, 0}, {4, 1, 1}, {16, 1, 1}},
		{{3, 0, 0}, {4, 1, 1}, {17, 0, 1}},
		{{3, 0, 0}, {4, 1, 0}, {28, 1, 1}},
		{{3, 0, 0}, {4, -1, 0}, {30, -1, -1}},
		{{3, 0, 0}, {4, 0, 3}, {32, 2, 0}},
		{{2, 0, 0}, {4, 1, 1}, {33, 40, 37}},
		{{2, 0, 0}, {4, 1, 1}, {70, -3, 1}},
	} {
		in, out := 1, 1
		for _, a := range axes {
			in, out = in*a.In, out*a.out()
		}
		x := randomSlice[T](rng, in)
		want := make([]T, out)
		for i := range want {
			rest, at, unit, inside := i, 0, 1, true
			for k := len(axes) - 1; k >= 0; k-- {
				j := rest%axes[k].out() - axes[k].Before
				rest /= axes[k].out()
				inside = inside && j >= 0 && j < axes[k].In
				at, unit = at+j*unit, unit*axes[k].In
			}
			if inside {
				want[i] = x[at]
			}
		}
		for _, p := range pools(t) {
			all := randomSlice[T](rng, out+100)
			got, rest := all[:out:out], slices.Clone(all[out:])
			if CopyFramed(p, NewFrame(axes), got, x); !slices.Equal(got, want) {
				t.Fatalf("%v: got %v, want %v", axes, got, want)
			}
			if !slices.Equal(all[out:], rest) {
				t.Fatalf("%v: got %v behind the result, want %v", axes, all[out:], rest)
			}
		}
	}
}
