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

// counter adds the sum of its input's rows to a state, in training only.
var counter = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	total := s.State("total", graph.Ones, x.Dim(-1))
	if s.Training() {
		s.Update(total, total.Add(x.Sum(0)))
	}
	return x
})

func compileCounter(t *testing.T, net graph.Layer) *graph.Model {
	t.Helper()
	m, err := graph.Compile(net, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, DType: tensor.Float64})
	require.NoError(t, err)
	return m
}

func TestState(t *testing.T) {
	x := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
	data := graph.Arrays{X: x, Y: tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(3, 1))}
	net := layers.Sequential{layers.Named("a", counter), layers.Dense{Units: 1}}
	m := compileCounter(t, net)
	require.Contains(t, m.String(), "total: 5 parameters, 3 trained")
	total := func() []float64 { return m.Weights()["a/total"].Float64s() }
	require.Equal(t, []float64{1, 1}, total())
	_, g, err := m.Gradients(x, data.Y)
	require.NoError(t, err)
	require.NotContains(t, g, "a/total")
	require.Equal(t, []float64{1, 1}, total())
	_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 2, Valid: data})
	require.NoError(t, err)
	require.Equal(t, []float64{19, 25}, total())
	_, err = m.Predict(context.Background(), x)
	require.NoError(t, err)
	require.Equal(t, []float64{19, 25}, total())
	var file bytes.Buffer
	require.NoError(t, graph.WriteWeights(&file, m.Weights(), nil)) // Save would need a type in place of the function
	m = compileCounter(t, net)
	require.NoError(t, m.Load(&file))
	require.Equal(t, []float64{19, 25}, total())
}

// TestSharedState checks that a layer that is applied twice updates its state twice in a step.
func TestSharedState(t *testing.T) {
	m := compileCounter(t, layers.Sequential{layers.Named("a", counter), layers.Named("a", counter), layers.Dense{Units: 1}})
	x := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, 2}))
	data := graph.Arrays{X: x, Y: tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(1, 1))}
	_, err := m.Fit(context.Background(), data, graph.FitConfig{})
	require.NoError(t, err)
	require.Equal(t, []float64{3, 5}, m.Weights()["a/total"].Float64s())
}

func TestStateErrors(t *testing.T) {
	for want, f := range map[string]func(s *graph.Scope, x graph.Node){
		"func1: State: got \"w\", the name of a trained parameter, want another name": func(s *graph.Scope, x graph.Node) {
			s.Param("w", graph.Ones, 2)
			s.State("w", graph.Ones, 2)
		},
		"func1: Update: got a node that is not a state, want one that State returned": func(s *graph.Scope, x graph.Node) { s.Update(x, x) },
		"func1: Update: func1/total: got shape [2 2], want [2]":                       func(s *graph.Scope, x graph.Node) { s.Update(s.State("total", graph.Ones, 2), x) },
		"func1: MatMul: got shapes [2 2] and [3 3], want equal inner dimensions": func(s *graph.Scope, x graph.Node) {
			s.Update(s.State("total", graph.Ones, 3, 3), x.MatMul(s.State("total", graph.Ones, 3, 3)))
		},
	} {
		t.Run(want, func(t *testing.T) {
			net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { f(s, x); return x })
			_, err := graph.Compile(layers.Sequential{net}, graph.Config{Input: []int{2}})
			require.ErrorContains(t, err, want)
		})
	}
}
