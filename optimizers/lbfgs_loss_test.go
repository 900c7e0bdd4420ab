package optimizers_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

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
