package metrics

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// dense returns a tensor of the given shape, or a vector if there is no shape.
func dense[T any](data []T, shape ...int) *graph.Tensor {
	if shape == nil {
		shape = []int{len(data)}
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// single converts numbers to float32.
func single(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// oneHot returns the one-hot rows of class numbers.
func oneHot(classes []float64, k int) []float64 {
	y := make([]float64, len(classes)*k)
	for i, c := range classes {
		y[i*k+int(c)] = 1
	}
	return y
}

// scorers returns the metrics by name.
func scorers() map[string]graph.Metric {
	all := []graph.Metric{
		Accuracy{}, BinaryAccuracy{}, TopK{K: 1}, TopK{K: 2}, TopK{K: 3}, MatthewsCorrelation{},
		MeanSquaredError{}, RootMeanSquaredError{}, MeanAbsoluteError{}, R2{},
	}
	for _, a := range []Average{Default, Macro, Micro, Weighted} {
		all = append(all, Precision{Average: a}, Recall{Average: a}, F1{Average: a}, AUC{Average: a}, Specificity{Average: a}, Jaccard{Average: a})
	}
	m := map[string]graph.Metric{}
	for _, s := range all {
		m[s.Name()] = s
	}
	return m
}

// TestSklearn compares with the scores that testdata/sklearn.py computed with scikit-learn, for every shape and element type of
// predictions and targets.
func TestSklearn(t *testing.T) {
	data, err := os.ReadFile("testdata/sklearn.json")
	require.NoError(t, err)
	var file struct {
		Cases []struct {
			Name         string
			Pred, Target []float64
			Shape        []int
			Scores       map[string]float64
			Confusion    [][]int
		}
	}
	require.NoError(t, json.Unmarshal(data, &file))
	require.NotEmpty(t, file.Cases)
	for _, c := range file.Cases {
		n, k := c.Shape[0], c.Shape[1]
		preds := []*graph.Tensor{dense(c.Pred, n, k), dense(single(c.Pred), n, k)}
		var targets []*graph.Tensor
		if len(c.Target) == n { // classes, or one column of numbers
			targets = append(targets, dense(c.Target), dense(single(c.Target), n, 1))
		} else {
			targets = append(targets, dense(c.Target, n, k))
		}
		if c.Confusion != nil {
			integers := make([]int, n)
			for i, v := range c.Target {
				integers[i] = int(v)
			}
			targets = append(targets, dense(integers))
		}
		switch {
		case k == 1:
			preds = append(preds, dense(c.Pred))
		case c.Confusion != nil:
			targets = append(targets, dense(oneHot(c.Target, k), n, k), dense(single(oneHot(c.Target, k)), n, k))
		}
		for i, pred := range preds {
			for j, target := range targets {
				t.Run(fmt.Sprintf("%s/%d.%d", c.Name, i, j), func(t *testing.T) {
					for name, want := range c.Scores {
						m := scorers()[name]
						require.NotNil(t, m, name)
						assert.NoError(t, m.(graph.MetricChecker).Check(pred.Shape(), target.Shape()))
						assert.InDelta(t, want, m.Score(pred, target), 1e-6, name)
						if pred.Dtype() == tensor.Float64 && target.Dtype() != tensor.Float32 {
							assert.InDelta(t, want, m.Score(pred, target), 1e-12, name)
						}
					}
					if c.Confusion != nil {
						got, err := ConfusionMatrix(pred, target)
						require.NoError(t, err)
						assert.Equal(t, c.Confusion, got.Counts)
						assert.InDelta(t, c.Scores["accuracy"], got.Accuracy(), 1e-12)
					}
				})
			}
		}
	}
}
