package metrics

import (
	"cmp"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = AveragePrecision{}
	_ graph.Validator     = AveragePrecision{}
	_ graph.LogitMetric   = AveragePrecision{}
)

// AveragePrecision is the area under the precision-recall curve as a sum of steps: Σ (R_i - R_(i-1))·P_i over the thresholds in
// descending order, as in scikit-learn. It suits rare classes better than AUC. Shapes, averages and logits are those of AUC. A class
// without rows has an undefined score, which averages leave out.
type AveragePrecision struct {
	Average Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
}

// Name implements graph.Metric: "average_precision", or "average_precision_macro" and so on.
func (a AveragePrecision) Name() string { return a.Average.name("average_precision") }

// LargerIsBetter implements graph.DirectedMetric.
func (AveragePrecision) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (a AveragePrecision) Validate() error {
	return prefix("AveragePrecision", a.Average.validate())
}

// Check implements graph.MetricChecker.
func (a AveragePrecision) Check(pred, target []int) error { return AUC(a).Check(pred, target) }

// ReadsLogits implements graph.LogitMetric.
func (a AveragePrecision) ReadsLogits(pred []int) (logits, matters bool) {
	return AUC(a).ReadsLogits(pred)
}

// Score implements graph.Metric.
func (a AveragePrecision) Score(pred, target *graph.Tensor) float64 {
	return orNaN(a.score(pred, target))
}

// Explain implements graph.MetricExplainer.
func (a AveragePrecision) Explain(pred, target *graph.Tensor) error {
	_, err := a.score(pred, target)
	return err
}

func (a AveragePrecision) score(pred, target *graph.Tensor) (float64, error) {
	return AUC(a).rank(pred, target, steps)
}

// steps returns the average precision of ranked rows.
func steps(s []ranked) float64 {
	slices.SortFunc(s, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	right, area, last := 0, 0.0, 0
	for i, v := range s {
		if v.member {
			right++
		}
		if i+1 == len(s) || s[i+1].score != v.score {
			area += float64(right-last) * float64(right) / float64(i+1)
			last = right
		}
	}
	if right == 0 {
		return math.NaN()
	}
	return area / float64(right)
}
