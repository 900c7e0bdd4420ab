package metrics

import (
	"errors"

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

// Precision is the fraction of the rows predicted as a class that belong to it, TP/(TP+FP). The default for two classes is the
// score of class 1, and for more the mean over the classes.
//
// The score of a class that is predicted in no row is 0. If the class is also true in no row, its score is undefined: averages
// leave it out, and if no other score remains, the result is NaN.
type Precision struct {
	Average    Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
	Threshold  float64 // of two classes: a probability of class 1 above it predicts class 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric: "precision", or "precision_macro" and so on.
func (p Precision) Name() string { return p.Average.name("precision") }

// LargerIsBetter implements graph.DirectedMetric.
func (Precision) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (p Precision) Validate() error { return validFraction("Precision", p.Average, p.Threshold) }

// Check implements graph.MetricChecker.
func (p Precision) Check(pred, target []int) error { return fits(pred, target, p.Threshold) }

// Score implements graph.Metric.
func (p Precision) Score(pred, target *graph.Tensor) float64 { return orNaN(p.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (p Precision) Explain(pred, target *graph.Tensor) error {
	_, err := p.score(pred, target)
	return err
}

func (p Precision) score(pred, target *graph.Tensor) (float64, error) {
	return scoreFraction(pred, target, p.Average, cut{p.Threshold, p.FromLogits}, precision)
}

// Recall is the fraction of the rows of a class that are predicted as it, TP/(TP+FN). The default for two classes is the score
// of class 1, and for more the mean over the classes.
//
// The score of a class that is true in no row is 0. If the class is also predicted in no row, its score is undefined: averages
// leave it out, and if no other score remains, the result is NaN.
type Recall struct {
	Average    Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
	Threshold  float64 // of two classes: a probability of class 1 above it predicts class 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric: "recall", or "recall_macro" and so on.
func (r Recall) Name() string { return r.Average.name("recall") }

// LargerIsBetter implements graph.DirectedMetric.
func (Recall) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (r Recall) Validate() error { return validFraction("Recall", r.Average, r.Threshold) }

// Check implements graph.MetricChecker.
func (r Recall) Check(pred, target []int) error { return fits(pred, target, r.Threshold) }

// Score implements graph.Metric.
func (r Recall) Score(pred, target *graph.Tensor) float64 { return orNaN(r.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (r Recall) Explain(pred, target *graph.Tensor) error {
	_, err := r.score(pred, target)
	return err
}

func (r Recall) score(pred, target *graph.Tensor) (float64, error) {
	return scoreFraction(pred, target, r.Average, cut{r.Threshold, r.FromLogits}, recall)
}

// F1 is the harmonic mean of the precision and the recall of a class, 2·TP/(2·TP+FP+FN). The default for two classes is the
// score of class 1, and for more the mean over the classes.
//
// The score of a class that is neither predicted nor true in any row is undefined: averages leave it out, and if no other score
// remains, the result is NaN.
type F1 struct {
	Average    Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
	Threshold  float64 // of two classes: a probability of class 1 above it predicts class 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric: "f1", or "f1_macro" and so on.
func (f F1) Name() string { return f.Average.name("f1") }

// LargerIsBetter implements graph.DirectedMetric.
func (F1) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (f F1) Validate() error { return validFraction("F1", f.Average, f.Threshold) }

// Check implements graph.MetricChecker.
func (f F1) Check(pred, target []int) error { return fits(pred, target, f.Threshold) }

// Score implements graph.Metric.
func (f F1) Score(pred, target *graph.Tensor) float64 { return orNaN(f.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (f F1) Explain(pred, target *graph.Tensor) error {
	_, err := f.score(pred, target)
	return err
}

func (f F1) score(pred, target *graph.Tensor) (float64, error) {
	return scoreFraction(pred, target, f.Average, cut{f.Threshold, f.FromLogits}, f1)
}

// validFraction returns an error that names the wrong settings of a metric.
func validFraction(metric string, a Average, threshold float64) error {
	return prefix(metric, errors.Join(a.validate(), validThreshold(threshold)))
}

// scoreFraction returns the average of a fraction over the classes.
func scoreFraction(pred, target *graph.Tensor, a Average, between cut, f fraction) (float64, error) {
	c, err := confusion(pred, target, between)
	if err := errors.Join(err, a.validate()); err != nil {
		return 0, err
	}
	return c.average(a, f), nil
}
