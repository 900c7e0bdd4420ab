package graph_test

import (
	"context"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of settings are errors of Compile, NewFunction or Fit.
func TestWrongNumbers(t *testing.T) {
	x := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking(make([]float32, 8)))
	y := tensor.New(tensor.WithShape(4), tensor.WithBacking([]float32{0, 1, 0, 1}))
	function := func(f func(s *graph.Scope, x graph.Node) graph.Node, shape ...int) error {
		_, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
			return []graph.Node{f(s.TrainingMode(true), x[0])}
		}, shape)
		return err
	}
	two := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		s.Output("more", x.Mul(s.Param("w", graph.Ones, 2)))
		return x.Mul(s.Param("w", graph.Ones, 2))
	})
	settingstest.Wrong(t, []any{
		graph.Config{Input: []int{2}, LossWeight: 1}, graph.Output{Loss: losses.MeanSquaredError{}, Weight: 1},
		graph.FitConfig{ClassWeight: []float64{1, 1}}, graph.Attention{}, graph.Resizing{}, graph.Noise{}, graph.Loop{Steps: 2},
		graph.Window{Size: 1}, graph.Wave{},
	}, func(v any) (err error) {
		switch v := v.(type) {
		case graph.Config:
			v.Loss, v.Outputs = losses.MeanSquaredError{}, map[string]graph.Output{"more": {Loss: losses.MeanSquaredError{}}}
			_, err = graph.Compile(two, v)
		case graph.Output:
			_, err = graph.Compile(two, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Outputs: map[string]graph.Output{"more": v}})
		case graph.FitConfig:
			m, e := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.Softmax{}},
				graph.Config{Input: []int{2}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.SGD{}})
			if e != nil {
				return e
			}
			v.Callbacks = []graph.Callback{graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
				if e == graph.EpochEnd {
					return graph.Stop // many epochs are valid
				}
				return nil
			})}
			_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, v)
		case graph.Attention:
			err = function(func(s *graph.Scope, x graph.Node) graph.Node { return s.Attention(x, x, x, v) }, 1, 2, 4)
		case graph.Resizing:
			err = function(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Resize(1, 3, v) }, 1, 5)
		case graph.Noise:
			err = function(func(s *graph.Scope, _ graph.Node) graph.Node { return s.Noise(v, 2) }, 1)
		case graph.Loop:
			err = function(func(s *graph.Scope, x graph.Node) graph.Node {
				last, _ := v.Scan(s, []graph.Node{x}, nil, func(_ *graph.Scope, state, _ []graph.Node) (next, out []graph.Node) { return state, nil })
				return last[0]
			}, 1)
		case graph.Window:
			err = function(func(_ *graph.Scope, x graph.Node) graph.Node { return x.MaxPool(v) }, 1, 1, 5)
		case graph.Wave:
			err = function(func(s *graph.Scope, _ graph.Node) graph.Node { return s.Waves([]graph.Wave{v}, 3, 1) }, 1)
		}
		return err
	}, map[string]string{
		"Config.Input":    "Any is -1",
		"Attention.Scale": "any finite number",
		"Resizing.Slope":  "any finite number",
		"Wave.Rate":       "any finite number",
		"Window.Extra":    "poolings ignore it",
	})
}
