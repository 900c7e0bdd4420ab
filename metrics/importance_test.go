package metrics

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestImportance: a linear model y = 3·x0 - x1 with independent columns: shuffling column j costs 2·w²·variance of it in the mean
// squared error, and nothing for a column that is not used.
func TestImportance(t *testing.T) {
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{3}, DType: tensor.Float64})
	require.NoError(t, err)
	w := m.Weights()
	require.NoError(t, m.SetWeights(graph.Weights{"weight": dense([]float64{3, -1, 0}, 3, 1), "bias": w["bias"]}))
	const n = 4000
	x := make([]float64, 3*n)
	for i := range x {
		x[i] = float64(i*7919%10007)/10007 - 0.5
	}
	data := graph.Arrays{X: dense(x, n, 3)}
	data.Y, err = m.Predict(context.Background(), data.X)
	require.NoError(t, err)
	mean, deviation, err := PermutationImportance(context.Background(), m, data, MeanSquaredError{}, 0, 1)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{2 * 9. / 12, 2. / 12, 0}, mean, 0.1)
	require.Zero(t, mean[2])
	require.Less(t, deviation[0], 0.1)
	again, _, err := PermutationImportance(context.Background(), m, data, MeanSquaredError{}, 5, 1)
	require.NoError(t, err)
	require.Equal(t, mean, again)
	down, _, err := PermutationImportance(context.Background(), m, data, R2{}, 2, 1)
	require.NoError(t, err)
	require.Greater(t, down[0], 1.0)
}

// alternating is a user's wrapper around a metric, which forwards nothing.
type alternating struct{ graph.Metric }

func (a alternating) Name() string         { return "alternating_" + a.Metric.Name() }
func (a alternating) Unwrap() graph.Metric { return a.Metric }

// TestImportanceScores: the score is the one of Evaluate, for logits as for probabilities, and a wrapper changes nothing.
func TestImportanceScores(t *testing.T) {
	const n = 300
	ctx := context.Background()
	x, labels, numbers := make([]float64, 2*n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = float64(i*7919%10007)/10007 - 0.5
	}
	for i := range labels {
		if numbers[i] = 3 * x[2*i]; x[2*i] > 0.2 {
			labels[i] = 1
		}
	}
	holes := slices.Clone(labels)
	for i := 0; i < n; i += 7 {
		holes[i] = -100
	}
	weight := dense([]float64{1, 0}, 2, 1)
	two := dense([]float64{-1, 1, 0, 0}, 2, 2)
	for name, c := range map[string]struct {
		net    graph.Layer
		weight *graph.Tensor
		bias   []float64
		loss   graph.Loss
		target *graph.Tensor
		metric graph.Metric
	}{
		"number":              {layers.Dense{Units: 1}, weight, []float64{0}, losses.MeanSquaredError{}, dense(numbers, n, 1), MeanSquaredError{}},
		"score of the set":    {layers.Dense{Units: 1}, weight, []float64{0}, losses.MeanSquaredError{}, dense(numbers, n, 1), R2{}},
		"no loss":             {layers.Dense{Units: 1}, weight, []float64{0}, nil, dense(numbers, n, 1), MeanSquaredError{}},
		"one logit":           {layers.Dense{Units: 1}, weight, []float64{0.4}, losses.BinaryCrossEntropy{FromLogits: true}, dense(labels, n, 1), Accuracy{}},
		"one logit, log loss": {layers.Dense{Units: 1}, weight, []float64{0.4}, losses.BinaryCrossEntropy{FromLogits: true}, dense(labels, n, 1), LogLoss{}},
		"two logits":          {layers.Dense{Units: 2}, two, []float64{0, 0.4}, losses.CategoricalCrossEntropy{FromLogits: true}, dense(oneHot(labels, 2), n, 2), BrierScore{}},
		"two logits, F1":      {layers.Dense{Units: 2}, two, []float64{0, 0.4}, losses.CategoricalCrossEntropy{FromLogits: true}, dense(oneHot(labels, 2), n, 2), F1{Threshold: 0.7}},
		"sparse logits":       {layers.Dense{Units: 2}, two, []float64{0, 0.4}, losses.SparseCategoricalCrossEntropy{FromLogits: true}, dense(labels, n), LogLoss{}},
		"left out":            {layers.Dense{Units: 2}, two, []float64{0, 0.4}, losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{-100}}, dense(holes, n), LogLoss{}},
		"read as logits":      {layers.Dense{Units: 1}, weight, []float64{0.4}, losses.BinaryCrossEntropy{FromLogits: true}, dense(labels, n, 1), Accuracy{FromLogits: true}},
		"probabilities":       {layers.Sequential{layers.Dense{Units: 1}, layers.Sigmoid{}}, weight, []float64{0.4}, losses.BinaryCrossEntropy{}, dense(labels, n, 1), LogLoss{}},
	} {
		t.Run(name, func(t *testing.T) {
			score, larger := c.metric, false
			if d, ok := c.metric.(graph.DirectedMetric); ok {
				larger = d.LargerIsBetter()
			}
			m, err := graph.Compile(c.net, graph.Config{Input: []int{2}, Loss: c.loss, Metrics: []graph.Metric{score}, DType: tensor.Float64})
			require.NoError(t, err)
			w := graph.Weights{}
			for name := range m.Weights() {
				if w[name] = c.weight; strings.HasSuffix(name, "bias") {
					w[name] = dense(c.bias)
				}
			}
			require.NoError(t, m.SetWeights(w))
			data := graph.Arrays{X: dense(x, n, 2), Y: c.target}
			mean, deviation, err := PermutationImportance(ctx, m, data, c.metric, 1, 1)
			require.NoError(t, err)
			require.Greater(t, mean[0], 0.0)
			require.Zero(t, mean[1])
			for _, wrapped := range []graph.Metric{Named("named", c.metric), alternating{Named("named", c.metric)}} {
				again, spread, err := PermutationImportance(ctx, m, data, wrapped, 1, 1)
				require.NoError(t, err)
				require.Equal(t, mean, again, "%T", wrapped)
				require.Equal(t, deviation, spread, "%T", wrapped)
			}
			if c.loss == nil {
				return
			}
			whole, err := m.Evaluate(ctx, data)
			require.NoError(t, err)
			order := rand.New(rand.NewPCG(1, 0)).Perm(n) // as the first of PermutationImportance
			moved := slices.Clone(x)
			for i, from := range order {
				moved[2*i] = x[2*from]
			}
			data.X = dense(moved, n, 2)
			after, err := m.Evaluate(ctx, data)
			require.NoError(t, err)
			want := after[score.Name()] - whole[score.Name()]
			if larger {
				want = -want
			}
			require.InDelta(t, want, mean[0], 1e-12)
		})
	}
}

// TestImportanceErrors: an undefined score passes, and what Compile or Evaluate refuses is an error, also inside a wrapper.
func TestImportanceErrors(t *testing.T) {
	x, y := dense([]float64{0, 1, 2, 3}, 4, 1), dense([]float64{0, 1, 1, 0}, 4, 1)
	for want, c := range map[string]struct {
		end    graph.Layer
		loss   graph.Loss
		target *graph.Tensor
		metric graph.Metric
	}{
		"metric accuracy: FromLogits: got true for a prediction in [0, 1], want false": {layers.Sigmoid{}, losses.BinaryCrossEntropy{}, y, Accuracy{FromLogits: true}},
		"metric named: FromLogits: got true for a prediction in [0, 1], want false":    {layers.Sigmoid{}, losses.BinaryCrossEntropy{}, y, Named("named", Accuracy{FromLogits: true})},
		"Threshold: got -1":                                               {layers.Sigmoid{}, losses.BinaryCrossEntropy{}, y, Named("named", F1{Threshold: -1})},
		"metric named: row 1 of the targets: got 7":                       {layers.Sigmoid{}, nil, dense([]float64{0, 7, 1, 0}, 4, 1), Named("named", LogLoss{})},
		"target: element 0 of sample 1: got 7, want a number from 0 to 1": {layers.Sigmoid{}, losses.BinaryCrossEntropy{}, dense([]float64{0, 7, 1, 0}, 4, 1), LogLoss{}},
	} {
		t.Run(want, func(t *testing.T) {
			m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 1}, c.end}, graph.Config{Input: []int{1}, Loss: c.loss})
			require.NoError(t, err)
			_, _, err = PermutationImportance(context.Background(), m, graph.Arrays{X: x, Y: c.target}, c.metric, 1, 1)
			require.ErrorContains(t, err, "metrics: PermutationImportance: ")
			require.ErrorContains(t, err, want)
		})
	}
}
