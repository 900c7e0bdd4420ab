package ops

import (
	"math/rand/v2"
	"slices"
)

// A randomStep makes loops with random operations.
type randomStep struct {
	g   *Graph
	rng *rand.Rand
}

// values adds random operations on nodes of shape (2, 3) and matrices of shape (3, 3), and returns all nodes of shape (2, 3).
func (r randomStep) values(nodes, matrices []*Node, count int) []*Node {
	g, pick := r.g, func() *Node { return nodes[r.rng.IntN(len(nodes))] }
	matrix := func() *Node { return matrices[r.rng.IntN(len(matrices))] }
	nodes = slices.Clone(nodes)
	for range count {
		var n *Node
		switch r.rng.IntN(14) {
		case 0:
			n = g.m2(Add, pick(), pick())
		case 1:
			n = g.m2(Mul, pick(), g.m1(Tanh, pick()))
		case 2:
			n = g.m1(Sigmoid, pick())
		case 3, 4:
			n = g.m1(Tanh, g.Must(MatMul{}, pick(), matrix()))
		case 5:
			n = g.m1(Sin, g.Must(MatMul{TB: true}, pick(), matrix()))
		case 6:
			n = g.m2(Sub, pick(), g.Must(Reduce{From: 1, To: 2}, pick()))
		case 7:
			n = g.Must(Concat{Axis: 1}, g.Must(Slice{1, 1, 3}, pick()), g.Must(Slice{1, 0, 1}, pick()))
		case 8:
			n = g.Must(Softmax{}, pick())
		case 9:
			n = g.Must(Transpose{Encode([]int{1, 0})}, g.Reshaped(pick(), []int{3, 2}))
		case 10:
			n = g.m1(Sin, g.Must(MatMul{}, g.Must(MatMul{TB: true}, pick(), pick()), pick()))
		case 11:
			n = g.m2(Add, pick(), g.Must(Slice{0, 1, 2}, matrix()))
		case 12:
			n = g.Must(Pad{1, 1, 0}, g.Must(Slice{1, 0, 2}, pick()))
		case 13:
			n = g.mc(Scale, g.Must(Reverse{1}, pick()), 0.5)
		}
		nodes = append(nodes, g.mc(Scale, n, 0.9))
	}
	return nodes
}

// loop adds a random loop, which may contain another one.
func (r randomStep) loop(outer, matrices []*Node, depth int) []*Node {
	g, pick := r.g, func(list []*Node) *Node { return list[r.rng.IntN(len(list))] }
	l := Loop{Steps: 1 + r.rng.IntN(4), Reverse: r.rng.IntN(2) == 0, Recompute: r.rng.IntN(3) == 0}
	for range r.rng.IntN(3) {
		l.Init, l.States = append(l.Init, pick(outer)), append(l.States, g.Input("state", []int{2, 3}))
	}
	for range r.rng.IntN(3) {
		var steps []*Node
		for range l.Steps {
			steps = append(steps, g.Reshaped(g.mc(Scale, pick(outer), 1+r.rng.Float64()), []int{1, 2, 3}))
		}
		l.Stacks, l.Xs = append(l.Stacks, g.Must(Concat{}, steps...)), append(l.Xs, g.Input("x", []int{2, 3}))
	}
	nodes := r.values(slices.Concat(outer[:1], l.States, l.Xs, l.Xs), matrices, r.rng.IntN(8))
	if depth > 0 && r.rng.IntN(2) == 0 {
		nodes = append(nodes, r.loop(nodes, append(slices.Clone(matrices), g.m1(Tanh, pick(matrices))), depth-1)...)
		nodes = r.values(nodes, matrices, 2)
	}
	for range l.States {
		l.Next = append(l.Next, pick(nodes))
	}
	for range r.rng.IntN(4) {
		l.Outs = append(l.Outs, pick(nodes))
	}
	final, outs, err := g.Loop(l)
	if err != nil {
		panic(err)
	}
	for _, x := range outs {
		one := r.rng.IntN(l.Steps)
		final = append(final, g.Reshaped(g.Must(Reduce{From: 0, To: 1}, x), []int{2, 3}), g.Reshaped(g.Must(Slice{0, one, one + 1}, x), []int{2, 3}))
	}
	return final
}

func (r randomStep) sum(list []*Node) *Node {
	y := r.g.Fill(0, nil)
	for i, n := range list {
		s := Shape(n)
		y = r.g.m2(Add, y, r.g.Reshaped(r.g.Reduced(r.g.m1(Sin, r.g.mc(Shift, n, float64(i))), axes(len(s)), false, true), nil))
	}
	return y
}

func axes(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}
