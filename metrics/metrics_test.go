package metrics

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// TestByHand checks scores that can be computed by counting.
func TestByHand(t *testing.T) {
	four := dense([]float64{
		0.7, 0.2, 0.1, // 0
		0.1, 0.6, 0.3, // 1
		0.3, 0.4, 0.3, // 1
		0.2, 0.2, 0.6, // 2
	}, 4, 3)
	for _, c := range []struct {
		name         string
		metric       graph.Metric
		pred, target *graph.Tensor
		want         float64
	}{
		{"3 of 4", Accuracy{}, four, dense([]float64{0, 1, 2, 2}), 0.75},
		{"3 of 4, (n,1)", Accuracy{}, four, dense([]float32{0, 1, 2, 2}, 4, 1), 0.75},
		{"3 of 4, one-hot", Accuracy{}, four, dense(oneHot([]float64{0, 1, 2, 2}, 3), 4, 3), 0.75},
		{"3 of 4, bytes", Accuracy{}, four, dense([]uint8{0, 1, 2, 2}), 0.75},
		{"3 of 4, smoothed one-hot", Accuracy{}, four, dense([]float64{.8, .1, .1, .1, .8, .1, .1, .1, .8, .1, .1, .8}, 4, 3), 0.75},
		{"two rows of two steps", Accuracy{}, dense([]float32{1, 2, 4, 3, 5, 6, 8, 7}, 2, 2, 2), dense([]float32{1, 0, 0, 0}, 2, 2), 0.75},
		{"first of equals", Accuracy{}, dense([]float64{1, 1, 1, 1}, 2, 2), dense([]float64{0, 1}), 0.5},
		{"a NaN is always wrong", Accuracy{}, dense([]float64{nan, 0, 0, nan, 1, 0}, 3, 2), dense([]float64{0, 0, 0}), 1. / 3},
		{"infinite logits", Accuracy{}, dense([]float64{inf, -inf, -inf, inf}, 2, 2), dense([]float64{0, 1}), 1},
		{"probabilities, 0.5 is class 0", Accuracy{}, dense([]float32{0.5, 0.51, 0, 1}), dense([]float32{0, 1, 1, 1}), 0.75},
		{"probabilities, (n,1) and (n)", Accuracy{}, dense([]float32{0.9, 0.1}, 2, 1), dense([]float32{1, 1}), 0.5},
		{"probabilities, (n) and (n,1)", Accuracy{}, dense([]float32{0.9, 0.1}), dense([]float32{1, 1}, 2, 1), 0.5},
		{"a NaN probability", Accuracy{}, dense([]float64{nan, nan}), dense([]float64{0, 1}), 0},
		{"logits", Accuracy{FromLogits: true}, dense([]float64{0.2, -0.2, 0, nan}), dense([]float64{1, 0, 0, 0}), 0.75},
		{"one row", Accuracy{}, dense([]float64{0.9}), dense([]float64{1}), 1},

		{"independent labels", BinaryAccuracy{}, dense([]float64{.9, .2, .6, .4, .5, nan}, 2, 3), dense([]float64{1, 0, 0, 0, 0, 0}, 2, 3), 4. / 6},
		{"threshold", BinaryAccuracy{Threshold: 0.7}, dense([]float64{0.6, 0.8}), dense([]float64{0, 1}), 1},
		{"threshold of logits", BinaryAccuracy{Threshold: 0.7, FromLogits: true}, dense([]float64{0.84, 0.85}), dense([]float64{0, 1}), 1}, // log(0.7/0.3) = 0.8473

		{"top 1 is accuracy", TopK{K: 1}, four, dense([]float64{0, 1, 2, 2}), 0.75},
		{"top 2, the first of equals counts as larger", TopK{K: 2}, four, dense([]float64{1, 2, 2, 1}), 0.5},
		{"top 3", TopK{K: 3}, four, dense([]float64{2, 0, 0, 0}), 1},
		{"a NaN is never in the top", TopK{K: 3}, dense([]float64{nan, 1, 2}, 1, 3), dense([]float64{2}), 0},
		{"the later of equals is not in the top", TopK{}, dense(make([]float64, 10), 1, 10), dense([]float64{5}), 0},

		{"squares 1, 4, 9, 16", MeanSquaredError{}, dense([]float32{1, 2, 3, 4}, 2, 2), dense([]float64{0, 4, 0, 0}, 2, 2), 7.5},
		{"the root of 7.5", RootMeanSquaredError{}, dense([]float32{1, 2, 3, 4}, 2, 2), dense([]float64{0, 4, 0, 0}, 2, 2), math.Sqrt(7.5)},
		{"sizes 1, 2, 3, 4", MeanAbsoluteError{}, dense([]float32{1, 2, 3, 4}, 4, 1), dense([]float64{0, 4, 0, 0}), 2.5},
		{"a NaN", MeanAbsoluteError{}, dense([]float64{nan, 1}), dense([]float64{0, 1}), nan},

		{"perfect", R2{}, dense([]float64{1, 2, 3}), dense([]float64{1, 2, 3}), 1},
		{"the mean", R2{}, dense([]float64{2, 2, 2}), dense([]float64{1, 2, 3}), 0},
		{"worse than the mean: 1 - 8/2", R2{}, dense([]float64{3, 2, 1}), dense([]float64{1, 2, 3}), -3},
		{"two columns: 1 and -3", R2{}, dense([]float64{1, 3, 2, 2, 3, 1}, 3, 2), dense([]float64{1, 1, 2, 2, 3, 3}, 3, 2), -1},
		{"constant targets", R2{}, dense([]float64{0.1, 0.1, 0.1}), dense([]float64{0.1, 0.1, 0.1}), nan},
		{"one row", R2{}, dense([]float64{1}), dense([]float64{1}), nan},

		// 3 rows are predicted as 1, 2 of them correctly; 4 rows are 1.
		{"2 of 3", Precision{}, dense([]float64{1, 1, 1, 0, 0, 0}), dense([]float64{1, 1, 0, 1, 1, 0}), 2. / 3},
		{"2 of 4", Recall{}, dense([]float64{1, 1, 1, 0, 0, 0}), dense([]float64{1, 1, 0, 1, 1, 0}), 0.5},
		{"2·2 of 3+4", F1{}, dense([]float64{1, 1, 1, 0, 0, 0}), dense([]float64{1, 1, 0, 1, 1, 0}), 4. / 7},
		{"class 1 of (n,2)", Precision{}, dense([]float64{0, 1, 0, 1, 1, 0}, 3, 2), dense([]float64{1, 0, 0}), 0.5},
		{"threshold", Recall{Threshold: 0.2}, dense([]float64{0.3, 0.1}), dense([]float64{1, 1}), 0.5},
		{"logits", Recall{FromLogits: true}, dense([]float64{0.3, -0.1}), dense([]float64{1, 1}), 0.5},
		{"a NaN is not predicted", Precision{}, dense([]float64{nan, 1}), dense([]float64{1, 1}), 1},
		{"a NaN is not recalled", Recall{}, dense([]float64{nan, 1}), dense([]float64{1, 1}), 0.5},
		{"nothing predicted", Precision{}, dense([]float64{0, 0}), dense([]float64{0, 1}), 0},
		{"nothing to recall", Recall{}, dense([]float64{0, 1}), dense([]float64{0, 0}), 0},
		{"no class 1 at all", Precision{}, dense([]float64{0, 0}), dense([]float64{0, 0}), nan},
		{"no class 1 at all", Recall{}, dense([]float64{0, 0}), dense([]float64{0, 0}), nan},
		{"no class 1 at all", F1{}, dense([]float64{0, 0}), dense([]float64{0, 0}), nan},
		{"no class 1 at all, class 0 counts", F1{Average: Macro}, dense([]float64{0, 0}), dense([]float64{0, 0}), 1},
		{"all NaN", Precision{Average: Micro}, dense([]float64{nan, nan}), dense([]float64{0, 1}), 0},

		// In the same rows, 1 of the 2 rows that are not 1 is predicted as 1.
		{"2 of 5", Jaccard{}, dense([]float64{1, 1, 1, 0, 0, 0}), dense([]float64{1, 1, 0, 1, 1, 0}), 0.4},
		{"1 of 2", Specificity{}, dense([]float64{1, 1, 1, 0, 0, 0}), dense([]float64{1, 1, 0, 1, 1, 0}), 0.5},
		{"1, 1/2, 1/2", Jaccard{}, four, dense([]float64{0, 1, 2, 2}), 2. / 3},
		{"3 of 5", Jaccard{Average: Micro}, four, dense([]float64{0, 1, 2, 2}), 0.6},
		{"1, 1/2, twice 1/2", Jaccard{Average: Weighted}, four, dense([]float64{0, 1, 2, 2}), 0.625},
		{"1, 2/3, 1", Specificity{}, four, dense([]float64{0, 1, 2, 2}), 8. / 9},
		{"7 of 8", Specificity{Average: Micro}, four, dense([]float64{0, 1, 2, 2}), 0.875},
		{"logits", Jaccard{FromLogits: true}, dense([]float64{0.3, -0.1}), dense([]float64{1, 1}), 0.5},
		{"threshold", Specificity{Threshold: 0.2}, dense([]float64{0.3, 0.1}), dense([]float64{0, 0}), 0.5},
		{"a NaN is wrong", Specificity{}, dense([]float64{nan, 0}), dense([]float64{0, 0}), 0.5},
		{"all rows belong to the class", Specificity{}, dense([]float64{1, 0}), dense([]float64{1, 1}), nan},
		{"no class 1 at all", Jaccard{}, dense([]float64{0, 0}), dense([]float64{0, 0}), nan},

		// The values of scikit-learn's documentation of roc_auc_score and matthews_corrcoef.
		{"documented", AUC{}, dense([]float64{0.1, 0.4, 0.35, 0.8}), dense([]float64{0, 0, 1, 1}), 0.75},
		{"documented", MatthewsCorrelation{}, dense([]float64{1, 0, 1, 1}), dense([]float64{1, 1, 1, 0}), -1. / 3},
		{"ties count one half", AUC{}, dense([]float64{0.5, 0.5, 0.5}), dense([]float64{0, 1, 1}), 0.5},
		{"perfect, logits", AUC{}, dense([]float32{-3, -2, 2, float32(inf)}, 4, 1), dense([]float32{0, 0, 1, 1}), 1},
		{"class 0 as well as class 1", AUC{Average: Macro}, dense([]float64{0.1, 0.4, 0.35, 0.8}), dense([]float64{0, 0, 1, 1}), 0.75},
		{"one class", AUC{}, dense([]float64{0.1, 0.4}), dense([]float64{1, 1}), nan},
		{"a NaN", AUC{}, dense([]float64{0.1, nan}), dense([]float64{0, 1}), nan},
		{"a class that is never true is left out", AUC{}, dense([]float64{.9, .1, 0, .1, .9, 0}, 2, 3), dense([]float64{0, 1}), 1},
		{"all right", MatthewsCorrelation{}, dense([]float64{0, 1, 1}), dense([]float64{0, 1, 1}), 1},
		{"all wrong", MatthewsCorrelation{}, dense([]float64{1, 0, 0}), dense([]float64{0, 1, 1}), -1},
		{"one class predicted", MatthewsCorrelation{}, dense([]float64{1, 1, 1}), dense([]float64{0, 1, 1}), 0},
		// The NaN counts as a third class: (2·3 - (1·1+2·1)) / √((9-5)(9-3)).
		{"a NaN", MatthewsCorrelation{}, dense([]float64{0, 1, nan}), dense([]float64{0, 1, 1}), 3 / math.Sqrt(24)},
		{"logits", MatthewsCorrelation{FromLogits: true}, dense([]float64{0.1, -0.1}), dense([]float64{1, 0}), 1},
	} {
		t.Run(c.metric.Name()+"/"+c.name, func(t *testing.T) {
			got := c.metric.Score(c.pred, c.target)
			if c.want != c.want {
				assert.True(t, got != got, "got %v, want NaN", got)
				return
			}
			assert.InDelta(t, c.want, got, 1e-7)
			assert.NoError(t, c.metric.(graph.MetricChecker).Check(c.pred.Shape(), c.target.Shape()))
		})
	}
}

// TestRowMean checks the promise of graph.MeanMetric: the score of a set is the mean of its rows' scores.
func TestRowMean(t *testing.T) {
	pred := dense([]float64{0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.3, 0.4, 0.3, 0.2, 0.2, 0.6}, 4, 3)
	target := dense(oneHot([]float64{0, 2, 2, 2}, 3), 4, 3)
	for _, m := range []graph.MeanMetric{Accuracy{}, BinaryAccuracy{}, TopK{K: 2}, MeanSquaredError{}, MeanAbsoluteError{}} {
		mean := 0.0
		for i := range 4 {
			row := func(x *graph.Tensor) *graph.Tensor { return dense(x.Data().([]float64)[3*i:][:3], 1, 3) }
			mean += m.Score(row(pred), row(target)) / 4
		}
		assert.InDelta(t, mean, m.Score(pred, target), 1e-12, m.Name())
	}
}

// TestViews checks tensors whose elements are not contiguous.
func TestViews(t *testing.T) {
	x := dense([]float64{0.9, 5, 0.2, 5, 0.8, 5}, 3, 2)
	column, err := x.Slice(nil, tensor.S(0))
	require.NoError(t, err)
	assert.Equal(t, 1., Accuracy{}.Score(column.(*graph.Tensor), dense([]float64{1, 0, 1})))
	transposed := dense([]float64{0.9, 0.2, 0.1, 0.8}, 2, 2)
	require.NoError(t, transposed.T())
	assert.Equal(t, 1., Accuracy{}.Score(transposed, dense([]float64{0, 1})))
	assert.Equal(t, 0., MeanSquaredError{}.Score(transposed, dense([]float64{0.9, 0.1, 0.2, 0.8}, 2, 2)))
}

func TestConfusion(t *testing.T) {
	c, err := ConfusionMatrix(
		dense([]float32{9, 1, 0, 1, 9, 0, 1, 9, 0, 1, 9, float32(nan)}, 4, 3),
		dense([]int{0, 0, 1, 2}))
	require.NoError(t, err)
	assert.Equal(t, [][]int{{1, 1, 0}, {0, 1, 0}, {0, 0, 0}}, c.Counts)
	assert.Equal(t, []int{0, 0, 1}, c.NaN)
	assert.Equal(t, 4, c.Total())
	assert.Equal(t, 0.5, c.Accuracy())
	assert.Equal(t, []float64{1, 0.5, 0}, []float64{c.Precision(0), c.Precision(1), c.Precision(2)})
	assert.Equal(t, []float64{0.5, 1, 0}, []float64{c.Recall(0), c.Recall(1), c.Recall(2)})
	assert.InDeltaSlice(t, []float64{2. / 3, 2. / 3, 0}, []float64{c.F1(0), c.F1(1), c.F1(2)}, 1e-15)
	c.Names = []string{"Äpfel", "pears"}
	assert.Equal(t, ""+
		"true\\predicted  Äpfel  pears      2  NaN  recall\n"+
		"Äpfel               1      1      0    0   0.500\n"+
		"pears               0      1      0    0   1.000\n"+
		"2                   0      0      0    1   0.000\n"+
		"precision       1.000  0.500  0.000        0.500\n", c.String())
}

func BenchmarkAccuracy(b *testing.B) {
	pred, target := dense(make([]float32, 1280), 128, 10), dense(make([]float32, 128))
	b.ReportAllocs()
	for b.Loop() {
		Accuracy{}.Score(pred, target)
	}
}

func BenchmarkMeanSquaredError(b *testing.B) {
	pred, target := dense(make([]float32, 128*784), 128, 784), dense(make([]float32, 128*784), 128, 784)
	for b.Loop() {
		MeanSquaredError{}.Score(pred, target)
	}
}
