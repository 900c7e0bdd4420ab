package metrics

import (
	"errors"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = Specificity{}
	_ graph.Validator     = Specificity{}
)

// Specificity is the fraction of the rows outside a class that are predicted as another class, TN/(TN+FP): the recall of the
// rest. The default for two classes is the score of class 1, and for more the mean over the classes. A prediction of NaN counts
// as wrong.
//
// The score of a class to which all rows belong is undefined: averages leave it out, and if no other score remains, the result
// is NaN.
type Specificity struct {
	Average    Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
	Threshold  float64 // of two classes: a probability of class 1 above it predicts class 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric: "specificity", or "specificity_macro" and so on.
func (s Specificity) Name() string { return s.Average.name("specificity") }

// LargerIsBetter implements graph.DirectedMetric.
func (Specificity) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (s Specificity) Validate() error { return validFraction("Specificity", s.Average, s.Threshold) }

// Check implements graph.MetricChecker.
func (s Specificity) Check(pred, target []int) error { return fits(pred, target, s.Threshold) }

// Score implements graph.Metric.
func (s Specificity) Score(pred, target *graph.Tensor) float64 { return orNaN(s.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (s Specificity) Explain(pred, target *graph.Tensor) error {
	_, err := s.score(pred, target)
	return err
}

func (s Specificity) score(pred, target *graph.Tensor) (float64, error) {
	c, err := confusion(pred, target, cut{s.Threshold, s.FromLogits})
	if err := errors.Join(err, s.Average.validate()); err != nil {
		return 0, err
	}
	if s.Average != Micro {
		return s.Average.over(len(c.Counts), c.Specificity, c.True), nil
	}
	right, all := 0, 0
	for class := range c.Counts {
		r, n := c.rest(class)
		right, all = right+r, all+n
	}
	return float64(right) / float64(all), nil
}

// Specificity returns the fraction of the rows outside class that are predicted as another class. It is NaN if all rows belong
// to class.
func (c *Confusion) Specificity(class int) float64 {
	right, all := c.rest(class)
	return float64(right) / float64(all)
}

// rest returns the number of rows outside a class, all, and how many of these are predicted as another class, right.
func (c *Confusion) rest(class int) (right, all int) {
	for t, row := range c.Counts {
		if t == class {
			continue
		}
		for p, n := range row {
			if p != class {
				right += n
			}
		}
		all += c.True(t)
	}
	return right, all
}
