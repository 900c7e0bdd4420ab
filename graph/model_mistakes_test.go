package graph_test

import (
	"context"
	"iter"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// TestMistakesOfCompile: wrong settings, and sizes beyond any memory, are errors that name the place.
func TestMistakesOfCompile(t *testing.T) {
	const huge = 1 << 61
	lambda := func(f func(graph.Node) graph.Node) graph.Layer { return layers.Lambda(f) }
	dense := layers.Dense{Units: 1}
	for _, r := range []struct {
		name string
		net  graph.Layer
		cfg  graph.Config
		want string
	}{
		{"network of one layer", layers.Conv1D{Filters: 1}, graph.Config{Input: []int{1, 9}}, "graph: conv1d: Kernel: got 0, want 1 or more"},
		{"axis twice", lambda(func(x graph.Node) graph.Node { return x.Transpose(0, 0) }), graph.Config{},
			"Transpose: got axes [0 0], want each of 0 to 1 once"},
		{"last axis twice", lambda(func(x graph.Node) graph.Node { return x.Transpose(0, 1, 1) }), graph.Config{Input: []int{2, 2}},
			"Transpose: got axes [0 1 1], want each of 0 to 2 once"},
		{"one class", layers.Sequential{dense, layers.Sigmoid{}}, graph.Config{Loss: losses.SparseBinaryCrossEntropy{}, Optimizer: optimizers.SGD{}},
			"graph: Compile: loss: got a prediction of shape [2 1], want two classes or more: for a single yes-or-no output use BinaryCrossEntropy"},
		{"nil pointer to a metric", dense, graph.Config{Metrics: []graph.Metric{(*metrics.Accuracy)(nil)}}, "graph: Compile: metric 0: got nil"},
		{"nil metric", dense, graph.Config{Metrics: []graph.Metric{metrics.R2{}, nil}}, "graph: Compile: metric 1: got nil"},
		{"metric twice", dense, graph.Config{Metrics: []graph.Metric{metrics.R2{}, metrics.R2{}}}, `metric 1: got the name "r2", which the logs give to metric 0`},
		{"nil optimizer", dense, graph.Config{Optimizer: (*optimizers.Adam)(nil)}, "graph: Compile: Config.Optimizer: got a nil *optimizers.Adam"},
		{"initial NaN", layers.Dense{Units: 1, KernelInit: graph.Constant(math.NaN())}, graph.Config{},
			"dense: Param: parameter weight: initializer: got a number that is not finite"},
		{"huge dense", layers.Dense{Units: huge}, graph.Config{}, "dense: Param: parameter weight: got shape [4 2305843009213693952], want at most"},
		{"huge embedding", layers.Embedding{Vocabulary: 2 * huge, Units: 4}, graph.Config{},
			"embedding: Param: parameter weight: got shape [4611686018427387904 4]"},
		{"huge recurrent", layers.SimpleRNN{Units: huge}, graph.Config{Input: []int{2, 2}},
			"simplernn: Param: parameter weight: got shape [2 2305843009213693952]"},
		{"huge dilation", layers.Conv1D{Filters: 1, Kernel: 3, Dilation: huge}, graph.Config{Input: []int{1, 9}},
			"conv1d: Dilation: got 2305843009213693952, want at most"},
	} {
		t.Run(r.name, func(t *testing.T) {
			if r.cfg.Input == nil {
				r.cfg.Input = []int{4}
			}
			_, err := graph.Compile(r.net, r.cfg)
			require.ErrorContains(t, err, r.want)
		})
	}
}

// emptyBatch is a Dataset whose only batch has no rows.
type emptyBatch struct{}

func (emptyBatch) Len() int { return 1 }

func (emptyBatch) Batches(int, *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		none := tensor.New(tensor.WithShape(0, 4), tensor.WithBacking([]float32{}))
		yield(graph.Batch{X: none, Y: none}, nil)
	}
}

// TestMistakesOfFit: nil arguments and empty batches are errors of Fit, Evaluate and Predict.
func TestMistakesOfFit(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 4}}, graph.Config{
		Input: []int{4}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{},
	})
	require.NoError(t, err)
	data, ctx := graph.Arrays{X: random(1, 3, 4), Y: random(2, 3, 4)}, context.Background()
	_, err = m.Fit(ctx, data, graph.FitConfig{Callbacks: []graph.Callback{nil}})
	require.EqualError(t, err, "graph: Fit: callback 0: got nil, want a Callback")
	_, err = m.Fit(ctx, emptyBatch{}, graph.FitConfig{})
	require.EqualError(t, err, "graph: Fit: epoch 1, step 1: input: got shape [0 4], want at least one row")
	_, err = m.Evaluate(ctx, emptyBatch{})
	require.ErrorContains(t, err, "want at least one row")
	var none context.Context
	_, err = m.Fit(none, data, graph.FitConfig{})
	require.ErrorContains(t, err, "graph: Fit: got no context")
	_, err = m.Predict(none, data.X)
	require.ErrorContains(t, err, "graph: Predict: got no context")
	_, err = m.Evaluate(none, data)
	require.ErrorContains(t, err, "graph: Evaluate: got no context")
}

// TestTargetRange: targets outside the loss's range are an error in training and evaluation, whatever their type, unless they
// are outside only by rounding.
func TestTargetRange(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.Sigmoid{}}, graph.Config{
		Input: []int{1}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.SGD{},
	})
	require.NoError(t, err)
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2, 1))
	for _, c := range []struct {
		name string
		y    any
		want string
	}{
		{"rounded up", []float32{0, 1, 0.5, 1 + 1e-7}, ""},
		{"rounded down", []float64{0, -1e-7, 0.5, 1}, ""},
		{"bytes", []uint8{0, 1, 1, 0}, ""},
		{"above", []float32{0, 1, 0.5, 3}, "target: element 1 of sample 1: got 3, want a number from 0 to 1"},
		{"below", []float64{-3, 1, 0.5, 0}, "target: element 0 of sample 0: got -3, want a number from 0 to 1"},
		{"bytes above", []uint8{0, 1, 255, 0}, "target: element 0 of sample 1: got 255, want a number from 0 to 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := graph.Arrays{X: x, Y: tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(c.y))}
			_, err := m.Fit(context.Background(), data, graph.FitConfig{NoShuffle: true})
			_, err2 := m.Evaluate(context.Background(), data)
			if c.want == "" {
				require.NoError(t, err)
				require.NoError(t, err2)
			} else {
				require.EqualError(t, err, "graph: Fit: epoch 1, step 1: "+c.want)
				require.ErrorContains(t, err2, c.want)
			}
		})
	}
}
