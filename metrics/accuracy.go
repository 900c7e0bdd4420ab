package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MeanMetric    = Accuracy{}
	_ graph.MetricChecker = Accuracy{}
)

// Accuracy is the share of rows whose predicted class is the true one.
type Accuracy struct {
	FromLogits bool // predictions for two classes of shape (n) or (n,1) are logits: above 0 is class 1, not above 0.5
}

// Name implements graph.Metric.
func (Accuracy) Name() string { return "accuracy" }

// RowMean implements graph.MeanMetric.
func (Accuracy) RowMean() {}

// Check implements graph.MetricChecker.
func (Accuracy) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (a Accuracy) Score(pred, target *graph.Tensor) float64 {
	r, err := read(pred, target, cutOf(0, a.FromLogits))
	if err != nil {
		return math.NaN()
	}
	return r.share(func(i, truth int) bool { return r.guess(i) == truth })
}

// share returns the share of rows that are right, or NaN if a target is no class.
func (r reading) share(right func(i, truth int) bool) float64 {
	n := 0
	for i := range r.rows {
		truth, err := r.truth(i)
		if err != nil {
			return math.NaN()
		}
		if right(i, truth) {
			n++
		}
	}
	return float64(n) / float64(r.rows)
}
