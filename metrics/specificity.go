package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = Specificity{}
	_ graph.Validator     = Specificity{}
)

// Specificity is the share of rows that are not predicted as a class among those that are truly not of it: the recall of the
// rest. By default it is that of class 1 of two, and the mean over the classes of more. A prediction that is NaN is not right.
//
// A class that all rows are truly of has no score: it is left out of averages, and the score is NaN if it is that of this
// class alone.
type Specificity struct {
	Average    Average
	Threshold  float64 // of two classes in shape (n) or (n,1): a probability above it is class 1; 0 means 0.5
	FromLogits bool    // such predictions are logits; Threshold is a probability all the same
}

// Name implements graph.Metric: "specificity", or "specificity_macro" and so on.
func (s Specificity) Name() string { return s.Average.name("specificity") }

// Validate implements graph.Validator.
func (s Specificity) Validate() error { return validFraction("Specificity", s.Average, s.Threshold) }

// Check implements graph.MetricChecker.
func (s Specificity) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (s Specificity) Score(pred, target *graph.Tensor) float64 {
	c, err := confusion(pred, target, cutOf(s.Threshold, s.FromLogits))
	if err != nil || s.Average.validate() != nil {
		return math.NaN()
	}
	if s.Average != Micro {
		return s.Average.of(len(c.Counts), c.Specificity, c.True)
	}
	right, all := 0, 0
	for class := range c.Counts {
		r, n := c.rest(class)
		right, all = right+r, all+n
	}
	return float64(right) / float64(all)
}

// Specificity returns the share of rows that are not predicted as a class among those that are truly not of it. It is NaN if
// there are none.
func (c *Confusion) Specificity(class int) float64 {
	right, all := c.rest(class)
	return float64(right) / float64(all)
}

// rest returns how many rows are truly not of a class, and how many of them are predicted as another one.
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
