package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MeanMetric    = MeanSquaredError{}
	_ graph.MetricChecker = MeanSquaredError{}
	_ graph.MeanMetric    = MeanAbsoluteError{}
	_ graph.MetricChecker = MeanAbsoluteError{}
	_ graph.MetricChecker = RootMeanSquaredError{}
	_ graph.MetricChecker = R2{}
)

// MeanSquaredError is the mean of (pred - target)² over all elements. Predictions and targets have the same shape, of any number
// of dimensions. Its name in the logs is "mse".
type MeanSquaredError struct{}

// Name implements graph.Metric.
func (MeanSquaredError) Name() string { return "mse" }

// LargerIsBetter implements graph.DirectedMetric.
func (MeanSquaredError) LargerIsBetter() bool { return false }

// RowMean implements graph.MeanMetric.
func (MeanSquaredError) RowMean() {}

// Check implements graph.MetricChecker.
func (MeanSquaredError) Check(pred, target []int) error { return sameShape(pred, target) }

// Score implements graph.Metric.
func (m MeanSquaredError) Score(pred, target *graph.Tensor) float64 {
	return orNaN(m.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (m MeanSquaredError) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m MeanSquaredError) score(pred, target *graph.Tensor) (float64, error) {
	return meanError(pred, target, true)
}

// RootMeanSquaredError is the square root of MeanSquaredError, in the unit of the targets. Its name in the logs is "rmse".
type RootMeanSquaredError struct{}

// Name implements graph.Metric.
func (RootMeanSquaredError) Name() string { return "rmse" }

// LargerIsBetter implements graph.DirectedMetric.
func (RootMeanSquaredError) LargerIsBetter() bool { return false }

// Check implements graph.MetricChecker.
func (RootMeanSquaredError) Check(pred, target []int) error { return sameShape(pred, target) }

// Score implements graph.Metric.
func (m RootMeanSquaredError) Score(pred, target *graph.Tensor) float64 {
	return orNaN(m.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (m RootMeanSquaredError) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m RootMeanSquaredError) score(pred, target *graph.Tensor) (float64, error) {
	mean, err := meanError(pred, target, true)
	return math.Sqrt(mean), err
}

// MeanAbsoluteError is the mean of |pred - target| over all elements, with the shapes of MeanSquaredError. Its name in the logs
// is "mae".
type MeanAbsoluteError struct{}

// Name implements graph.Metric.
func (MeanAbsoluteError) Name() string { return "mae" }

// LargerIsBetter implements graph.DirectedMetric.
func (MeanAbsoluteError) LargerIsBetter() bool { return false }

// RowMean implements graph.MeanMetric.
func (MeanAbsoluteError) RowMean() {}

// Check implements graph.MetricChecker.
func (MeanAbsoluteError) Check(pred, target []int) error { return sameShape(pred, target) }

// Score implements graph.Metric.
func (m MeanAbsoluteError) Score(pred, target *graph.Tensor) float64 {
	return orNaN(m.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (m MeanAbsoluteError) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m MeanAbsoluteError) score(pred, target *graph.Tensor) (float64, error) {
	return meanError(pred, target, false)
}

// meanError returns the mean of (pred - target)² if square is true, else of |pred - target|.
func meanError(pred, target *graph.Tensor, square bool) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = sameShape(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	sum := 0.0
	switch {
	case p.single != nil && t.single != nil:
		sum = sumErrors(p.single, t.single, square)
	case p.single != nil:
		sum = sumErrors(p.single, t.double, square)
	case t.single != nil:
		sum = sumErrors(p.double, t.single, square)
	default:
		sum = sumErrors(p.double, t.double, square)
	}
	return sum / float64(size(pred.Shape())), nil
}

// sumErrors is meanError for one pair of element types, with the sum in place of the mean.
func sumErrors[P, T graph.Float](pred []P, target []T, square bool) float64 {
	target = target[:len(pred)]
	sum := 0.0
	for i, v := range pred {
		if d := float64(v) - float64(target[i]); square {
			sum += d * d
		} else {
			sum += math.Abs(d)
		}
	}
	return sum
}

// R2 is the coefficient of determination, 1 - Σ(target-pred)² / Σ(target-mean)²: 1 is perfect, 0 is as good as predicting the
// mean of the targets, and there is no lower limit. For several columns, the elements of a row, it is their mean. It is NaN if
// all targets of a column are equal, as they are for a single row. Its name in the logs is "r2".
type R2 struct{}

// Name implements graph.Metric.
func (R2) Name() string { return "r2" }

// LargerIsBetter implements graph.DirectedMetric.
func (R2) LargerIsBetter() bool { return true }

// Check implements graph.MetricChecker.
func (R2) Check(pred, target []int) error { return sameShape(pred, target) }

// Score implements graph.Metric.
func (r R2) Score(pred, target *graph.Tensor) float64 { return orNaN(r.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (r R2) Explain(pred, target *graph.Tensor) error {
	_, err := r.score(pred, target)
	return err
}

func (r R2) score(pred, target *graph.Tensor) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = sameShape(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	rows := pred.Shape()[0]
	columns := size(pred.Shape()[1:])
	sum := 0.0
	for j := range columns {
		sum += determination(p, t, j, columns, rows)
	}
	return sum / float64(columns), nil
}

// determination returns the R2 of one column.
func determination(p, t numbers, column, columns, rows int) float64 {
	mean, constant := 0.0, true
	for i := range rows {
		v := t.at(i*columns + column)
		mean += v / float64(rows)
		constant = constant && v == t.at(column)
	}
	if constant {
		return math.NaN()
	}
	residual, total := 0.0, 0.0
	for i := range rows {
		v := t.at(i*columns + column)
		residual += (v - p.at(i*columns+column)) * (v - p.at(i*columns+column))
		total += (v - mean) * (v - mean)
	}
	return 1 - residual/total
}
