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

// TestLBFGSAverages: after an optimizer that averages the weights, it begins at the averages, and its losses are those of Evaluate.
func TestLBFGSAverages(t *testing.T) {
	x, y := float64s([]int{4, 1}, 0, 1, 2, 3), float64s([]int{4, 1}, 1, 3, 4, 7)
	data := graph.Arrays{X: x, Y: y}
	sgd := optimizers.SGD{LearningRate: 0.02, Momentum: 0.9}
	for _, c := range []struct {
		name   string
		o      graph.Optimizer
		epochs int
	}{
		{"no averages", sgd, 6}, {"averages without a step", optimizers.EMA{Optimizer: sgd}, 0}, {"averages", optimizers.EMA{Optimizer: sgd}, 6},
		{"averages far from the weights", optimizers.EMA{Optimizer: optimizers.SGD{LearningRate: 0.1, Momentum: 0.5}}, 2},
	} {
		for _, iterations := range []int{1, 100} {
			m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64, Seed: 1, Optimizer: c.o})
			if err != nil {
				t.Fatal(err)
			}
			if c.epochs > 0 {
				if _, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: c.epochs}); err != nil {
					t.Fatal(err)
				}
			}
			start := lossOf(t, m, data)
			h, err := optimizers.LBFGS{Iterations: iterations}.Fit(context.Background(), m, data)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			list, got := h.Series("train_loss"), lossOf(t, m, data)
			if last := list[len(list)-1]; math.Abs(got-last) > 1e-12 || got > start {
				t.Errorf("%s, %d iterations: got loss %v after %v, and %v in the history, want less, and the same", c.name, iterations, got, start, last)
			}
			if iterations == 100 && math.Abs(got-0.175) > 1e-9 {
				t.Errorf("%s: got loss %v, want 0.175 as of the least squares", c.name, got)
			}
		}
	}
}

// TestLBFGSBatches: with any BatchSize it minimizes the loss of Evaluate, also if a part of the elements does not count.
func TestLBFGSBatches(t *testing.T) {
	classes := graph.Config{Input: []int{1}, Loss: losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{-100}}}
	steps := graph.Config{Input: []int{3, 1}, Loss: losses.MeanSquaredError{}}
	masked := layers.Sequential{layers.Masking{}, layers.Dense{Units: 1}}
	two := steps
	two.Outputs = map[string]graph.Output{"all": {Loss: losses.MeanSquaredError{}}}
	both := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		s.Output("all", s.Apply(layers.Dense{Units: 1}, x.Masked(graph.Node{}).Slice(1, 0, 1).Reshape(x.Dim(0), 1)))
		return s.Apply(masked, x)
	})
	x, y := float64s([]int{3, 3, 1}, 1, 2, 3, 5, 7, 4, 4, 0, 0), float64s([]int{3, 3, 1}, 1, 3, 2, 6, 1, 2, 9, 0, 0)
	last := map[string]*graph.Tensor{"all": float64s([]int{3, 1}, 1, 2, 5)}
	for _, c := range []struct {
		name string
		net  graph.Layer
		cfg  graph.Config
		data graph.Arrays
		want string // the error of batches
	}{
		{"labels that do not count", layers.Dense{Units: 2}, classes, graph.Arrays{X: float64s([]int{6, 1}, 1, 2, 3, 4, 5, 6), Y: float64s([]int{6}, 0, 1, 1, 0, 1, -100)}, ""},
		{"batches of which nothing counts", layers.Dense{Units: 2}, classes, graph.Arrays{X: float64s([]int{4, 1}, 1, 2, 3, 4), Y: float64s([]int{4}, -100, 0, 1, 0)}, ""},
		{"sequences of several lengths", masked, steps, graph.Arrays{X: x, Y: y}, ""},
		{"weights", masked, steps, graph.Arrays{X: x, Y: y, Weight: float64s([]int{3}, 1, 3, 2)}, ""},
		{"penalties", layers.Sequential{layers.Masking{}, layers.Dense{Units: 1, KernelPenalty: layers.Penalty{L2: 0.1}}}, steps, graph.Arrays{X: x, Y: y}, ""},
		{"two losses of masks alike", both, two, graph.Arrays{X: float64s([]int{2, 3, 1}, 1, 2, 0, 4, 5, 0), Y: float64s([]int{2, 3, 1}, 1, 3, 2, 9, 7, 8),
			Targets: map[string]*graph.Tensor{"all": float64s([]int{2, 1}, 1, 5)}}, ""},
		{"two losses", both, two, graph.Arrays{X: x, Y: y, Targets: last}, "got several losses, and batches that differ in the part of their elements that counts for output_loss"},
	} {
		var want graph.Weights
		for _, size := range []int{0, 1, 2, 4} {
			c.cfg.DType, c.cfg.Seed = tensor.Float64, 1
			m, err := graph.Compile(c.net, c.cfg)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			h, err := optimizers.LBFGS{BatchSize: size}.Fit(context.Background(), m, c.data)
			if c.want != "" && (size == 1 || size == 2) {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s, batches of %d: got error %v, want %q", c.name, size, err, c.want)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s, batches of %d: %v", c.name, size, err)
			}
			list := h.Series("train_loss")
			if got, want := list[len(list)-1], lossOf(t, m, c.data); math.Abs(got-want) > 1e-12*want {
				t.Errorf("%s, batches of %d: got loss %v, want %v as of Evaluate", c.name, size, got, want)
			}
			if want == nil {
				want = m.Weights()
			}
			for name, w := range m.Weights() {
				for i, got := range w.Float64s() {
					if want := want[name].Float64s()[i]; math.Abs(got-want) > 1e-5 {
						t.Errorf("%s, batches of %d: %s, element %d: got %v, want %v as in one batch", c.name, size, name, i, got, want)
					}
				}
			}
		}
	}
}

func float64s(shape []int, values ...float64) *graph.Tensor {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
}
