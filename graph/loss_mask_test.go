package graph_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A maskedLossRow is a loss, the end of a network that fits it, and the kind of its targets.
type maskedLossRow struct {
	name   string
	loss   graph.Loss
	end    graph.Layer
	target string // "real", "rate", "fraction", "sign", "pair", "one-hot" or "class"
}

const maskClasses = 3

func maskedLosses() []maskedLossRow {
	none, sigmoid, softmax := layers.Identity{}, layers.Sigmoid{}, layers.Softmax{}
	return []maskedLossRow{
		{"MeanSquaredError", losses.MeanSquaredError{}, none, "real"},
		{"MeanAbsoluteError", losses.MeanAbsoluteError{}, none, "real"},
		{"RootMeanSquaredError", losses.RootMeanSquaredError{}, none, "real"},
		{"Huber", losses.Huber{}, layers.Tanh{}, "real"},
		{"LogCosh", losses.LogCosh{}, none, "real"},
		{"Quantile", losses.Quantile{Level: 0.3}, none, "real"},
		{"Poisson", losses.Poisson{}, layers.Softplus{}, "rate"},
		{"MeanSquaredLogarithmicError", losses.MeanSquaredLogarithmicError{}, layers.Softplus{}, "rate"},
		{"CosineSimilarity", losses.CosineSimilarity{}, none, "real"},
		{"Hinge", losses.Hinge{}, none, "sign"},
		{"SquaredHinge", losses.SquaredHinge{}, none, "sign"},
		{"CategoricalHinge", losses.CategoricalHinge{}, none, "one-hot"},
		{"BinaryCrossEntropy", losses.BinaryCrossEntropy{}, sigmoid, "fraction"},
		{"BinaryCrossEntropy, logits", losses.BinaryCrossEntropy{FromLogits: true, Smoothing: 0.1}, none, "fraction"},
		{"BinaryFocal", losses.BinaryFocal{}, sigmoid, "fraction"},
		{"CategoricalCrossEntropy", losses.CategoricalCrossEntropy{}, softmax, "one-hot"},
		{"CategoricalCrossEntropy, smoothing", losses.CategoricalCrossEntropy{Smoothing: 0.1}, softmax, "one-hot"},
		{"CategoricalFocal", losses.CategoricalFocal{}, softmax, "one-hot"},
		{"KLDivergence", losses.KLDivergence{}, softmax, "one-hot"},
		{"SparseCategoricalCrossEntropy", losses.SparseCategoricalCrossEntropy{}, softmax, "class"},
		{"SparseCategoricalCrossEntropy, logits", losses.SparseCategoricalCrossEntropy{FromLogits: true}, none, "class"},
		{"SparseCategoricalFocal", losses.SparseCategoricalFocal{}, softmax, "class"},
		{"SparseBinaryCrossEntropy", losses.SparseBinaryCrossEntropy{}, sigmoid, "class"},
		{"GaussianNLL", losses.GaussianNLL{}, layers.Dense{Units: 2 * maskClasses}, "real"},
		{"MarginRanking", losses.MarginRanking{Margin: 0.5}, layers.Dense{Units: 2}, "pair"},
		{"CosineEmbedding", losses.CosineEmbedding{}, layers.Sequential{layers.Dense{Units: 6}, layers.Reshape{Shape: []int{-1, 2, 3}}}, "pair"},
		{"Tversky", losses.Tversky{Alpha: 0.3, Beta: 0.7}, sigmoid, "fraction"},
		{"Dice", losses.Dice{}, sigmoid, "fraction"},
	}
}

// TestEveryLossHasAMaskRow: every loss is in the table, except those that compare the samples of a batch, which are an error.
func TestEveryLossHasAMaskRow(t *testing.T) {
	for _, name := range graph.Registered() {
		if name, ours := strings.CutPrefix(name, "losses."); ours {
			if slices.Contains([]string{"InfoNCE", "NTXent", "SupervisedContrastive", "Triplet"}, name) {
				continue
			}
			require.True(t, slices.ContainsFunc(maskedLosses(), func(r maskedLossRow) bool { return r.name == name }), name)
		}
	}
}

// sequences are data for a row: inputs, (time, 2), targets, (time, ...), and a weight for each step.
type sequences struct {
	x, y [][][]float64
	w    [][]float64
}

func (r maskedLossRow) data(lengths ...int) (d sequences) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range lengths {
		var x, y [][]float64
		var w []float64
		for range n {
			x = append(x, []float64{rng.NormFloat64(), rng.NormFloat64()})
			w = append(w, 2*rng.Float64())
			step := make([]float64, maskClasses)
			class := rng.IntN(maskClasses)
			for i := range step {
				switch v := rng.Float64(); r.target {
				case "real":
					step[i] = rng.NormFloat64()
				case "rate":
					step[i] = 3 * v
				case "fraction":
					step[i] = math.Round(v)
				case "sign", "pair":
					step[i] = math.Copysign(1, v-0.5)
				}
			}
			switch r.target {
			case "one-hot":
				step[class] = 1
			case "class":
				step = []float64{float64(class)}
			case "pair":
				step = step[:1]
			}
			y = append(y, step)
		}
		d.x, d.y, d.w = append(d.x, x), append(d.y, y), append(d.w, w)
	}
	return d
}

// batch pads the sequences from one to another with garbage.
func (d sequences) batch(from, to, time int, garbage float64) graph.Arrays {
	var x, y, w, lengths []float64
	for i := from; i < to; i++ {
		lengths = append(lengths, float64(len(d.x[i])))
		for k := range time {
			if k < len(d.x[i]) {
				x, y, w = append(x, d.x[i][k]...), append(y, d.y[i][k]...), append(w, d.w[i][k])
				continue
			}
			x, w = append(x, garbage, -garbage), append(w, 3)
			for range d.y[i][0] {
				y = append(y, garbage)
			}
		}
	}
	n, width := to-from, len(d.y[0][0])
	dense := func(v []float64, shape ...int) *graph.Tensor {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
	}
	a := graph.Arrays{X: dense(x, n, time, 2), Y: dense(y, n, time, width), Weight: dense(w, n, time), Inputs: map[string]*graph.Tensor{"lengths": dense(lengths, n)}}
	if width == 1 {
		a.Y = dense(y, n, time)
	}
	return a
}

// model returns a model of sequences of a number of steps.
func (r maskedLossRow) model(t *testing.T, time int, metrics ...graph.Metric) *graph.Model {
	t.Helper()
	return r.compiled(t, layers.Tanh{}, time, metrics...)
}

// divided returns model with vectors with an absolute sum of 1 in the middle, for which the padding is divided by 0.
func (r maskedLossRow) divided(t *testing.T, time int, metrics ...graph.Metric) *graph.Model {
	t.Helper()
	return r.compiled(t, layers.Lambda(func(x graph.Node) graph.Node { return x.Div(x.Abs().Sum(-1).Expand(-1)) }), time, metrics...)
}

func (r maskedLossRow) compiled(t *testing.T, middle graph.Layer, time int, metrics ...graph.Metric) *graph.Model {
	t.Helper()
	m, err := graph.Compile(layers.Sequential{layers.Lengths{}, layers.Dense{Units: 4}, middle, layers.Dense{Units: maskClasses}, r.end}, graph.Config{
		Input: []int{time, 2}, Inputs: map[string][]int{"lengths": {}}, Loss: r.loss, Metrics: metrics, Optimizer: optimizers.SGD{LearningRate: 1e-11}, DType: tensor.Float64, Seed: 3,
	})
	require.NoError(t, err)
	return m
}

// gradients returns the loss and the gradients of one batch.
func gradients(t *testing.T, m *graph.Model, a graph.Arrays) (float64, graph.Weights) {
	t.Helper()
	loss, g, err := m.GradientsOf(graph.Batch(a))
	require.NoError(t, err)
	return loss, g
}

// TestMaskedLosses: the loss of padded sequences and its gradients are those of the sequences alone, with weights of samples and of
// steps and without any, whatever the padding is, also where a layer divides it by 0.
func TestMaskedLosses(t *testing.T) {
	padding := []float64{math.NaN(), 0, 1, 1e3, -100}
	switch {
	case testing.Short(): // for runs with the race detector
		padding = padding[:1]
	case !*long:
		padding = padding[:2]
	}
	lengths := []int{3, 1, 5, 4}
	for _, r := range maskedLosses() {
		t.Run(r.name, func(t *testing.T) {
			d := r.data(lengths...)
			_, own := r.loss.(graph.MaskedLoss)
			_, sampled := r.loss.(graph.SampleLoss)
			for _, weights := range []string{"none", "samples", "steps"} {
				if !sampled && weights != "none" || own && weights == "steps" {
					continue
				}
				weigh := func(a graph.Arrays, from int) graph.Arrays {
					switch weights {
					case "none":
						a.Weight = nil
					case "samples":
						list := []float64{1, 0.5, 2, 0}[from : from+a.X.Shape()[0]]
						a.Weight = tensor.New(tensor.WithShape(len(list)), tensor.WithBacking(slices.Clone(list)))
					}
					return a
				}
				sum, sums, count := 0.0, graph.Weights{}, 0.0
				for i, n := range lengths {
					loss, g := gradients(t, r.divided(t, n), weigh(d.batch(i, i+1, n, 0), i))
					share := float64(n)
					switch {
					case !sampled: // the root of a mean
						share *= loss
					case own:
						share = 1
					}
					if sum += share * loss; !sampled {
						share *= 2
					}
					if count += float64(n); own && sampled {
						count += 1 - float64(n)
					}
					for name, v := range g {
						if sums[name] == nil {
							sums[name] = tensor.New(tensor.WithShape(v.Shape()...), tensor.Of(tensor.Float64))
						}
						for k, dv := range v.Float64s() {
							sums[name].Float64s()[k] += share * dv
						}
					}
				}
				sum /= count
				scale := 1 / count
				if !sampled {
					sum = math.Sqrt(sum)
					scale /= 2 * sum
				}
				for _, garbage := range padding {
					for _, time := range []int{5, 7} {
						loss, g := gradients(t, r.divided(t, time), weigh(d.batch(0, 4, time, garbage), 0))
						require.InEpsilon(t, sum, loss, 1e-10, "%s, %v", weights, garbage)
						for name, v := range g {
							for k, dv := range v.Float64s() {
								require.InDelta(t, scale*sums[name].Float64s()[k], dv, 1e-10, "%s, %v: %s", weights, garbage, name)
							}
						}
					}
				}
			}
		})
	}
}
