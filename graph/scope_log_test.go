package graph_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// A measuring layer logs the mean of its input, in training also that of its square.
type measuring struct{ Name string }

func (l measuring) Emit(s *graph.Scope, x graph.Node) graph.Node {
	s.Log(l.Name, x.Mean().Reshape(1, 1))
	if s.Training() {
		s.Log(l.Name+"_square", x.Square().Mean())
	}
	s.Output("twin", x)
	return x
}

func init() { graph.Register("", measuring{}) }

func compileMeasuring(t *testing.T) *graph.Model {
	m, err := graph.Compile(layers.Sequential{measuring{"kl"}, layers.Dense{Units: 2}}, graph.Config{
		Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, DType: tensor.Float64, Seed: 1,
		Outputs: map[string]graph.Output{"twin": {Loss: losses.MeanAbsoluteError{}}}, Metrics: []graph.Metric{metrics.R2{}},
	})
	require.NoError(t, err)
	return m
}

// TestLog: scalars are in the logs of Fit and Evaluate with their means over the samples, batches of different sizes included;
// those that only training has are in its logs only.
func TestLog(t *testing.T) {
	x, valid := random(1, 7, 2), random(2, 5, 2)
	mean, square := 0.0, 0.0
	for _, v := range x.Float64s() {
		mean, square = mean+v/14, square+v*v/14
	}
	data := graph.Arrays{X: x, Y: random(3, 7, 2), Targets: map[string]*graph.Tensor{"twin": x}}
	check := graph.Arrays{X: valid, Y: valid, Targets: map[string]*graph.Tensor{"twin": valid}}
	path := filepath.Join(t.TempDir(), "checkpoint")
	cfg := graph.FitConfig{Epochs: 2, BatchSize: 3, Valid: check, Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd && r.Epoch == 2 && r.Step == 2 {
			r.After(func() error { return r.SaveFile(path) })
		}
		return nil
	})}}
	m := compileMeasuring(t)
	h, err := m.Fit(context.Background(), data, cfg)
	require.NoError(t, err)
	require.Equal(t, []string{"learning_rate", "train_kl", "train_kl_square", "train_loss", "train_output_loss", "train_r2", "train_twin_loss",
		"valid_kl", "valid_loss", "valid_output_loss", "valid_r2", "valid_twin_loss"}, h.Logs[1].Names())
	require.InDelta(t, mean, h.Logs[1]["train_kl"], 1e-14)
	require.InDelta(t, square, h.Logs[0]["train_kl_square"], 1e-14)
	logs, err := m.Evaluate(context.Background(), check)
	require.NoError(t, err)
	require.Equal(t, h.Logs[1]["valid_kl"], logs["kl"])

	again := compileMeasuring(t) // from the middle of the second epoch
	cfg.Resume = path
	resumed, err := again.Fit(context.Background(), data, cfg)
	require.NoError(t, err)
	require.Equal(t, h, resumed)
	_, err = again.Predict(context.Background(), x)
	require.NoError(t, err)
}

// TestLogErrors: names must be new.
func TestLogErrors(t *testing.T) {
	for want, f := range map[string]func(s *graph.Scope, x graph.Node){
		`graph: Log: got the name "loss", which the logs give to the loss, want another`:       func(s *graph.Scope, x graph.Node) { s.Log("loss", x.Sum()) },
		`graph: Log: got the name "r2", which the logs give to metric 0, want another`:         func(s *graph.Scope, x graph.Node) { s.Log("r2", x.Sum()) },
		`graph: Log: got the name "learning_rate", which the logs give to the learning rate`:   func(s *graph.Scope, x graph.Node) { s.Log("learning_rate", x.Sum()) },
		`graph: Log: got the name "twin_loss", which the logs give to the loss of output twin`: func(s *graph.Scope, x graph.Node) { s.Log("twin_loss", x.Sum()) },
		`Log: got the name "a" twice, want unique names`:                                       func(s *graph.Scope, x graph.Node) { s.Log("a", x.Sum()); s.Log("a", x.Mean()) },
		`Log: got the name "", want a name for the logs`:                                       func(s *graph.Scope, x graph.Node) { s.Log("", x.Sum()) },
		"Log: a: got shape [2 2], want one element":                                            func(s *graph.Scope, x graph.Node) { s.Log("a", x) },
		"Log: got a Node that is not in this graph":                                            func(s *graph.Scope, _ graph.Node) { s.Log("a", graph.Node{}) },
		"Sum: got axis 5 for shape [2 2]":                                                      func(s *graph.Scope, x graph.Node) { s.Log("a", x.Sum(5)) },
	} {
		t.Run(want, func(t *testing.T) {
			net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
				f(s, x)
				s.Output("twin", x)
				return x
			})
			_, err := graph.Compile(net, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Metrics: []graph.Metric{metrics.R2{}},
				Outputs: map[string]graph.Output{"twin": {Loss: losses.MeanSquaredError{}}}})
			require.ErrorContains(t, err, want)
		})
	}
}

// equation is a network whose penalty is 0 if its output is 2·x: there is no target.
var equation = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	y := s.Apply(layers.Dense{Units: 1}, x)
	residual := y.Sub(x.Scale(2)).Square().Mean()
	s.Penalty(residual)
	s.Log("residual", residual)
	return y
})

// TestPenaltiesAlone: a model without a Loss is trained and evaluated by its penalties, without targets.
func TestPenaltiesAlone(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(equation, graph.Config{Input: []int{1}, Optimizer: optimizers.SGD{LearningRate: 0.3}, DType: tensor.Float64})
	require.NoError(t, err)
	x := random(1, 16, 1)
	h, err := m.Fit(ctx, graph.Arrays{X: x}, graph.FitConfig{Epochs: 200, BatchSize: 5, Valid: graph.Arrays{X: x}})
	require.NoError(t, err)
	require.InDelta(t, 2, m.Weights()["dense1/weight"].Float64s()[0], 1e-6)
	last := h.Logs[199]
	require.Equal(t, []string{"learning_rate", "train_loss", "train_residual", "valid_loss", "valid_residual"}, last.Names())
	require.Equal(t, last["train_loss"], last["train_residual"])
	logs, err := m.Evaluate(ctx, graph.Arrays{X: x})
	require.NoError(t, err)
	require.Equal(t, last["valid_loss"], logs["loss"])
	loss, grads, err := m.Gradients(x, nil)
	require.NoError(t, err)
	require.InDelta(t, logs["loss"], loss, 1e-15)
	require.Len(t, grads, 2)
	_, err = m.Evaluate(ctx, graph.Arrays{X: x, Weight: tensor.New(tensor.WithShape(16), tensor.Of(tensor.Float64))})
	require.ErrorContains(t, err, "weight: got sample weights for a model without a Loss, want none")
	_, err = m.Fit(ctx, graph.Arrays{X: x}, graph.FitConfig{ClassWeight: []float64{1, 2}})
	require.ErrorContains(t, err, "target: got none, want the classes that ClassWeight is for")

	// A penalty that only training has; and only weight decay, which is a forgotten Loss.
	training := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		if s.Training() {
			return s.Apply(equation, x)
		}
		return s.ApplyAs("func1", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Apply(layers.Dense{Units: 1}, x) }), x)
	})
	m, err = graph.Compile(training, graph.Config{Input: []int{1}})
	require.NoError(t, err)
	logs, err = m.Evaluate(ctx, graph.Arrays{X: x})
	require.NoError(t, err)
	require.Equal(t, graph.Logs{"loss": 0}, logs)
	m, err = graph.Compile(layers.Dense{Units: 1, KernelPenalty: layers.Penalty{L2: 1}}, graph.Config{Input: []int{1}, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	_, err = m.Fit(ctx, graph.Arrays{X: x}, graph.FitConfig{})
	require.ErrorContains(t, err, "got a model compiled without a Loss, want Config.Loss, or a Scope.Penalty that depends on more than parameters")
}

// A shrinking loss needs no target.
type shrinking struct{}

func (shrinking) Loss(pred, target graph.Node) graph.Node {
	return shrinking{}.PerSample(pred, target).Mean()
}
func (shrinking) PerSample(pred, _ graph.Node) graph.Node { return pred.Square().Sum(1) }
func (shrinking) TargetFree()                             {}

// TestTargetFree: a loss that needs no target takes data with and without one; a metric beside it needs it.
func TestTargetFree(t *testing.T) {
	ctx := context.Background()
	compile := func(m ...graph.Metric) *graph.Model {
		model, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{Input: []int{3}, Loss: shrinking{}, Optimizer: optimizers.SGD{}, Metrics: m, DType: tensor.Float64})
		require.NoError(t, err)
		return model
	}
	x, y := random(1, 9, 3), random(2, 9, 2)
	a, b, c := compile(), compile(), compile(metrics.R2{})
	bare, err := a.Fit(ctx, graph.Arrays{X: x, Weight: vector(1, -1, 2, 0, 1, 1, 1, 1, 1)}, graph.FitConfig{Epochs: 3, BatchSize: 4, Valid: graph.Arrays{X: x}})
	require.NoError(t, err)
	full, err := b.Fit(ctx, graph.Arrays{X: x, Y: y, Weight: vector(1, -1, 2, 0, 1, 1, 1, 1, 1)}, graph.FitConfig{Epochs: 3, BatchSize: 4, Valid: graph.Arrays{X: x, Y: y}})
	require.NoError(t, err)
	require.Equal(t, bare, full)
	_, err = c.Evaluate(ctx, graph.Arrays{X: x})
	require.ErrorContains(t, err, "target: got no tensor, want 9 rows as the input has")
	logs, err := c.Evaluate(ctx, graph.Arrays{X: x, Y: y})
	require.NoError(t, err)
	require.Contains(t, logs, "r2")
}

// TestNegativeWeight: a negative weight reverses the gradient of its sample.
func TestNegativeWeight(t *testing.T) {
	m := weighted(t, squares{})
	x, y := random(1, 1, 3), random(2, 1, 2)
	loss, grads, err := m.Gradients(x, y)
	require.NoError(t, err)
	negative, reversed, err := m.GradientsOf(graph.Batch{X: x, Y: y, Weight: vector(-2)})
	require.NoError(t, err)
	require.Equal(t, -2*loss, negative)
	for name, g := range grads {
		for i, v := range g.Float64s() {
			require.Equal(t, -2*v, reversed[name].Float64s()[i])
		}
	}
	_, _, err = m.GradientsOf(graph.Batch{X: x, Y: y, Weight: vector(math.Inf(-1))})
	require.ErrorContains(t, err, "weight: sample 0: got -Inf, want a finite number")
}
