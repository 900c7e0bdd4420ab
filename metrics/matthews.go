package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = MatthewsCorrelation{}
	_ graph.Validator     = MatthewsCorrelation{}
)

// MatthewsCorrelation is the correlation between true and predicted classes, from -1 to 1; 0 is as good as chance. It remains
// informative if one class is rare. For more than two classes it is R_K of Gorodkin, "Comparing two K-category assignments by a
// K-category correlation coefficient", 2004. It is 0 if all predictions, or all targets, have the same class. Its name in the
// logs is "mcc".
type MatthewsCorrelation struct {
	Threshold  float64 // of two classes: a probability of class 1 above it predicts class 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric.
func (MatthewsCorrelation) Name() string { return "mcc" }

// LargerIsBetter implements graph.DirectedMetric.
func (MatthewsCorrelation) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (m MatthewsCorrelation) Validate() error {
	return prefix("MatthewsCorrelation", validThreshold(m.Threshold))
}

// Check implements graph.MetricChecker.
func (m MatthewsCorrelation) Check(pred, target []int) error { return fits(pred, target, m.Threshold) }

// Score implements graph.Metric.
func (m MatthewsCorrelation) Score(pred, target *graph.Tensor) float64 {
	return orNaN(m.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (m MatthewsCorrelation) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m MatthewsCorrelation) score(pred, target *graph.Tensor) (float64, error) {
	c, err := confusion(pred, target, cut{m.Threshold, m.FromLogits})
	if err != nil {
		return 0, err
	}
	return c.MatthewsCorrelation(), nil
}

// MatthewsCorrelation returns the correlation between true and predicted classes. Predictions of NaN count as an additional
// class that is never true. It is 0 if all predictions, or all targets, have the same class.
func (c *Confusion) MatthewsCorrelation() float64 {
	total := float64(c.Total())
	right, both, trueSquares, predictedSquares, nan := 0.0, 0.0, 0.0, 0.0, 0.0
	for class := range c.Counts {
		t, p := float64(c.True(class)), float64(c.Predicted(class))
		right += float64(c.Counts[class][class])
		both += t * p
		trueSquares += t * t
		predictedSquares += p * p
		nan += float64(c.NaN[class])
	}
	predictedSquares += nan * nan
	spread := math.Sqrt(total*total-trueSquares) * math.Sqrt(total*total-predictedSquares)
	if spread == 0 {
		return 0
	}
	return (right*total - both) / spread
}
