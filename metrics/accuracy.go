package metrics

import "github.com/nndiy/nndiy/graph"

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
func (Accuracy) Check(pred, target []int) error { return fits(pred, target, 0) }

// Score implements graph.Metric.
func (a Accuracy) Score(pred, target *graph.Tensor) float64 { return orNaN(a.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (a Accuracy) Explain(pred, target *graph.Tensor) error {
	_, err := a.score(pred, target)
	return err
}

func (a Accuracy) score(pred, target *graph.Tensor) (float64, error) {
	r, err := read(pred, target, cut{logits: a.FromLogits})
	if err != nil {
		return 0, err
	}
	return r.correct(func(i, truth int) bool { return r.guess(i) == truth })
}

// correct returns the fraction of rows for which ok returns true, or an error if a target is not a class.
func (r reading) correct(ok func(i, truth int) bool) (float64, error) {
	n := 0
	for i := range r.rows {
		truth, err := r.truth(i)
		if err != nil {
			return 0, err
		}
		if ok(i, truth) {
			n++
		}
	}
	return float64(n) / float64(r.rows), nil
}
