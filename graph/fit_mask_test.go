package graph_test

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// inBatches is a Dataset with a size of batches of its own.
type inBatches struct {
	graph.Arrays
	size int
}

func (d inBatches) Batches(_ int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return d.Arrays.Batches(d.size, rng)
}

// TestMaskedEvaluation: the losses and metrics of padded sequences, by Evaluate and by Fit, do not depend on the padding or on the
// batches, and the metrics are those of the valid steps as rows. A layer divides the padding by 0.
func TestMaskedEvaluation(t *testing.T) {
	padding := []float64{math.NaN(), 0, 1e3}
	switch {
	case testing.Short(): // for runs with the race detector
		padding = padding[:1]
	case !*long:
		padding = padding[:2]
	}
	classes := []graph.Metric{metrics.Accuracy{}, metrics.TopK{K: 2}, metrics.Precision{}, metrics.Recall{}, metrics.F1{}, metrics.Specificity{},
		metrics.Jaccard{}, metrics.MatthewsCorrelation{}, metrics.AUC{}}
	numbers := []graph.Metric{metrics.MeanSquaredError{}, metrics.MeanAbsoluteError{}, metrics.RootMeanSquaredError{}, metrics.R2{}}
	used := map[string][]graph.Metric{"class": classes, "one-hot": classes, "real": numbers, "rate": numbers, "fraction": {metrics.BinaryAccuracy{}}}
	for _, r := range maskedLosses() {
		if _, mean := r.loss.(graph.SampleLoss); !mean {
			continue
		}
		_, own := r.loss.(graph.MaskedLoss) // a mean over sequences
		t.Run(r.name, func(t *testing.T) {
			list := used[r.target]
			if strings.Contains(r.name, "logits") || r.name == "GaussianNLL" {
				list = nil
			}
			d := r.data(3, 1, 5, 4, 2, 5, 1)
			want := graph.Logs{}
			var rows, targets []float64
			for i, x := range d.x {
				m := r.divided(t, len(x))
				a := d.batch(i, i+1, len(x), 0)
				a.Weight = nil
				logs, err := m.Evaluate(t.Context(), a)
				require.NoError(t, err)
				if own {
					want["loss"] += logs["loss"] / 7
				} else {
					want["loss"] += logs["loss"] * float64(len(x)) / 21
				}
				y, err := m.PredictAll(t.Context(), map[string]*graph.Tensor{graph.MainInput: a.X, "lengths": a.Inputs["lengths"]})
				require.NoError(t, err)
				rows, targets = append(rows, y[graph.MainOutput].Float64s()...), append(targets, a.Y.Float64s()...)
			}
			pred := tensor.New(tensor.WithShape(21, len(rows)/21), tensor.WithBacking(rows))
			shape := []int{21, maskClasses}
			if len(targets) == 21 {
				shape = shape[:1]
			}
			target := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(targets))
			for _, m := range list {
				want[m.Name()] = m.Score(pred, target)
			}
			for _, garbage := range padding {
				a := d.batch(0, 7, 6, garbage)
				a.Weight = nil
				for _, size := range []int{1, 2, 3, 7} {
					logs, err := r.divided(t, 6, list...).Evaluate(t.Context(), inBatches{a, size})
					require.NoError(t, err)
					require.Len(t, logs, len(want))
					for name, v := range want {
						require.InDelta(t, v, logs[name], 1e-10, "%s in batches of %d", name, size)
					}
					h, err := r.divided(t, 6, list...).Fit(t.Context(), a, graph.FitConfig{BatchSize: size})
					require.NoError(t, err)
					for name, v := range want {
						require.InDelta(t, v, h.Logs[0]["train_"+name], 1e-8, "train_%s in batches of %d", name, size)
					}
				}
			}
		})
	}
}

// TestMaskedAccumulation: an update from several batches has the gradients of one batch of all sequences.
func TestMaskedAccumulation(t *testing.T) {
	r := maskedLossRow{loss: losses.SparseCategoricalCrossEntropy{}, end: layers.Softmax{}, target: "class"}
	a := r.data(3, 1, 5, 4, 2, 5, 1).batch(0, 7, 6, 1e3)
	weights := func(size, accumulate int) graph.Weights {
		m, err := graph.Compile(layers.Sequential{layers.Lengths{}, layers.Dense{Units: maskClasses}, layers.Softmax{}}, graph.Config{
			Input: []int{6, 2}, Inputs: map[string][]int{"lengths": {}}, Loss: r.loss, Optimizer: optimizers.SGD{LearningRate: 1}, DType: tensor.Float64, Seed: 3,
		})
		require.NoError(t, err)
		_, err = m.Fit(t.Context(), a, graph.FitConfig{BatchSize: size, Accumulate: accumulate})
		require.NoError(t, err)
		return m.Weights()
	}
	want := weights(7, 1)
	for name, w := range weights(2, 4) {
		require.InDeltaSlice(t, want[name].Float64s(), w.Float64s(), 1e-12, name)
	}
}

// TestMaskedOutputs: with several outputs, each loss is a mean over its own elements, and so is their sum.
func TestMaskedOutputs(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		x = s.Apply(layers.Lengths{}, x)
		s.Output("rows", s.ApplyAs("last", layers.Dense{Units: 1}, s.Apply(layers.GlobalAvgPool{}, x)))
		return s.Apply(layers.Dense{Units: maskClasses}, x)
	})
	r := maskedLossRow{target: "real"}
	a := r.data(3, 1, 5, 4, 2, 5, 1).batch(0, 7, 6, 1e3)
	a.Weight = nil
	a.Targets = map[string]*graph.Tensor{"rows": a.Inputs["lengths"]}
	logs := func(size int) graph.Logs {
		m, err := graph.Compile(net, graph.Config{
			Input: []int{6, 2}, Inputs: map[string][]int{"lengths": {}}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64, Seed: 3,
			Outputs: map[string]graph.Output{"rows": {Loss: losses.MeanAbsoluteError{}, Weight: 0.3, Metrics: []graph.Metric{metrics.MeanSquaredError{}}}},
		})
		require.NoError(t, err)
		l, err := m.Evaluate(t.Context(), inBatches{a, size})
		require.NoError(t, err)
		return l
	}
	want := logs(7)
	require.InDelta(t, want["output_loss"]+0.3*want["rows_loss"], want["loss"], 1e-12)
	for _, size := range []int{1, 2, 3} {
		for name, v := range logs(size) {
			require.InDelta(t, want[name], v, 1e-12, "%s in batches of %d", name, size)
		}
	}
}

// TestOnlyPadding: a batch without a valid step adds nothing; data without any are an error.
func TestOnlyPadding(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Masking{}, layers.Dense{Units: 1}}, graph.Config{
		Input: []int{2, 1}, Loss: losses.MeanSquaredError{}, Metrics: []graph.Metric{metrics.MeanAbsoluteError{}}, Optimizer: optimizers.Adam{}, DType: tensor.Float64,
	})
	require.NoError(t, err)
	data := func(x ...float64) graph.Arrays {
		n := len(x) / 2
		return graph.Arrays{X: tensor.New(tensor.WithShape(n, 2, 1), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(n, 2, 1), tensor.Of(tensor.Float64))}
	}
	want, err := m.Evaluate(t.Context(), data(1, 2))
	require.NoError(t, err)
	got, err := m.Evaluate(t.Context(), inBatches{data(0, 0, 1, 2, 0, 0), 1})
	require.NoError(t, err)
	require.Equal(t, want, got)
	_, err = m.Fit(t.Context(), data(0, 0, 1, 2, 0, 0), graph.FitConfig{BatchSize: 1, Accumulate: 2})
	require.NoError(t, err)
	_, err = m.Evaluate(t.Context(), data(0, 0))
	require.ErrorContains(t, err, "graph: Evaluate: output_loss: got no element that counts, want one that is neither padding nor left out by its target")
}

// TestClassWeightOfSteps: each step of a sequence has the weight of its class, and padding that is no class is left out.
func TestClassWeightOfSteps(t *testing.T) {
	r := maskedLossRow{loss: losses.SparseCategoricalCrossEntropy{}, end: layers.Softmax{}, target: "class"}
	a := r.data(3, 1, 5, 4).batch(0, 4, 6, -1)
	own := a.Weight
	classes := []float64{0.5, 2, 3}
	w := slices.Clone(own.Float64s())
	for i, class := range a.Y.Float64s() {
		if class >= 0 {
			w[i] *= classes[int(class)]
		}
	}
	a.Weight = tensor.New(tensor.WithShape(4, 6), tensor.WithBacking(w))
	want, err := r.model(t, 6).Fit(t.Context(), a, graph.FitConfig{})
	require.NoError(t, err)
	a.Weight = own
	got, err := r.model(t, 6).Fit(t.Context(), a, graph.FitConfig{ClassWeight: classes})
	require.NoError(t, err)
	require.InDelta(t, want.Logs[0]["train_loss"], got.Logs[0]["train_loss"], 1e-12)
	a.Weight = vector(1, 2, 0, 1)
	_, err = r.model(t, 6).Fit(t.Context(), a, graph.FitConfig{ClassWeight: classes})
	require.NoError(t, err)
}

// TestMaskedStored: a run with masks and metrics that need all predictions is resumed from the middle of an epoch with the same bits.
func TestMaskedStored(t *testing.T) {
	r := maskedLossRow{loss: losses.SparseCategoricalCrossEntropy{Ignore: []int{2}}, end: layers.Softmax{}, target: "class"}
	a := r.data(3, 1, 5, 4, 2, 5, 1, 6).batch(0, 8, 6, -1)
	graphtest.Stored(t, r.model(t, 6, metrics.Accuracy{}, metrics.F1{}), a)
}

// TestBuckets: sequences of any length, in batches of similar lengths or of one length, have the losses and metrics that they have one by one.
func TestBuckets(t *testing.T) {
	r := maskedLossRow{loss: losses.SparseCategoricalCrossEntropy{}, end: layers.Softmax{}, target: "class"}
	d := r.data(3, 1, 5, 4, 2, 5, 1, 6, 9, 2)
	b := datasets.Buckets{Lengths: "lengths", Value: 1e3, YValue: -1}
	for i := range d.x {
		n := len(d.x[i])
		b.X = append(b.X, tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(slices.Concat(d.x[i]...))))
		b.Y = append(b.Y, tensor.New(tensor.WithShape(n), tensor.WithBacking(slices.Concat(d.y[i]...))))
	}
	logs := func(data graph.Dataset) (graph.Logs, graph.Logs) {
		m, err := graph.Compile(layers.Sequential{layers.Lengths{}, layers.LSTM{Units: 3, ReturnSequences: true}, layers.Dense{Units: maskClasses}, layers.Softmax{}}, graph.Config{
			Input: []int{graph.Any, 2}, Inputs: map[string][]int{"lengths": {}}, Loss: r.loss, Metrics: []graph.Metric{metrics.Accuracy{}, metrics.F1{}},
			Optimizer: optimizers.SGD{LearningRate: 1e-11}, DType: tensor.Float64, Seed: 3,
		})
		require.NoError(t, err)
		evaluated, err := m.Evaluate(t.Context(), data)
		require.NoError(t, err)
		h, err := m.Fit(t.Context(), data, graph.FitConfig{BatchSize: 3})
		require.NoError(t, err)
		return evaluated, h.Logs[0]
	}
	one := d.batch(0, len(d.x), 9, 7)
	one.Weight = nil
	want, _ := logs(inBatches{one, 1})
	padded, whole := b, b
	padded.Multiple, whole.OneLength = 4, true
	for _, data := range []datasets.Buckets{b, padded, whole} {
		evaluated, trained := logs(data)
		for name, v := range want {
			require.InDelta(t, v, evaluated[name], 1e-10, name)
			require.InDelta(t, v, trained["train_"+name], 1e-8, name)
		}
	}
}
