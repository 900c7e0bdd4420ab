package metrics

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// defaultThreshold is what a Threshold of 0 means.
const defaultThreshold = 0.5

// A layout describes the shapes of predictions and targets of classes.
type layout struct {
	rows     int
	width    int  // number of predictions in a row; if 1, it is the score of class 1 of two
	oneHot   bool // the targets are rows of the same width
	elements bool // each element counts as a row
}

// layoutOf returns the layout of predictions and targets of the given shapes, or an error if they do not fit.
func layoutOf(pred, target []int) (layout, error) {
	if len(pred) == 0 || len(target) == 0 {
		return layout{}, fmt.Errorf("got predictions of shape %v and targets of shape %v, want at least one dimension each", pred, target)
	}
	last := len(pred) - 1
	if k := pred[last]; last > 0 && k > 1 {
		l := layout{rows: size(pred[:last]), width: k, oneHot: slices.Equal(pred, target)}
		if l.oneHot || slices.Equal(pred[:last], target) || slices.Equal(pred[:last], flat(target)) {
			return l, nil
		}
		const format = "got targets of shape %v for predictions of shape %v, want class numbers of shape %v or rows of shape %v"
		return layout{}, fmt.Errorf(format, target, pred, pred[:last], pred)
	}
	if slices.Equal(flat(pred), flat(target)) {
		return layout{rows: size(pred), width: 1}, nil
	}
	const format = "got targets of shape %v for predictions of shape %v, want one class number for each row, of shape %v"
	return layout{}, fmt.Errorf(format, target, pred, flat(pred))
}

// fits returns an error if the shapes do not fit, or have more than two classes and a threshold.
func fits(pred, target []int, threshold float64) error {
	l, err := layoutOf(pred, target)
	if err == nil && threshold != 0 && l.width > 2 {
		return fmt.Errorf("Threshold: got %v for predictions of shape %v, want 0: with %d classes the largest element of a row is its class",
			threshold, pred, l.width)
	}
	return err
}

// classes returns the number of classes.
func (l layout) classes() int { return max(l.width, 2) }

// A reading reads predictions and targets as classes.
type reading struct {
	layout
	pred, target numbers
	cut
}

// A cut decides between two classes.
type cut struct {
	threshold float64 // a probability of class 1 above it predicts class 1; 0 means the larger of two elements, or the default
	logits    bool    // predictions are logits; threshold remains a probability
}

// read returns a reading of predictions and targets.
func read(pred, target *graph.Tensor, c cut) (reading, error) {
	p, t, err := pair(pred, target)
	if err != nil {
		return reading{}, err
	}
	if err := fits(pred.Shape(), target.Shape(), c.threshold); err != nil {
		return reading{}, err
	}
	l, err := layoutOf(pred.Shape(), target.Shape())
	r := reading{l, p, t, c}
	if err == nil && r.width == 2 && c.threshold != 0 && !c.logits {
		err = r.probabilities()
	}
	return r, err
}

// probabilities returns an error if a row of two predictions is not a distribution. It ignores rows that contain a NaN.
func (r reading) probabilities() error {
	for i := range r.rows {
		if sum := r.pred.at(2*i) + r.pred.at(2*i+1); math.Abs(sum-1) > sumSlack {
			return fmt.Errorf("row %d of the predictions: got the sum %v, want the probabilities of two classes for a Threshold, or FromLogits set", i, sum)
		}
	}
	return nil
}

// guess returns the predicted class of row i, or -1 if the row contains a NaN.
func (r reading) guess(i int) int {
	var p float64
	switch {
	case r.width == 1:
		p = r.pred.at(i)
	case r.width == 2 && r.threshold != 0:
		if p = r.pred.at(2*i + 1); r.logits {
			p -= r.pred.at(2 * i) // softmax of two logits is the sigmoid of their difference
		} else if q := r.pred.at(2 * i); q != q {
			return -1
		}
	default:
		return largest(r.pred, i*r.width, r.width)
	}
	switch limit := r.limit(); {
	case p > limit:
		return 1
	case p <= limit:
		return 0
	}
	return -1
}

// truth returns the true class of row i, or an error if the target is not a class.
func (r reading) truth(i int) (int, error) {
	if r.oneHot {
		sum := 0.0
		for j := range r.width {
			v := r.target.at(i*r.width + j)
			if !(v >= 0) {
				return 0, fmt.Errorf("row %d of the targets: got element %v, want 0 or more", i, v)
			}
			sum += v
		}
		if !(math.Abs(sum-1) < sumSlack) {
			return 0, fmt.Errorf("row %d of the targets: got the sum %v, want 1", i, sum)
		}
		return largest(r.target, i*r.width, r.width), nil
	}
	v := r.target.at(i)
	if !(v >= 0 && v < float64(r.classes())) || v != math.Trunc(v) {
		what := "row"
		if r.elements {
			what = "element"
		}
		return 0, fmt.Errorf("%s %d of the targets: got %v, want a class number from 0 to %d", what, i, v, r.classes()-1)
	}
	return int(v), nil
}

// largest returns the index of the largest of the width numbers from lo on, the first of equals, or -1 if one is NaN.
func largest(n numbers, lo, width int) int {
	if n.single != nil {
		return argMax(n.single[lo:][:width])
	}
	return argMax(n.double[lo:][:width])
}

// argMax is largest for one element type.
func argMax[T graph.Float](row []T) int {
	best := 0
	for j, v := range row {
		if v != v {
			return -1
		}
		if v > row[best] {
			best = j
		}
	}
	return best
}

// sumSlack is how far the sum of a row of probabilities may be from 1.
const sumSlack = 1e-3

// limit returns the number that predictions of class 1 exceed: a probability or a logit.
func (c cut) limit() float64 {
	threshold := settings.Or(c.threshold, defaultThreshold)
	if c.logits {
		return math.Log(threshold / (1 - threshold))
	}
	return threshold
}

// orNaN returns the score, or NaN if it could not be computed.
func orNaN(score float64, err error) float64 {
	if err != nil {
		return math.NaN()
	}
	return score
}

// validThreshold returns an error if the threshold is not a probability greater than 0 and less than 1, or 0.
func validThreshold(threshold float64) error {
	return settings.Check(settings.Inside("Threshold", threshold, 0, 1).OrZero(defaultThreshold))
}
