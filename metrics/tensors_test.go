package metrics

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestWrongTensors: a tensor that is nil, empty, or of a wrong shape or type is an error of every function that takes tensors, and
// nothing panics.
func TestWrongTensors(t *testing.T) {
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	three := dense([]float64{0, 1, 1})
	functions := map[string]func(pred, target *graph.Tensor) error{
		"ROC":               func(p, y *graph.Tensor) error { _, err := ROC(p, y, 1); return err },
		"PrecisionRecall":   func(p, y *graph.Tensor) error { _, err := PrecisionRecall(p, y, 1); return err },
		"BestThreshold":     func(p, y *graph.Tensor) error { _, _, err := BestThreshold(p, y, nil); return err },
		"Calibration":       func(p, y *graph.Tensor) error { _, err := Calibration(p, y, 0); return err },
		"Temperature":       func(p, y *graph.Tensor) error { _, err := Temperature(p, y); return err },
		"ConfusionMatrix":   func(p, y *graph.Tensor) error { _, err := ConfusionMatrix(p, y); return err },
		"ConfusionMatrixAt": func(p, y *graph.Tensor) error { _, err := ConfusionMatrixAt(p, y, 0.3); return err },
	}
	for name, f := range functions {
		require.NoError(t, f(dense([]float64{0.1, 0.2, 0.7}), three), name)
	}
	trained, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}})
	require.NoError(t, err)
	functions["PermutationImportance"] = func(x, y *graph.Tensor) error {
		_, _, err := PermutationImportance(context.Background(), m, graph.Arrays{X: x, Y: y}, MeanSquaredError{}, 0, 1)
		_, _, err2 := PermutationImportance(context.Background(), trained, graph.Arrays{X: x, Y: y}, MeanSquaredError{}, 0, 1)
		require.Equal(t, err == nil, err2 == nil)
		return err
	}
	for name, c := range map[string]struct{ pred, target *graph.Tensor }{
		"no predictions":        {nil, three},
		"no targets":            {dense([]float64{0.1, 0.2, 0.7}), nil},
		"neither":               {nil, nil},
		"zero predictions":      {new(graph.Tensor), three},
		"zero targets":          {dense([]float64{0.1, 0.2, 0.7}), new(graph.Tensor)},
		"both zero":             {new(graph.Tensor), new(graph.Tensor)},
		"no rows":               {dense([]float64{}, 0), dense([]float64{}, 0)},
		"scalars":               {tensor.New(tensor.FromScalar(1.5)), tensor.New(tensor.FromScalar(1.5))},
		"words":                 {dense([]string{"a", "b", "c"}), dense([]string{"a", "b", "c"})},
		"zero targets of rows":  {dense([]float64{0.1, 0.2, 0.7, 0.8}, 2, 2), new(graph.Tensor)},
		"fewer targets of rows": {dense([]float64{0.1, 0.2, 0.7, 0.8}, 2, 2), three},
		"fewer targets":         {dense([]float64{0.1, 0.2, 0.7, 0.8}), three},
		"more targets":          {dense([]float64{0.1, 0.2}), three},
		"columns":               {dense([]float64{0.1, 0.2, 0.7}, 1, 3), three},
		"three dimensions":      {dense(make([]float64, 12), 1, 3, 4), three},
	} {
		t.Run(name, func(t *testing.T) {
			for function, f := range functions {
				assert.NotPanics(t, func() { assert.ErrorContains(t, f(c.pred, c.target), "metrics: "+function+": ", function) }, function)
			}
			for metric, m := range scorers() {
				assert.NotPanics(t, func() { assert.True(t, math.IsNaN(m.Score(c.pred, c.target)), metric) }, metric)
				assert.NotPanics(t, func() { assert.Error(t, m.(graph.MetricExplainer).Explain(c.pred, c.target), metric) }, metric)
			}
		})
	}
}
