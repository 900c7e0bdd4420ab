package metrics

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// A Confusion is a confusion matrix: it counts the rows by true and predicted class.
type Confusion struct {
	Counts [][]int  // Counts[t][p] is the number of rows of the true class t that were predicted as p
	NaN    []int    // NaN[t] is the number of rows of the true class t whose prediction contains a NaN and so is not a class
	Names  []string // names of the classes, for String; nil means their numbers
}

// ConfusionMatrix counts the rows by true and predicted class. The package comment gives the shapes; a probability of class 1
// above 0.5 predicts class 1. Shapes that do not fit, and targets that are not classes, are errors.
func ConfusionMatrix(pred, target *graph.Tensor) (*Confusion, error) {
	c, err := confusion(pred, target, cut{})
	return c, prefix("ConfusionMatrix", err)
}

// confusion is ConfusionMatrix with a cut between two classes.
func confusion(pred, target *graph.Tensor, between cut) (*Confusion, error) {
	r, err := read(pred, target, between)
	if err != nil {
		return nil, err
	}
	k := r.classes()
	c := &Confusion{Counts: make([][]int, k), NaN: make([]int, k)}
	for i := range c.Counts {
		c.Counts[i] = make([]int, k)
	}
	for i := range r.rows {
		truth, err := r.truth(i)
		if err != nil {
			return nil, err
		}
		if guess := r.guess(i); guess < 0 {
			c.NaN[truth]++
		} else {
			c.Counts[truth][guess]++
		}
	}
	return c, nil
}

// Total returns the number of all rows.
func (c *Confusion) Total() int {
	n := 0
	for t := range c.Counts {
		n += c.True(t)
	}
	return n
}

// has reports whether there is a class with the given number.
func (c *Confusion) has(class int) bool { return class >= 0 && class < min(len(c.Counts), len(c.NaN)) }

// True returns the number of rows whose true class is the given one, 0 if there is no such class.
func (c *Confusion) True(class int) int {
	if !c.has(class) {
		return 0
	}
	n := c.NaN[class]
	for _, v := range c.Counts[class] {
		n += v
	}
	return n
}

// Predicted returns the number of rows whose predicted class is the given one, 0 if there is no such class.
func (c *Confusion) Predicted(class int) int {
	n := 0
	if !c.has(class) {
		return 0
	}
	for _, row := range c.Counts {
		n += row[class]
	}
	return n
}

// Accuracy returns the fraction of rows whose predicted class is the true one, NaN if there are no rows.
func (c *Confusion) Accuracy() float64 {
	right := 0
	for t := range c.Counts {
		right += c.Counts[t][t]
	}
	return float64(right) / float64(c.Total())
}

// Precision returns the fraction of the rows predicted as class that belong to it. It is 0 if no row is predicted as class, and
// NaN if, moreover, none belongs to it.
func (c *Confusion) Precision(class int) float64 { return c.ratio(class, precision) }

// Recall returns the fraction of the rows of class that are predicted as it. It is 0 if no row belongs to class, and NaN if,
// moreover, none is predicted as it.
func (c *Confusion) Recall(class int) float64 { return c.ratio(class, recall) }

// F1 returns the harmonic mean of Precision and Recall. It is NaN if no row belongs to class and none is predicted as it.
func (c *Confusion) F1(class int) float64 { return c.ratio(class, f1) }

// A fraction is a score of a class, computed from the number of rows that are correctly predicted as it, predicted as it, and
// truly of it.
type fraction func(right, predicted, actual int) (above, below int)

func precision(right, predicted, _ int) (above, below int) { return right, predicted }
func recall(right, _, actual int) (above, below int)       { return right, actual }
func f1(right, predicted, actual int) (above, below int)   { return 2 * right, predicted + actual }

// ratio returns the value of a fraction for a class, NaN if there is no such class.
func (c *Confusion) ratio(class int, f fraction) float64 {
	if !c.has(class) {
		return math.NaN()
	}
	predicted, actual := c.Predicted(class), c.True(class)
	above, below := f(c.Counts[class][class], predicted, actual)
	switch {
	case predicted == 0 && actual == 0:
		return math.NaN()
	case below == 0:
		return 0
	}
	return float64(above) / float64(below)
}
