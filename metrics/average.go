package metrics

import (
	"fmt"
	"math"
)

// An Average selects how the scores of the classes are combined into one. The names are those of scikit-learn.
type Average int

const (
	Default  Average = iota // the score of class 1 if there are two classes, Macro if there are more
	Macro                   // the mean over the classes
	Micro                   // the score of the summed counts of all classes
	Weighted                // the mean over the classes, weighted by their numbers of true rows
)

var averageNames = [...]string{"", "macro", "micro", "weighted"}

// String returns "macro", "micro" or "weighted", and "" for Default.
func (a Average) String() string {
	if a.validate() != nil {
		return fmt.Sprintf("Average(%d)", int(a))
	}
	return averageNames[a]
}

// validate returns an error if a is not one of the constants.
func (a Average) validate() error {
	if a < Default || a > Weighted {
		return fmt.Errorf("Average: got %d, want Default, Macro, Micro or Weighted", int(a))
	}
	return nil
}

// name returns the name of a metric, followed by the name of the average.
func (a Average) name(metric string) string {
	if a == Default {
		return metric
	}
	return metric + "_" + a.String()
}

// over returns the average of the classes' scores. Scores of NaN are left out; if none remains, the average is NaN. The callers
// compute Micro, which is not an average of scores.
func (a Average) over(classes int, score func(class int) float64, weight func(class int) int) float64 {
	if a == Default && classes == 2 {
		return score(1)
	}
	sum, weights := 0.0, 0.0
	for class := range classes {
		s, w := score(class), 1.0
		if a == Weighted {
			w = float64(weight(class))
		}
		if s == s {
			sum += w * s
			weights += w
		}
	}
	if weights == 0 {
		return math.NaN()
	}
	return sum / weights
}

// average returns the average of a fraction over the classes.
func (c *Confusion) average(a Average, f fraction) float64 {
	if a != Micro {
		return a.over(len(c.Counts), func(class int) float64 { return c.ratio(class, f) }, c.True)
	}
	above, below := 0, 0
	for class := range c.Counts {
		x, y := f(c.Counts[class][class], c.Predicted(class), c.True(class))
		above += x
		below += y
	}
	if below == 0 {
		return 0 // every prediction is NaN
	}
	return float64(above) / float64(below)
}
