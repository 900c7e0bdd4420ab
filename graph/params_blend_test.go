package graph_test

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// blendable returns a model with a mask of infinities among its states.
func blendable(t *testing.T, cfg graph.Config) *graph.Model {
	t.Helper()
	mask := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		m := s.State("mask", func(values []float64, _ []int, _ *rand.Rand) { values[0] = math.Inf(-1) }, 2)
		return x.Add(m.Exp())
	})
	net := layers.Sequential{layers.Dense{Units: 2}, layers.BatchNorm{}, layers.Named("mask", mask)}
	cfg.Input, cfg.Loss, cfg.Optimizer = []int{3}, losses.MeanSquaredError{}, optimizers.SGD{LearningRate: 0.1}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	return m
}

// TestBlend: a target network follows the one that is trained.
func TestBlend(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			params, target := graph.NewParams(1), graph.NewParams(2)
			m := blendable(t, graph.Config{Params: params, DType: dt})
			follower := blendable(t, graph.Config{Params: target, DType: dt})
			_, err := m.Fit(context.Background(), graph.Arrays{X: random(1, 8, 3), Y: random(2, 8, 2)}, graph.FitConfig{Epochs: 3})
			require.NoError(t, err)
			p, q := target.Weights(), params.Weights()
			require.NoError(t, target.Blend(params, 0.25))
			require.Equal(t, q, params.Weights())
			for name, w := range follower.Weights() {
				for i := range w.Shape().TotalSize() {
					a, b, got := number(p[name], i), number(q[name], i), number(w, i)
					if math.IsInf(a, 0) {
						require.Equal(t, a, got)
						continue
					}
					require.InDelta(t, a+0.25*(b-a), got, 1e-6)
				}
			}
			require.NoError(t, target.Blend(params, 0))
			require.NoError(t, target.Blend(params, 1))
			require.Equal(t, q, follower.Weights())
			require.NoError(t, target.Blend(target, 0.5))
		})
	}
}

// number returns element i of a tensor.
func number(t *graph.Tensor, i int) float64 {
	if t.Dtype() == tensor.Float32 {
		return float64(t.Float32s()[i])
	}
	return t.Float64s()[i]
}

// TestBlendErrors: nothing changes.
func TestBlendErrors(t *testing.T) {
	compile := func(units int, dt tensor.Dtype) *graph.Params {
		m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.Dense{Units: units}}, graph.Config{Input: []int{3}, DType: dt})
		require.NoError(t, err)
		return m.Params()
	}
	params, small := compile(2, tensor.Float32), graph.NewParams(1)
	_, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}}, graph.Config{Input: []int{3}, Params: small})
	require.NoError(t, err)
	require.NoError(t, small.Blend(params, 0.5), "the other set may have more")
	before := params.Weights()
	for name, c := range map[string]struct {
		to, from *graph.Params
		fraction float64
		want     string
	}{
		"nil":      {params, nil, 0.5, "graph: Params.Blend: got no Params to blend from"},
		"fraction": {params, small, 1.5, "graph: Params.Blend: got the fraction 1.5, want from 0 to 1"},
		"NaN":      {params, small, math.NaN(), "graph: Params.Blend: got the fraction NaN, want from 0 to 1"},
		"missing":  {params, small, 0.5, `graph: Params.Blend: got no "dense2/weight", "dense2/bias" to blend from`},
		"shape":    {params, compile(1, tensor.Float32), 0.5, "graph: Params.Blend: parameter dense2/weight: got shape [2 1] to blend from, want [2 2]"},
		"type":     {params, compile(2, tensor.Float64), 0.5, "graph: Params.Blend: got parameters of float64 to blend from, want float32"},
		"empty":    {graph.NewParams(1), params, 0.5, "graph: Params.Blend: got Params without parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, c.to.Blend(c.from, c.fraction), c.want)
			require.Equal(t, before, params.Weights())
		})
	}
}

// TestSharedTogether: models over one set are trained, used and blended at the same time.
func TestSharedTogether(t *testing.T) {
	params, critic, both := adversaries(t, false, optimizers.EMA{Optimizer: optimizers.Adam{}})
	other, _, _ := adversaries(t, false, optimizers.Adam{})
	ctx := context.Background()
	var wait sync.WaitGroup
	start := func(f func() error) {
		wait.Go(func() {
			for range 10 {
				if err := f(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	fit := func(m *graph.Model, data graph.Arrays) func() error {
		return func() error {
			_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 2, BatchSize: 8, Valid: data})
			return err
		}
	}
	start(fit(critic, graph.Arrays{X: random(1, 20, 4), Y: ones(20, 1)}))
	start(fit(both, graph.Arrays{X: random(2, 20, 3), Y: ones(20, 1)}))
	start(func() error { return other.Blend(params, 0.1) })
	start(func() error { return params.Blend(other, 0.1) })
	start(func() error { return params.SetWeights(params.Weights()) })
	start(func() error {
		_, err := both.Predict(ctx, random(1, 5, 3))
		return err
	})
	start(func() error {
		_, err := graph.Compile(layers.Sequential{layers.Named("generator", sharedGenerator)}, graph.Config{Input: []int{3}, Params: params})
		return err
	})
	wait.Wait()
}

// TestSharedAverages: the steps of every model use the weights, everything else the averages of the model that keeps some.
func TestSharedAverages(t *testing.T) {
	params := graph.NewParams(1)
	compile := func(o graph.Optimizer, train string) *graph.Model {
		m, err := graph.Compile(sharedBoth, graph.Config{Input: []int{3}, Loss: losses.BinaryCrossEntropy{}, Optimizer: o, Params: params,
			Train: []string{train}})
		require.NoError(t, err)
		return m
	}
	averaged, plain := compile(optimizers.EMA{Optimizer: optimizers.SGD{LearningRate: 1}, Decay: 0.5}, "generator"), compile(optimizers.SGD{}, "critic")
	data := graph.Arrays{X: random(1, 8, 3), Y: ones(8, 1)}
	var weights graph.Weights // after the last step
	follow := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd {
			weights = params.Weights()
		}
		return nil
	})
	fit := func(m *graph.Model) {
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, Callbacks: []graph.Callback{follow}})
		require.NoError(t, err)
	}
	const name = "generator/dense1/weight"
	fit(averaged)
	trained, mean := weights[name], params.Weights()[name]
	require.NotEqual(t, trained, mean)
	fit(plain)
	require.Equal(t, trained, weights[name])
	require.Equal(t, mean, params.Weights()[name])
}
