package optimizers_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// linear is the network x·w, without a bias.
var linear = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	return x.MatMul(s.Param("weight", graph.Ones, x.Dim(-1), 1))
})

var squares = graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() })

// fit trains linear from weights of 1 to weights of 0, and returns the weights and the losses.
func fit(t *testing.T, o graph.Optimizer, dtype tensor.Dtype, epochs int) ([]float64, []float64) {
	t.Helper()
	m, err := graph.Compile(linear, graph.Config{Input: []int{3}, Loss: squares, Optimizer: o, DType: dtype})
	if err != nil {
		t.Fatal(err)
	}
	x := tensor.New(tensor.WithShape(4, 3), tensor.WithBacking([]float64{1, 2, 3, 0, 2, -1, 4, 1, 1, -2, 0, 1}))
	y := tensor.New(tensor.WithShape(4, 1), tensor.Of(tensor.Float64))
	h, err := m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: epochs})
	if err != nil {
		t.Fatal(err)
	}
	var w []float64
	for _, p := range m.Weights() {
		switch data := p.Data().(type) {
		case []float32:
			for _, v := range data {
				w = append(w, float64(v))
			}
		case []float64:
			w = append(w, data...)
		}
	}
	return w, h.Series("train_loss")
}

// TestFit trains a model with each rule, in both element types.
func TestFit(t *testing.T) {
	for _, r := range rules {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(r.name+"/"+dtype.String(), func(t *testing.T) {
				_, losses := fit(t, r.rule, dtype, 20)
				if first, last := losses[0], losses[len(losses)-1]; !(last < first) {
					t.Errorf("got a loss from %v to %v, want less", first, last)
				}
			})
		}
	}
}

// TestClippedFit measures the first step, which is the rate times the clipped gradient, for a rule that scales gradients
// itself and for a rule that does not.
func TestClippedFit(t *testing.T) {
	for name, inner := range map[string]graph.Optimizer{"SGD": optimizers.SGD{LearningRate: 0.1}, "a user's": own{}} {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, c := range []struct {
				clip optimizers.Clip
				want float64 // norm of the step
			}{
				{optimizers.Clip{Optimizer: inner, Value: 0.25}, 0.025 * math.Sqrt(3)},
				{optimizers.Clip{Optimizer: inner, Norm: 0.5}, 0.05},
				{optimizers.Clip{Optimizer: inner, GlobalNorm: 0.5}, 0.05},
				{optimizers.Clip{Optimizer: optimizers.Clip{Optimizer: inner, Norm: 0.5}, GlobalNorm: 0.75}, 0.05},
			} {
				t.Run(fmt.Sprintf("%s/%v/%+v", name, dtype, c.clip.Clip()), func(t *testing.T) {
					w, _ := fit(t, c.clip, dtype, 1)
					step := 0.0
					for _, v := range w {
						step += (v - 1) * (v - 1)
					}
					if step = math.Sqrt(step); len(w) != 3 || !(math.Abs(step-c.want) < 1e-6) {
						t.Errorf("got a step of %v, want %v", step, c.want)
					}
				})
			}
		}
	}
}

// TestCompileValidates compiles models with invalid settings: each is an error before training.
func TestCompileValidates(t *testing.T) {
	for want, o := range map[string]graph.Optimizer{
		"optimizers: Adam: Beta1: got 2":        optimizers.Adam{Beta1: 2},
		"optimizers: Clip: Optimizer: got nil":  optimizers.Clip{GlobalNorm: 1},
		"optimizers: SGD: LearningRate: got -1": &optimizers.SGD{LearningRate: -1},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := graph.Compile(linear, graph.Config{Input: []int{3}, Loss: squares, Optimizer: o})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got error %v, want %q", err, want)
			}
		})
	}
}
