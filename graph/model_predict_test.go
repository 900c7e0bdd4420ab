package graph_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// tied maps its input linearly and back with the same weights, transposed.
var tied = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	w := s.Param("weight", graph.GlorotUniform, x.Dim(-1), 70)
	return x.MatMul(w).Tanh().MatMul(w.Transpose())
})

// aloneNetworks are networks with all kinds of products, and the shapes of their inputs.
var aloneNetworks = map[string]struct {
	net   layers.Sequential
	input []int
}{
	"dense": {layers.Sequential{
		layers.Dense{Units: 300}, layers.BatchNorm{}, layers.Tanh{}, layers.Dense{Units: 33}, layers.ReLU{},
		layers.LayerNorm{}, layers.Dense{Units: 10}, layers.Softmax{},
	}, []int{301}},
	"dense, one output": {layers.Sequential{layers.Dense{Units: 20}, layers.GELU{}, layers.Dense{Units: 1}, layers.Sigmoid{}}, []int{7}},
	"tied":              {layers.Sequential{tied}, []int{37}},
	"signals": {layers.Sequential{
		layers.Conv1D{Filters: 32, Kernel: 3}, layers.ReLU{}, layers.MaxPool1D{},
		layers.Conv1D{Filters: 16, Kernel: 5, Padding: layers.Same}, layers.BatchNorm{}, layers.ReLU{},
		layers.Flatten{}, layers.Dense{Units: 9},
	}, []int{1, 64}},
	"images": {layers.Sequential{
		layers.Conv2D{Filters: 16, Kernel: []int{3}, Padding: layers.Pad(1)}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{},
		layers.Conv2D{Filters: 24, Kernel: []int{3}, Padding: layers.Pad(1)}, layers.BatchNorm{}, layers.ReLU{},
		layers.Conv2D{Filters: 32, Kernel: []int{3}, Padding: layers.Pad(1)}, layers.ReLU{}, layers.MaxPool2D{},
		layers.ConvTranspose2D{Filters: 16, Kernel: []int{3}}, layers.AvgPool2D{},
		layers.Flatten{}, layers.Dense{Units: 10},
	}, []int{1, 18, 20}},
	"separable": {layers.Sequential{
		layers.Conv2D{Filters: 16, Kernel: []int{3}, Groups: 2}, layers.GroupNorm{Groups: 4}, layers.PReLU{},
		layers.SeparableConv2D{Filters: 24, Kernel: []int{3}}, layers.UpSample2D{}, layers.SiLU{},
		layers.Conv2D{Filters: 32, Kernel: []int{3}, Stride: []int{2}}, layers.RMSNorm{}, layers.GlobalAvgPool{}, layers.Dense{Units: 2},
	}, []int{2, 13, 12}},
	"recurrent": {layers.Sequential{
		layers.LSTM{Units: 21, ReturnSequences: true}, layers.Bidirectional{Layer: layers.GRU{Units: 16}}, layers.Dense{Units: 3},
	}, []int{6, 11}},
	"attention": {layers.Sequential{
		layers.Dense{Units: 24}, layers.MultiHeadAttention{Heads: 3}, layers.LayerNorm{}, layers.Flatten{}, layers.Dense{Units: 4},
	}, []int{7, 10}},
}

// TestPredictAlone: a row's prediction has the same bits in calls of any number of rows.
func TestPredictAlone(t *testing.T) {
	for name, c := range aloneNetworks {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, workers := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s/%v/%d", name, dt, workers), func(t *testing.T) { testAlone(t, c.net, c.input, dt, workers) })
			}
		}
	}
}

func testAlone(t *testing.T, net graph.Layer, input []int, dt tensor.Dtype, workers int) {
	const rows = 64
	ctx := context.Background()
	m, err := graph.Compile(net, graph.Config{Input: input, DType: dt, Workers: workers, Loss: losses.MeanSquaredError{},
		Optimizer: optimizers.SGD{LearningRate: 0.05}})
	require.NoError(t, err)
	x := random(3, append([]int{rows}, input...)...)
	y, err := m.Predict(ctx, x)
	require.NoError(t, err)
	_, err = m.Fit(ctx, graph.Arrays{X: x, Y: random(4, y.Shape()...)}, graph.FitConfig{Epochs: 1, BatchSize: 16})
	require.NoError(t, err)

	all, err := m.Predict(ctx, x)
	require.NoError(t, err)
	size, width := x.Size()/rows, all.Size()/rows
	for _, n := range []int{1, 2, 3, 17} {
		for from := 0; from+n <= rows; from += n {
			part := tensor.New(tensor.WithShape(append([]int{n}, input...)...), tensor.WithBacking(x.Float64s()[from*size:(from+n)*size]))
			got, err := m.Predict(ctx, part)
			require.NoError(t, err)
			for i := range n * width {
				if got, want := at(got, i), at(all, from*width+i); math.Float64bits(got) != math.Float64bits(want) {
					t.Fatalf("row %d among %d: output %d: got %v, want %v", from+i/width, n, i%width, got, want)
				}
			}
		}
	}
}
