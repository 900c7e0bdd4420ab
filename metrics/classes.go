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

// A layout says how predictions and targets of classes are laid out in tensors.
type layout struct {
	rows   int
	width  int  // predictions in a row; 1 is the probability of class 1 of two
	oneHot bool // the targets are rows too
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
		const text = "got targets of shape %v for predictions of shape %v, want class numbers of shape %v or rows of shape %v"
		return layout{}, fmt.Errorf(text, target, pred, pred[:last], pred)
	}
	if slices.Equal(flat(pred), flat(target)) {
		return layout{rows: size(pred), width: 1}, nil
	}
	const text = "got targets of shape %v for predictions of shape %v, want one class number for each row, of shape %v"
	return layout{}, fmt.Errorf(text, target, pred, flat(pred))
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
	cut          float64 // a prediction of class 1 of two is above it
}

// read returns a reading of predictions and targets.
func read(pred, target *graph.Tensor, cut float64) (reading, error) {
	p, t, err := pair(pred, target)
	if err != nil {
		return reading{}, err
	}
	l, err := layoutOf(pred.Shape(), target.Shape())
	return reading{l, p, t, cut}, err
}

// guess returns the predicted class of row i, or -1 if there is a NaN.
func (r reading) guess(i int) int {
	if r.width > 1 {
		return largest(r.pred, i*r.width, r.width)
	}
	switch p := r.pred.at(i); {
	case p > r.cut:
		return 1
	case p <= r.cut:
		return 0
	}
	return -1
}

// truth returns the true class of row i, or an error if the target is no class.
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

// largest returns the place of the largest of width numbers from lo on, the first one if there are several, or -1 if one is NaN.
func largest(n numbers, lo, width int) int {
	if n.single != nil {
		return argMax(n.single[lo:][:width])
	}
	return argMax(n.double[lo:][:width])
}

// argMax is largest of a row.
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

// cutOf returns what a prediction of class 1 is above, for a threshold of probability, 0 meaning 0.5.
func cutOf(threshold float64, fromLogits bool) float64 {
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
