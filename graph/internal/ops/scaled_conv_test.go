package ops

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// scaledConvCase builds a function of an image, the output of a convolution of it, and parameters: one number for each of 32 channels, p and
// q, and one in all, r.
type scaledConvCase struct {
	name  string
	build func(g *Graph, x, conv, p, q, r *Node) []*Node
	scale bool // the weights get the scale
}

func (g *Graph) toShape(v *Node, dims, shape []int) *Node {
	return g.Must(Broadcast{Encode(shape)}, g.Reshaped(v, dims))
}

var scaledConvCases = []scaledConvCase{
	{"batch normalization", func(g *Graph, _, conv, p, q, _ *Node) []*Node {
		flat := g.Reshaped(conv, []int{3, 32, 64})
		by := func(v *Node) *Node { return g.toShape(v, []int{32, 1}, Shape(flat)) }
		y := g.m2(Add, g.m2(Mul, g.m2(Sub, flat, by(p)), by(g.m1(Exp, q))), by(q))
		return []*Node{g.m1(ReLU, g.Reshaped(y, Shape(conv)))}
	}, true},
	{"scale on the left, then a number", func(g *Graph, _, conv, p, _, r *Node) []*Node {
		y := g.m2(Mul, g.toShape(p, []int{1, 32, 1, 1}, Shape(conv)), conv)
		return []*Node{g.m2(Mul, g.m2(Add, g.toShape(r, []int{1}, Shape(conv)), y), g.toShape(r, []int{1}, Shape(conv)))}
	}, true},
	{"a sum alone", func(g *Graph, _, conv, p, _, _ *Node) []*Node {
		return []*Node{g.m2(Add, conv, g.toShape(p, []int{32, 1, 1}, Shape(conv)))}
	}, false},
	{"subtracted from a number", func(g *Graph, _, conv, p, q, _ *Node) []*Node {
		y := g.m2(Sub, g.toShape(p, []int{32, 1, 1}, Shape(conv)), conv)
		return []*Node{g.m2(Mul, y, g.toShape(q, []int{32, 1, 1}, Shape(conv)))}
	}, false},
	{"the convolution is an output, too", func(g *Graph, _, conv, p, _, _ *Node) []*Node {
		return []*Node{g.m2(Mul, conv, g.toShape(p, []int{32, 1, 1}, Shape(conv))), conv}
	}, false},
	{"two scales of one convolution", func(g *Graph, _, conv, p, q, _ *Node) []*Node {
		by := func(v *Node) *Node { return g.m2(Mul, conv, g.toShape(v, []int{32, 1, 1}, Shape(conv))) }
		return []*Node{g.m2(Add, by(p), by(q))}
	}, false},
	{"a scale that is not of channels", func(g *Graph, _, conv, p, _, _ *Node) []*Node {
		rows := g.Must(Slice{Axis: 0, From: 0, To: 8}, p)
		return []*Node{g.m2(Mul, conv, g.toShape(rows, []int{8, 1}, Shape(conv)))}
	}, false},
	{"channels that a reshape mixes", func(g *Graph, _, conv, p, _, _ *Node) []*Node {
		turned := g.Reshaped(conv, []int{3, 64, 32})
		return []*Node{g.m2(Mul, turned, g.toShape(p, []int{32}, Shape(turned)))}
	}, false},
	{"a scale from the image", func(g *Graph, x, conv, _, _, _ *Node) []*Node {
		first := g.Must(Slice{Axis: 1, From: 0, To: 1}, x)
		return []*Node{g.m2(Mul, conv, g.Must(Broadcast{Encode(Shape(conv))}, first))}
	}, false},
	{"another convolution behind", func(g *Graph, _, conv, p, q, _ *Node) []*Node {
		by := func(v *Node) *Node { return g.toShape(v, []int{32, 1, 1}, Shape(conv)) }
		w := g.m2(Mul, g.toShape(p, []int{32, 1, 1, 1}, []int{32, 1, 3, 3}), g.toShape(q, []int{32, 1, 1, 1}, []int{32, 1, 3, 3}))
		wide := kernels.Window{In: 8, Kernel: 3, Stride: 1, Dilation: 1, Before: 1, After: 1}
		y := g.Must(Conv{Groups: 32, Y: wide, X: wide}, g.m1(ReLU, g.m2(Mul, conv, by(p))), w)
		return []*Node{g.m2(Mul, y, by(q))}
	}, true},
}

// TestScaledConvs: a program that does not change parameters has the values of one that does, whatever follows a convolution, also after
// parameters have changed and in the runs after that.
func TestScaledConvs(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, c := range scaledConvCases {
			t.Run(dtype.String()+" "+c.name, func(t *testing.T) { testScaledConv(t, dtype, c) })
		}
	}
}

func testScaledConv(t *testing.T, dtype tensor.Dtype, c scaledConvCase) {
	var packs Packs
	rng := rand.New(rand.NewPCG(1, 2))
	shapes := [][]int{{3, 16, 8, 8}, {32, 16, 3, 3}, {32}, {32}, {1}}
	values := make([]*tensor.Dense, len(shapes))
	for i, s := range shapes {
		values[i] = tensors.New(dtype, s)
	}
	fill := func() {
		for _, v := range values {
			list := make([]float64, v.Shape().TotalSize())
			for i := range list {
				list[i] = rng.Float64() - 0.5
			}
			tensors.Set(v, list)
		}
	}
	build := func(packs *Packs) (l *Lowered, outputs int) {
		g := NewGraph(dtype)
		var in []*Node
		for _, s := range shapes {
			in = append(in, g.Input("in", s))
		}
		g.Params = in[1:]
		wide := kernels.Window{In: 8, Kernel: 3, Stride: 1, Dilation: 1, Before: 1, After: 1}
		out := c.build(g, in[0], g.Must(Conv{Groups: 1, Y: wide, X: wide}, in[0], in[1]), in[2], in[3], in[4])
		l = Lower(g, out, &Env{Pool: kernels.Default(), Packs: packs})
		for i, n := range in {
			if input := l.Input(n); input != nil {
				input.Set(values[i])
			}
		}
		return l, len(out)
	}
	l, outputs := build(&packs)
	plain, _ := build(nil)
	scaled := false
	for _, o := range l.Ops() {
		if len(o.In) > 1 && Of(o.In[0]) == nil && Of(o.In[1]) != nil && len(Shape(o.In[0])) == 4 && len(Shape(o.In[1])) == 4 { // a convolution of the image
			scaled = scaled || Of(o.In[1]).settled
		}
	}
	require.Equal(t, c.scale, scaled, "the weights are those of the convolution times a scale")
	for range 2 {
		fill()
		packs.Changed()
		for range 3 { // parameters are packed in the second run
			for i := range outputs {
				want, got := valueOf(t, plain, i), valueOf(t, l, i)
				require.InDeltaSlice(t, want, got, map[tensor.Dtype]float64{tensor.Float32: 1e-5, tensor.Float64: 1e-13}[dtype])
			}
		}
	}
}

// valueOf runs l in memory of its own and returns output i.
func valueOf(t *testing.T, l *Lowered, i int) []float64 {
	l.Attach(NewMemory(l.Words))
	require.NoError(t, l.Run())
	defer l.Detach()
	list, err := tensors.Float64s(l.Value(i))
	require.NoError(t, err)
	return list
}
