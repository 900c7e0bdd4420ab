package graph_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// trainable compiles a network of 2 inputs with a loss and an optimizer.
func trainable(t *testing.T, net graph.Layer) *graph.Model {
	t.Helper()
	m, err := graph.Compile(net, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	return m
}

// TestFreezeErrors: the message says whether the name is unknown or belongs to a layer without parameters, and lists names
// that can be frozen.
func TestFreezeErrors(t *testing.T) {
	deep := layers.Sequential{layers.Named("a", layers.Sequential{layers.Dense{Units: 2}, layers.Dropout{Rate: 0.1}}), layers.Tanh{}}
	part, err := trainable(t, deep).Sub("a")
	require.NoError(t, err)
	const such = `, want the name of a parameter, or of a layer with parameters, such as "a", "a/dense1"`
	for _, r := range []struct {
		what  string
		model *graph.Model
		name  string
		want  string
	}{
		{"layer without parameters", trainable(t, deep), "tanh1", `got "tanh1", a layer without parameters` + such},
		{"inner layer", trainable(t, deep), "a/dropout1", `got "a/dropout1", a layer without parameters` + such},
		{"unknown", trainable(t, deep), "dense1", `got "dense1"` + such},
		{"slash", trainable(t, deep), "a/", `got "a/"` + such},
		{"part", part, "tanh1", `got "tanh1"` + such},
		{"one layer", trainable(t, layers.Dense{Units: 2}), "dense1", `got "dense1", want the name of a parameter, or of a layer with parameters, such as "weight", "bias"`},
		{"no parameters", trainable(t, layers.Sequential{layers.Tanh{}}), "", `got "" of a network without parameters, want one with parameters`},
	} {
		t.Run(r.what, func(t *testing.T) {
			require.EqualError(t, r.model.Freeze(r.name), "graph: Freeze: "+r.want)
			require.EqualError(t, r.model.Unfreeze(r.name), "graph: Unfreeze: "+r.want)
		})
	}
}

// TestFitNothing: Fit of a model in which nothing can change is an error that says what to do; the same for a part, and for a
// model that was opened from the file of one.
func TestFitNothing(t *testing.T) {
	ctx := context.Background()
	net := layers.Sequential{layers.Dense{Units: 2}, layers.BatchNorm{}}
	data := graph.Arrays{X: random(1, 4, 2), Y: random(2, 4, 2)}
	fit := func(m *graph.Model, callbacks ...graph.Callback) error {
		_, err := m.Fit(ctx, data, graph.FitConfig{Callbacks: callbacks})
		return err
	}
	m := trainable(t, net)
	require.NoError(t, m.Freeze(""))
	require.EqualError(t, fit(m), "graph: Fit: got a model whose parameters are all frozen (6), want at least one to train: see Unfreeze")
	require.NoError(t, fit(m, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.EpochBegin {
			return r.Model.Unfreeze("dense1")
		}
		return nil
	})))
	require.EqualError(t, fit(trainable(t, layers.Tanh{})), "graph: Fit: got a network without parameters, want at least one to train")

	const flat = "got a loss without a derivative by any parameter, as behind ArgMax, Round or StopGradient, want one that training can reduce"
	for name, f := range map[string]func(y graph.Node) graph.Node{"ArgMax": func(y graph.Node) graph.Node { return y.ArgMax(1) }, "StopGradient": graph.Node.StopGradient, "Round": graph.Node.Round} {
		behind := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return f(s.Apply(net, x)) })
		m, err := graph.Compile(behind, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 1}})
		require.NoError(t, err)
		y := random(2, append([]int{4}, m.Output()...)...)
		_, err = m.Fit(ctx, graph.Arrays{X: random(1, 4, 2), Y: y}, graph.FitConfig{})
		require.EqualError(t, err, "graph: Fit: "+flat, name)
		_, err = m.Step(ctx, graph.Batch{X: random(1, 4, 2), Y: y})
		require.EqualError(t, err, "graph: Step: "+flat, name)
	}

	for _, name := range []string{"", "dense1"} {
		part, err := m.Sub(name)
		require.NoError(t, err)
		const want = "got a part of a model, as Sub returns it, which only predicts; train and evaluate the whole model, after Freeze of the layers"
		require.ErrorContains(t, fit(part), "graph: Fit: "+want)
		_, err = part.Evaluate(ctx, data)
		require.ErrorContains(t, err, "graph: Evaluate: "+want)
		_, _, err = part.Gradients(data.X, data.Y)
		require.ErrorContains(t, err, "graph: Gradients: "+want)
		require.NotErrorIs(t, err, graph.ErrInput)

		o := opened(t, part)
		require.ErrorContains(t, fit(o), "graph: Fit: got a model from a file without a Loss, as Save writes it for")
		_, err = o.Evaluate(ctx, data)
		require.ErrorContains(t, err, "graph: Evaluate: got a model from a file without a Loss")
		require.Equal(t, saved(t, part), saved(t, o))
	}
	alone, err := graph.ReadModel(bytes.NewReader(saved(t, m)))
	require.NoError(t, err)
	require.NoError(t, alone.Unfreeze(""))
	require.NoError(t, fit(alone))
}
