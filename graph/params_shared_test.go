package graph_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

var (
	sharedGenerator = layers.Sequential{layers.Dense{Units: 6}, layers.BatchNorm{}, layers.Tanh{}, layers.Dense{Units: 4}}
	sharedCritic    = layers.Sequential{layers.Dense{Units: 5}, layers.BatchNorm{}, layers.ReLU{}, layers.Dense{Units: 1}, layers.Sigmoid{}}

	// criticOnly and sharedBoth are the discriminator of a GAN, and the generator with the discriminator behind it.
	criticOnly = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.ApplyAs("critic", sharedCritic, x) })
	sharedBoth = graph.LayerFunc(func(s *graph.Scope, z graph.Node) graph.Node {
		return s.ApplyAs("critic", sharedCritic, s.ApplyAs("generator", sharedGenerator, z))
	})
)

// adversaries returns the two models of a GAN over one set of parameters; both is compiled first if asked for.
func adversaries(t *testing.T, bothFirst bool, o graph.Optimizer) (params *graph.Params, critic, both *graph.Model) {
	t.Helper()
	params = graph.NewParams(3)
	compile := func(net graph.Layer, input int, train string) *graph.Model {
		m, err := graph.Compile(net, graph.Config{Input: []int{input}, Loss: losses.BinaryCrossEntropy{}, Optimizer: o, Params: params,
			Train: []string{train}})
		require.NoError(t, err)
		return m
	}
	if bothFirst {
		both = compile(sharedBoth, 3, "generator")
	}
	critic = compile(criticOnly, 4, "critic/*")
	if !bothFirst {
		both = compile(sharedBoth, 3, "generator")
	}
	return params, critic, both
}

// ones returns a tensor of n rows of one element, all v.
func ones(n int, v float64) *graph.Tensor {
	t := tensor.New(tensor.WithShape(n, 1), tensor.Of(tensor.Float64))
	for i := range t.Float64s() {
		t.Float64s()[i] = v
	}
	return t
}

// TestSharedParams: each model changes the parameters that it trains, and both see them.
func TestSharedParams(t *testing.T) {
	params, critic, both := adversaries(t, false, optimizers.Adam{LearningRate: 0.01})
	_, _, other := adversaries(t, true, optimizers.SGD{})
	require.Equal(t, both.Weights(), other.Weights(), "initial values do not depend on the order of Compile")
	require.Equal(t, both.Weights(), params.Weights())

	changed := func(m *graph.Model, data graph.Arrays) map[string]bool {
		before := params.Weights()
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 8})
		require.NoError(t, err)
		names := map[string]bool{}
		for name, w := range params.Weights() {
			if !tensorsEqual(w, before[name]) {
				names[name] = true
			}
		}
		return names
	}
	real := graph.Arrays{X: random(1, 20, 4), Y: ones(20, 1)}
	for range 2 {
		names := changed(critic, real)
		require.Len(t, names, 8)
		for name := range names {
			require.True(t, graph.Matches("critic", name), name)
		}
		names = changed(both, graph.Arrays{X: random(2, 20, 3), Y: ones(20, 1)})
		require.Len(t, names, 8)
		for name := range names {
			require.True(t, graph.Matches("generator", name), name)
		}
	}
	a, err := critic.Predict(context.Background(), random(1, 4, 4))
	require.NoError(t, err)
	part, err := both.Sub("critic")
	require.NoError(t, err)
	b, err := part.Predict(context.Background(), random(1, 4, 4))
	require.NoError(t, err)
	require.Equal(t, a.Data(), b.Data())
	alone, err := graph.Compile(layers.Sequential{layers.Named("generator", sharedGenerator)}, graph.Config{Input: []int{3}, Params: params})
	require.NoError(t, err)
	a, err = alone.Predict(context.Background(), random(1, 4, 3)) // a model compiled later, without an optimizer
	require.NoError(t, err)
	part, err = both.Sub("generator")
	require.NoError(t, err)
	b, err = part.Predict(context.Background(), random(1, 4, 3))
	require.NoError(t, err)
	require.Equal(t, a.Data(), b.Data())
	require.Contains(t, both.String(), "trained")
	require.Same(t, params, both.Params())
}

func tensorsEqual(a, b *graph.Tensor) bool { return a.Eq(b) }

// TestSharedBits: a model alone over Params, or one that trains all it has, trains with the bits of a model with parameters of
// its own.
func TestSharedBits(t *testing.T) {
	data := graph.Arrays{X: random(1, 30, 3), Y: ones(30, 0)}
	train := func(params *graph.Params, train []string) graph.Weights {
		m, err := graph.Compile(sharedBoth, graph.Config{Input: []int{3}, Loss: losses.BinaryCrossEntropy{}, Seed: 7,
			Optimizer: optimizers.EMA{Optimizer: optimizers.Adam{}}, Params: params, Train: train})
		require.NoError(t, err)
		_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 8})
		require.NoError(t, err)
		return m.Weights()
	}
	want := train(nil, nil)
	require.Equal(t, want, train(graph.NewParams(7), nil))
	require.Equal(t, want, train(graph.NewParams(7), []string{"*"}))
	require.Equal(t, want, train(graph.NewParams(7), []string{"critic", "gen*/*"}))
}

// TestTrainAndFreeze: training changes the parameters that Train includes and Freeze does not name.
func TestTrainAndFreeze(t *testing.T) {
	_, _, both := adversaries(t, false, optimizers.SGD{LearningRate: 1})
	gradients := func() []string {
		_, w, err := both.Gradients(random(1, 4, 3), ones(4, 1))
		require.NoError(t, err)
		return w.Names()
	}
	all := gradients()
	require.Equal(t, []string{"generator/batchnorm1/bias", "generator/batchnorm1/weight", "generator/dense1/bias", "generator/dense1/weight",
		"generator/dense2/bias", "generator/dense2/weight"}, all)
	require.NoError(t, both.Freeze("generator/dense1"))
	require.Len(t, gradients(), 4)
	require.NoError(t, both.Unfreeze(""))
	require.Equal(t, all, gradients())
	require.ErrorContains(t, both.Unfreeze("critic"), `graph: Unfreeze: got "critic", want a parameter or a layer that Config.Train includes`)
	require.NoError(t, both.Freeze(""))
	_, err := both.Fit(context.Background(), graph.Arrays{X: random(1, 4, 3), Y: ones(4, 1)}, graph.FitConfig{})
	require.ErrorContains(t, err, "all frozen or not in Config.Train")
}

// TestTrainFile: the file of a model with Train opens, and continues with the same bits.
func TestTrainFile(t *testing.T) {
	_, _, both := adversaries(t, false, optimizers.Adam{LearningRate: 0.1})
	net := layers.Sequential{layers.Named("generator", sharedGenerator), layers.Named("critic", sharedCritic)}
	m, err := graph.Compile(net, graph.Config{Input: []int{3}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.1},
		Seed: 3, Train: []string{"generator"}})
	require.NoError(t, err)
	require.NoError(t, m.SetWeights(both.Weights()))
	data := graph.Arrays{X: random(1, 20, 3), Y: ones(20, 1)}
	fit := func(m *graph.Model) {
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 8})
		require.NoError(t, err)
	}
	fit(m)
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	opened, err := graph.ReadModel(&file)
	require.NoError(t, err)
	fit(m)
	fit(opened)
	require.Equal(t, m.Weights(), opened.Weights())
}

// TestSharedErrors: each error names what differs.
func TestSharedErrors(t *testing.T) {
	config := func(params *graph.Params) graph.Config { return graph.Config{Input: []int{3}, Params: params} }
	dense := func(units int) graph.Layer { return layers.Sequential{layers.Dense{Units: units}} }
	state := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.ApplyAs("dense1", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return x.MatMul(s.State("weight", graph.Zeros, 3, 2))
		}), x)
	})
	averaged := func(c graph.Config) graph.Config {
		c.Loss, c.Optimizer = losses.MeanSquaredError{}, optimizers.EMA{Optimizer: optimizers.SGD{}}
		return c
	}
	for name, c := range map[string]struct {
		net    graph.Layer
		change func(*graph.Config)
		want   string
	}{
		"shape": {dense(4), func(*graph.Config) {}, "graph: dense1: Param: parameter dense1/weight: got shape [3 4], want [3 2] as in another model over the same Params"},
		"kind":  {state, func(*graph.Config) {}, "graph: dense1: Param: parameter dense1/weight: got a state, want a trained parameter as in another model over the same Params"},
		"type":  {dense(2), func(c *graph.Config) { c.DType = tensor.Float64 }, "graph: Compile: Config.DType: got float64, want float32 as in the other models over these Params"},
		"name": {dense(2), func(c *graph.Config) { c.Train = []string{"dense1", "dense2"} },
			`graph: Compile: Config.Train: got "dense2", which matches no parameter, want patterns of "dense1/weight", "dense1/bias"`},
		"empty pattern": {dense(2), func(c *graph.Config) { c.Train = []string{""} }, `graph: Compile: Config.Train: element 0: got an empty pattern`},
		"bad pattern":   {dense(2), func(c *graph.Config) { c.Train = []string{"["} }, `graph: Compile: Config.Train: element 0: got "[", want a pattern as in path.Match`},
		"two averages": {dense(2), func(c *graph.Config) { *c = averaged(*c) },
			"graph: Compile: Config.Optimizer: parameter dense1/weight: got an average of its weights in two models over the same Params, want it in one"},
	} {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams(1)
			_, err := graph.Compile(dense(2), averaged(config(params)))
			require.NoError(t, err)
			before := params.Weights()
			cfg := config(params)
			c.change(&cfg)
			_, err = graph.Compile(c.net, cfg)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, before, params.Weights(), "a failed Compile adds nothing")
		})
	}
}

// TestMatches compares patterns with names.
func TestMatches(t *testing.T) {
	const name = "encoder/dense1/weight"
	for _, p := range []string{"encoder", "encoder/*", "enc*", "*", "*/*", "*/*/*", "*/dense1", "*/*/weight", "encoder/dense?", "encoder/dense[12]/weight", name} {
		require.True(t, graph.Matches(p, name), p)
	}
	for _, p := range []string{"", "enc", "dense1", "encoder/", "/encoder", "encoder/*/*/*", "*/bias", "*/*/*/weight", "[", "weight", "encoder/dense1/weigh", "encoder/*/b*"} {
		require.False(t, graph.Matches(p, name), p)
	}
}
