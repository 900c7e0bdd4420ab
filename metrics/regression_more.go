package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MeanMetric    = MeanAbsolutePercentageError{}
	_ graph.MetricChecker = MeanAbsolutePercentageError{}
	_ graph.LogitMetric   = MeanAbsolutePercentageError{}
	_ graph.MetricChecker = Pearson{}
	_ graph.LogitMetric   = Pearson{}
)

// MeanAbsolutePercentageError is the mean of |pred - target| / |target| over all elements, a fraction as in scikit-learn: 0.1 is 10%. The
// denominator is at least 2⁻⁵², so that a target of 0 makes it very large. Its name in the logs is "mape".
type MeanAbsolutePercentageError struct{}

// Name implements graph.Metric.
func (MeanAbsolutePercentageError) Name() string { return "mape" }

// LargerIsBetter implements graph.DirectedMetric.
func (MeanAbsolutePercentageError) LargerIsBetter() bool { return false }

// RowMean implements graph.MeanMetric.
func (MeanAbsolutePercentageError) RowMean() {}

// Check implements graph.MetricChecker.
func (MeanAbsolutePercentageError) Check(pred, target []int) error { return sameShape(pred, target) }

// ReadsLogits implements graph.LogitMetric.
func (MeanAbsolutePercentageError) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (m MeanAbsolutePercentageError) Score(pred, target *graph.Tensor) float64 {
	return orNaN(m.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (m MeanAbsolutePercentageError) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (MeanAbsolutePercentageError) score(pred, target *graph.Tensor) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = sameShape(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	n, sum := size(pred.Shape()), 0.0
	for i := range n {
		sum += math.Abs(p.at(i)-t.at(i)) / max(math.Abs(t.at(i)), 0x1p-52)
	}
	return sum / float64(n), nil
}

// Pearson is Pearson's correlation of predictions and targets, from -1 to 1: how well a straight line through them fits, whatever its
// slope. For several columns, the elements of a row, it is the mean of theirs. It is NaN if a column of either is constant. Its name
// in the logs is "pearson".
type Pearson struct{}

// Name implements graph.Metric.
func (Pearson) Name() string { return "pearson" }

// LargerIsBetter implements graph.DirectedMetric.
func (Pearson) LargerIsBetter() bool { return true }

// Check implements graph.MetricChecker.
func (Pearson) Check(pred, target []int) error { return sameShape(pred, target) }

// ReadsLogits implements graph.LogitMetric.
func (Pearson) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (m Pearson) Score(pred, target *graph.Tensor) float64 { return orNaN(m.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (m Pearson) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (Pearson) score(pred, target *graph.Tensor) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = sameShape(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	rows, columns, sum := pred.Shape()[0], size(pred.Shape()[1:]), 0.0
	for j := range columns {
		var mp, mt, pp, tt, pt float64
		same := [2]bool{true, true}
		for i := range rows {
			a, b := p.at(i*columns+j), t.at(i*columns+j)
			mp, mt = mp+a/float64(rows), mt+b/float64(rows)
			same = [2]bool{same[0] && a == p.at(j), same[1] && b == t.at(j)}
		}
		for i := range rows {
			a, b := p.at(i*columns+j)-mp, t.at(i*columns+j)-mt
			pp, tt, pt = pp+a*a, tt+b*b, pt+a*b
		}
		if same[0] || same[1] {
			return math.NaN(), nil
		}
		sum += min(max(pt/math.Sqrt(pp*tt), -1), 1) // NaN stays
	}
	return sum / float64(columns), nil
}
