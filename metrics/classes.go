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
	rows   int
	width  int  // number of predictions in a row; if 1, it is the probability of class 1 of two
	oneHot bool // the targets are rows of the same width
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

// fits returns an error if the shapes do not fit.
func fits(pred, target []int) error {
	_, err := layoutOf(pred, target)
	return err
}

// classes returns the number of classes.
func (l layout) classes() int { return max(l.width, 2) }

// A reading reads predictions and targets as classes.
type reading struct {
	layout
	pred, target numbers
	cutoff       float64 // a prediction above it is class 1 of two
}

// read returns a reading of predictions and targets.
func read(pred, target *graph.Tensor, cutoff float64) (reading, error) {
	p, t, err := pair(pred, target)
	if err != nil {
		return reading{}, err
	}
	l, err := layoutOf(pred.Shape(), target.Shape())
	return reading{l, p, t, cutoff}, err
}

// guess returns the predicted class of row i, or -1 if the row contains a NaN.
func (r reading) guess(i int) int {
	if r.width > 1 {
		return largest(r.pred, i*r.width, r.width)
	}
	switch p := r.pred.at(i); {
	case p > r.cutoff:
		return 1
	case p <= r.cutoff:
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
		if !(math.Abs(sum-1) < 1e-3) {
			return 0, fmt.Errorf("row %d of the targets: got the sum %v, want 1", i, sum)
		}
		return largest(r.target, i*r.width, r.width), nil
	}
	v := r.target.at(i)
	if !(v >= 0 && v < float64(r.classes())) || v != math.Trunc(v) {
		return 0, fmt.Errorf("row %d of the targets: got %v, want a class number from 0 to %d", i, v, r.classes()-1)
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

// cutoff converts a threshold, a probability, to the number that predictions of class 1 exceed; 0 means the default.
func cutoff(threshold float64, fromLogits bool) float64 {
	threshold = settings.Or(threshold, defaultThreshold)
	if fromLogits {
		return math.Log(threshold / (1 - threshold))
	}
	return threshold
}

// validThreshold returns an error if the threshold is not a probability greater than 0 and less than 1, or 0.
func validThreshold(threshold float64) error {
	return settings.Check(settings.Inside("Threshold", threshold, 0, 1).OrZero(defaultThreshold))
}
