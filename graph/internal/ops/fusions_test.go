package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// TestFusions lowers a graph for each matcher, once as it stands and once with an inner node as a second output, which the
// fusion then may not compute inside.
func TestFusions(t *testing.T) {
	conv := kernels.Window{In: 4, Kernel: 3, Stride: 1, Dilation: 1, Before: 1, After: 1}
	half := kernels.PoolWindow{Window: kernels.Window{In: 4, Kernel: 2, Stride: 2, Dilation: 1}}
	forward, weights := Conv{Part: ConvForward, Groups: 1, Y: conv, X: conv}, Conv{Part: ConvWeights, Groups: 1, Y: conv, X: conv}
	pool, poolGrad := Pool{Part: MaxPool, Y: half, X: half}, Pool{Part: MaxPoolGrad, Y: half, X: half}
	g := NewGraph(tensor.Float32)
	x, w, b := g.Input("x", []int{2, 2, 4, 4}), g.Input("w", []int{2, 2, 3, 3}), g.Input("b", []int{2, 1, 1})
	m, v, d := g.Input("m", []int{4, 4}), g.Input("v", []int{4}), g.Input("d", []int{2, 2, 2, 2})
	convolved, product, grad := g.Must(forward, x, w), g.Must(MatMul{}, m, m), g.Must(poolGrad, x, d)
	masked, sum := g.m2(ReLUGrad, grad, x), g.m2(Add, product, v)
	exp, rows := g.m1(Exp, m), g.Must(Reduce{From: 1, To: 2}, m)
	rank4 := g.Input("h", []int{2, 5, 3, 4})
	heads := func() *Node { return g.Must(Transpose{Encode([]int{0, 2, 1, 3})}, rank4) }
	keys := g.m1(Exp, rank4)
	scores := g.mc(Scale, g.Must(MatMul{TB: true}, heads(), g.Must(Transpose{Encode([]int{0, 2, 1, 3})}, keys)), 0.5)
	attended := g.Must(Transpose{Encode([]int{0, 2, 1, 3})}, g.Must(MatMul{}, g.Must(Softmax{}, scores), g.Must(Transpose{Encode([]int{0, 2, 1, 3})}, g.m1(Tanh, rank4))))
	mean := func(x *Node) *Node { return g.mc(Scale, g.Reduced(x, []int{1}, false, true), 0.25) }
	centred := g.m2(Sub, m, mean(m))
	root := g.m1(Sqrt, g.mc(Shift, mean(g.mc(Power, centred, 2)), 1e-5))
	normed := g.m2(Add, g.m2(Mul, g.m2(Div, centred, root), v), v)
	padded, cut := g.Must(Pad{Axis: 2, Before: 1}, x), g.Must(Slice{Axis: 2, From: 1, To: 3}, x)
	column := g.Input("column", []int{4, 1})
	normal := g.Must(Normalize{Groups: Groups{0, 1}}, m, column, column, column)
	soft, logs := softmaxGradOf(g, Softmax{Behind: 1}, m, exp), softmaxGradOf(g, Softmax{Log: true, Behind: 1}, m, exp)
	tested := map[string]bool{}
	for _, r := range []struct {
		matcher     string
		n, inner    *Node
		fused, kept []string
	}{
		{"convPool", g.Must(pool, g.m1(ReLU, g.m2(Add, convolved, b))), convolved, []string{"ConvPool"}, []string{"Conv", "Chain", "Pool"}},
		{"convPool", g.Must(pool, convolved), convolved, []string{"ConvPool"}, []string{"Conv", "Pool"}},
		{"weightsPooled", g.Must(weights, x, masked), masked, []string{"WeightsPooled"}, []string{"Pool", "Conv"}},
		{"weightsPooled", g.Must(weights, x, grad), grad, []string{"WeightsPooled"}, []string{"Pool", "Conv"}},
		{"affine", g.m1(Tanh, sum), product, []string{"Affine"}, []string{"MatMul", "Chain"}},
		{"affine", g.m1(Tanh, sum), sum, []string{"Affine"}, []string{"Affine", "Chain"}},
		{"affine", g.m2(TanhGrad, product, m), product, []string{"Affine"}, []string{"MatMul", "Chain"}},
		{"affine", g.m2(Mul, m, product), product, []string{"Affine"}, []string{"MatMul", "Chain"}},
		{"affine", g.m2(Add, m, sum), product, []string{"Affine"}, []string{"MatMul", "Chain"}},
		{"affine", g.m2(Add, sum, m), sum, []string{"Affine"}, []string{"Affine", "Chain"}},
		{"affine", g.m1(GELU, sum), sum, []string{"Affine"}, []string{"Affine", "Chain"}},
		{"affine", g.m2(Add, convolved, b), convolved, []string{"ConvAffine"}, []string{"Conv", "Chain"}},
		{"affine", g.m2(Add, g.Reshaped(product, []int{2, 2, 4}), v), product, []string{"Affine"}, []string{"MatMul", "Reshape", "Chain"}},
		{"attention", attended, scores, []string{"Chain", "Chain", "Attended"}, []string{"Chain", "Transpose", "Transpose", "MatMul", "Chain", "Softmax", "Chain", "Transpose", "MatMul", "Transpose"}},
		{"rowNorm", normed, centred, []string{"RowNorm"}, []string{"Reduce", "Chain", "Chain", "Chain", "Reduce", "Chain", "Chain"}},
		{"poolGrad", masked, grad, []string{"Pool"}, []string{"Pool", "Chain"}},
		{"softmaxGrad", soft, Of(soft).In[1], []string{"Chain", "Softmax", "SoftmaxGrad"}, []string{"Chain", "Softmax", "Chain", "Reduce", "Chain", "Chain"}},
		{"softmaxGrad", g.m1(ReLU, soft), Of(soft).In[1], []string{"Chain", "Softmax", "SoftmaxGrad", "Chain"}, []string{"Chain", "Softmax", "Chain", "Reduce", "Chain", "Chain"}},
		{"softmaxGrad", logs, Of(logs).In[1], []string{"Chain", "Softmax", "SoftmaxGrad"}, []string{"Chain", "Softmax", "Reduce", "Chain", "Chain"}},
		{"normalized", g.m1(ReLU, g.Reshaped(normal, []int{4, 2, 2})), normal, []string{"NormalizeChain"}, []string{"Normalize", "Reshape", "Chain"}},
		{"normalized", g.m1(ReLU, g.m2(Add, exp, normal)), normal, []string{"NormalizeChain"}, []string{"Normalize", "Chain"}},
		{"chain", g.m2(Mul, exp, v), exp, []string{"Chain"}, []string{"Chain", "Chain"}},
		{"framed", g.Must(Pad{Axis: 3, Before: 1, After: 2}, padded), padded, []string{"Frame"}, []string{"Pad", "Pad"}},
		{"framed", g.Must(Slice{Axis: 3, From: 1, To: 4}, cut), cut, []string{"Frame"}, []string{"Slice", "Slice"}},
		{"reshaped", g.Reshaped(rows, []int{4}), rows, []string{"Reduce"}, []string{"Reduce", "Reshape"}},
	} {
		tested[r.matcher] = true
		t.Run(r.matcher, func(t *testing.T) {
			require.Equal(t, r.fused, lowered(g, r.n))
			require.Equal(t, r.kept, lowered(g, r.n, r.inner))
		})
	}
	tested["convPair"] = true // TestConvPair
	for _, m := range matchers {
		require.True(t, tested[m.name], m.name)
	}
}

// lowered returns the types of the ops that compute the outputs, in their order.
func lowered(g *Graph, outputs ...*Node) []string {
	var types []string
	for _, o := range Lower(g, outputs, &Env{}).Ops() {
		types = append(types, fmt.Sprintf("%T", o.Def)[len("ops."):])
	}
	return types
}
