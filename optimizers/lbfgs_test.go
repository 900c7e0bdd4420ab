package optimizers_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// sine returns a small network and points of sin(x).
func sine(t *testing.T, dtype tensor.Dtype, o graph.Optimizer) (*graph.Model, graph.Arrays) {
	t.Helper()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 12}, layers.Tanh{}, layers.Dense{Units: 1}},
		graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: o, DType: dtype, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	x, y := make([]float64, 50), make([]float64, 50)
	for i := range x {
		x[i] = float64(i)/49*6 - 3
		y[i] = math.Sin(x[i])
	}
	return m, graph.Arrays{X: tensor.New(tensor.WithShape(50, 1), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(50, 1), tensor.WithBacking(y))}
}

func lossOf(t *testing.T, m *graph.Model, data graph.Dataset) float64 {
	t.Helper()
	logs, err := m.Evaluate(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	return logs["loss"]
}

// TestLBFGS: the loss falls in every iteration, far below what Adam reaches in as many steps.
func TestLBFGS(t *testing.T) {
	for _, c := range []struct {
		dtype tensor.Dtype
		size  int
		most  float64
	}{{tensor.Float64, 0, 1e-5}, {tensor.Float64, 7, 1e-5}, {tensor.Float32, 0, 1e-4}} {
		m, data := sine(t, c.dtype, nil)
		h, err := optimizers.LBFGS{Iterations: 300, BatchSize: c.size}.Fit(context.Background(), m, data)
		if err != nil {
			t.Fatal(err)
		}
		list := h.Series("train_loss")
		for i := range list {
			if i > 0 && list[i] > list[i-1] {
				t.Errorf("%v: iteration %d: got loss %v after %v, want less", c, i, list[i], list[i-1])
			}
		}
		got := lossOf(t, m, data)
		if last := list[len(list)-1]; math.Abs(got-last) > 1e-5*last+1e-9 || len(list) > 300 || !(got < c.most) {
			t.Errorf("%v: got loss %v, and %v in the history, after %d iterations, want less than %v", c, got, last, len(list), c.most)
		}
	}
	m, data := sine(t, tensor.Float64, optimizers.Adam{LearningRate: 0.01})
	if _, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 300}); err != nil {
		t.Fatal(err)
	}
	if got := lossOf(t, m, data); got < 1e-4 {
		t.Errorf("got loss %v from Adam, want more: the problem is too easy for this test", got)
	}
}

// TestLBFGSLinear finds the solution of a least squares problem, and ends by itself.
func TestLBFGSLinear(t *testing.T) {
	m, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := randoms[float64](rng, 20*3), make([]float64, 20*2)
	for i := range 20 {
		y[2*i], y[2*i+1] = 2*x[3*i]-x[3*i+1]+0.5, 3*x[3*i+2]-1
	}
	data := graph.Arrays{X: tensor.New(tensor.WithShape(20, 3), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(20, 2), tensor.WithBacking(y))}
	h, err := optimizers.LBFGS{}.Fit(context.Background(), m, data)
	if err != nil {
		t.Fatal(err)
	}
	w, b := m.Weights()["weight"].Float64s(), m.Weights()["bias"].Float64s()
	for i, want := range []float64{2, 0, -1, 0, 0, 3, 0.5, -1} {
		if got := append(w, b...)[i]; math.Abs(got-want) > 1e-7 {
			t.Errorf("element %d: got %v, want %v", i, got, want)
		}
	}
	if n := len(h.Logs); n == 0 || n >= 100 {
		t.Errorf("got %d iterations, want fewer than the default of 100", n)
	}
	again, err := optimizers.LBFGS{}.Fit(context.Background(), m, data)
	if err != nil || len(again.Logs) > 1 {
		t.Errorf("got %d iterations and error %v at the solution, want none", len(again.Logs), err)
	}
}

// TestLBFGSFrozen: frozen parameters and states keep their values.
func TestLBFGSFrozen(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 3}, layers.BatchNorm{}, layers.Dense{Units: 1}},
		graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Freeze("dense1"); err != nil {
		t.Fatal(err)
	}
	_, data := sine(t, tensor.Float64, nil)
	before := m.Weights()
	if _, err := (optimizers.LBFGS{Iterations: 5}).Fit(context.Background(), m, data); err != nil {
		t.Fatal(err)
	}
	for name, w := range m.Weights() {
		still := strings.HasPrefix(name, "dense1") || strings.HasPrefix(name, "batchnorm1/running")
		if w.Eq(before[name]) != still {
			t.Errorf("%s: got unchanged values: %v, want %v", name, !still, still)
		}
	}
}

// TestLBFGSErrors: each error says why; the context's end leaves the best parameters so far.
func TestLBFGSErrors(t *testing.T) {
	m, data := sine(t, tensor.Float64, nil)
	ctx, cancel := context.WithCancel(context.Background())
	start := lossOf(t, m, data)
	calls := 0
	counting := cancelling{data, func() {
		if calls++; calls == 20 {
			cancel()
		}
	}}
	h, err := optimizers.LBFGS{}.Fit(ctx, m, counting)
	if !errors.Is(err, context.Canceled) || len(h.Logs) == 0 {
		t.Errorf("got error %v after %d iterations, want the context's after some", err, len(h.Logs))
	} else if got := lossOf(t, m, data); !(got < start) || got != h.Logs[len(h.Logs)-1]["train_loss"] {
		t.Errorf("got loss %v, want %v as after the last iteration", got, h.Logs[len(h.Logs)-1])
	}
	plain, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule  optimizers.LBFGS
		ctx   context.Context
		model *graph.Model
		data  graph.Dataset
		want  string
	}{
		{optimizers.LBFGS{Memory: -1}, context.Background(), m, data, "optimizers: LBFGS: Memory: got -1"},
		{optimizers.LBFGS{}, context.Background(), m, nil, "optimizers: LBFGS: got no context, no model or no data"},
		{optimizers.LBFGS{}, context.Background(), m, (*graph.Arrays)(nil), "optimizers: LBFGS: got no context, no model or no data"},
		{optimizers.LBFGS{}, nil, m, data, "optimizers: LBFGS: got no context, no model or no data"},
		{optimizers.LBFGS{}, context.Background(), plain, data, "got a model compiled without a Loss"},
		{optimizers.LBFGS{}, ctx, m, data, "optimizers: LBFGS: context canceled"},
	} {
		if _, err := c.rule.Fit(c.ctx, c.model, c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want %q", err, c.want)
		}
	}
}

// cancelling calls a function at the beginning of each pass over the data.
type cancelling struct {
	graph.Arrays
	f func()
}

func (c cancelling) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	c.f()
	return c.Arrays.Batches(size, rng)
}
