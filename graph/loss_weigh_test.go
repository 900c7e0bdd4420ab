package graph_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// squares is the mean squared error as a SampleLoss.
type squares struct{ losses.MeanSquaredError }

func (squares) PerSample(pred, target graph.Node) graph.Node {
	return pred.Sub(target).Square().Mean(1)
}

func weighted(t *testing.T, loss graph.Loss) *graph.Model {
	t.Helper()
	m, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{
		Input: []int{3}, Loss: loss, Optimizer: optimizers.SGD{}, DType: tensor.Float64, Seed: 1,
	})
	require.NoError(t, err)
	return m
}

func vector(values ...float64) *graph.Tensor {
	return tensor.New(tensor.WithShape(len(values)), tensor.WithBacking(values))
}

// TestSampleWeight checks that the loss and the gradients of a sample are multiplied by its weight, and that a sample of
// weight 0 still counts in the number of samples.
func TestSampleWeight(t *testing.T) {
	m := weighted(t, squares{})
	x, y := random(1, 4, 3), random(2, 4, 2)
	loss, grads, err := m.GradientsOf(graph.Batch{X: x, Y: y, Weight: vector(2, 0, 1, 0.5)})
	require.NoError(t, err)
	want, wantGrads := 0.0, graph.Weights{}
	for i, w := range []float64{2, 0, 1, 0.5} {
		one := func(t *graph.Tensor) *graph.Tensor {
			n := t.Shape()[1]
			return tensor.New(tensor.WithShape(1, n), tensor.WithBacking(t.Float64s()[i*n:(i+1)*n]))
		}
		l, g, err := m.Gradients(one(x), one(y))
		require.NoError(t, err)
		want += w * l / 4
		for name, v := range g {
			for k, d := range v.Float64s() {
				if i == 0 {
					v.Float64s()[k] = 0
					wantGrads[name] = v
				}
				wantGrads[name].Float64s()[k] += w * d / 4
			}
		}
	}
	require.InDelta(t, want, loss, 1e-14)
	for name, g := range wantGrads {
		require.InDeltaSlice(t, g.Float64s(), grads[name].Float64s(), 1e-14, name)
	}
	logs, err := m.Evaluate(context.Background(), graph.Arrays{X: x, Y: y, Weight: vector(2, 0, 1, 0.5)})
	require.NoError(t, err)
	require.InDelta(t, want, logs["loss"], 1e-14)
}

// TestClassWeight checks that the weight of a class multiplies the weights of its samples.
func TestClassWeight(t *testing.T) {
	sparse := vector(1, 0, 1, 1)
	oneHot := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{0, 1, 1, 0, 0, 1, 0, 1}))
	x := random(1, 4, 3)
	first := func(y *graph.Tensor, own *graph.Tensor, classes []float64) float64 {
		m := weighted(t, classLoss{})
		h, err := m.Fit(context.Background(), graph.Arrays{X: x, Y: y, Weight: own}, graph.FitConfig{ClassWeight: classes})
		require.NoError(t, err)
		return h.Logs[0]["train_loss"]
	}
	want := first(sparse, vector(4*2, 3*5, 4, 4*0.5), nil)
	require.InDelta(t, want, first(sparse, vector(2, 5, 1, 0.5), []float64{3, 4}), 1e-14)
	require.InDelta(t, want, first(oneHot, vector(2, 5, 1, 0.5), []float64{3, 4}), 1e-14)
	require.InDelta(t, first(sparse, vector(4, 3, 4, 4), nil), first(sparse, nil, []float64{3, 4}), 1e-14)
}

// classLoss takes class numbers or class probabilities.
type classLoss struct{}

func (c classLoss) Loss(pred, target graph.Node) graph.Node { return c.PerSample(pred, target).Mean() }

func (classLoss) PerSample(pred, target graph.Node) graph.Node {
	if target.Rank() == 1 {
		target = target.OneHot(pred.Dim(-1))
	}
	return pred.Sub(target).Square().Mean(1)
}

func TestWeightErrors(t *testing.T) {
	x, y := random(1, 2, 3), random(2, 2, 2)
	ctx := context.Background()
	for want, fit := range map[string]func() error{
		"got sample weights for losses.RootMeanSquaredError, want a graph.SampleLoss": func() error {
			_, _, err := weighted(t, losses.RootMeanSquaredError{}).GradientsOf(graph.Batch{X: x, Y: y, Weight: vector(1, 1)})
			return err
		},
		"weight: got shape [3], want [2], one for each sample": func() error {
			_, _, err := weighted(t, squares{}).GradientsOf(graph.Batch{X: x, Y: y, Weight: vector(1, 1, 1)})
			return err
		},
		"weight: sample 1: got NaN, want a finite number": func() error {
			_, err := weighted(t, squares{}).Fit(ctx, graph.Arrays{X: x, Y: y, Weight: vector(1, math.NaN())}, graph.FitConfig{})
			return err
		},
		"ClassWeight: class 1: got -1, want a number of 0 or more": func() error {
			_, err := weighted(t, classLoss{}).Fit(ctx, graph.Arrays{X: x, Y: y}, graph.FitConfig{ClassWeight: []float64{1, -1}})
			return err
		},
		"target: sample 1: got class 2, want an integer from 0 to 1, as ClassWeight has": func() error {
			_, err := weighted(t, classLoss{}).Fit(ctx, graph.Arrays{X: x, Y: vector(1, 2)}, graph.FitConfig{ClassWeight: []float64{1, 1}, NoShuffle: true})
			return err
		},
		"target: sample 0: got 2 numbers, want a class number, or 3 fractions": func() error {
			_, err := weighted(t, classLoss{}).Fit(ctx, graph.Arrays{X: x, Y: y}, graph.FitConfig{ClassWeight: []float64{1, 1, 1}})
			return err
		},
	} {
		t.Run(want, func(t *testing.T) { require.ErrorContains(t, fit(), want) })
	}
}

// TestWeightShapes: weights of the steps and a target that does not have these steps are an error that names both shapes.
func TestWeightShapes(t *testing.T) {
	x := random(1, 2, 4, 3)
	for name, loss := range map[string]graph.Loss{"mse": losses.MeanSquaredError{}, "crossentropy": losses.CategoricalCrossEntropy{FromLogits: true}} {
		for _, masked := range []bool{false, true} {
			net, what := layers.Sequential{layers.Dense{Units: 2}}, "weights"
			if masked {
				net, what = append(layers.Sequential{layers.Masking{}}, net...), "a mask"
			}
			m, err := graph.Compile(net, graph.Config{Input: []int{graph.Any, 3}, Loss: loss, Optimizer: optimizers.SGD{}})
			require.NoError(t, err)
			for _, c := range []struct {
				shape []int
				want  string
			}{
				{[]int{2}, "got a target of shape [2] for a prediction with " + what + " of shape [2 4]"},
				{[]int{2, 2}, "got a target of shape [2 2] for a prediction with " + what + " of shape [2 4]"},
				{[]int{2, 8}, "got a target of shape [2 8] for a prediction with " + what + " of shape [2 4]"},
				{[]int{2, 1, 2}, "got a target of shape [2 1 2] for a prediction with " + what + " of shape [2 4]"},
				{[]int{2, 4, 0}, "target: got shape [2 4 0], want dimensions of 1 or more"},
				{[]int{2, 0}, "target: got shape [2 0], want dimensions of 1 or more"},
				{[]int{2, 4, 2}, ""},
			} {
				y := tensor.New(tensor.WithShape(c.shape...), tensor.Of(tensor.Float64))
				for i := range y.DataSize() / max(c.shape[len(c.shape)-1], 1) {
					y.Float64s()[i*c.shape[len(c.shape)-1]] = 1
				}
				_, err := m.Step(context.Background(), graph.Batch{X: x, Y: y, Weight: random(3, 2, 4)})
				if c.want == "" {
					require.NoError(t, err, name)
					continue
				}
				require.ErrorIs(t, err, graph.ErrInput)
				require.ErrorContains(t, err, c.want, name)
			}
		}
	}
}
