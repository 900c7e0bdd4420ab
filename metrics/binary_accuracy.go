package metrics

import "github.com/nndiy/nndiy/graph"

var (
	_ graph.MeanMetric    = BinaryAccuracy{}
	_ graph.MetricChecker = BinaryAccuracy{}
	_ graph.Validator     = BinaryAccuracy{}
)

// BinaryAccuracy is the fraction of elements whose prediction is on the target's side of the threshold: the accuracy of
// independent yes-or-no labels, such as several objects in an image. Predictions and targets have the same shape, of any number
// of dimensions. Targets are 0 or 1; any other target is an error of Fit and Evaluate, and makes Score NaN.
type BinaryAccuracy struct {
	Threshold  float64 // a probability above it predicts 1; greater than 0 and less than 1, 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric.
func (BinaryAccuracy) Name() string { return "binary_accuracy" }

// LargerIsBetter implements graph.DirectedMetric.
func (BinaryAccuracy) LargerIsBetter() bool { return true }

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
	return orNaN(b.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (b BinaryAccuracy) Explain(pred, target *graph.Tensor) error {
	_, err := b.score(pred, target)
	return err
}

func (b BinaryAccuracy) score(pred, target *graph.Tensor) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = b.Check(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	r := reading{layout{rows: size(pred.Shape()), width: 1, elements: true}, p, t, cut{b.Threshold, b.FromLogits}}
	return r.correct(func(i, truth int) bool { return r.guess(i) == truth })
}
