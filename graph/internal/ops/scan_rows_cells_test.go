package ops

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A cellStep is one step of a loop with two states: x are values of widths 4·units and 1, w is a recurrent weight, and b a bias.
type cellStep func(g *Graph, s, x []*Node, w, b *Node) []*Node

const units = 19

func gateOf(g *Graph, x *Node, i int) *Node { return g.Must(Slice{1, i * units, (i + 1) * units}, x) }

// lstmStep is layers.LSTM; gates is the order of i, f, g and o.
func lstmStep(gates [4]int, change func(g *Graph, f, i, c *Node) *Node) cellStep {
	return func(g *Graph, s, x []*Node, w, b *Node) []*Node {
		z := g.m2(Add, x[0], g.Must(MatMul{}, s[0], w))
		f, i := g.m1(Sigmoid, gateOf(g, z, gates[1])), g.m1(Sigmoid, gateOf(g, z, gates[0]))
		c := g.m2(Add, g.m2(Mul, f, s[1]), g.m2(Mul, i, g.m1(Tanh, gateOf(g, z, gates[2]))))
		if change != nil {
			c = change(g, f, i, c)
		}
		return []*Node{g.m2(Mul, g.m1(Sigmoid, gateOf(g, z, gates[3])), g.m1(Tanh, c)), c}
	}
}

// gruStep is layers.GRU.
func gruStep(g *Graph, s, x []*Node, w, b *Node) []*Node {
	a, y := x[0], g.m2(Add, g.Must(MatMul{}, s[0], w), b)
	sum := func(i int) *Node { return g.m2(Add, gateOf(g, a, i), gateOf(g, y, i)) }
	r, z := g.m1(Sigmoid, sum(0)), g.m1(Sigmoid, sum(1))
	n := g.m1(Tanh, g.m2(Add, gateOf(g, a, 2), g.m2(Mul, r, gateOf(g, y, 2))))
	return []*Node{g.m2(Add, n, g.m2(Mul, z, g.m2(Sub, s[0], n))), s[1]}
}

// masked keeps the states where the mask is 0, as layers do.
func masked(step cellStep) cellStep {
	return func(g *Graph, s, x []*Node, w, b *Node) []*Node {
		next := step(g, s, x, w, b)
		for i := range next {
			no := g.mc(Shift, g.m1(Neg, g.m1(Step, x[1])), 1)
			next[i] = g.m2(Add, g.m2(ReLUGrad, next[i], x[1]), g.m2(ReLUGrad, s[i], no))
		}
		return next
	}
}

// loop adds a loop of a step and the sum of its outputs' sines, and returns that, its derivatives and all inputs.
func (step cellStep) loop(t *testing.T, g *Graph, rows, steps int) (results, inputs []*Node) {
	in := func(shape ...int) *Node {
		n := g.Input("in", shape)
		inputs = append(inputs, n)
		return n
	}
	l := Loop{Steps: steps, Init: []*Node{in(rows, units), in(rows, units)}}
	l.Stacks = []*Node{in(steps, rows, 4*units), in(steps, rows, 1)}
	w, b := in(units, 4*units), in(4*units)
	l.States = []*Node{g.Input("h", []int{rows, units}), g.Input("c", []int{rows, units})}
	l.Xs = []*Node{g.Input("x", []int{rows, 4 * units}), g.Input("m", []int{rows, 1})}
	l.Next = step(g, l.States, l.Xs, w, b)
	l.Outs = l.Next[:1]
	final, outs, err := g.Loop(l)
	require.NoError(t, err)
	results = append(final, outs...)
	grads, err := g.Grad(randomStep{g: g}.sum(results), slices.Concat(inputs[:3], []*Node{w, b}))
	require.NoError(t, err)
	return append(results, slices.DeleteFunc(grads, func(n *Node) bool { return n == nil })...), inputs
}

// run runs the loop, by rows or op by op, and returns the values and the number of cells in the loops.
func (step cellStep) run(t *testing.T, ops bool) (values [][]float32, cells int) {
	g := NewGraph(tensor.Float32)
	results, inputs := step.loop(t, g, 5, 4)
	l := Lower(g, results, &Env{Pool: kernels.NewPool(2)})
	defer l.Env.Pool.Close()
	for _, o := range l.ops {
		s, ok := o.Def.(*Scan)
		if !ok {
			continue
		}
		rows, ok := o.loop.(*rowLoop[float32])
		if !ok {
			continue
		}
		for _, p := range rows.phases {
			for _, link := range p.links {
				if link.cell != nil {
					cells++
				}
			}
		}
		if ops {
			run, list := newScanRun[float32](s, o)
			x := newOpLoop(run, list)
			x.attach(NewMemory(x.words()))
			o.kernel.F32 = x.run
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range inputs {
		data := make([]float32, sizeOf(n))
		for i := range data {
			data[i] = float32(rng.NormFloat64())
		}
		if in := l.Input(n); in != nil {
			in.Set(dense(Shape(n), data))
		}
	}
	l.Attach(NewMemory(l.Words))
	require.NoError(t, l.Run())
	for i := range results {
		values = append(values, slices.Clone(l.Value(i).Float32s()))
	}
	return values, cells
}

// TestRowCells finds the cells of recurrent networks in loops and their derivatives, and nowhere else, and compares the loops with
// those op by op.
func TestRowCells(t *testing.T) {
	order := [4]int{0, 1, 2, 3}
	for _, c := range []struct {
		name  string
		step  cellStep
		cells int
	}{
		{"LSTM", lstmStep(order, nil), 2},
		{"LSTM, other order", lstmStep([4]int{3, 0, 2, 1}, nil), 2},
		{"LSTM, masked", masked(lstmStep(order, nil)), 2},
		{"LSTM, clipped cell", lstmStep(order, func(g *Graph, f, i, c *Node) *Node { return g.Must(Map{Clip, -1, 1}, c) }), 0},
		{"LSTM, cell of the input gate", lstmStep(order, func(g *Graph, f, i, c *Node) *Node { return g.m2(Add, c, i) }), 0},
		{"GRU", gruStep, 2},
		{"GRU, masked", masked(gruStep), 2},
		{"two LSTMs in turn, whose derivative stacks rows", func(g *Graph, s, x []*Node, w, b *Node) []*Node {
			step := lstmStep(order, nil)
			s = step(g, s, x, w, b)
			return step(g, s, x, w, b)
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, cells := c.step.run(t, false)
			want, _ := c.step.run(t, true)
			require.Equal(t, want, got)
			require.Equal(t, c.cells, cells, "cells")
		})
	}
}
