package graph_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestClassWeightOfTargets: a target that counts has the weight of its class or is an error, with a mask as without one; one that does
// not count may be anything. The prediction is 1/4 for each of 4 classes, so each loss is log(4) times the weight.
func TestClassWeightOfTargets(t *testing.T) {
	weights := []float64{1, 10, 3, 2}
	sparse, ignoring := losses.SparseCategoricalCrossEntropy{}, losses.SparseCategoricalCrossEntropy{Ignore: []int{3, -100}}
	pixels := "want a class number, or 4 fractions along one axis, one for each class of ClassWeight"
	for _, r := range []struct {
		name    string
		loss    graph.Loss
		mask    bool // the last of four steps is padding
		weights []float64
		y       []float64
		shape   []int // of the target; for an image of 2×2 if that has more dimensions than a sequence
		sum     float64
		error   string
	}{
		{"steps", sparse, false, weights, []float64{0, 1, 2, 3}, []int{1, 4}, 16. / 4, ""},
		{"steps, padding", sparse, true, weights, []float64{0, 1, 2, math.NaN()}, []int{1, 4}, 14. / 3, ""},
		{"steps, padding of a class without a weight", sparse, true, weights[:2], []float64{0, 1, 1, 3}, []int{1, 4}, 21. / 3, ""},
		{"steps, ignored", ignoring, false, weights[:3], []float64{0, 3, 2, -100}, []int{1, 4}, 4. / 2, ""},
		{"too few weights", sparse, false, weights[:2], []float64{0, 3, 1, 1}, []int{1, 4}, 0, "sample 0, step 1: got class 3, want an integer from 0 to 1, as ClassWeight has"},
		{"too few weights, padding", sparse, true, weights[:2], []float64{0, 3, 1, 1}, []int{1, 4}, 0, "sample 0, step 1: got class 3, want an integer from 0 to 1, as ClassWeight has"},
		{"too few weights, ignored", ignoring, false, weights[:2], []float64{0, -100, 1, 2}, []int{1, 4}, 0, "sample 0, step 3: got class 2, want an integer from 0 to 1"},
		{"one-hot", losses.CategoricalCrossEntropy{}, false, weights, hot(0, 1, 2, 3), []int{1, 4, 4}, 16. / 4, ""},
		{"one-hot, padding of NaN", losses.CategoricalCrossEntropy{}, true, weights, append(hot(0, 1, 2), math.NaN(), 0, 0, math.Inf(1)), []int{1, 4, 4}, 14. / 3, ""},
		{"one-hot, large padding", losses.CategoricalCrossEntropy{}, true, weights, append(hot(0, 1, 2), 1e300, 0, 0, 0), []int{1, 4, 4}, 14. / 3, ""},
		{"one-hot, NaN", losses.CategoricalCrossEntropy{}, false, weights, append(hot(0, 1, 2), 0, math.NaN(), 0, 0), []int{1, 4, 4}, 0, "target: sample 0, step 3: got NaN for class 1, want a fraction"},
		{"one-hot, too few weights", losses.CategoricalCrossEntropy{}, true, weights[:2], hot(0, 1, 2, 3), []int{1, 4, 4}, 0, "step 0: got 4 numbers, want a class number, or 2 fractions"},
		{"pixels, as many as classes", sparse, false, weights, []float64{0, 1, 1, 0}, []int{1, 2, 2}, 0, "got shape [2 2] for each sample, " + pixels},
		{"pixels, ignored", ignoring, false, weights, []float64{0, 1, -100, 0}, []int{1, 2, 2}, 0, "got shape [2 2] for each sample, " + pixels},
	} {
		for _, shards := range []int{0, 1} {
			t.Run(r.name, func(t *testing.T) {
				net := layers.Sequential{layers.Dense{Units: 4, KernelInit: graph.Zeros}, layers.Softmax{}}
				if r.mask {
					net = append(layers.Sequential{layers.Masking{}}, net...)
				}
				input := []int{4, 1}
				if len(r.shape) == 3 && r.shape[1] == 2 {
					input = []int{2, 2, 1}
				}
				m, err := graph.Compile(net, graph.Config{Input: input, Loss: r.loss, Optimizer: optimizers.SGD{LearningRate: 1e-9}, DType: tensor.Float64})
				require.NoError(t, err)
				x := tensor.New(tensor.WithShape(append([]int{1}, input...)...), tensor.WithBacking([]float64{1, 2, 3, 0}))
				y := tensor.New(tensor.WithShape(r.shape...), tensor.WithBacking(r.y))
				h, err := m.Fit(t.Context(), graph.Arrays{X: x, Y: y}, graph.FitConfig{ClassWeight: r.weights, Shards: shards})
				if r.error != "" {
					require.ErrorContains(t, err, r.error)
					return
				}
				require.NoError(t, err)
				require.InDelta(t, math.Log(4)*r.sum, h.Logs[0]["train_loss"], 1e-12)
			})
		}
	}
}

// hot returns one-hot vectors of four classes.
func hot(classes ...int) (list []float64) {
	for _, c := range classes {
		v := make([]float64, 4)
		v[c] = 1
		list = append(list, v...)
	}
	return list
}
