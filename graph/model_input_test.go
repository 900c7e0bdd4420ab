package graph_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestErrInput: errors of the data can be told from others, by every function that takes data.
func TestErrInput(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(layers.Sequential{layers.Embedding{Vocabulary: 3, Units: 2}, layers.Flatten{}, layers.Dense{Units: 2}},
		graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	row := func(v ...float32) *graph.Tensor {
		return tensor.New(tensor.WithShape(1, len(v)), tensor.WithBacking(v))
	}
	good := row(1, 2)
	for name, x := range map[string]*graph.Tensor{
		"nothing": nil, "another shape": row(1, 2, 3), "strings": tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]string{"a", "b"})),
		"bools": tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]bool{true, false})), "a scalar": tensor.New(tensor.FromScalar(float32(1))),
		"a class out of range": row(1, 3), "half a class": row(1, 0.5), "NaN for a class": row(1, float32(math.NaN())),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := m.Predict(ctx, x)
			require.ErrorIs(t, err, graph.ErrInput)
			require.ErrorIs(t, m.PredictInto(ctx, row(0, 0), x), graph.ErrInput)
			_, err = m.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: x})
			require.ErrorIs(t, err, graph.ErrInput)
			_, _, err = m.Gradients(x, good)
			require.ErrorIs(t, err, graph.ErrInput)
		})
	}
	_, err = m.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: good, "more": good})
	require.ErrorIs(t, err, graph.ErrInput)
	_, _, err = m.Gradients(good, row(1, 2, 3))
	require.ErrorIs(t, err, graph.ErrInput)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = m.Predict(ended, good)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, graph.ErrInput)
	only, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	_, _, err = only.Gradients(good, good)
	require.NotErrorIs(t, err, graph.ErrInput)
}

// TestBatchIsBuiltIn: a network that has a size of the batch built in is explained.
func TestBatchIsBuiltIn(t *testing.T) {
	for name, net := range map[string]graph.LayerFunc{
		"a state": func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.State("h", graph.Zeros, 4, 3)) },
		"a Reshape": func(_ *graph.Scope, x graph.Node) graph.Node {
			return x.Reshape(4, 3).Softmax()
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := graph.Compile(net, graph.Config{Input: []int{3}})
			require.ErrorContains(t, err, "Compile builds the network for a batch of 2, and it fits a batch of 4: want sizes that follow the batch, x.Dim(0)")
		})
	}
	_, err := graph.Compile(layers.Dense{Units: -4}, graph.Config{Input: []int{3}})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "batch of 2")
}

// A stream yields a number of batches, and says that it has a number of samples.
type stream struct{ says, yields int }

func (s stream) Len() int { return s.says }

func (s stream) Batches(size int, _ *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		for at := 0; at < s.yields; at += size {
			n := min(size, s.yields-at)
			if !yield(graph.Batch{X: random(1, n, 2), Y: random(2, n, 1)}, nil) {
				return
			}
		}
	}
}

// TestLen: a dataset that yields another number of samples than it says is an error; one of unknown length is trained on.
func TestLen(t *testing.T) {
	ctx := context.Background()
	compile := func() *graph.Model {
		m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
		require.NoError(t, err)
		return m
	}
	for _, s := range []stream{{3200, 320}, {64, 320}, {320, 0}} {
		_, err := compile().Fit(ctx, s, graph.FitConfig{BatchSize: 32})
		require.ErrorContains(t, err, "graph: Fit: epoch 1: training data: got ")
		_, err = compile().Fit(ctx, stream{64, 64}, graph.FitConfig{BatchSize: 32, Valid: s})
		require.ErrorContains(t, err, "graph: Fit: epoch 1: validation: got ")
		_, err = compile().Evaluate(ctx, s)
		require.ErrorContains(t, err, "graph: Evaluate: got ")
	}
	_, err := compile().Fit(ctx, stream{-1, 320}, graph.FitConfig{})
	require.ErrorContains(t, err, "BatchSize: got 0 for data of unknown length, want 1 or more")
	var steps, sizes []int
	m, h := compile(), graph.History{}
	h, err = m.Fit(ctx, stream{-1, 320}, graph.FitConfig{BatchSize: 32, Epochs: 2, Valid: stream{-1, 100}, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.EpochBegin {
				steps, sizes = append(steps, r.Steps), append(sizes, r.Size)
			}
			return nil
		})}})
	require.NoError(t, err)
	require.Len(t, h.Logs, 2)
	require.Equal(t, []int{0, 10}, steps)
	require.Equal(t, []int{0, 320}, sizes)
	same := compile()
	_, err = same.Fit(ctx, stream{320, 320}, graph.FitConfig{BatchSize: 32, Epochs: 2})
	require.NoError(t, err)
	require.Equal(t, same.Weights()["weight"].Data(), m.Weights()["weight"].Data())
}

// TestNonFiniteData: a number that is not finite is an error that says where, in training, validation and evaluation.
func TestNonFiniteData(t *testing.T) {
	ctx := context.Background()
	data := func(bad bool) graph.Arrays {
		x := random(1, 700, 2)
		if bad {
			x.Float64s()[2*600+1] = math.NaN()
		}
		return graph.Arrays{X: x, Y: random(2, 700, 1)}
	}
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	_, err = m.Evaluate(ctx, data(true))
	require.EqualError(t, err, "graph: Evaluate: the loss is NaN: the input has NaN at element 1 of sample 600")
	require.ErrorIs(t, err, graph.ErrInput)
	_, err = m.Fit(ctx, data(false), graph.FitConfig{BatchSize: 100, Valid: data(true)})
	require.EqualError(t, err, "graph: Fit: epoch 1: validation: training diverged: the loss is NaN: the input has NaN at element 1 of sample 600")
	require.ErrorIs(t, err, graph.ErrDiverged)
	_, err = m.Fit(ctx, data(true), graph.FitConfig{BatchSize: 100, NoShuffle: true})
	require.ErrorContains(t, err, "training diverged: the loss is NaN: the input has NaN at element 1 of sample 0 of the batch")
	require.ErrorIs(t, err, graph.ErrDiverged)
	require.ErrorIs(t, err, graph.ErrInput)
}

// TestDeadline: a context that ends while a program is compiled ends the call, and what is compiled is not lost.
func TestDeadline(t *testing.T) {
	building, built := make(chan struct{}, 1), make(chan struct{})
	slow := false
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		if slow {
			building <- struct{}{}
			<-built
		}
		return x.Mul(s.Param("w", graph.Ones, 2))
	}), graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	slow = true
	data := graph.Arrays{X: random(1, 3, 2), Y: random(2, 3, 2)}
	for name, call := range map[string]func(ctx context.Context) error{
		"Predict":  func(ctx context.Context) error { _, err := m.Predict(ctx, data.X); return err },
		"Evaluate": func(ctx context.Context) error { _, err := m.Evaluate(ctx, data); return err },
		"Fit":      func(ctx context.Context) error { _, err := m.Fit(ctx, data, graph.FitConfig{}); return err },
	} {
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- call(ctx) }()
		<-building
		cancel()
		select {
		case err := <-ended:
			require.True(t, errors.Is(err, context.Canceled), "%s: %v", name, err)
		case <-time.After(time.Minute):
			t.Fatal(name, ": the context has ended, and the call goes on")
		}
		built <- struct{}{}
		require.NoError(t, call(context.Background()), name) // builds nothing: nobody would let it
	}
}
