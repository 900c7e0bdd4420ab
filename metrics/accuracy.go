package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MeanMetric    = Accuracy{}
	_ graph.MetricChecker = Accuracy{}
)

// Accuracy is the fraction of rows whose predicted class is the true one. The package comment gives the shapes. A probability
// of class 1 above 0.5 predicts class 1.
type Accuracy struct {
	FromLogits bool // predictions of shape (n) or (n,1) are logits, and class 1 is above 0
}

// Name implements graph.Metric.
func (Accuracy) Name() string { return "accuracy" }

// LargerIsBetter implements graph.DirectedMetric.
func (Accuracy) LargerIsBetter() bool { return true }

// RowMean implements graph.MeanMetric.
func (Accuracy) RowMean() {}

// Check implements graph.MetricChecker.
func (Accuracy) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (a Accuracy) Score(pred, target *graph.Tensor) float64 {
	r, err := read(pred, target, cutoff(0, a.FromLogits))
	if err != nil {
		return math.NaN()
	}
	return r.correct(func(i, truth int) bool { return r.guess(i) == truth })
}

// correct returns the fraction of rows for which ok returns true, or NaN if a target is not a class.
func (r reading) correct(ok func(i, truth int) bool) float64 {
	n := 0
	for i := range r.rows {
		truth, err := r.truth(i)
		if err != nil {
			return math.NaN()
		}
		if ok(i, truth) {
			n++
		}
	}
	return float64(n) / float64(r.rows)
}
