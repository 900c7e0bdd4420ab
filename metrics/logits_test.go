package metrics_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
)

// TestMetricsOfLogits: beside a loss of logits, each metric has the score that it has for the network with the activation.
func TestMetricsOfLogits(t *testing.T) {
	all := func(fromLogits bool) []graph.Metric {
		named := func(name string, m graph.Metric) graph.Metric { return metrics.Named(name, m) }
		return []graph.Metric{
			metrics.Accuracy{FromLogits: fromLogits}, metrics.Precision{Threshold: 0.3, FromLogits: fromLogits}, metrics.Recall{Threshold: 0.3, FromLogits: fromLogits},
			metrics.F1{Threshold: 0.8, FromLogits: fromLogits}, named("f1_low", metrics.F1{Threshold: 0.2, FromLogits: fromLogits}),
			metrics.Specificity{FromLogits: fromLogits}, metrics.Jaccard{FromLogits: fromLogits}, metrics.MatthewsCorrelation{FromLogits: fromLogits}, metrics.AUC{},
		}
	}
	numbers := []graph.Metric{metrics.MeanSquaredError{}, metrics.RootMeanSquaredError{}, metrics.MeanAbsoluteError{}, metrics.R2{}}
	binary := func(fromLogits bool) []graph.Metric {
		return append(append(all(fromLogits), metrics.BinaryAccuracy{FromLogits: fromLogits}), numbers...)
	}
	none := layers.Identity{}
	const n = 40
	logits := make([]float64, 2*n)
	for i := range logits {
		logits[i] = 3*math.Sin(float64(i*i)) + 0.4
	}
	classes, oneHot := make([]float64, n), make([]float64, 2*n)
	for i := range classes {
		classes[i] = float64(i / 3 % 2)
		oneHot[2*i+i/3%2] = 1
	}
	score := func(net graph.Layer, l graph.Loss, width int, y *graph.Tensor, list []graph.Metric) (graph.Logs, error) {
		m, err := graph.Compile(net, graph.Config{Input: []int{width}, Loss: l, Metrics: list, DType: tensor.Float64})
		if err != nil {
			return nil, err
		}
		x := tensor.New(tensor.WithShape(n, width), tensor.WithBacking(logits[:n*width]))
		return m.Evaluate(context.Background(), graph.Arrays{X: x, Y: y})
	}
	column := tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(classes))
	flat := tensor.New(tensor.WithShape(n), tensor.WithBacking(classes))
	rows := tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(oneHot))
	for _, r := range []struct {
		name               string
		loss, probability  graph.Loss
		activation         graph.Layer
		width              int
		target             *graph.Tensor
		metrics, fromLogit []graph.Metric
	}{
		{"binary", losses.BinaryCrossEntropy{FromLogits: true}, losses.BinaryCrossEntropy{}, layers.Sigmoid{}, 1, column, binary(false), binary(true)},
		{"binary focal", losses.BinaryFocal{FromLogits: true}, losses.BinaryFocal{}, layers.Sigmoid{}, 1, column, binary(false), binary(true)},
		{"dice", losses.Dice{FromLogits: true}, losses.Dice{}, layers.Sigmoid{}, 1, column, binary(false), binary(true)},
		{"tversky", losses.Tversky{FromLogits: true}, losses.Tversky{}, layers.Sigmoid{}, 1, column, binary(false), binary(true)},
		{"labels", losses.BinaryCrossEntropy{FromLogits: true}, losses.BinaryCrossEntropy{}, layers.Sigmoid{}, 2, rows,
			append([]graph.Metric{metrics.BinaryAccuracy{}, metrics.Accuracy{}}, numbers...), []graph.Metric{metrics.BinaryAccuracy{FromLogits: true}, metrics.Accuracy{FromLogits: true}}},
		{"class numbers, yes or no", losses.SparseBinaryCrossEntropy{FromLogits: true}, losses.SparseBinaryCrossEntropy{}, layers.Sigmoid{}, 2, flat, []graph.Metric{metrics.Accuracy{}}, []graph.Metric{metrics.Accuracy{FromLogits: true}}},
		{"class numbers", losses.SparseCategoricalCrossEntropy{FromLogits: true}, losses.SparseCategoricalCrossEntropy{}, layers.Softmax{}, 2, flat, all(false), all(true)},
		{"focal of class numbers", losses.SparseCategoricalFocal{FromLogits: true}, losses.SparseCategoricalFocal{}, layers.Softmax{}, 2, flat, all(false), all(true)},
		{"classes", losses.CategoricalCrossEntropy{FromLogits: true}, losses.CategoricalCrossEntropy{}, layers.Softmax{}, 2, rows, append(all(false), numbers...), all(true)},
		{"focal", losses.CategoricalFocal{FromLogits: true}, losses.CategoricalFocal{}, layers.Softmax{}, 2, rows, append(all(false), numbers...), all(true)},
		{"divergence", losses.KLDivergence{FromLogits: true}, losses.KLDivergence{}, layers.Softmax{}, 2, rows, append(all(false), numbers...), all(true)},
	} {
		t.Run(r.name, func(t *testing.T) {
			want, err := score(r.activation, r.probability, r.width, r.target, r.metrics)
			require.NoError(t, err)
			got, err := score(none, r.loss, r.width, r.target, r.metrics)
			require.NoError(t, err)
			told, err := score(none, r.loss, r.width, r.target, r.fromLogit)
			require.NoError(t, err)
			require.Equal(t, want.Names(), got.Names())
			for name, v := range want {
				require.InDelta(t, v, got[name], 1e-12, name)
				if w, ok := told[name]; ok {
					require.InDelta(t, v, w, 1e-12, "%s with FromLogits", name)
				}
			}
			_, err = score(r.activation, r.probability, r.width, r.target, r.fromLogit[len(r.fromLogit)-1:])
			if _, ok := r.fromLogit[len(r.fromLogit)-1].(metrics.BinaryAccuracy); ok {
				require.ErrorContains(t, err, "metric binary_accuracy: FromLogits: got true for a prediction in [0, 1], want false for probabilities")
			}
		})
	}
	for _, m := range binary(true)[:8] {
		_, err := score(layers.Sigmoid{}, losses.BinaryCrossEntropy{}, 1, column, []graph.Metric{m})
		require.ErrorContains(t, err, "FromLogits: got true for a prediction in [0, 1]", m.Name())
	}
}
