package ops

import (
	"testing"

	"gorgonia.org/tensor"
)

// TestProductsAreJoined: the gradient of a matrix that every step multiplies by is one product for all steps if the steps have
// few rows, and one product for each step if they have many.
func TestProductsAreJoined(t *testing.T) {
	const steps, size = 5, 16
	for rows, want := range map[int]int{2: 1, size: steps} {
		g := NewGraph(tensor.Float64)
		h, u := g.Input("h", []int{rows, size}), g.Input("u", []int{size, size})
		for range steps {
			h = g.m1(Tanh, g.Must(MatMul{}, h, u))
		}
		grads, err := g.Grad(g.Reduced(h, []int{0, 1}, false, false), []*Node{u})
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, o := range Lower(g, grads, &Env{}).Ops() {
			if o.Def == (Def)(MatMul{TA: true}) {
				got++
			}
		}
		if got != want {
			t.Errorf("%d rows: got %d products for the gradient of %d steps, want %d", rows, got, steps, want)
		}
	}
}

// TestTotalOrder: of three parts and more the first one is added last, so that in the derivative of a residual branch which begins
// with a norm, the kernel of the norm comes first.
func TestTotalOrder(t *testing.T) {
	g := NewGraph(tensor.Float64)
	var parts []*Node
	for _, name := range []string{"a", "b", "c", "d"} {
		parts = append(parts, g.Input(name, []int{2}))
	}
	a, b, c, d := parts[0], parts[1], parts[2], parts[3]
	add := func(x, y *Node) *Node { return g.m2(Add, x, y) }
	for n, want := range map[int]*Node{1: a, 2: add(a, b), 3: add(add(b, c), a), 4: add(add(add(b, c), d), a)} {
		if got := g.total(parts[:n]); got != want {
			t.Errorf("%d parts: got %v, want %v", n, Of(got), Of(want))
		}
	}
}
