package ops

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// thriftyNet adds convolutions with what follows them in networks, and returns the inputs, and the loss with its derivatives by some.
func thriftyNet(t *testing.T) (g *Graph, inputs, outputs []*Node) {
	conv := kernels.Window{In: 6, Kernel: 3, Stride: 1, Dilation: 1, Before: 1, After: 1}
	g = NewGraph(tensor.Float32)
	in := func(shape ...int) *Node {
		n := g.Input("x", shape)
		inputs = append(inputs, n)
		return n
	}
	x := in(4, 3, 6, 6)
	normal := func(x, w *Node) *Node {
		y := g.Must(Conv{Part: ConvForward, Groups: 1, Y: conv, X: conv}, x, w)
		flat := g.Reshaped(y, []int{4, 3, 36})
		m := g.Must(Moments{Groups{1, 2}}, flat)
		mean, scale := g.statistic(m, 0, []int{3, 1}), g.m1(Reciprocal, g.m1(Sqrt, g.mc(Shift, g.statistic(m, 1, []int{3, 1}), 1e-5)))
		return g.Reshaped(g.Must(Normalize{Groups: Groups{1, 2}}, flat, mean, scale, in(3, 1)), []int{4, 3, 6, 6})
	}
	y := g.m1(ReLU, normal(x, in(3, 3, 3, 3)))
	for range 6 { // residual blocks
		inner := g.m1(ReLU, normal(y, in(3, 3, 3, 3)))
		y = g.m1(ReLU, g.m2(Add, normal(inner, in(3, 3, 3, 3)), y))
	}
	mask := g.mc(Scale, g.Must(Random{Dist: Bernoulli, P: 0.5, Key: 7, To: Encode([]int{4, 3, 6, 6})}), 2)
	y = g.Reshaped(g.m2(Mul, y, mask), []int{4, 108})
	h := g.m1(GELU, g.m2(Add, g.Must(MatMul{}, y, in(108, 50)), in(50)))
	y = g.Must(MatMul{}, h, in(50, 40))
	loss := g.Reduced(g.m1(Square, y), []int{0, 1}, false, false)
	wrt := append([]*Node{}, inputs[1:]...)
	grads, err := g.Grad(loss, wrt)
	require.NoError(t, err)
	return g, inputs, append([]*Node{loss}, grads...)
}

// TestThrifty: with values that derivatives compute again, the outputs have the same bits and need less memory. No products are
// computed again.
func TestThrifty(t *testing.T) {
	run := func(thrifty bool) (values [][]float32, words int) {
		g, inputs, outputs := thriftyNet(t)
		order := Needed(outputs...)
		if thrifty {
			var ok bool
			order, outputs, ok = g.thrifty(order, outputs, 0)
			require.True(t, ok)
		}
		l := lowerInOrder(g, order, outputs, &Env{Pool: kernels.Default(), Seed: 3}, false)
		again := 0
		for _, o := range l.Ops() {
			if o.Phase == Again {
				again++
				require.NotRegexp(t, "^(Conv|MatMul|Affine|Moments)", o.Def.String())
			}
		}
		require.Equal(t, thrifty, again > 0)
		rng := rand.New(rand.NewPCG(1, 2))
		for _, n := range inputs {
			v := tensors.New(tensor.Float32, Shape(n))
			for i := range tensors.Data[float32](v) {
				tensors.Data[float32](v)[i] = float32(rng.NormFloat64())
			}
			l.Input(n).Set(v)
		}
		l.Attach(NewMemory(l.Words))
		require.NoError(t, l.Run())
		for i := range outputs {
			values = append(values, tensors.Data[float32](l.Value(i)))
		}
		return values, l.Words
	}
	want, words := run(false)
	got, less := run(true)
	require.Equal(t, want, got)
	require.Less(t, float64(less), 0.85*float64(words))
}

// TestThriftyKeeps: values that are outputs, or that could be computed only from values that are not kept, are not computed again.
func TestThriftyKeeps(t *testing.T) {
	g := NewGraph(tensor.Float32)
	x, w := g.Input("x", []int{4, 8}), g.Input("w", []int{8, 8})
	ok := func(y *Node, more ...*Node) bool {
		loss := g.Reduced(g.m1(Square, g.Must(MatMul{}, y, w)), []int{0, 1}, false, false)
		grads, err := g.Grad(loss, []*Node{w})
		require.NoError(t, err)
		outputs := append(grads, more...)
		_, _, ok := g.thrifty(Needed(outputs...), outputs, 1)
		return ok
	}
	require.True(t, ok(g.m1(Tanh, x)), "of an input")
	require.True(t, ok(g.Reshaped(g.m1(Exp, g.Reshaped(x, []int{32})), []int{4, 8})), "views")
	require.False(t, ok(g.m1(Tanh, g.Must(MatMul{}, x, w))), "of a product that no derivative reads")
	exp := g.m1(Exp, x)
	require.False(t, ok(exp, g.Reshaped(exp, []int{32})), "an output")
	require.False(t, ok(g.Must(Softmax{}, x)), "more than one pass")
	other := g.Input("other", []int{4, 8})
	require.False(t, ok(g.m2(Add, x, other)), "of two values")
	require.True(t, ok(g.m2(Add, x, g.Input("row", []int{}))), "of one value and a small one")
}

// TestThriftyPairs: the gradients of a weight and a bias are one op, with its bits, also if the product reads a value that is computed
// again.
func TestThriftyPairs(t *testing.T) {
	for _, c := range []struct{ batch, time, cols int }{{10, 1, 1}, {10, 1, 5}, {1100, 1, 1}, {1100, 1, 5}, {30, 40, 1}, {30, 40, 7}} {
		run := func(thrifty bool) (values [][]float64) {
			g := NewGraph(tensor.Float64)
			x, w, bias := g.Input("x", []int{c.batch, c.time, 6}), g.Input("w", []int{6, c.cols}), g.Input("bias", []int{c.cols})
			flat := g.Reshaped(g.m1(Tanh, x), []int{c.batch * c.time, 6})
			y := g.m2(Add, g.Reshaped(g.Must(MatMul{}, flat, w), []int{c.batch, c.time, c.cols}), bias)
			loss := g.Reduced(g.m1(Square, g.m1(Sin, y)), []int{0, 1, 2}, false, false)
			outputs, err := g.Grad(loss, []*Node{w, bias})
			require.NoError(t, err)
			order := Needed(outputs...)
			if thrifty {
				var ok bool
				order, outputs, ok = g.thrifty(order, outputs, 0)
				require.True(t, ok)
			}
			l := lowerInOrder(g, order, outputs, &Env{Pool: kernels.Default()}, false)
			pairs := 0
			for _, o := range l.Ops() {
				if o.Def == Def(ProductSums{}) {
					pairs++
				}
			}
			require.Equal(t, 1, pairs, "thrifty %v", thrifty)
			rng := rand.New(rand.NewPCG(1, 2))
			for _, n := range []*Node{x, w, bias} {
				v := tensors.New(tensor.Float64, Shape(n))
				for i := range tensors.Data[float64](v) {
					tensors.Data[float64](v)[i] = rng.NormFloat64()
				}
				l.Input(n).Set(v)
			}
			l.Attach(NewMemory(l.Words))
			require.NoError(t, l.Run())
			for i := range outputs {
				values = append(values, tensors.Data[float64](l.Value(i)))
			}
			return values
		}
		require.Equal(t, run(false), run(true), "%v", c)
	}
}
