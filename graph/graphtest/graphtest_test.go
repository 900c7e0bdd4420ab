package graphtest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// wrong is a function whose derivative is wrong: StopGradient hides a part of it.
func wrong(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].Mul(x[0].StopGradient()) }

func TestAWrongDerivativeIsFound(t *testing.T) {
	err := Check{}.run(wrong, []*tensor.Dense{Check{}.Random(3)})
	require.ErrorContains(t, err, "input 0: element 0: got derivative")
}

func TestErrorsOfTheGraphAreReported(t *testing.T) {
	f := func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].MatMul(x[0]) }
	require.ErrorContains(t, Check{}.run(f, []*tensor.Dense{Check{}.Random(2, 3)}), "got shapes [2 3] and [2 3], want equal inner dimensions")
	x := tensor.New(tensor.WithShape(2), tensor.WithBacking([]float32{1, 2}))
	require.ErrorContains(t, Check{}.run(f, []*tensor.Dense{x}), "want float64")
}

// TestOperations checks the first and second derivatives of every operation.
func TestOperations(t *testing.T) {
	type node = graph.Node
	one := func(f func(x node) node) func(*graph.Scope, ...node) node {
		return func(_ *graph.Scope, x ...node) node { return f(x[0]) }
	}
	two := func(f func(x, y node) node) func(*graph.Scope, ...node) node {
		return func(_ *graph.Scope, x ...node) node { return f(x[0], x[1]) }
	}
	einsum := func(equation string) func(*graph.Scope, ...node) node {
		return func(_ *graph.Scope, x ...node) node { return graph.Einsum(equation, x...) }
	}
	positive := func(x node) node { return x.Square().Shift(0.5) }
	rows := []struct {
		name   string
		f      func(*graph.Scope, ...node) node
		shapes [][]int
	}{
		{"neg", one(node.Neg), [][]int{{3, 4}}},
		{"scale", one(func(x node) node { return x.Scale(-2.5) }), [][]int{{3, 4}}},
		{"shift", one(func(x node) node { return x.Shift(3).Square() }), [][]int{{3, 4}}},
		{"square", one(node.Square), [][]int{{3, 4}}},
		{"sqrt", one(func(x node) node { return positive(x).Sqrt() }), [][]int{{3, 4}}},
		{"reciprocal", one(func(x node) node { return positive(x).Reciprocal() }), [][]int{{3, 4}}},
		{"abs", one(node.Abs), [][]int{{3, 4}}},
		{"exp", one(node.Exp), [][]int{{3, 4}}},
		{"log", one(func(x node) node { return positive(x).Log() }), [][]int{{3, 4}}},
		{"log1p", one(func(x node) node { return positive(x).Log1p() }), [][]int{{3, 4}}},
		{"sin", one(node.Sin), [][]int{{3, 4}}},
		{"cos", one(node.Cos), [][]int{{3, 4}}},
		{"erf", one(node.Erf), [][]int{{3, 4}}},
		{"tanh", one(node.Tanh), [][]int{{3, 4}}},
		{"sigmoid", one(node.Sigmoid), [][]int{{3, 4}}},
		{"gelu", one(node.GELU), [][]int{{3, 4}}},
		{"softplus", one(node.Softplus), [][]int{{3, 4}}},
		{"relu", one(node.ReLU), [][]int{{3, 4}}},
		{"leaky relu", one(func(x node) node { return x.LeakyReLU(0.1) }), [][]int{{3, 4}}},
		{"elu", one(func(x node) node { return x.ELU(1.5) }), [][]int{{3, 4}}},
		{"clip", one(func(x node) node { return x.Clip(-0.4, 0.6).Square() }), [][]int{{3, 4}}},
		{"pow scalar", one(func(x node) node { return positive(x).PowScalar(1.7) }), [][]int{{3, 4}}},
		{"pow 3", one(func(x node) node { return x.PowScalar(3) }), [][]int{{3, 4}}},
		{"pow", two(func(x, y node) node { return positive(x).Pow(y) }), [][]int{{3, 4}, {4}}},
		{"xlogy", two(func(x, y node) node { return x.Xlogy(positive(y)) }), [][]int{{3, 4}, {3, 1}}},
		{"xlogy of exp", two(func(x, y node) node { return x.Xlogy(y.Exp()) }), [][]int{{3, 4}, {3, 1}}},
		{"binary cross-entropy", two(func(x, y node) node { return x.Softplus().Sub(y.Mul(x)) }), [][]int{{3, 4}, {3, 4}}},
		{"pow of a whole number", two(func(x, y node) node { return x.Pow(y.Scale(0).Shift(3).StopGradient()) }), [][]int{{3, 4}, {4}}},
		{"norm", one(func(x node) node { return x.Norm(1) }), [][]int{{3, 4}}},
		{"std", one(func(x node) node { return x.Std(0) }), [][]int{{3, 4}}},
		{"add, row", two(node.Add), [][]int{{3, 4}, {4}}},
		{"add, column", two(node.Add), [][]int{{3, 4}, {3, 1}}},
		{"sub, both repeated", two(node.Sub), [][]int{{3, 1}, {1, 4}}},
		{"mul", two(node.Mul), [][]int{{3, 4}, {3, 4}}},
		{"mul, scalar", two(node.Mul), [][]int{{3, 4}, {}}},
		{"mul, outer dimensions", two(node.Mul), [][]int{{2, 3, 4}, {2, 1, 4}}},
		{"div", two(func(x, y node) node { return x.Div(positive(y)) }), [][]int{{3, 4}, {4}}},
		{"maximum", two(node.Maximum), [][]int{{3, 4}, {4}}},
		{"minimum", two(node.Minimum), [][]int{{3, 4}, {3, 1}}},
		{"same node twice", one(func(x node) node { return x.Mul(x).Add(x).Div(positive(x)) }), [][]int{{3, 4}}},
		{"matmul", two(node.MatMul), [][]int{{3, 4}, {4, 2}}},
		{"matmul, three dimensions", two(node.MatMul), [][]int{{2, 3, 4}, {4, 2}}},
		{"matmul, batch", two(node.MatMul), [][]int{{2, 3, 4}, {2, 4, 2}}},
		{"matmul, batch repeated", two(node.MatMul), [][]int{{1, 3, 4}, {5, 4, 2}}},
		{"matmul, one matrix and many", two(node.MatMul), [][]int{{3, 4}, {5, 4, 2}}},
		{"matmul of a transpose", two(func(x, y node) node { return x.Transpose().MatMul(y.Transpose()) }), [][]int{{4, 3}, {2, 4}}},
		{"distances", two(node.Distances), [][]int{{3, 4}, {2, 4}}},
		{"distances, batch", two(node.Distances), [][]int{{2, 3, 2}, {2, 1, 2}}},
		{"distances of rows from themselves", one(func(x node) node { return x.Distances(x).Square() }), [][]int{{4, 3}}},
		{"dense", func(_ *graph.Scope, x ...node) node { return x[0].MatMul(x[1]).Add(x[2]).Tanh() }, [][]int{{3, 4}, {4, 2}, {2}}},
		{"two dense", func(_ *graph.Scope, x ...node) node {
			return x[0].MatMul(x[1]).Add(x[2]).Sigmoid().MatMul(x[3]).LeakyReLU(0.2)
		}, [][]int{{3, 4}, {4, 2}, {2}, {2, 5}}},
		{"sum", one(func(x node) node { return x.Square().Sum() }), [][]int{{3, 4}}},
		{"sum, rows", one(func(x node) node { return x.Square().Sum(1) }), [][]int{{3, 4}}},
		{"sum, columns", one(func(x node) node { return x.Square().Sum(0) }), [][]int{{3, 4}}},
		{"sum, middle", one(func(x node) node { return x.Square().Sum(-2) }), [][]int{{2, 3, 4}}},
		{"sum, outer and inner", one(func(x node) node { return x.Square().Sum(0, 2) }), [][]int{{2, 3, 4}}},
		{"mean", one(func(x node) node { return x.Square().Mean(1, 2) }), [][]int{{2, 3, 4}}},
		{"max", one(func(x node) node { return x.Square().Max() }), [][]int{{3, 4}}},
		{"steps", one(func(x node) node {
			mask := x.Slice(1, 0, 1).Reshape(3).Scale(0).Shift(2).Steps(4)
			return x.Masked(mask).Square().FillPadding(0)
		}), [][]int{{3, 4}}},
		{"max, middle", one(func(x node) node { return x.Square().Max(1) }), [][]int{{2, 3, 4}}},
		{"softmax", one(func(x node) node { return x.Softmax() }), [][]int{{3, 4}}},
		{"softmax, first axis", one(func(x node) node { return x.Softmax(0) }), [][]int{{3, 4}}},
		{"softmax, middle, of a product", two(func(x, y node) node { return x.Mul(y).Softmax(1).Square() }), [][]int{{2, 3, 4}, {2, 3, 4}}},
		{"log softmax", one(func(x node) node { return x.LogSoftmax() }), [][]int{{3, 4}}},
		{"log softmax, middle", one(func(x node) node { return x.LogSoftmax(1) }), [][]int{{2, 3, 4}}},
		{"log softmax, first axis, of a product", two(func(x, y node) node { return x.Mul(y).LogSoftmax(0).Square() }), [][]int{{3, 2, 2}, {3, 2, 2}}},
		{"reshape", one(func(x node) node { return x.Square().Reshape(4, -1) }), [][]int{{2, 6}}},
		{"transpose", one(func(x node) node { return x.Square().Transpose(2, 0, 1) }), [][]int{{2, 3, 4}}},
		{"broadcast", one(func(x node) node { return x.Square().BroadcastTo(5, 3, 4) }), [][]int{{3, 1}}},
		{"slice", one(func(x node) node { return x.Square().Slice(1, 1, -1) }), [][]int{{2, 4, 3}}},
		{"pad", one(func(x node) node { return x.Square().Pad(1, 2, 1) }), [][]int{{2, 4, 3}}},
		{"pad, reflect", one(func(x node) node { return x.Square().Pad(1, 2, 1, graph.PadReflect) }), [][]int{{2, 4, 3}}},
		{"pad, edge", one(func(x node) node { return x.Square().Pad(-1, 1, 9, graph.PadEdge) }), [][]int{{2, 4, 3}}},
		{"pad, wrap", one(func(x node) node { return x.Square().Pad(0, 1, 2, graph.PadWrap) }), [][]int{{2, 4, 3}}},
		{"resize", one(func(x node) node { return x.Square().Resize(1, 7, graph.Resizing{}) }), [][]int{{2, 4, 3}}},
		{"resize, cubic", one(func(x node) node {
			return x.Square().Resize(-1, 2, graph.Resizing{Interpolation: graph.ResizeCubic, Inside: true})
		}), [][]int{{2, 4, 3}}},
		{"resize, rounded up", one(func(x node) node { return x.Square().Resize(0, 5, graph.Resizing{Interpolation: graph.ResizeCeil}) }), [][]int{{2, 4, 3}}},
		{"max pool, bins", one(func(x node) node {
			return x.Square().MaxPool(graph.Window{Bins: 3}, graph.Window{Size: 2, Stride: 2, Ceil: true})
		}), [][]int{{1, 2, 5, 3}}},
		{"avg pool, bins", one(func(x node) node {
			return x.Square().AvgPool(true, graph.Window{Size: 2, Ceil: true, Dilation: 2}, graph.Window{Bins: 4})
		}), [][]int{{1, 2, 3, 3}}},
		{"concat", two(func(x, y node) node { return graph.Concat(1, x.Square(), y.Exp(), x) }), [][]int{{2, 3, 2}, {2, 1, 2}}},
		{"mod", two(func(x, y node) node { return x.Square().Mod(positive(y)) }), [][]int{{3, 4}, {4}}},
		{"round, ceil and floor", one(func(x node) node { return x.Round().Add(x.Ceil()).Add(x.Floor()).Mul(x) }), [][]int{{3, 4}}},
		{"arg max and arg min", one(func(x node) node { return x.ArgMax(1).Add(x.ArgMin(-1)).Mul(x.Sum(1)) }), [][]int{{3, 4}}},
		{"sort", one(func(x node) node { v, i := x.Square().Sort(1); return v.Mul(i.Shift(1)) }), [][]int{{2, 4, 3}}},
		{"largest", one(func(x node) node { v, _ := x.Square().TopK(-1, 2); return v }), [][]int{{3, 5}}},
		{"smallest", one(func(x node) node { v, _ := x.Square().BottomK(0, 2); return v }), [][]int{{3, 5}}},
		{"gather elements", two(func(x, y node) node { _, i := y.BottomK(1, 2); return x.Square().GatherElements(1, i) }), [][]int{{2, 4, 3}, {2, 4, 3}}},
		{"scatter add", func(_ *graph.Scope, x ...node) node {
			index := x[2].Square().Floor().Clip(0, 3)
			return x[0].Exp().ScatterAdd(1, index, x[1].Square())
		}, [][]int{{2, 4, 3}, {2, 6, 3}, {2, 6, 3}}},
		{"cumulative sum", one(func(x node) node { return x.Square().CumSum(1, false, false) }), [][]int{{2, 4, 3}}},
		{"cumulative sum, exclusive, reverse", one(func(x node) node { return x.Square().CumSum(-1, true, true) }), [][]int{{2, 4}}},
		{"cumulative product", one(func(x node) node { return x.CumProd(1, false, false) }), [][]int{{2, 4, 3}}},
		{"cumulative product, reverse", one(func(x node) node { return x.CumProd(0, false, true) }), [][]int{{4, 3}}},
		{"cumulative product, exclusive", one(func(x node) node { return x.CumProd(1, true, false) }), [][]int{{2, 4}}},
		{"cumulative product, exclusive, reverse", one(func(x node) node { return x.CumProd(1, true, true) }), [][]int{{2, 4}}},
		{"cumulative product with zeros", func(s *graph.Scope, x ...node) node {
			zeros := Check{}.Random(3, 5) // x is equal to it
			for i, v := range zeros.Float64s() {
				zeros.Float64s()[i] = v * []float64{0, 1, 0, 0, 1, 0, 0}[i%7]
			}
			return x[0].Sub(s.Constant(zeros)).CumProd(1, false, false)
		}, [][]int{{3, 5}}},
		{"tile", one(func(x node) node { return x.Square().Tile(2, 1, 3) }), [][]int{{3, 4}}},
		{"repeat", one(func(x node) node { return x.Square().Repeat(1, 3) }), [][]int{{2, 3, 2}}},
		{"triangles", one(func(x node) node { return x.Square().Tril(1).Add(x.Exp().Triu(-1)) }), [][]int{{2, 3, 4}}},
		{"log sum exp", one(func(x node) node { return x.LogSumExp(1) }), [][]int{{2, 3, 4}}},
		{"log sum exp, all", one(func(x node) node { return x.LogSumExp() }), [][]int{{3, 4}}},
		{"cross-entropy", two(func(x, y node) node { return x.CrossEntropy(y.ArgMax(-1)) }), [][]int{{2, 3, 4}, {2, 3, 5}}},
		{"norm of p 1.5", one(func(x node) node { return x.PNorm(1.5, 1) }), [][]int{{3, 4}}},
		{"norm of p 3, all", one(func(x node) node { return x.PNorm(3) }), [][]int{{3, 4}}},
		{"norms of p 1, 2 and ∞", one(func(x node) node { return x.PNorm(1, 0).Add(x.PNorm(2, 0)).Mul(x.PNorm(math.Inf(1), 0)) }), [][]int{{3, 4}}},
		{"einsum, product", einsum("ij,jk->ik"), [][]int{{3, 4}, {4, 2}}},
		{"einsum, batches", einsum("...ij,...kj->...ik"), [][]int{{2, 3, 4}, {1, 2, 4}}},
		{"einsum, diagonals and three nodes", einsum("iij,jk,k->i"), [][]int{{3, 3, 2}, {2, 4}, {4}}},
		{"einsum, outer", einsum("i,j"), [][]int{{3}, {4}}},
		{"gorgonia", one(func(x node) node {
			return graph.Gorgonia(func(x ...*gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sin(x[0]) }, x)
		}), [][]int{{3, 4}}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			var x []*tensor.Dense
			for i, s := range r.shapes {
				x = append(x, Check{Seed: uint64(i)}.Random(s...))
			}
			Check{}.Func(t, r.f, x...)
			// The elements of a second derivative differ more in size, so the tolerance is larger.
			Check{Twice: true, Tolerance: 1e-5}.Func(t, r.f, x...)
		})
	}
}

// TestLayouts: the derivatives of a right function pass the check at a transposed tensor and at a view.
func TestLayouts(t *testing.T) {
	matrix := func() *tensor.Dense {
		return tensor.New(tensor.WithShape(3, 4), tensor.WithBacking([]float64{1, 2, -1, 4, 0.5, -2, 3, 1, 2, 2.5, -3, 1}))
	}
	transposed := matrix()
	require.NoError(t, transposed.T())
	columns, err := matrix().Slice(nil, tensor.S(1, 3))
	require.NoError(t, err)
	for _, x := range []*tensor.Dense{transposed, columns.(*tensor.Dense)} {
		Func(t, func(_ *graph.Scope, x ...graph.Node) graph.Node {
			return x[0].Square().CumSum(1, false, false).Mul(x[0].Sin())
		}, x)
	}
}
