package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MeanMetric    = BinaryAccuracy{}
	_ graph.MetricChecker = BinaryAccuracy{}
	_ graph.Validator     = BinaryAccuracy{}
)

// BinaryAccuracy is the share of elements whose prediction is on the target's side of a threshold. Predictions and targets
// have one shape, any shape; each element is a question of its own (as where a picture shows several things), and each target
// is 0 or 1. The score is NaN if one is not.
type BinaryAccuracy struct {
	Threshold  float64 // a probability above it is a 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold is a probability all the same
}

// Name implements graph.Metric.
func (BinaryAccuracy) Name() string { return "binary_accuracy" }

// RowMean implements graph.MeanMetric.
func (BinaryAccuracy) RowMean() {}

// Validate implements graph.Validator.
func (b BinaryAccuracy) Validate() error {
	return prefix("BinaryAccuracy", validThreshold(b.Threshold))
}

// Check implements graph.MetricChecker.
func (BinaryAccuracy) Check(pred, target []int) error { return sameShape(pred, target) }

// Score implements graph.Metric.
func (b BinaryAccuracy) Score(pred, target *graph.Tensor) float64 {
	p, t, err := pair(pred, target)
	if err != nil || b.Check(pred.Shape(), target.Shape()) != nil {
		return math.NaN()
	}
	r := reading{layout{rows: size(pred.Shape()), width: 1}, p, t, cutOf(b.Threshold, b.FromLogits)}
	return r.share(func(i, truth int) bool { return r.guess(i) == truth })
}
