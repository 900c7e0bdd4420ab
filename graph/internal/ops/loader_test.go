package ops

import (
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// TestLoad reads every range of elements of broadcast inputs of many shapes, and compares it with indices computed one by one.
func TestLoad(t *testing.T) {
	for _, r := range []struct{ in, out []int }{
		{[]int{}, []int{}}, {[]int{1}, []int{1}}, {[]int{}, []int{5}}, {[]int{5}, []int{5}}, {[]int{1}, []int{5}},
		{[]int{4}, []int{3, 4}}, {[]int{3, 1}, []int{3, 4}}, {[]int{1, 4}, []int{3, 4}}, {[]int{3, 4}, []int{3, 4}},
		{[]int{2, 1, 4}, []int{2, 3, 4}}, {[]int{2, 3, 1}, []int{2, 3, 4}}, {[]int{3, 1}, []int{2, 3, 4}}, {[]int{1, 3, 1}, []int{2, 3, 4}},
		{[]int{2, 1, 1, 5}, []int{2, 3, 4, 5}}, {[]int{1, 3, 1, 5}, []int{2, 3, 4, 5}}, {[]int{3, 4, 1}, []int{2, 3, 4, 5}}, {[]int{1, 1}, []int{7, 1}},
		{[]int{3, 4, 1}, []int{3, 4, 2}}, {[]int{2, 1, 3, 1}, []int{2, 2, 3, 2}}, {[]int{2, 1, 3, 1}, []int{2, 3, 3, 3}}, {[]int{2, 1, 1}, []int{2, 3, 2}},
		{[]int{3, 1}, []int{3, shortRepeat}}, {[]int{3, 1}, []int{3, shortRepeat + 1}},
	} {
		x := make([]float64, tensors.Size(r.in))
		for i := range x {
			x[i] = float64(i + 1)
		}
		want := make([]float64, tensors.Size(r.out))
		for i := range want {
			from, stride, rest := 0, 1, i
			for d := 1; d <= len(r.out); d++ {
				at := rest % dimFromEnd(r.out, d)
				rest /= dimFromEnd(r.out, d)
				if n := dimFromEnd(r.in, d); n > 1 {
					from += at * stride
					stride *= n
				}
			}
			want[i] = x[from]
		}
		l := newLayout(r.in, r.out)
		for lo := range want {
			for hi := lo; hi <= len(want); hi++ {
				got := make([]float64, hi-lo)
				load(l, got, x, lo)
				if !slices.Equal(got, want[lo:hi]) {
					t.Fatalf("%v as %v, elements %d to %d: got %v, want %v", r.in, r.out, lo, hi, got, want[lo:hi])
				}
			}
		}
		if l.full() != (tensors.Size(r.in) == tensors.Size(r.out)) {
			t.Errorf("%v as %v: full: got %t", r.in, r.out, l.full())
		}
	}
}

func TestDecodeUndoesEncode(t *testing.T) {
	for _, list := range [][]int{{}, {0}, {7}, {1, 2, 30}, {-1, 4, -12}} {
		if got := Decode(Encode(list)); !slices.Equal(got, list) {
			t.Errorf("%v: got %v", list, got)
		}
	}
}

// TestMemoryIsShared: a long chain of products, each used once, needs memory for only a few of them.
func TestMemoryIsShared(t *testing.T) {
	g := NewGraph(tensor.Float32)
	x := g.Input("x", []int{16, 16})
	y := x
	const depth = 20
	for range depth {
		y = g.Must(MatMul{}, y, x)
	}
	l := Lower(g, []*Node{y}, &Env{})
	if limit := 3 * 16 * 16 * 4; 8*l.Words > limit {
		t.Errorf("%d products own %d bytes, want at most %d", depth, 8*l.Words, limit)
	}
}
