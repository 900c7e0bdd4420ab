package metrics_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// targets returns numbers as a column in every numeric type.
func targets(list ...int) []*graph.Tensor {
	return []*graph.Tensor{
		column[int](list), column[int8](list), column[int16](list), column[int32](list), column[int64](list), column[uint](list), column[uint8](list),
		column[uint16](list), column[uint32](list), column[uint64](list), column[float32](list), column[float64](list),
	}
}

func column[T int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | float32 | float64](list []int) *graph.Tensor {
	data := make([]T, len(list))
	for i, v := range list {
		data[i] = T(v)
	}
	return tensor.New(tensor.WithShape(len(list), 1), tensor.WithBacking(data))
}

// TestTargetTypes: a score does not depend on the element type of the targets, nor on the layout of the predictions.
func TestTargetTypes(t *testing.T) {
	rows := []float64{0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.2, 0.7, 0.3, 0.4, 0.3}
	of := func(shape ...int) []*graph.Tensor {
		n := shape[0] * shape[1]
		major := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(append([]float64(nil), rows[:n]...)))
		columns := tensor.New(tensor.WithShape(shape...), tensor.AsFortran(append([]float64(nil), rows[:n]...)))
		return []*graph.Tensor{major, columns}
	}
	for _, c := range []struct {
		metric graph.Metric
		preds  []*graph.Tensor
		target []int
	}{
		{metrics.Accuracy{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.TopK{K: 2}, of(4, 3), []int{0, 1, 1, 2}},
		{metrics.Precision{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.Recall{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.F1{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.Jaccard{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.Specificity{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.MatthewsCorrelation{}, of(4, 3), []int{0, 1, 1, 1}},
		{metrics.AUC{}, of(4, 3), []int{0, 1, 2, 1}},
		{metrics.BinaryAccuracy{}, of(4, 1), []int{1, 0, 0, 1}},
		{metrics.MeanSquaredError{}, of(4, 1), []int{1, 0, 3, 1}},
		{metrics.RootMeanSquaredError{}, of(4, 1), []int{1, 0, 3, 1}},
		{metrics.MeanAbsoluteError{}, of(4, 1), []int{1, 0, 3, 1}},
		{metrics.R2{}, of(4, 1), []int{1, 0, 3, 1}},
	} {
		list := targets(c.target...)
		want := c.metric.Score(c.preds[0], list[len(list)-1])
		require.False(t, want != want, "%T", c.metric)
		for _, target := range list {
			t.Run(fmt.Sprintf("%T/%v", c.metric, target.Dtype()), func(t *testing.T) {
				for _, pred := range c.preds {
					require.Equal(t, want, c.metric.Score(pred, target))
				}
			})
		}
	}
}
