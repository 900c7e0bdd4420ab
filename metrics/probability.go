package metrics

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

var (
	_ graph.MeanMetric    = LogLoss{}
	_ graph.MetricChecker = LogLoss{}
	_ graph.LogitMetric   = LogLoss{}
	_ graph.MeanMetric    = BrierScore{}
	_ graph.MetricChecker = BrierScore{}
	_ graph.LogitMetric   = BrierScore{}
	_ graph.MetricChecker = CalibrationError{}
	_ graph.Validator     = CalibrationError{}
	_ graph.LogitMetric   = CalibrationError{}
)

// LogLoss is the mean of -log p, where p is the probability that a row gives to its true class, at least 2⁻⁵²: the cross-entropy in nats,
// whatever loss the network is trained with. Rows of probabilities sum to 1. Its name in the logs is "log_loss".
type LogLoss struct{}

// Name implements graph.Metric.
func (LogLoss) Name() string { return "log_loss" }

// LargerIsBetter implements graph.DirectedMetric.
func (LogLoss) LargerIsBetter() bool { return false }

// RowMean implements graph.MeanMetric.
func (LogLoss) RowMean() {}

// Check implements graph.MetricChecker.
func (LogLoss) Check(pred, target []int) error { return fits(pred, target, 0) }

// ReadsLogits implements graph.LogitMetric.
func (LogLoss) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (l LogLoss) Score(pred, target *graph.Tensor) float64 { return orNaN(l.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (l LogLoss) Explain(pred, target *graph.Tensor) error {
	_, err := l.score(pred, target)
	return err
}

func (LogLoss) score(pred, target *graph.Tensor) (float64, error) {
	return rowMean(pred, target, func(p []float64, truth int) float64 { return -math.Log(max(p[truth], 0x1p-52)) })
}

// BrierScore is the mean over the rows of the squared error of the probabilities (Brier, 1950): (p-y)² of class 1 for two classes, as
// brier_score_loss in scikit-learn, and the sum of it over the classes for more. Its name in the logs is "brier".
type BrierScore struct{}

// Name implements graph.Metric.
func (BrierScore) Name() string { return "brier" }

// LargerIsBetter implements graph.DirectedMetric.
func (BrierScore) LargerIsBetter() bool { return false }

// RowMean implements graph.MeanMetric.
func (BrierScore) RowMean() {}

// Check implements graph.MetricChecker.
func (BrierScore) Check(pred, target []int) error { return fits(pred, target, 0) }

// ReadsLogits implements graph.LogitMetric.
func (BrierScore) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (b BrierScore) Score(pred, target *graph.Tensor) float64 { return orNaN(b.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (b BrierScore) Explain(pred, target *graph.Tensor) error {
	_, err := b.score(pred, target)
	return err
}

func (BrierScore) score(pred, target *graph.Tensor) (float64, error) {
	return rowMean(pred, target, func(p []float64, truth int) float64 {
		sum := 0.0
		for class, v := range p {
			if class == truth {
				v--
			}
			sum += v * v
		}
		if len(p) == 2 {
			sum /= 2 // the errors of both classes are the same
		}
		return sum
	})
}

// rowMean returns the mean of f over the rows, of the probabilities of all classes and the true class. A NaN makes it NaN.
func rowMean(pred, target *graph.Tensor, f func(p []float64, truth int) float64) (float64, error) {
	sum, n := 0.0, 0
	err := eachRow(pred, target, func(p []float64, truth int) {
		sum += f(p, truth)
		n++
	})
	return sum / float64(n), err
}

// eachRow calls f with the probabilities of each row, of all classes, and its true class.
func eachRow(pred, target *graph.Tensor, f func(p []float64, truth int)) error {
	r, err := read(pred, target, cut{})
	if err != nil {
		return err
	}
	p := make([]float64, r.classes())
	for i := range r.rows {
		truth, err := r.truth(i)
		if err != nil {
			return err
		}
		if r.width == 1 {
			p[1] = r.pred.at(i)
			p[0] = 1 - p[1]
		} else {
			for k := range p {
				p[k] = r.pred.at(i*r.width + k)
			}
		}
		sum := 0.0
		for k, v := range p {
			if v < 0 || v > 1+sumSlack {
				return fmt.Errorf("row %d of the predictions: got %v for class %d, want a probability", i, v, k)
			}
			sum += v
		}
		if math.Abs(sum-1) > sumSlack { // not for NaN
			return fmt.Errorf("row %d of the predictions: got the sum %v, want 1", i, sum)
		}
		f(p, truth)
	}
	return nil
}

// CalibrationError is the expected calibration error (Naeini et al., 2015): the mean, over the rows, of the distance between the
// confidence and the accuracy of the row's bin, see Calibration. Its name in the logs is "calibration_error".
type CalibrationError struct {
	Bins int // 0 means 10
}

// defaultBins is what a Bins of 0 means.
const defaultBins = 10

// Name implements graph.Metric.
func (CalibrationError) Name() string { return "calibration_error" }

// LargerIsBetter implements graph.DirectedMetric.
func (CalibrationError) LargerIsBetter() bool { return false }

// Validate implements graph.Validator.
func (c CalibrationError) Validate() error {
	return prefix("CalibrationError", settings.Check(settings.Count("Bins", c.Bins, 1).OrZero(defaultBins)))
}

// Check implements graph.MetricChecker.
func (CalibrationError) Check(pred, target []int) error { return fits(pred, target, 0) }

// ReadsLogits implements graph.LogitMetric.
func (CalibrationError) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (c CalibrationError) Score(pred, target *graph.Tensor) float64 {
	return orNaN(c.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (c CalibrationError) Explain(pred, target *graph.Tensor) error {
	_, err := c.score(pred, target)
	return err
}

func (c CalibrationError) score(pred, target *graph.Tensor) (float64, error) {
	curve, err := calibration(pred, target, settings.Or(c.Bins, defaultBins))
	if err != nil {
		return 0, err
	}
	return curve.Error(), nil
}
