package graph_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestCompileErrors: errors name the layer's path, the operation, what it got and what it wanted.
func TestCompileErrors(t *testing.T) {
	in := []int{784}
	product := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.MatMul(s.Param("weight", graph.Zeros, 64, 10))
	})
	for _, r := range []struct {
		name string
		net  graph.Layer
		cfg  graph.Config
		want string
	}{
		{"no network", nil, graph.Config{Input: in}, "graph: Compile: got no network"},
		{"no input", layers.Dense{Units: 1}, graph.Config{}, "graph: Compile: Config.Input: got no dimensions, want the shape of one sample"},
		{"bad input", layers.Dense{Units: 1}, graph.Config{Input: []int{0}}, "Config.Input: got [0], want dimensions of 1 or more, or graph.Any"},
		{"element type", layers.Dense{Units: 1}, graph.Config{Input: in, DType: tensor.Int}, "Config.DType: got int, want float32 or float64"},
		{"shapes", layers.Sequential{layers.Dense{Units: 128}, layers.Named("out", product)}, graph.Config{Input: in},
			"graph: out: MatMul: got shapes [2 128] and [64 10], want equal inner dimensions"},
		{"path", layers.Named("a", layers.Sequential{layers.Named("b", layers.Sequential{layers.Dense{}})}), graph.Config{Input: in},
			"graph: b/dense1: Units: got 0, want 1 or more"},
		{"broadcast", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.Param("b", graph.Zeros, 3)) }),
			graph.Config{Input: in}, "graph: Add: got shapes [2 784] and [3], want dimensions that are equal or 1"},
		{"rate", layers.Sequential{layers.Dropout{Rate: 1.5}}, graph.Config{Input: in},
			"graph: dropout1: Rate: got 1.5, want at least 0 and less than 1"},
		{"reshape", layers.Sequential{layers.Reshape{Shape: []int{5, -1}}}, graph.Config{Input: in},
			"graph: reshape1: Reshape: got shape [2 784] with 1568 elements, want one that fits [2 5 -1]"},
		{"residual", layers.Residual{Layer: layers.Dense{Units: 3}}, graph.Config{Input: in},
			"graph: residual: Layer: got output shape [2 3], want [2 784], the shape of the shortcut"},
		{"panic", graph.LayerFunc(func(*graph.Scope, graph.Node) graph.Node { panic("oops") }), graph.Config{Input: in}, "graph: panic: oops"},
		{"zero node", graph.LayerFunc(func(*graph.Scope, graph.Node) graph.Node { return graph.Node{} }), graph.Config{Input: in}, "got a Node that is not in this graph"},
		{"batch lost", graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Sum() }), graph.Config{Input: in},
			"graph: output: got shape [] for a batch of 2, want the batch as the first dimension"},
		{"loss no scalar", layers.Dense{Units: 3}, graph.Config{Input: in, Loss: graph.LossFunc(graph.Node.Sub)},
			"graph: loss: Loss: got shape [2 3], want a scalar"},
		{"one name, two shapes", layers.Sequential{layers.Named("a", layers.Dense{Units: 3}), layers.Named("a", layers.Dense{Units: 3})},
			graph.Config{Input: in}, "graph: a: Param: parameter a/weight: got shape [3 3], want [784 3] as before"},
		{"optimizer", layers.Dense{Units: 3}, graph.Config{Input: in, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: -1}},
			"graph: Compile: optimizers: "},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := graph.Compile(r.net, r.cfg)
			require.ErrorContains(t, err, r.want)
		})
	}
}

// TestSharing: a layer used twice under one name has one set of parameters.
func TestSharing(t *testing.T) {
	d := layers.Named("shared", layers.Dense{Units: 4})
	m, err := graph.Compile(layers.Sequential{d, layers.Tanh{}, d}, graph.Config{Input: []int{4}})
	require.NoError(t, err)
	require.Equal(t, []string{"shared/bias", "shared/weight"}, m.Weights().Names())
	require.Contains(t, m.String(), "total: 20 parameters")
}

// TestSub: a part of a model has the model's parameters, also after training.
func TestSub(t *testing.T) {
	net := layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}}), layers.Dense{Units: 5},
	}
	m, err := graph.Compile(net, graph.Config{Input: []int{5}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1}})
	require.NoError(t, err)
	sub, err := m.Sub("encoder")
	require.NoError(t, err)
	require.Equal(t, []string{"encoder/dense1/bias", "encoder/dense1/weight"}, sub.Weights().Names())
	x := random(1, 7, 5)
	before, err := sub.Predict(context.Background(), x)
	require.NoError(t, err)
	_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: x}, graph.FitConfig{})
	require.NoError(t, err)
	after, err := sub.Predict(context.Background(), x)
	require.NoError(t, err)
	require.NotEqual(t, before.Data(), after.Data())
	require.Equal(t, sub.Weights()["encoder/dense1/bias"].Data(), m.Weights()["encoder/dense1/bias"].Data())
	require.Contains(t, sub.String(), "total: 18 parameters")
	_, err = m.Sub("decoder")
	require.ErrorContains(t, err, `graph: Sub: got "decoder", want one of ["encoder" "encoder/dense1" "encoder/tanh1" "dense1"]`)
}

// TestPredict: a row has the same result in calls of any number of rows.
func TestPredict(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		m, _ := regression(t, graph.Config{DType: dt})
		x := random(5, 1100, 5)
		all, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		require.Equal(t, tensor.Shape{1100, 2}, all.Shape())
		for _, n := range []int{1, 2, 3, 513} {
			x := tensor.New(tensor.WithShape(n, 5), tensor.WithBacking(x.Float64s()[:5*n]))
			part, err := m.Predict(context.Background(), x)
			require.NoError(t, err)
			for i := range 2 * n {
				require.InDelta(t, at(all, i), at(part, i), 1e-6)
			}
		}
		_, err = m.Predict(context.Background(), random(1, 3, 4))
		require.EqualError(t, err, "graph: Predict: input: got shape [3 4], want [n 5]")
		_, err = m.Predict(context.Background(), nil)
		require.EqualError(t, err, "graph: Predict: input: got no tensor, want shape [n 5]")
		err = m.PredictInto(context.Background(), tensor.New(tensor.Of(dt), tensor.WithShape(3, 3)), random(1, 3, 5))
		require.ErrorContains(t, err, fmt.Sprintf("PredictInto: output: got %v of shape [3 3], want %v of shape [3 2]", dt, dt))
	}
}

func at(t *tensor.Dense, i int) float64 {
	if t.Dtype() == tensor.Float32 {
		return float64(t.Float32s()[i])
	}
	return t.Float64s()[i]
}

// TestPredictKinds: Predict reads integers and transposed tensors correctly.
func TestPredictKinds(t *testing.T) {
	m, err := graph.Compile(layers.Identity{}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	want := []float32{1, 2, 3, 4, 5, 6}
	for _, x := range []*tensor.Dense{
		tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]uint8{1, 2, 3, 4, 5, 6})),
		tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]int{1, 2, 3, 4, 5, 6})),
		transposed(t, tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 3, 5, 2, 4, 6}))),
	} {
		y, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		require.Equal(t, want, y.Float32s())
	}
	_, err = m.Predict(context.Background(), tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]string{"a", "b"})))
	require.ErrorContains(t, err, "got elements of string, want numbers")
}

func transposed(t *testing.T, x *tensor.Dense) *tensor.Dense {
	require.NoError(t, x.T())
	return x
}

// TestPredictConcurrently calls Predict from several goroutines, with several numbers of rows, during training.
func TestPredictConcurrently(t *testing.T) {
	m, data := regression(t, graph.Config{})
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 20 {
				if _, err := m.Predict(context.Background(), random(uint64(g), 1+(i+g)%3, 5)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 9})
	wg.Wait()
	require.NoError(t, err)
}

// TestGradients: the gradients are those of the mean over the batch.
func TestGradients(t *testing.T) {
	net := layers.Dense{Units: 1, KernelInit: graph.Ones}
	m, err := graph.Compile(net, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64})
	require.NoError(t, err)
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4}))
	y := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{2, 9}))
	loss, g, err := m.Gradients(x, y) // predictions 3 and 7
	require.NoError(t, err)
	require.Equal(t, 2.5, loss)
	require.Equal(t, []float64{1*1 - 2*3, 1*2 - 2*4}, g["weight"].Float64s())
	require.Equal(t, []float64{-1}, g["bias"].Float64s())
}

// TestSetWeights: SetWeights sets all parameters, or returns an error and changes none.
func TestSetWeights(t *testing.T) {
	m, _ := regression(t, graph.Config{})
	w := m.Weights()
	before := bits(w)
	w["dense2/bias"].Float32s()[0] = 7
	for _, r := range []struct {
		name   string
		change func(w graph.Weights)
		want   string
	}{
		{"wrong shape", func(w graph.Weights) { w["dense1/bias"] = random(1, 3) }, "parameter dense1/bias: got shape [3], want [16]"},
		{"missing", func(w graph.Weights) { delete(w, "dense2/weight") }, `got no "dense2/weight"`},
		{"unknown", func(w graph.Weights) { w["extra"] = random(1, 3) }, `got "extra", want no parameter of that name`},
	} {
		t.Run(r.name, func(t *testing.T) {
			wrong := maps.Clone(w)
			r.change(wrong)
			require.EqualError(t, m.SetWeights(wrong), "graph: SetWeights: "+r.want)
			require.Equal(t, before, bits(m.Weights()))
		})
	}
	require.NoError(t, m.SetWeights(w))
	require.Equal(t, float32(7), m.Weights()["dense2/bias"].Float32s()[0])
}
