package metrics

import (
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
	"gorgonia.org/tensor"
)

// TestCheck checks that Check returns an error for shapes that do not fit, and Score NaN.
func TestCheck(t *testing.T) {
	const classes = "want class numbers of shape [4] or rows of shape [4 3]"
	for _, c := range []struct {
		metric       graph.Metric
		pred, target []int
		want         string
	}{
		{Accuracy{}, []int{4, 3}, []int{3}, "got targets of shape [3] for predictions of shape [4 3], " + classes},
		{Accuracy{}, []int{4, 3}, []int{4, 2}, "got targets of shape [4 2] for predictions of shape [4 3], " + classes},
		{Precision{}, []int{4, 3}, []int{4, 3, 1}, "got targets of shape [4 3 1] for predictions of shape [4 3], " + classes},
		{Accuracy{}, []int{4, 1}, []int{4, 2}, "got targets of shape [4 2] for predictions of shape [4 1], want one class number for each row, of shape [4]"},
		{Recall{}, []int{4}, []int{4, 3}, "got targets of shape [4 3] for predictions of shape [4], want one class number for each row, of shape [4]"},
		{F1{}, []int{4, 2, 3}, []int{4}, "got targets of shape [4] for predictions of shape [4 2 3], want class numbers of shape [4 2] or rows of shape [4 2 3]"},
		{AUC{Average: Micro}, []int{4, 1}, []int{4}, "Average: got Micro for predictions of shape [4 1], want a score for each class, of shape (n,k)"},
		{TopK{}, []int{4, 1}, []int{4}, "got predictions of shape [4 1], want a score for each class, of shape (n,k)"},
		{TopK{}, []int{4, 3}, []int{4}, "K: got 5, want 1 to the number of classes, 3"},
		{TopK{K: -1}, []int{4, 3}, []int{4}, "K: got -1, want 1 to the number of classes, 3"},
		{BinaryAccuracy{}, []int{4, 3}, []int{4}, "got targets of shape [4] for predictions of shape [4 3], want the same shape"},
		{MeanSquaredError{}, []int{4}, []int{1}, "got targets of shape [1] for predictions of shape [4], want the same shape"},
		{MeanAbsoluteError{}, []int{4, 3}, []int{3, 4}, "got targets of shape [3 4] for predictions of shape [4 3], want the same shape"},
		{R2{}, []int{4, 1}, []int{4, 2}, "got targets of shape [4 2] for predictions of shape [4 1], want the same shape"},
		{MatthewsCorrelation{}, []int{4, 3}, []int{12}, "got targets of shape [12] for predictions of shape [4 3], " + classes},
	} {
		t.Run(fmt.Sprintf("%s/%v %v", c.metric.Name(), c.pred, c.target), func(t *testing.T) {
			assert.EqualError(t, c.metric.(graph.MetricChecker).Check(c.pred, c.target), c.want)
			pred := dense(make([]float64, size(c.pred)), c.pred...)
			target := dense(make([]float64, size(c.target)), c.target...)
			assert.True(t, math.IsNaN(c.metric.Score(pred, target)))
		})
	}
	for name, m := range scorers() {
		assert.Error(t, m.(graph.MetricChecker).Check(nil, nil), name)
		assert.True(t, math.IsNaN(m.Score(nil, nil)), name)
		scalar := tensor.New(tensor.FromScalar(1.5))
		assert.True(t, math.IsNaN(m.Score(scalar, scalar)), name)
		strings := dense([]string{"a", "b"})
		assert.True(t, math.IsNaN(m.Score(strings, strings)), name)
	}
}

// TestNoClass checks that targets that are not classes make the score NaN, not low.
func TestNoClass(t *testing.T) {
	rows := dense([]float64{0.2, 0.8, 0.6, 0.4}, 2, 2)
	for _, c := range []struct {
		pred, target *graph.Tensor
		want         string
	}{
		{rows, dense([]float64{1, 2}), "row 1 of the targets: got 2, want a class number from 0 to 1"},
		{rows, dense([]float64{-1, 0}), "row 0 of the targets: got -1, want a class number from 0 to 1"},
		{rows, dense([]float64{0.5, 0}), "row 0 of the targets: got 0.5, want a class number from 0 to 1"},
		{rows, dense([]float64{nan, 0}), "row 0 of the targets: got NaN, want a class number from 0 to 1"},
		{rows, dense([]float64{1, 0, 0.9, 0.9}, 2, 2), "row 1 of the targets: got the sum 1.8, want 1"},
		{rows, dense([]float64{1, 0, 2, -1}, 2, 2), "row 1 of the targets: got element -1, want 0 or more"},
		{dense([]float64{0.5, 0.5}), dense([]float64{0.3, 1}), "row 0 of the targets: got 0.3, want a class number from 0 to 1"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := ConfusionMatrix(c.pred, c.target)
			assert.EqualError(t, err, "metrics: ConfusionMatrix: "+c.want)
			for _, m := range []graph.Metric{Accuracy{}, Precision{}, Recall{}, F1{}, Specificity{}, Jaccard{}, MatthewsCorrelation{}, AUC{}} {
				assert.True(t, math.IsNaN(m.Score(c.pred, c.target)), m.Name())
			}
		})
	}
	assert.True(t, math.IsNaN(BinaryAccuracy{}.Score(dense([]float64{0.5}), dense([]float64{0.5}))))
	assert.True(t, math.IsNaN(TopK{K: 1}.Score(rows, dense([]float64{2, 0}))))
	_, err := ConfusionMatrix(rows, nil)
	assert.EqualError(t, err, "metrics: ConfusionMatrix: targets: got no tensor, want one")
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		v    graph.Validator
		want string
	}{
		{TopK{K: -1}, "metrics: TopK: K: got -1, want 1 or more, or 0 for 5"},
		{BinaryAccuracy{Threshold: 1}, "metrics: BinaryAccuracy: Threshold: got 1, want greater than 0 and less than 1, or 0 for 0.5"},
		{Precision{Threshold: nan}, "metrics: Precision: Threshold: got NaN, want greater than 0 and less than 1, or 0 for 0.5"},
		{Recall{Average: -1}, "metrics: Recall: Average: got -1, want Default, Macro, Micro or Weighted"},
		{F1{Average: 4}, "metrics: F1: Average: got 4, want Default, Macro, Micro or Weighted"},
		{Jaccard{Average: 4}, "metrics: Jaccard: Average: got 4, want Default, Macro, Micro or Weighted"},
		{Specificity{Threshold: 2}, "metrics: Specificity: Threshold: got 2, want greater than 0 and less than 1, or 0 for 0.5"},
		{AUC{Average: 4}, "metrics: AUC: Average: got 4, want Default, Macro, Micro or Weighted"},
		{MatthewsCorrelation{Threshold: -1}, "metrics: MatthewsCorrelation: Threshold: got -1, want greater than 0 and less than 1, or 0 for 0.5"},
	} {
		t.Run(c.want, func(t *testing.T) { assert.EqualError(t, c.v.Validate(), c.want) })
	}
	for name, m := range scorers() {
		if v, ok := m.(graph.Validator); ok {
			assert.NoError(t, v.Validate(), name)
		}
	}
	assert.NoError(t, Precision{Threshold: 0.9}.Validate())
	assert.Equal(t, "Average(7)", Average(7).String())
	assert.True(t, math.IsNaN(F1{Average: 4}.Score(dense([]float64{1}), dense([]float64{1}))))
}
