package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

type rowCase struct {
	name        string
	input       []int
	net         graph.Layer
	independent bool
}

// lambda is a network without parameters of its own.
func lambda(f func(x graph.Node) graph.Node) graph.Layer {
	return graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return f(x) })
}

// timeFirst runs a layer for sequences on the batch as if it was the time.
func timeFirst(l graph.Layer) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Apply(l, x.SwapAxes(0, 1)).SwapAxes(0, 1) })
}

var rowCases = []rowCase{
	{"dense", []int{5}, layers.Sequential{layers.Dense{Units: 4}, layers.Tanh{}, layers.Dense{Units: 3}, layers.Softmax{}}, true},
	{"dense of sequences", []int{4, 5}, layers.Sequential{layers.Dense{Units: 4}, layers.LayerNorm{}, lambda(func(x graph.Node) graph.Node { return x.Mean(1) })}, true},
	{"convolutions", []int{2, 6, 6}, layers.Sequential{layers.Conv2D{Filters: 3, Kernel: []int{3, 3}}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{Size: []int{2, 2}},
		layers.GroupNorm{Groups: 1}, layers.ConvTranspose2D{Filters: 2, Kernel: []int{2, 2}}, layers.UpSample2D{}, layers.Flatten{}, layers.Dense{Units: 2}}, true},
	{"convolutions of signals", []int{2, 9}, layers.Sequential{layers.Conv1D{Filters: 4, Kernel: 3}, layers.AvgPool1D{Size: 2}, layers.Flatten{}}, true},
	{"separable convolutions", []int{4, 6, 6}, layers.Sequential{layers.SeparableConv2D{Filters: 3, Kernel: []int{3, 3}}, layers.ZeroPad2D{Top: 1}}, true},
	{"resizes, borders and adaptive pools", []int{2, 5, 6}, layers.Sequential{layers.Resize2D{Size: []int{8, 4}}, layers.ZeroPad2D{Top: 1, Left: 2, Mode: graph.PadReflect},
		layers.AdaptiveAvgPool2D{Size: []int{4, 5}}, layers.Resize2D{Scale: []float64{1.5}, Interpolation: layers.Bicubic}, layers.AdaptiveMaxPool2D{Size: []int{4}}}, true},
	{"lstm", []int{4, 3}, layers.LSTM{Units: 3}, true},
	{"gru and its reverse", []int{4, 3}, layers.Bidirectional{Layer: layers.GRU{Units: 3, ReturnSequences: true}}, true},
	{"a loop of a learned state", []int{4, 3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		h := s.Param("initial", graph.Ones, 1, 3).BroadcastTo(x.Dim(0), 3)
		final, outs := s.Scan([]graph.Node{h, h}, []graph.Node{x.SwapAxes(0, 1)}, func(_ *graph.Scope, h, x []graph.Node) (next, out []graph.Node) {
			return []graph.Node{h[0].Mul(x[0]).Tanh(), h[1].Tanh()}, []graph.Node{x[0].Add(h[1])}
		})
		return outs[0].SwapAxes(0, 1).Sum(1).Add(final[0]).Add(final[1])
	}), true},
	{"a masked sequence", []int{4, 3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.Bidirectional{Layer: layers.LSTM{Units: 2}}, x.Masked(x.Sum(2).Greater(s.Scalar(0))))
	}), true},
	{"masks", []int{6, 4}, layers.Sequential{layers.Masking{}, layers.Conv1D{Filters: 4, Kernel: 2, Padding: layers.Pad(1)}, layers.GroupNorm{Groups: 2},
		layers.AvgPool1D{Size: 2, IgnorePadding: true}, layers.BatchNorm{}, layers.Conv1D{Filters: 4, Kernel: 2, Padding: layers.Causal}, layers.GlobalMaxPool{}}, true},
	{"a mask of lengths", []int{6, 4}, lambda(func(x graph.Node) graph.Node {
		n := x.Slice(1, 0, 1).Slice(2, 0, 1).Reshape(-1).Sign().Shift(2)
		return x.Masked(n.Steps(6)).FillPadding(-1).Mean(1)
	}), true},
	{"attention", []int{4, 6}, layers.Sequential{layers.PositionalEncoding{}, layers.MultiHeadAttention{Heads: 2}, layers.RMSNorm{}}, true},
	{"attention, causal, of padded rows", []int{4, 6}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		mask := x.Slice(2, 0, 1).Reshape(-1, 4).Greater(s.Scalar(0))
		return s.Apply(layers.MultiHeadAttention{Heads: 2, KeyHeads: 1, Causal: true}, x.Masked(mask))
	}), true},
	{"attention to another sequence", []int{4, 6}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.MultiHeadAttention{Heads: 2}.Over(x.Slice(1, 1, 0)), x)
	}), true},
	{"the derivative of attention", []int{4, 6}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Attention(x.Slice(2, 0, 2), x.Slice(2, 2, 4), x.Slice(2, 4, 0), graph.Attention{})
		return graph.Grad(y.Square().Sum(), x)[0]
	}), true},
	{"attention among the rows", []int{4, 6}, timeFirst(layers.MultiHeadAttention{Heads: 2}), false},
	{"embedding", []int{4}, layers.Sequential{layers.Embedding{Vocabulary: 7, Units: 3}, layers.Flatten{}, layers.Dense{Units: 2}}, true},
	{"augmentation and noise, which inference leaves out", []int{1, 6, 6}, layers.Sequential{layers.RandomFlip{}, layers.GaussianNoise{Deviation: 1}, layers.Dropout{Rate: 0.5}}, true},
	{"residual and branches", []int{5}, layers.Sequential{layers.Residual{Layer: layers.Dense{Units: 5}}, layers.Concat{Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Identity{}}}}, true},
	{"an initial state that is learned", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		h := s.Param("initial", graph.Ones, 1, 4).BroadcastTo(x.Dim(0), 4).Tanh()
		return h.MatMul(s.Param("w", graph.GlorotUniform, 4, 3)).Add(x)
	}), true},
	{"an output that is the same for all rows", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Param("constant", graph.Ones, 3).BroadcastTo(x.Dim(0), 3)
	}), true},
	{"batch and time merged and parted again", []int{4, 6}, lambda(func(x graph.Node) graph.Node {
		return x.Reshape(-1, 6).Softmax().Reshape(x.Dim(0), 4, 6).Sum(1)
	}), true},
	{"time and batch merged, batch last", []int{4, 6}, lambda(func(x graph.Node) graph.Node {
		return x.Transpose(1, 0, 2).Reshape(-1, 6).Softmax().Reshape(4, -1, 6).Transpose(1, 0, 2)
	}), true},
	{"statistics of each row", []int{4, 6}, lambda(func(x graph.Node) graph.Node {
		m, v := x.Moments(1, 2)
		return x.Normalize(m, v, 1e-3, graph.Node{}, graph.Node{}).Max(2)
	}), true},
	{"statistics of each feature over the time", []int{7, 6}, lambda(func(x graph.Node) graph.Node {
		m, v := x.Moments(1)
		return x.Sub(m).Div(v.Shift(1e-3))
	}), true},
	{"a normalization by parameters with a dimension for the batch", []int{6}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		p := s.Param("p", graph.Uniform(0.5, 2), 6)
		return x.Normalize(p, p, 1e-3, s.Param("w", graph.Uniform(0.5, 2), 1, 6), graph.Node{})
	}), true},
	{"a product and its input added", []int{9}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.MatMul(s.Param("w", graph.GlorotUniform, 9, 9)).Add(x)
	}), true},
	{"a convolution of one pixel and its input added", []int{9, 1, 1}, layers.Residual{Layer: layers.Conv2D{Filters: 9, Kernel: []int{3}, Padding: layers.Same, NoBias: true}}, true},
	{"a derivative by the input", []int{3}, lambda(func(x graph.Node) graph.Node { return graph.Grad(x.Square().Sum(), x)[0] }), true},
	{"products of rows", []int{2, 3}, lambda(func(x graph.Node) graph.Node { return x.MatMul(x.Transpose(0, 2, 1)) }), true},
	{"sorted, cumulated and picked", []int{4, 3}, lambda(func(x graph.Node) graph.Node {
		v, i := x.Sort(1)
		top, _ := x.TopK(2, 2)
		y := v.CumSum(1, false, true).Mul(x.CumProd(2, true, false)).Add(x.GatherElements(1, i.Reverse(1))).ScatterAdd(1, i, x)
		return graph.Concat(2, y, top, x.ArgMax(2).Add(x.ArgMin(1).Sum(1).Expand(1)).Expand(2))
	}), true},
	{"triangles, tiles and sums of exponentials", []int{3, 3}, lambda(func(x graph.Node) graph.Node {
		return x.Tril(0).Add(x.Triu(1).Scale(2)).Tile(1, 2, 1).Repeat(2, 2).Add(x.LogSumExp(1, 2).Expand(1).Expand(2))
	}), true},
	{"einsum of rows", []int{3, 3}, lambda(func(x graph.Node) graph.Node {
		return graph.Einsum("bij,bkj->bki", x, x).Add(graph.Einsum("bii->bi", x).Expand(1))
	}), true},
	{"cross-entropy", []int{3, 4}, lambda(func(x graph.Node) graph.Node { return x.CrossEntropy(x.ArgMax(2)) }), true},
	{"rows sorted", []int{3}, lambda(func(x graph.Node) graph.Node { v, _ := x.Sort(0); return v }), false},
	{"rows cumulated", []int{3}, lambda(func(x graph.Node) graph.Node {
		return x.CumSum(0, false, false).Add(x.Scale(0.1).CumProd(0, false, false))
	}), false},
	{"rows picked by others", []int{3}, lambda(func(x graph.Node) graph.Node { _, i := x.Sort(0); return x.GatherElements(0, i) }), false},
	{"rows added to others", []int{3}, lambda(func(x graph.Node) graph.Node { _, i := x.Sort(0); return x.ScatterAdd(0, i, x) }), false},
	{"a triangle of the rows", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Add(x.Tril(-5)) }), false},
	{"einsum over the rows", []int{3}, lambda(func(x graph.Node) graph.Node { return graph.Einsum("bi,cj,bj->ci", x, x, x) }), false},

	{"time-first lstm", []int{4, 3}, timeFirst(layers.LSTM{Units: 3, ReturnSequences: true}), false},
	{"a loop over the rows", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		_, outs := s.Scan([]graph.Node{s.Scalar(0).BroadcastTo(3)}, []graph.Node{x}, func(_ *graph.Scope, h, x []graph.Node) (next, out []graph.Node) {
			h[0] = h[0].Add(x[0]).Tanh()
			return h, h
		})
		return outs[0]
	}), false},
	{"a loop whose state is the mean of the rows", []int{4, 3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		final, _ := s.Scan([]graph.Node{s.Scalar(0).BroadcastTo(x.Dim(0), 3)}, []graph.Node{x.SwapAxes(0, 1)}, func(_ *graph.Scope, h, x []graph.Node) (next, out []graph.Node) {
			return []graph.Node{h[0].Sub(h[0].Mean(0)).Add(x[0])}, nil
		})
		return final[0]
	}), false},
	{"a loop of as many steps as rows", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		final, _ := graph.Loop{Steps: x.Dim(0)}.Scan(s, []graph.Node{x}, nil, func(_ *graph.Scope, h, _ []graph.Node) (next, out []graph.Node) {
			return []graph.Node{h[0].Scale(0.9)}, nil
		})
		return final[0]
	}), false},
	{"softmax over the rows", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Softmax(0) }), false},
	{"the mean of the rows", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Sub(x.Mean(0)) }), false},
	{"a border of rows", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Pad(0, 1, 1, graph.PadEdge).Slice(0, 0, x.Dim(0)) }), false},
	{"rows in reverse order", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Reverse(0) }), false},
	{"a convolution along the rows", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := x.Transpose(1, 0).Reshape(1, 3, -1).Conv(s.Param("w", graph.GlorotUniform, 3, 3, 3), 1, graph.Window{Before: 1, After: 1})
		return y.Reshape(3, -1).Transpose(1, 0)
	}), false},
	{"maximum of the rows", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Sub(x.Max(0)) }), false},
	{"rows shifted by one", []int{3}, lambda(func(x graph.Node) graph.Node { return graph.Concat(0, x, x).Slice(0, 1, x.Dim(0)+1) }), false},
	{"the first row for all", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Add(x.Slice(0, 0, 1)) }), false},
	{"rows padded on one side", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Pad(0, 1, 0).Slice(0, 0, x.Dim(0)).Add(x) }), false},
	{"rows doubled and halved", []int{3}, lambda(func(x graph.Node) graph.Node {
		return graph.Concat(0, x, x.Neg()).Slice(0, x.Dim(0), 2*x.Dim(0))
	}), true},
	{"rows among themselves", []int{3}, lambda(func(x graph.Node) graph.Node { return x.MatMul(x.Transpose(1, 0)).MatMul(x) }), false},
	{"statistics of the batch", []int{3}, lambda(func(x graph.Node) graph.Node {
		m, v := x.Moments(0)
		return x.Normalize(m, v, 1e-3, graph.Node{}, graph.Node{})
	}), false},
	{"a table of the rows' numbers", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.Add(s.Table(func(i int) float64 { return float64(i) }, x.Dim(0), 1))
	}), false},
	{"a factor of the number of rows", []int{3}, lambda(func(x graph.Node) graph.Node { return x.Scale(1 / float64(x.Dim(0))) }), false},
	{"rows cut apart and joined otherwise", []int{4}, lambda(func(x graph.Node) graph.Node { return x.Reshape(4, -1).Transpose(1, 0) }), false},
	{"a derivative by a weight", []int{3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		w := s.Param("w", graph.Ones, 3)
		return x.Mul(graph.Grad(x.Mul(w).Square().Sum(), w)[0])
	}), false},
}

// TestRows holds the analysis against what predictions do: where it finds rows to be independent, each row is predicted as if
// it was alone; where it does not, the rows of this table do mix. Many rows are predicted as one batch computes them.
func TestRows(t *testing.T) {
	for _, c := range rowCases {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: c.input, Seed: 3, DType: tensor.Float64})
			require.NoError(t, err)
			require.Equal(t, c.independent, m.RowsAreIndependent())
			rng := rand.New(rand.NewPCG(1, 2))
			const rows = 700
			x := tensor.New(tensor.WithShape(append([]int{rows}, c.input...)...), tensor.Of(tensor.Float64))
			for i := range x.Float64s() {
				if x.Float64s()[i] = rng.NormFloat64(); c.name == "embedding" {
					x.Float64s()[i] = float64(rng.IntN(7))
				}
			}
			all, err := m.Predict(context.Background(), x)
			require.NoError(t, err)
			width := len(all.Float64s()) / rows
			differs := false
			for _, n := range []int{1, 2, 300} {
				part, err := m.Predict(context.Background(), last(x, n))
				require.NoError(t, err)
				differs = differs || fmt.Sprint(part.Float64s()) != fmt.Sprint(all.Float64s()[(rows-n)*width:])
			}
			require.Equal(t, !c.independent, differs, "predictions depend on the other rows")
		})
	}
}

// TestPredictWhole: where rows mix, Predict of many rows is that of one batch.
func TestPredictWhole(t *testing.T) {
	const rows = 1100
	x := tensor.New(tensor.WithShape(rows, 1), tensor.WithBacking(make([]float64, rows)))
	for i := range x.Float64s() {
		x.Float64s()[i] = float64(i)
	}
	m, err := graph.Compile(lambda(func(x graph.Node) graph.Node { return x.Sub(x.Mean(0)) }), graph.Config{Input: []int{1}, DType: tensor.Float64})
	require.NoError(t, err)
	y, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	for i, v := range y.Float64s() {
		require.InDelta(t, float64(i)-(rows-1)/2.0, v, 1e-9)
	}
}

// last returns the last n rows.
func last(x *graph.Tensor, n int) *graph.Tensor {
	shape := append([]int{n}, x.Shape()[1:]...)
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x.Float64s()[x.DataSize()/x.Shape()[0]*(x.Shape()[0]-n):]))
}
