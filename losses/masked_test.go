package losses_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// A maskedCase is a loss of sequences computed by PyTorch in float64.
type maskedCase struct {
	Name       string
	Prediction golden.Tensor
	Target     golden.Tensor
	Lengths    []float64      // nil for no mask
	Weight     *golden.Tensor // of samples or steps; nil for none
	Loss       float64
	Grad       golden.Tensor `json:"prediction_grad"`
}

// parameter is a network whose output is a parameter, with a mask if there are lengths.
func (c maskedCase) parameter(s *graph.Scope, x graph.Node) graph.Node {
	init := func(dst []float64, _ []int, _ *rand.Rand) { copy(dst, c.Prediction.Data) }
	y := x.Scale(0).Add(s.Param("prediction", init, c.Prediction.Shape...))
	if c.Lengths == nil {
		return y
	}
	return y.Masked(s.Input("lengths").Steps(y.Dim(1)))
}

// TestMaskedLossesAgreeWithPyTorch compares values and derivatives of losses with masks, ignored classes and weights.
func TestMaskedLossesAgreeWithPyTorch(t *testing.T) {
	const one = -100
	for _, c := range golden.Own[maskedCase](t, "masked.json") {
		t.Run(c.Name, func(t *testing.T) {
			loss, ok := map[string]graph.Loss{
				"sparse ignored":      losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{one}},
				"sparse ignored rows": losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{7, one}},
				"sparse ignored zero": losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{0}},
				"sparse smoothing":    losses.SparseCategoricalCrossEntropy{FromLogits: true, Smoothing: 0.1},
				"sparse":              losses.SparseCategoricalCrossEntropy{FromLogits: true},
				"mse":                 losses.MeanSquaredError{}, "mae": losses.MeanAbsoluteError{}, "huber": losses.Huber{}, "cosine": losses.CosineSimilarity{},
				"binary": losses.BinaryCrossEntropy{FromLogits: true}, "rmse": losses.RootMeanSquaredError{},
			}[c.Name]
			require.True(t, ok)
			batch := c.Prediction.Shape[0]
			for dt, limit := range map[tensor.Dtype]golden.Tolerance{tensor.Float64: {Relative: 1e-10, Absolute: 1e-13}, tensor.Float32: {Relative: 1e-5, Absolute: 1e-6}} {
				cfg := graph.Config{Input: c.Prediction.Shape[1:], Loss: loss, Optimizer: optimizers.SGD{}, DType: dt}
				b := graph.Batch{X: c.Prediction.Dense(dt), Y: c.Target.Dense(dt)}
				if c.Lengths != nil {
					cfg.Inputs = map[string][]int{"lengths": {}}
					b.Inputs = map[string]*graph.Tensor{"lengths": dense(c.Lengths, batch)}
				}
				if c.Weight != nil {
					b.Weight = c.Weight.Dense(dt)
				}
				net := graph.LayerFunc(c.parameter)
				if batch != 2 { // Compile tries a batch of two
					net = func(s *graph.Scope, x graph.Node) graph.Node {
						w := s.Param("prediction", func(dst []float64, _ []int, _ *rand.Rand) { copy(dst, c.Prediction.Data) }, c.Prediction.Shape...)
						return x.Scale(0).Add(w.Slice(0, 0, x.Dim(0)))
					}
				}
				m, err := graph.Compile(net, cfg)
				require.NoError(t, err)
				loss, grads, err := m.GradientsOf(b)
				require.NoError(t, err)
				require.InEpsilon(t, c.Loss, loss, limit.Relative)
				c.Grad.Equal(t, c.Name, grads["prediction"], limit)
			}
		})
	}
}

// TestIgnore: classes to ignore have neither loss nor a place in metrics, whether Compile or the loss itself takes the mean, and a
// sample of nothing else has the loss 0.
func TestIgnore(t *testing.T) {
	pred := dense([]float64{.7, .2, .1, .1, .8, .1, .3, .3, .4, .25, .5, .25}, 2, 2, 3)
	target := dense([]float64{0, -1, 9, -1}, 2, 2)
	want := -math.Log(.7)
	l := losses.SparseCategoricalCrossEntropy{Ignore: []int{-1, 9}}
	loss, each := samples(t, l, pred, target)
	require.InDelta(t, want, loss, 1e-12)
	require.InDeltaSlice(t, []float64{want, 0}, each, 1e-12)
	none, _ := samples(t, l, pred, dense([]float64{9, 9, 9, 9}, 2, 2))
	require.Zero(t, none)
	for _, l := range []graph.SampleLoss{losses.SparseBinaryCrossEntropy{Ignore: []int{-1}}, losses.SparseCategoricalFocal{Ignore: []int{-1}}} {
		got, _ := samples(t, l, pred, dense([]float64{0, -1, 1, -1}, 2, 2))
		want, _ := samples(t, l, dense([]float64{.7, .2, .1, .3, .3, .4}, 2, 3), dense([]float64{0, 1}, 2))
		require.InDelta(t, want, got, 1e-12)
	}

	m, err := graph.Compile(layers.Identity{}, graph.Config{Input: []int{2, 3}, Loss: l, Metrics: []graph.Metric{metrics.Accuracy{}, metrics.F1{}}, DType: tensor.Float64})
	require.NoError(t, err)
	logs, err := m.Evaluate(t.Context(), graph.Arrays{X: pred, Y: dense([]float64{0, 2, -1, 0}, 2, 2)})
	require.NoError(t, err)
	require.InDelta(t, -(math.Log(.7)+math.Log(.1)+math.Log(.25))/3, logs["loss"], 1e-12)
	require.InDelta(t, 1.0/3, logs["accuracy"], 1e-12)
	_, err = m.Evaluate(t.Context(), graph.Arrays{X: pred, Y: dense([]float64{0, 3, -1, 0}, 2, 2)})
	require.ErrorContains(t, err, "got class 3, want an integer from 0 to 2")
}

// TestMaskedMistakes: losses, targets and weights that do not fit a mask are errors that say where.
func TestMaskedMistakes(t *testing.T) {
	model := func(l graph.Loss, end graph.Layer) (*graph.Model, error) {
		return graph.Compile(layers.Sequential{layers.Masking{}, layers.Dense{Units: 2}, end}, graph.Config{
			Input: []int{3, 1}, Loss: l, Optimizer: optimizers.SGD{}, DType: tensor.Float64,
		})
	}
	_, err := model(graph.LossFunc(func(p, t graph.Node) graph.Node { return p.Sub(t).Square().Mean() }), layers.Tanh{})
	require.ErrorContains(t, err, "graph: loss: got a prediction with a mask for graph.LossFunc, want a graph.SampleLoss or a graph.MaskedLoss")
	for _, l := range []graph.Loss{losses.InfoNCE{}, losses.NTXent{}} { // (batch, 2, features)
		_, err := graph.Compile(layers.Masking{}, graph.Config{Input: []int{2, 3}, Loss: l, Optimizer: optimizers.SGD{}})
		require.ErrorContains(t, err, fmt.Sprintf("got a prediction with a mask for %T, want a graph.SampleLoss", l))
	}
	_, err = model(losses.CategoricalCrossEntropy{}, layers.Sequential{layers.Softmax{}, layers.Lambda(func(x graph.Node) graph.Node { return x.Slice(2, 0, 1) })})
	require.ErrorContains(t, err, "want two classes or more")

	x, bad := dense([]float64{1, 1, 0, 1, 2, 3}, 2, 3, 1), math.NaN()
	for want, r := range map[string]struct {
		loss   graph.Loss
		end    graph.Layer
		target *tensor.Dense
		weight *tensor.Dense
	}{
		"target: sample 1, step 2: got 1.5, want a number from 0 to 1":                                                       {losses.BinaryCrossEntropy{}, layers.Sigmoid{}, dense([]float64{0, 1, 1, 0, 5, bad, 0, 1, 1, 0, 1.5, 0}, 2, 3, 2), nil},
		"target: sample 1, step 0: got probabilities that sum to 2":                                                          {losses.CategoricalCrossEntropy{}, layers.Softmax{}, dense([]float64{0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0}, 2, 3, 2), nil},
		"weight: got shape [2 2], want [2], or (batch, time)":                                                                {losses.MeanSquaredError{}, layers.Tanh{}, dense(make([]float64, 12), 2, 3, 2), dense(make([]float64, 4), 2, 2)},
		"weight: got shape [2 3 2], want [2], one for each sample":                                                           {losses.MeanSquaredError{}, layers.Tanh{}, dense(make([]float64, 12), 2, 3, 2), dense(make([]float64, 12), 2, 3, 2)},
		"weight: sample 1: got NaN, want a finite number":                                                                    {losses.MeanSquaredError{}, layers.Tanh{}, dense(make([]float64, 12), 2, 3, 2), dense([]float64{1, 1, 1, 1, bad, 1}, 2, 3)},
		"got weights of shape [2 3] for losses.Dice, want one for each sample":                                               {losses.Dice{}, layers.Sigmoid{}, dense(make([]float64, 12), 2, 3, 2), dense(make([]float64, 6), 2, 3)},
		"got a target of shape [2 6] for a prediction with a mask of shape [2 3], want a target with these first dimensions": {losses.MeanSquaredError{}, layers.Tanh{}, dense(make([]float64, 12), 2, 6), nil},
	} {
		t.Run(want, func(t *testing.T) {
			m, err := model(r.loss, r.end)
			require.NoError(t, err)
			data := graph.Arrays{X: x, Y: r.target, Weight: r.weight}
			_, err = m.Evaluate(t.Context(), data)
			require.ErrorContains(t, err, want)
			before := m.Weights()
			_, err = m.Fit(t.Context(), data, graph.FitConfig{})
			require.ErrorContains(t, err, want)
			require.Equal(t, before, m.Weights())
			_, _, err = m.GradientsOf(graph.Batch(data))
			require.ErrorContains(t, err, want)
			require.ErrorIs(t, err, graph.ErrInput)
		})
	}
}
