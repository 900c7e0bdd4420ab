package graph_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// changed calls f and returns the names of the parameters that it changed.
func changed(t *testing.T, m *graph.Model, f func()) []string {
	t.Helper()
	before := m.Weights()
	f()
	var names []string
	after := m.Weights()
	for _, name := range after.Names() {
		if !after[name].Eq(before[name]) {
			names = append(names, name)
		}
	}
	return names
}

func TestFreeze(t *testing.T) {
	net := layers.Sequential{layers.Named("a", layers.Sequential{layers.Dense{Units: 3}, counter}), layers.Named("ab", layers.Dense{Units: 2})}
	m, err := graph.Compile(net, graph.Config{Input: []int{4}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	require.NoError(t, err)
	data := graph.Arrays{X: random(1, 6, 4), Y: random(2, 6, 2)}
	fit := func(callbacks ...graph.Callback) func() {
		return func() {
			_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 2, Callbacks: callbacks})
			require.NoError(t, err)
		}
	}
	all := m.Weights().Names()
	require.Equal(t, all, changed(t, m, fit()))

	require.NoError(t, m.Freeze("a"))
	require.Equal(t, []string{"ab/bias", "ab/weight"}, changed(t, m, fit()))
	require.Contains(t, m.String(), "26 parameters, 8 trained")
	_, g, err := m.Gradients(data.X, data.Y)
	require.NoError(t, err)
	require.Equal(t, []string{"ab/bias", "ab/weight"}, g.Names())

	require.NoError(t, m.Unfreeze("a/dense1/bias"))
	require.Equal(t, []string{"a/dense1/bias", "ab/bias", "ab/weight"}, changed(t, m, fit()))

	// A callback may unfreeze parameters during training: the steps before it do not change them.
	require.NoError(t, m.Freeze("a"))
	frozen := m.Weights()
	require.Equal(t, all, changed(t, m, fit(graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd && r.Epoch == 1 && r.Step == 2 {
			now := r.Model.Weights()
			for _, name := range []string{"a/dense1/bias", "a/dense1/weight", "a/func1/total"} {
				require.Equal(t, frozen[name], now[name])
			}
			return r.Model.Unfreeze("")
		}
		return nil
	}))))
	require.EqualError(t, m.Freeze("dense1"), `graph: Freeze: got "dense1", want the name of a parameter, or of a layer with parameters, such as "a", "a/dense1", "a/func1", "ab"`)
}

// TestUnfreeze: updates are counted for each parameter, so that Adam's first update after a freeze is corrected as its first.
func TestUnfreeze(t *testing.T) {
	step := func(frozen bool) *graph.Tensor {
		m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{
			Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}, DType: tensor.Float64,
		})
		require.NoError(t, err)
		data := graph.Arrays{X: random(1, 1, 1), Y: random(2, 1, 1)}
		if frozen {
			before := m.Weights()
			require.NoError(t, m.Freeze("weight"))
			_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 100})
			require.NoError(t, err)
			require.NoError(t, m.Unfreeze("weight"))
			require.NoError(t, m.SetWeights(before))
		}
		_, err = m.Fit(context.Background(), data, graph.FitConfig{})
		require.NoError(t, err)
		return m.Weights()["weight"]
	}
	require.Equal(t, step(false), step(true))
}

// TestFreezeWhileTraining: another goroutine may freeze and unfreeze parameters while Fit runs.
func TestFreezeWhileTraining(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 3}, layers.Dense{Units: 2}},
		graph.Config{Input: []int{4}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 1e-3}})
	require.NoError(t, err)
	x, y := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(64, 4)), tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(64, 2))
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			change := m.Freeze
			if i%2 > 0 {
				change = m.Unfreeze
			}
			if err := change("dense1"); err != nil {
				t.Error(err)
			}
			_ = m.String()
			if _, _, err := m.Gradients(x, y); err != nil {
				t.Error(err)
			}
		}
		cancel()
	})
	_, err = m.Fit(ctx, graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 1 << 30, BatchSize: 2})
	require.ErrorIs(t, err, context.Canceled)
	wg.Wait()
}

// TestOneFit: a second Fit of a model that is being trained is an error.
func TestOneFit(t *testing.T) {
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2, 1))
	data := graph.Arrays{X: x, Y: x}
	const want = "graph: Fit: the model is being trained by another Fit"
	inner := 0
	_, err = m.Fit(context.Background(), data, graph.FitConfig{Callbacks: []graph.Callback{graph.CallbackFunc(func(*graph.Run, graph.Event) error {
		inner++
		_, err := m.Fit(context.Background(), data, graph.FitConfig{})
		require.EqualError(t, err, want)
		return nil
	})}})
	require.NoError(t, err)
	require.Positive(t, inner)
	_, err = m.Fit(context.Background(), data, graph.FitConfig{})
	require.NoError(t, err)
}
