package metrics

import (
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// explained is what the metrics of this package are.
type explained interface {
	graph.MetricChecker
	graph.MetricExplainer
}

// The probabilities of class 1, and the true classes. At each threshold of the tests another row changes its side.
var (
	ones  = []float64{0.1, 0.2, 0.3, 0.3, 0.45, 0.55, 0.6, 0.8, 0.85, 0.9}
	truth = []float64{0, 1, 0, 1, 1, 0, 1, 0, 1, 1}
)

// byThreshold returns the scores of the metrics of two classes by their formulas, with the probabilities of class 1 above the
// threshold predicted as class 1.
func byThreshold(threshold float64) map[string]float64 {
	var tp, fp, fn, tn float64
	for i, p := range ones {
		switch {
		case p > threshold && truth[i] == 1:
			tp++
		case p > threshold:
			fp++
		case truth[i] == 1:
			fn++
		default:
			tn++
		}
	}
	return map[string]float64{
		"precision": tp / (tp + fp), "recall": tp / (tp + fn), "f1": 2 * tp / (2*tp + fp + fn), "iou": tp / (tp + fp + fn),
		"specificity": tn / (tn + fp), "mcc": (tp*tn - fp*fn) / math.Sqrt((tp+fp)*(tp+fn)*(tn+fp)*(tn+fn)),
		"accuracy": (tp + tn) / (tp + fp + fn + tn), "binary_accuracy": (tp + tn) / (tp + fp + fn + tn),
	}
}

// twoClasses returns the metrics of two classes with a threshold.
func twoClasses(threshold float64, logits bool) []explained {
	return []explained{
		Precision{Threshold: threshold, FromLogits: logits}, Recall{Threshold: threshold, FromLogits: logits},
		F1{Threshold: threshold, FromLogits: logits}, Jaccard{Threshold: threshold, FromLogits: logits},
		Specificity{Threshold: threshold, FromLogits: logits}, MatthewsCorrelation{Threshold: threshold, FromLogits: logits},
		BinaryAccuracy{Threshold: threshold, FromLogits: logits},
	}
}

// TestThreshold: a threshold counts for every layout of the predictions of two classes, of probabilities and of logits, and is
// an error for more classes.
func TestThreshold(t *testing.T) {
	n := len(ones)
	for _, threshold := range []float64{0, 0.15, 0.25, 0.5, 0.7, 0.88} {
		want := byThreshold(threshold)
		if threshold == 0 {
			want = byThreshold(0.5)
		}
		for _, logits := range []bool{false, true} {
			column, rows := make([]float64, n), make([]float64, 2*n)
			for i, p := range ones {
				column[i], rows[2*i], rows[2*i+1] = p, 1-p, p
				if logits { // any two numbers with the right difference
					column[i] = math.Log(p / (1 - p))
					rows[2*i], rows[2*i+1] = float64(i), float64(i)+column[i]
				}
			}
			preds := map[string]*graph.Tensor{
				"(n)": dense(column), "(n,1)": dense(column, n, 1), "(n,2)": dense(rows, n, 2), "(n,t,1)": dense(column, 2, 5, 1),
				"(n,t,2)": dense(rows, 2, 5, 2), "(n) float32": dense(single(column)), "(n,2) float32": dense(single(rows), n, 2),
			}
			targets := map[string]*graph.Tensor{
				"(n)": dense(truth), "(n,1)": dense(single(truth), n, 1), "(n,2)": dense(oneHot(truth, 2), n, 2),
				"(n,t)": dense(truth, 2, 5), "(n,t,1)": dense(truth, 2, 5, 1), "(n,t,2)": dense(oneHot(truth, 2), 2, 5, 2),
			}
			for _, m := range append(twoClasses(threshold, logits), Accuracy{FromLogits: logits}) {
				if _, ok := m.(Accuracy); ok && threshold != 0 { // it has none
					continue
				}
				fit := 0
				for layout, pred := range preds {
					for shape, target := range targets {
						if m.Check(pred.Shape(), target.Shape()) != nil {
							assert.True(t, math.IsNaN(m.Score(pred, target)))
							continue
						}
						if _, ok := m.(BinaryAccuracy); ok && shape == "(n,2)" || shape == "(n,t,2)" && ok {
							continue // both elements count: another score
						}
						fit++
						t.Run(fmt.Sprintf("%s/%v/logits %t/%s %s", m.Name(), threshold, logits, layout, shape), func(t *testing.T) {
							require.NoError(t, m.Explain(pred, target))
							require.InDelta(t, want[m.Name()], m.Score(pred, target), 1e-12)
						})
					}
				}
				require.Greater(t, fit, 5, m.Name())
				three := []int{n, 3}
				if err := m.Check(three, []int{n}); threshold == 0 || m.Name() == "binary_accuracy" {
					continue
				} else {
					require.ErrorContains(t, err, fmt.Sprintf("Threshold: got %v for predictions of shape [10 3], want 0", threshold))
					require.ErrorContains(t, m.Explain(dense(make([]float64, 3*n), n, 3), dense(truth)), "Threshold: got ")
				}
			}
		}
	}
}

// TestThresholdOfLogits: logits in two columns are an error unless FromLogits is set; a NaN counts as wrong.
func TestThresholdOfLogits(t *testing.T) {
	target := dense([]float64{1, 0})
	logits := dense([]float64{0.5, 0.5, -1, 3}, 2, 2)
	for _, m := range twoClasses(0.25, false)[:6] {
		t.Run(m.Name(), func(t *testing.T) {
			require.EqualError(t, m.Explain(logits, target),
				"row 1 of the predictions: got the sum 2, want the probabilities of two classes for a Threshold, or FromLogits set")
			require.True(t, math.IsNaN(m.Score(logits, target)))
		})
	}
	require.Equal(t, 0.5, Recall{Threshold: 0.25}.Score(dense([]float64{nan, 0.5, 0.5, 0.5}, 2, 2), dense([]float64{1, 1})))
	require.Equal(t, 0.5, Recall{Threshold: 0.25}.Score(dense([]float64{0.5, nan, 0.5, 0.5}, 2, 2), dense([]float64{1, 1})))
	require.Equal(t, 1., Recall{Threshold: 0.25, FromLogits: true}.Score(dense([]float64{-inf, 3, 0, inf}, 2, 2), dense([]float64{1, 1})))
}
