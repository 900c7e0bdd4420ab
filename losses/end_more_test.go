package losses_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestUnusualEnds tries ends that are made of several operations. Those of which nothing is known are accepted.
func TestUnusualEnds(t *testing.T) {
	seq := func(list ...graph.Layer) graph.Layer { return layers.Sequential(list) }
	fn := func(f func(x graph.Node) graph.Node) graph.Layer { return layers.Lambda(f) }
	dense := func(n int) graph.Layer { return layers.Dense{Units: n} }
	three, six, image := dense(3), dense(6), layers.Reshape{Shape: []int{3, 2}}
	sigmoid, soft, drop := layers.Sigmoid{}, layers.Softmax{}, layers.Dropout{Rate: 0.2}
	mse, bce, cce := losses.MeanSquaredError{}, losses.BinaryCrossEntropy{}, losses.CategoricalCrossEntropy{}
	sparse, kl, hinge := losses.SparseCategoricalCrossEntropy{}, losses.KLDivergence{}, losses.Hinge{}
	cceLogits, bceLogits := losses.CategoricalCrossEntropy{FromLogits: true}, losses.BinaryCrossEntropy{FromLogits: true}
	const twice = "got a network that ends with "
	for _, r := range []struct {
		name string
		net  graph.Layer
		loss graph.Loss
		want string
	}{
		// Two activations.
		{"Softmax after Softmax", seq(three, soft, soft), cce, twice + "Softmax of probabilities, the output of Softmax, want only one"},
		{"Softmax after Softmax, numbers", seq(three, soft, soft), mse, twice},
		{"Softmax after Softmax, class numbers", seq(three, soft, soft), sparse, twice},
		{"Softmax after Softmax and Dropout", seq(three, soft, drop, soft), kl, twice},
		{"Softmax after Softmax and Reshape", seq(six, soft, image, layers.Flatten{}, soft), cce, twice},
		{"Softmax after Sigmoid", seq(three, sigmoid, soft), cce, twice + "Softmax of probabilities, the output of Sigmoid"},
		{"Sigmoid after Softmax", seq(three, soft, sigmoid), bce, twice + "Sigmoid of probabilities, the output of Softmax"},
		{"Sigmoid after Sigmoid", seq(three, sigmoid, sigmoid), bce, twice},
		{"Sigmoid after HardSigmoid", seq(three, layers.HardSigmoid{}, sigmoid), bce, twice},
		{"LogSoftmax after Softmax", seq(three, soft, layers.LogSoftmax{}), cceLogits, twice + "LogSoftmax of probabilities, the output of Softmax"},
		{"Softmax after LogSoftmax", seq(three, layers.LogSoftmax{}, soft), cce, ""},
		{"Softmax after Tanh", seq(three, layers.Tanh{}, soft), cce, ""},
		{"Softmax, Dense, Softmax", seq(three, soft, three, soft), cce, ""},
		{"Sigmoid of a sharpened Softmax", seq(three, soft, fn(func(x graph.Node) graph.Node { return x.Shift(-0.5).Scale(9) }), sigmoid), bce, ""},

		// Noise.
		{"Dropout and Flatten", seq(six, soft, image, drop, layers.Flatten{}), cce, dropped + "Softmax"},
		{"GaussianNoise", seq(three, soft, layers.GaussianNoise{Deviation: 1}), cce, dropped + "Softmax"},
		{"SpatialDropout", seq(six, image, layers.Reshape{Shape: []int{3, 2, 1}}, sigmoid, layers.SpatialDropout{Rate: 0.5}), bce, dropped + "Sigmoid"},
		{"Dropout of rate 0", seq(three, soft, layers.Dropout{}), cce, ""},
		{"Dropout before the last layer", seq(six, drop, three, soft), cce, ""},
		{"Dropout of logits", seq(three, drop), cceLogits, ""},
		{"Dropout of numbers", seq(three, drop), mse, ""},

		// Probabilities of separate classes.
		{"HardSigmoid", seq(three, layers.HardSigmoid{}), cce, softmaxWanted},
		{"HardSigmoid, yes or no", seq(three, layers.HardSigmoid{}), bce, ""},
		{"HardSigmoid, from logits", seq(three, layers.HardSigmoid{}), bceLogits, "FromLogits: got true for a prediction in [0, 1], want false"},
		{"clipped Sigmoid", seq(three, sigmoid, fn(func(x graph.Node) graph.Node { return x.Clip(1e-7, 1-1e-7) })), cce, softmaxWanted},
		{"clipped Softmax", seq(three, soft, fn(func(x graph.Node) graph.Node { return x.Clip(1e-7, 1-1e-7) })), cce, ""},
		{"slice of Sigmoid", seq(six, sigmoid, fn(func(x graph.Node) graph.Node { return x.Slice(1, 0, 3) })), cce, softmaxWanted},
		{"Sigmoid of a sequence", seq(six, image, sigmoid), sparse, softmaxWanted},
		{"Sigmoid that is normalized", seq(three, sigmoid, fn(func(x graph.Node) graph.Node { return x.Div(x.Sum(1).Expand(1)) })), cce, ""},
		{"p and 1-p", seq(dense(1), sigmoid, fn(func(x graph.Node) graph.Node { return graph.Concat(1, x, x.Neg().Shift(1)) })), cce, ""},
		{"mean of two", seq(three, fn(func(x graph.Node) graph.Node { return x.Softmax().Add(x.Scale(2).Softmax()).Scale(0.5) })), cce, ""},

		// Axes.
		{"Softmax of channels", seq(six, image, layers.Softmax{Axis: 1}), cce, "got Softmax along axis 1 of shape [2 3 2], want it along the last axis"},
		{"LogSoftmax of channels", seq(six, image, layers.LogSoftmax{Axis: 1}), cceLogits, "got LogSoftmax along axis 1"},
		{"Softmax of channels, moved", seq(six, image, layers.Softmax{Axis: 1}, fn(func(x graph.Node) graph.Node { return x.SwapAxes(1, 2) })), cce, ""},
		{"Softmax of a sequence, last step", seq(six, image, soft, fn(func(x graph.Node) graph.Node { return x.Slice(1, -1, 0).Reshape(x.Dim(0), -1) })), cce, ""},
		{"Reshape of Softmax", seq(six, soft, image), cce, ""},
		{"one probability of two", seq(dense(2), soft, fn(func(x graph.Node) graph.Node { return x.Slice(1, 1, 2) })), bce, ""},
		{"one channel, numbers", seq(three, layers.Reshape{Shape: []int{1, 3}}, layers.Softmax{Axis: 1}), mse, oneSoftmax},
		{"one unit, reshaped", seq(dense(1), soft, layers.Flatten{}, layers.Reshape{Shape: []int{1, 1}}), bce, oneSoftmax},

		// Usual networks.
		{"labels", seq(three, sigmoid), bce, ""},
		{"one label", seq(dense(1), sigmoid), bce, ""},
		{"autoencoder", seq(three, sigmoid), mse, ""},
		{"Brier score", seq(three, soft), mse, ""},
		{"yes or no of Softmax", seq(three, soft), bce, ""},
		{"unknown", graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x }), cce, ""},
		{"unknown, yes or no", graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Abs().Neg().Exp() }), hinge, signsWanted},
		{"unknown scores", graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x }), hinge, ""},
		{"scores", seq(three, layers.Tanh{}), hinge, ""},
	} {
		compiles(t, r.name, r.net, r.loss, r.want)
	}
}

// TestEndOfOutput: the loss of an additional output is checked too.
func TestEndOfOutput(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		s.Output("side", s.Apply(layers.Dense{Units: 3}, x).Sigmoid())
		return s.Apply(layers.Dense{Units: 1}, x)
	})
	_, err := graph.Compile(net, graph.Config{Input: []int{4}, Loss: losses.MeanSquaredError{},
		Outputs: map[string]graph.Output{"side": {Loss: losses.CategoricalFocal{}}}})
	require.ErrorContains(t, err, "graph: side loss: got a network that ends with Sigmoid")
}

// TestTargets: targets that a loss cannot take are errors of Fit, Gradients and Evaluate that say what to change.
func TestTargets(t *testing.T) {
	const sum = "target: sample 1: got probabilities that sum to "
	three := []int{3}
	steps := []int{2, 3}
	for _, r := range []struct {
		name   string
		loss   graph.Loss
		shape  []int // of the prediction
		target []float64
		want   string
	}{
		{"one-hot", losses.CategoricalCrossEntropy{FromLogits: true}, three, []float64{1, 0, 0, 0, 0, 1}, ""},
		{"probabilities", losses.CategoricalCrossEntropy{FromLogits: true}, three, []float64{.2, .3, .5, .333, .333, .333}, ""},
		{"sum 3", losses.CategoricalCrossEntropy{FromLogits: true}, three, []float64{1, 0, 0, 1, 1, 1}, sum + "3, want 1: divide them by their sum, or end the network with Sigmoid and use BinaryCrossEntropy"},
		{"sum 2", losses.CategoricalFocal{FromLogits: true}, three, []float64{1, 0, 0, 1, 0, 1}, sum + "2, want 1"},
		{"sum 3, smoothed", losses.CategoricalCrossEntropy{FromLogits: true, Smoothing: 0.1}, three, []float64{1, 0, 0, 1, 1, 1}, sum + "3"},
		{"sum 1/2", losses.KLDivergence{FromLogits: true}, three, []float64{1, 0, 0, 0.5, 0, 0}, sum + "0.5"},
		{"sum 0", losses.CategoricalCrossEntropy{FromLogits: true}, three, []float64{1, 0, 0, 0, 0, 0}, sum + "0, want 1: give the sample the weight 0 to leave it out"},
		{"negative", losses.KLDivergence{FromLogits: true}, three, []float64{1, 0, 0, 2, -1, 0}, "got 2, want a number from 0 to 1"},
		{"hinge", losses.CategoricalHinge{}, three, []float64{1, 0, 0, 1, 1, 0}, sum + "2"},
		{"hinge, signs", losses.CategoricalHinge{}, three, []float64{1, -1, -1, 1, -1, -1}, "got -1, want a number from 0 to 1"},
		{"sequence", losses.CategoricalCrossEntropy{FromLogits: true}, steps, []float64{1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0}, ""},
		{"sequence with a step that does not count", losses.CategoricalCrossEntropy{FromLogits: true}, steps, []float64{1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0}, ""},
		{"sequence, sum 2", losses.CategoricalCrossEntropy{FromLogits: true}, steps, []float64{1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1}, sum + "2"},
		{"sequence, zeros and smoothing", losses.CategoricalCrossEntropy{FromLogits: true, Smoothing: 0.1}, steps, []float64{1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0}, sum + "0"},
		{"sequence, zeros and margins", losses.CategoricalHinge{}, steps, []float64{1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0}, sum + "0"},
		{"labels", losses.BinaryCrossEntropy{FromLogits: true}, three, []float64{1, 1, 1, 0, 0, 0}, ""},
		{"signs", losses.Hinge{}, three, []float64{1, -1, -1, 1, 1, 1}, ""},
		{"labels 0 and 1", losses.Hinge{}, three, []float64{1, 1, 1, 1, 0, 1}, "target: sample 1: got 0, want -1 or 1: write labels of 0 as -1"},
		{"labels 0 and 1, squared", losses.SquaredHinge{}, three, []float64{1, -1, -1, 0, 0, 1}, "target: sample 1: got 0, want -1 or 1"},
		{"a fraction", losses.Hinge{}, three, []float64{1, 1, 1, 1, 0.5, 1}, "got 0.5, want -1 or 1"},
	} {
		t.Run(r.name, func(t *testing.T) {
			n := 1
			for _, d := range r.shape {
				n *= d
			}
			m, err := graph.Compile(layers.Sequential{layers.Dense{Units: n}, layers.Reshape{Shape: r.shape}}, graph.Config{
				Input: []int{1}, Loss: r.loss, Optimizer: still{},
			})
			require.NoError(t, err)
			x, y := dense([]float64{1, 2}, 2, 1), dense(r.target, append([]int{2}, r.shape...)...)
			data, ctx := graph.Arrays{X: x, Y: y}, context.Background()
			_, fit := m.Fit(ctx, data, graph.FitConfig{NoShuffle: true})
			_, evaluate := m.Evaluate(ctx, data)
			_, _, gradients := m.Gradients(x, y)
			for _, err := range []error{fit, evaluate, gradients} {
				if r.want == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, r.want)
				}
			}
		})
	}
}

// A still optimizer changes nothing.
type still struct{}

func (still) Rate() float64                  { return 0 }
func (still) Slots() int                     { return 0 }
func (still) Update32(graph.Update[float32]) {}
func (still) Update64(graph.Update[float64]) {}
