package losses_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

func dense(data []float64, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// value returns a loss and its derivative by the prediction.
func value(t *testing.T, l graph.Loss, pred, target *tensor.Dense) (loss float64, grad []float64) {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		y := l.Loss(x[0], x[1])
		return []graph.Node{y, graph.Grad(y, x[0])[0]}
	}, pred.Shape(), target.Shape())
	require.NoError(t, err)
	out, err := f.Call(context.Background(), pred, target)
	require.NoError(t, err)
	return out[0].Float64s()[0], out[1].Float64s()
}

// TestStability: logits of ±1e4 and probabilities of 0 and 1 give finite losses and derivatives.
func TestStability(t *testing.T) {
	big := dense([]float64{1e4, -1e4, 0, -1e4, 1e4, 1e4}, 2, 3)
	certain := dense([]float64{1, 0, 0, 0, 1, 0}, 2, 3)
	for name, r := range map[string]struct {
		loss graph.Loss
		pred *tensor.Dense
	}{
		"sigmoid":                    {behind{losses.BinaryCrossEntropy{}, graph.Node.Sigmoid}, big},
		"softmax":                    {behind{losses.CategoricalCrossEntropy{}, softmax}, big},
		"divergence":                 {behind{losses.KLDivergence{}, softmax}, big},
		"log cosh":                   {losses.LogCosh{}, big},
		"binary, probabilities":      {losses.BinaryCrossEntropy{}, certain},
		"categorical, probabilities": {losses.CategoricalCrossEntropy{}, certain},
		"sigmoid, focal":             {behind{losses.BinaryFocal{Gamma: 0.5}, graph.Node.Sigmoid}, big},
		"softmax, focal":             {behind{losses.CategoricalFocal{Gamma: 0.5}, softmax}, big},
		"focal, probabilities":       {losses.BinaryFocal{Gamma: 0.5}, certain},
		"focal, classes":             {losses.CategoricalFocal{Gamma: 0.5}, certain},
		"root of zero":               {losses.RootMeanSquaredError{}, certain},
	} {
		t.Run(name, func(t *testing.T) {
			loss, grad := value(t, r.loss, r.pred, certain)
			for _, v := range append(grad, loss) {
				require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "loss %v, derivative %v", loss, grad)
			}
		})
	}
}

// TestSoftmaxIsNeverAppliedTwice: a confident, correct prediction has no loss. With a second softmax it would be at least 0.74.
func TestSoftmaxIsNeverAppliedTwice(t *testing.T) {
	l := behind{losses.SparseCategoricalCrossEntropy{}, softmax}
	loss, _ := value(t, l, dense([]float64{50, 0, 0, 0, 0, 50, 0, 0}, 2, 4), dense([]float64{0, 1}, 2))
	require.Less(t, loss, 1e-12)
}

// TestErrors: settings and networks that do not fit are errors of Compile, wrong targets of Gradients.
func TestErrors(t *testing.T) {
	logits := layers.Dense{Units: 4}
	two := layers.Sequential{logits, layers.Reshape{Shape: []int{2, 2}}}
	for _, r := range []struct {
		name   string
		net    graph.Layer
		loss   graph.Loss
		target []int
		want   string
	}{
		{"logits for probabilities", logits, losses.BinaryCrossEntropy{}, nil, "graph: loss: got a prediction in [-Inf, +Inf], want probabilities: end the network with Sigmoid, or set FromLogits"},
		{"tanh for probabilities", layers.Sequential{logits, layers.Tanh{}}, losses.SparseCategoricalCrossEntropy{}, nil, "graph: loss: got a prediction in [-1, 1], want probabilities: end the network with Softmax"},
		{"logits twice", layers.Sequential{logits, layers.Sigmoid{}}, losses.BinaryCrossEntropy{FromLogits: true}, nil, "graph: loss: FromLogits: got true for a network that ends with Sigmoid, want false"},
		{"smoothing", layers.Sequential{logits, layers.Sigmoid{}}, losses.BinaryCrossEntropy{Smoothing: 1}, nil, "graph: loss: Smoothing: got 1, want at least 0 and less than 1"},
		{"delta", logits, losses.Huber{Delta: -1}, nil, "graph: loss: Delta: got -1, want a finite number greater than 0, or 0 for 1"},
		{"infinite delta", logits, losses.Huber{Delta: math.Inf(1)}, nil, "graph: loss: Delta: got +Inf, want a finite number greater than 0, or 0 for 1"},
		{"gamma", logits, losses.BinaryFocal{FromLogits: true, Gamma: -1}, nil, "graph: loss: Gamma: got -1, want a finite number greater than 0, or 0 for 2"},
		{"gamma, classes", logits, losses.CategoricalFocal{FromLogits: true, Gamma: math.Inf(1)}, nil, "graph: loss: Gamma: got +Inf, want a finite number greater than 0, or 0 for 2"},
		{"alpha", logits, losses.BinaryFocal{FromLogits: true, Alpha: 1}, nil, "graph: loss: Alpha: got 1, want at least 0 and less than 1"},
		{"alphas", logits, losses.SparseCategoricalFocal{FromLogits: true, Alpha: []float64{1, 2}}, nil, "graph: loss: Alpha: got 2 weights, want 4, one for each class"},
		{"negative alpha", logits, losses.CategoricalFocal{FromLogits: true, Alpha: []float64{1, 2, -1, 0}}, nil, "graph: loss: Alpha[2]: got -1, want a finite number of at least 0"},
		{"infinite alpha", logits, losses.CategoricalFocal{FromLogits: true, Alpha: []float64{1, math.Inf(1), 1, 0}}, nil, "graph: loss: Alpha[1]: got +Inf, want a finite number of at least 0"},
		{"focal of logits", logits, losses.CategoricalFocal{}, nil, "graph: loss: got a prediction in [-Inf, +Inf], want probabilities: end the network with Softmax"},
		{"level", logits, losses.Quantile{Level: 1}, nil, "graph: loss: Level: got 1, want greater than 0 and less than 1, or 0 for 0.5"},
		{"weights of Tversky", layers.Sequential{logits, layers.Sigmoid{}}, losses.Tversky{Alpha: -1}, nil, "graph: loss: Alpha: got -1, want a finite number of at least 0"},
		{"infinite weight of Tversky", layers.Sequential{logits, layers.Sigmoid{}}, losses.Tversky{Beta: math.Inf(1)}, nil, "graph: loss: Beta: got +Inf, want a finite number of at least 0"},
		{"smooth", layers.Sequential{logits, layers.Sigmoid{}}, losses.Dice{Smooth: -1}, nil, "graph: loss: Smooth: got -1, want a finite number greater than 0, or 0 for 1"},
		{"dice of logits", logits, losses.Dice{}, nil, "graph: loss: got a prediction in [-Inf, +Inf], want probabilities: end the network with Sigmoid, or set FromLogits"},
		{"dice of sigmoids", layers.Sequential{logits, layers.Sigmoid{}}, losses.Dice{FromLogits: true}, nil, "graph: loss: FromLogits: got true for a network that ends with Sigmoid, want false"},
		{"positive weights", logits, losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{1, 2}}, nil, "graph: loss: PosWeight: got 2 weights, want 4, one for each class"},
		{"a negative positive weight", logits, losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{-1}}, nil, "graph: loss: PosWeight[0]: got -1, want a finite number of at least 0"},
		{"an infinite positive weight", logits, losses.SparseBinaryCrossEntropy{FromLogits: true, PosWeight: []float64{1, 2, math.Inf(1), 3}}, nil, "graph: loss: PosWeight[2]: got +Inf, want a finite number of at least 0"},
		{"variance", logits, losses.GaussianNLL{MinVariance: -1}, nil, "graph: loss: MinVariance: got -1, want a finite number greater than 0, or 0 for 1e-06"},
		{"gaussian target", logits, losses.GaussianNLL{}, []int{4}, "got a prediction of shape [2 2] and a target of shape [2 4], want the same"},
		{"margin", layers.Dense{Units: 2}, losses.MarginRanking{Margin: -1}, nil, "graph: loss: Margin: got -1, want a finite number of at least 0"},
		{"signs of a ranking", layers.Dense{Units: 2}, losses.MarginRanking{}, []int{1}, "target: sample 0: got 0, want -1 or 1"},
		{"cosine of a margin", two, losses.CosineEmbedding{Margin: 2}, nil, "graph: loss: Margin: got 2, want at least -1 and at most 1"},
		{"signs of pairs", two, losses.CosineEmbedding{}, []int{1}, "target: sample 0: got 0, want -1 or 1"},
		{"temperature", two, losses.InfoNCE{Temperature: -1}, nil, "graph: loss: Temperature: got -1, want a finite number greater than 0, or 0 for 0.1"},
		{"temperature of views", two, losses.NTXent{Temperature: math.Inf(1)}, nil, "graph: loss: Temperature: got +Inf, want a finite number greater than 0, or 0 for 0.1"},
		{"temperature of classes", logits, losses.SupervisedContrastive{Temperature: -1}, nil, "graph: loss: Temperature: got -1, want a finite number greater than 0, or 0 for 0.1"},
		{"classes of vectors", logits, losses.SupervisedContrastive{}, []int{2}, "got a target of shape [2 2] for a prediction of shape [2 4], want class numbers of shape [2]"},
		{"margin of triplets", logits, losses.Triplet{Margin: -1}, nil, "graph: loss: Margin: got -1, want a finite number greater than 0, or 0 for 1"},
		{"classes of triplets", logits, losses.Triplet{All: true}, []int{4}, "got a target of shape [2 4] for a prediction of shape [2 4], want class numbers of shape [2]"},
		{"vectors of pairs", layers.Reshape{Shape: []int{3, 1}}, losses.NTXent{}, nil, "loss: got a prediction of shape [2 3 1], want (batch, 2, features)"},
		{"triplets of sequences", two, losses.Triplet{}, nil, "loss: got a prediction of shape [2 2 2], want (batch, features)"},
		{"target shape", logits, losses.MeanSquaredError{}, []int{3}, "got a prediction of shape [2 4] and a target of shape [2 3], want the same"},
		{"class numbers", layers.Sequential{logits, layers.Softmax{}}, losses.SparseCategoricalCrossEntropy{}, []int{4}, "got a target of shape [2 4] for a prediction of shape [2 4], want class numbers of shape [2]"},
	} {
		t.Run(r.name, func(t *testing.T) {
			m, err := graph.Compile(r.net, graph.Config{Input: []int{3}, Loss: r.loss})
			if err == nil {
				_, _, err = m.Gradients(dense(make([]float64, 6), 2, 3), dense(make([]float64, 2*r.target[0]), 2, r.target[0]))
			}
			require.ErrorContains(t, err, r.want)
		})
	}
}

// TestDiceOfLogits: a network that ends in logits compiles with FromLogits.
func TestDiceOfLogits(t *testing.T) {
	_, err := graph.Compile(layers.Dense{Units: 4}, graph.Config{Input: []int{3}, Loss: losses.Dice{FromLogits: true}})
	require.NoError(t, err)
}

// TestInvalidClass: a target that is not a class number is an error.
func TestInvalidClass(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 4}, layers.Softmax{}},
		graph.Config{Input: []int{3}, Loss: losses.SparseCategoricalCrossEntropy{}})
	require.NoError(t, err)
	for _, bad := range []float64{4, -1, 1.5, math.NaN()} {
		_, _, err = m.Gradients(dense(make([]float64, 6), 2, 3), dense([]float64{0, bad}, 2))
		require.ErrorContains(t, err, "graph: Gradients: loss: OneHot(4): element 1: got class")
	}
}

// TestSharedOperands: the bounds of a prediction are found in one pass over its graph, even if each sum uses the one before
// twice.
func TestSharedOperands(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Apply(layers.Dense{Units: 1}, x).Sigmoid()
		for range 100 {
			y = y.Add(y).Scale(0.5)
		}
		lo, hi, ok := y.Bounds()
		require.Equal(t, []any{0.0, 1.0, true}, []any{lo, hi, ok})
		for range 100 {
			y = y.Add(y)
		}
		return y
	})
	_, err := graph.Compile(net, graph.Config{Input: []int{3}, Loss: losses.BinaryCrossEntropy{}})
	require.ErrorContains(t, err, "got a prediction in [0, 1.2676506002282294e+30], want probabilities")
}
