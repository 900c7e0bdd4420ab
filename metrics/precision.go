package metrics

import (
	"errors"
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = Precision{}
	_ graph.Validator     = Precision{}
	_ graph.MetricChecker = Recall{}
	_ graph.Validator     = Recall{}
	_ graph.MetricChecker = F1{}
	_ graph.Validator     = F1{}
)

// Precision is the share of right ones among the rows predicted as a class. By default it is that of class 1 of two, and the
// mean over the classes of more.
//
// A class that is nowhere predicted has 0. A class that is nowhere predicted and nowhere true has no score: it is left out of
// averages, and the score is NaN if it is that of this class alone.
type Precision struct {
	Average    Average
	Threshold  float64 // of two classes in shape (n) or (n,1): a probability above it is class 1; 0 means 0.5
	FromLogits bool    // such predictions are logits; Threshold is a probability all the same
}

// Name implements graph.Metric: "precision", or "precision_macro" and so on.
func (p Precision) Name() string { return p.Average.name("precision") }

// Validate implements graph.Validator.
func (p Precision) Validate() error { return validFraction("Precision", p.Average, p.Threshold) }

// Check implements graph.MetricChecker.
func (p Precision) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (p Precision) Score(pred, target *graph.Tensor) float64 {
	return scoreFraction(pred, target, p.Average, cutOf(p.Threshold, p.FromLogits), precision)
}

// Recall is the share of right ones among the rows that are truly of a class. By default it is that of class 1 of two, and the
// mean over the classes of more.
//
// A class that is nowhere true has 0. A class that is nowhere predicted and nowhere true has no score: it is left out of
// averages, and the score is NaN if it is that of this class alone.
type Recall struct {
	Average    Average
	Threshold  float64 // of two classes in shape (n) or (n,1): a probability above it is class 1; 0 means 0.5
	FromLogits bool    // such predictions are logits; Threshold is a probability all the same
}

// Name implements graph.Metric: "recall", or "recall_macro" and so on.
func (r Recall) Name() string { return r.Average.name("recall") }

// Validate implements graph.Validator.
func (r Recall) Validate() error { return validFraction("Recall", r.Average, r.Threshold) }

// Check implements graph.MetricChecker.
func (r Recall) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (r Recall) Score(pred, target *graph.Tensor) float64 {
	return scoreFraction(pred, target, r.Average, cutOf(r.Threshold, r.FromLogits), recall)
}

// F1 is the harmonic mean of precision and recall of a class. By default it is that of class 1 of two, and the mean over the
// classes of more.
//
// A class that is nowhere predicted and nowhere true has no score: it is left out of averages, and the score is NaN if it is
// that of this class alone.
type F1 struct {
	Average    Average
	Threshold  float64 // of two classes in shape (n) or (n,1): a probability above it is class 1; 0 means 0.5
	FromLogits bool    // such predictions are logits; Threshold is a probability all the same
}

// Name implements graph.Metric: "f1", or "f1_macro" and so on.
func (f F1) Name() string { return f.Average.name("f1") }

// Validate implements graph.Validator.
func (f F1) Validate() error { return validFraction("F1", f.Average, f.Threshold) }

// Check implements graph.MetricChecker.
func (f F1) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (f F1) Score(pred, target *graph.Tensor) float64 {
	return scoreFraction(pred, target, f.Average, cutOf(f.Threshold, f.FromLogits), f1)
}

// validFraction returns an error if the settings of a metric are wrong.
func validFraction(metric string, a Average, threshold float64) error {
	return prefix(metric, errors.Join(a.validate(), validThreshold(threshold)))
}

// scoreFraction returns the average of a fraction.
func scoreFraction(pred, target *graph.Tensor, a Average, cut float64, f fraction) float64 {
	c, err := confusion(pred, target, cut)
	if err != nil || a.validate() != nil {
		return math.NaN()
	}
	return c.average(a, f)
}
