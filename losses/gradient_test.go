package losses_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/losses"
)

// behind is a loss that applies a final activation to the prediction first.
type behind struct {
	loss       graph.SampleLoss
	activation func(graph.Node) graph.Node
}

func (b behind) Loss(pred, target graph.Node) graph.Node {
	return b.loss.Loss(b.activation(pred), target)
}

func (b behind) PerSample(pred, target graph.Node) graph.Node {
	return b.loss.PerSample(b.activation(pred), target)
}

func softmax(x graph.Node) graph.Node { return x.Softmax() }

// A row is a loss with its settings, a prediction and a target.
type row struct {
	name         string
	loss         graph.Loss
	pred, target *tensor.Dense
}

// table returns every loss, with each of its settings.
func table() []row {
	random := func(seed uint64) *tensor.Dense { return graphtest.Check{Seed: seed}.Random(3, 4) }
	classProbabilities := dense([]float64{.1, .2, .3, .4, .7, .1, .1, .1, .25, .25, .25, .25}, 3, 4)
	probabilities := dense([]float64{.2, .2, .5, .1, .6, .1, .2, .1, .3, .4, .1, .2}, 3, 4)
	binary := dense([]float64{0, 1, 1, 0, 1, 0, 0.3, 0.8, 0, 0, 1, 1}, 3, 4)
	signs := dense([]float64{1, -1, 1, 1, -1, -1, 1, -1, 1, 1, 1, -1}, 3, 4)
	twoOfEach := dense([]float64{0, 1, 2, 2, 0, 1}, 6)
	classes := dense([]float64{3, 0, 2}, 3)
	return []row{
		{"mean squared", losses.MeanSquaredError{}, random(1), random(2)},
		{"mean squared of a sequence", losses.MeanSquaredError{}, graphtest.Check{Seed: 1}.Random(2, 3, 2), graphtest.Check{Seed: 2}.Random(2, 3, 2)},
		{"mean absolute", losses.MeanAbsoluteError{}, random(1), random(2)},
		{"root mean squared", losses.RootMeanSquaredError{}, random(1), random(2)},
		{"huber", losses.Huber{Delta: 0.8}, random(1), random(2)},
		{"log cosh", losses.LogCosh{}, random(1), random(2)},
		{"poisson", losses.Poisson{}, probabilities, binary},
		{"hinge", losses.Hinge{}, random(1), signs},
		{"cosine", losses.CosineSimilarity{}, random(1), random(2)},
		{"binary, probabilities", losses.BinaryCrossEntropy{}, probabilities, binary},
		{"binary, logits", losses.BinaryCrossEntropy{FromLogits: true}, random(1), binary},
		{"binary, smoothing", losses.BinaryCrossEntropy{FromLogits: true, Smoothing: 0.1}, random(1), binary},
		{"binary, after sigmoid", behind{losses.BinaryCrossEntropy{}, graph.Node.Sigmoid}, random(1), binary},
		{"sparse binary", behind{losses.SparseBinaryCrossEntropy{}, graph.Node.Sigmoid}, random(1), classes},
		{"categorical, probabilities", losses.CategoricalCrossEntropy{}, probabilities, classProbabilities},
		{"categorical, after softmax", behind{losses.CategoricalCrossEntropy{}, softmax}, random(1), classProbabilities},
		{"categorical, smoothing", losses.CategoricalCrossEntropy{FromLogits: true, Smoothing: 0.2}, random(1), classProbabilities},
		{"sparse categorical", behind{losses.SparseCategoricalCrossEntropy{}, softmax}, random(1), classes},
		{"sparse categorical of a sequence", behind{losses.SparseCategoricalCrossEntropy{}, softmax}, graphtest.Check{Seed: 1}.Random(2, 3, 4), dense([]float64{0, 1, 2, 3, 0, 3}, 2, 3)},
		{"divergence, probabilities", losses.KLDivergence{}, probabilities, classProbabilities},
		{"divergence, after softmax", behind{losses.KLDivergence{}, softmax}, random(1), classProbabilities},
		{"binary focal, probabilities", losses.BinaryFocal{Gamma: 0.5}, probabilities, binary},
		{"binary focal, after sigmoid", behind{losses.BinaryFocal{Alpha: 0.25}, graph.Node.Sigmoid}, random(1), binary},
		{"binary focal, smoothing", losses.BinaryFocal{FromLogits: true, Gamma: 3, Smoothing: 0.2}, random(1), binary},
		{"categorical focal, probabilities", losses.CategoricalFocal{Gamma: 0.5}, probabilities, classProbabilities},
		{"categorical focal, after softmax", behind{losses.CategoricalFocal{Alpha: []float64{1, 2, 0, 0.5}}, softmax}, random(1), classProbabilities},
		{"categorical focal, smoothing", losses.CategoricalFocal{FromLogits: true, Smoothing: 0.1}, random(1), classProbabilities},
		{"sparse focal", behind{losses.SparseCategoricalFocal{Alpha: []float64{1, 2, 3, 4}}, softmax}, random(1), classes},
		{"squared hinge", losses.SquaredHinge{}, random(1), signs},
		{"categorical hinge", losses.CategoricalHinge{}, random(1), dense([]float64{1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, 3, 4)},
		{"quantile", losses.Quantile{Level: 0.9}, random(1), random(2)},
		{"squared logarithmic", losses.MeanSquaredLogarithmicError{}, probabilities, binary},
		{"tversky", losses.Tversky{Alpha: 0.3, Beta: 0.7, Smooth: 0.1}, probabilities, binary},
		{"dice", losses.Dice{}, probabilities, binary},
		{"binary, weighted", losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{3}}, random(1), binary},
		{"binary, weighted by element", losses.BinaryCrossEntropy{PosWeight: []float64{3, 0, 1, 0.5}}, probabilities, binary},
		{"gaussian", losses.GaussianNLL{}, random(1), graphtest.Check{Seed: 2}.Random(3, 2)},
		{"gaussian, full", losses.GaussianNLL{Full: true}, random(1), graphtest.Check{Seed: 2}.Random(3, 2)},
		{"margin ranking", losses.MarginRanking{Margin: 0.5}, graphtest.Check{Seed: 1}.Random(3, 2), dense([]float64{1, -1, 1}, 3)},
		{"margin ranking of lists", losses.MarginRanking{}, graphtest.Check{Seed: 1}.Random(2, 3, 2), dense([]float64{1, -1, 1, -1, -1, 1}, 2, 3)},
		{"cosine embedding", losses.CosineEmbedding{Margin: -0.2}, graphtest.Check{Seed: 1}.Random(3, 2, 4), dense([]float64{1, -1, -1}, 3)},
		{"triplet", losses.Triplet{}, graphtest.Check{Seed: 1}.Random(6, 3), twoOfEach},
		{"triplet, all", losses.Triplet{Margin: 3, All: true}, graphtest.Check{Seed: 1}.Random(6, 3), twoOfEach},
		{"info nce", losses.InfoNCE{}, graphtest.Check{Seed: 1}.Random(4, 2, 3), dense(make([]float64, 4), 4)},
		{"info nce, one way", losses.InfoNCE{OneWay: true, Temperature: 0.5}, graphtest.Check{Seed: 1}.Random(4, 2, 3), dense(make([]float64, 4), 4)},
		{"nt-xent", losses.NTXent{Temperature: 0.5}, graphtest.Check{Seed: 1}.Random(4, 2, 3), dense(make([]float64, 4), 4)},
		{"supervised contrastive", losses.SupervisedContrastive{Temperature: 0.5}, graphtest.Check{Seed: 1}.Random(6, 3), twoOfEach},
		{"dice, logits", losses.Dice{FromLogits: true}, random(1), binary},
	}
}

// TestGradients is the gradient table: the derivatives of every loss and of its PerSample against central differences.
func TestGradients(t *testing.T) {
	for _, r := range table() {
		t.Run(r.name, func(t *testing.T) {
			for _, c := range []graphtest.Check{{}, {Twice: true, Tolerance: 1e-5}} {
				c.Loss(t, r.loss, r.pred, r.target)
				if l, ok := r.loss.(graph.SampleLoss); ok {
					c.Func(t, func(s *graph.Scope, x ...graph.Node) graph.Node {
						return l.PerSample(x[0], s.Constant(r.target))
					}, r.pred)
				}
			}
		})
	}
}
