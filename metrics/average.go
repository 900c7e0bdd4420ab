package metrics

import (
	"fmt"
	"math"
)

// An Average says how the scores of the classes become one.
type Average int

const (
	Default  Average = iota // the score of class 1 if there are two classes, Macro if there are more
	Macro                   // the mean over the classes
	Micro                   // of the counts of all classes together
	Weighted                // the mean over the classes, each weighted by the number of rows that are truly of it
)

var averageNames = [...]string{"", "macro", "micro", "weighted"}

// String returns the name of the average, "" for Default.
func (a Average) String() string {
	if a.validate() != nil {
		return fmt.Sprintf("Average(%d)", int(a))
	}
	return averageNames[a]
}

// validate returns an error if a is none of the constants.
func (a Average) validate() error {
	if a < Default || a > Weighted {
		return fmt.Errorf("Average: got %d, want Default, Macro, Micro or Weighted", int(a))
	}
	return nil
}

// name returns the name of a metric with that of the average behind it.
func (a Average) name(metric string) string {
	if a == Default {
		return metric
	}
	return metric + "_" + a.String()
}

// of returns the average of the classes' scores. Classes without a score, which is NaN, are left out; without any, the average
// is NaN. Micro is not an average of scores.
func (a Average) of(classes int, score func(class int) float64, weight func(class int) int) float64 {
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

// average returns a fraction of the counts of all classes.
func (c *Confusion) average(a Average, f fraction) float64 {
	if a != Micro {
		return a.of(len(c.Counts), func(class int) float64 { return c.ratio(class, f) }, c.True)
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
