package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// A ROCCurve is the receiver operating characteristic of the scores of a class: what falls out if rows with a score of at least a
// threshold count as the class. Its area is AUC.
type ROCCurve struct {
	Threshold     []float64 // descending; the first is +Inf, which no row reaches
	FalsePositive []float64 // fraction of the other rows that reach the threshold
	TruePositive  []float64 // fraction of the rows of the class that reach it, their recall
}

// A PrecisionRecallCurve has the precision and the recall of a class for every threshold. Its area, as a sum of steps, is
// AveragePrecision.
type PrecisionRecallCurve struct {
	Threshold []float64 // descending
	Precision []float64 // fraction of the rows that reach the threshold that are of the class
	Recall    []float64 // fraction of the rows of the class that reach the threshold
}

// ROC returns the ROC curve of a class; the package comment gives the shapes of predictions and targets. With two classes class is
// usually 1. A class without rows, or without other rows, and a NaN are errors.
func ROC(pred, target *graph.Tensor, class int) (c ROCCurve, err error) {
	c.Threshold, c.FalsePositive, c.TruePositive = []float64{math.Inf(1)}, []float64{0}, []float64{0}
	err = sweep(pred, target, class, true, func(threshold float64, right, wrong, rows, others int) {
		c.Threshold = append(c.Threshold, threshold)
		c.FalsePositive = append(c.FalsePositive, float64(wrong)/float64(others))
		c.TruePositive = append(c.TruePositive, float64(right)/float64(rows))
	})
	if err != nil {
		return ROCCurve{}, prefix("ROC", err)
	}
	return c, nil
}

// PrecisionRecall returns the curve of a class, as ROC does.
func PrecisionRecall(pred, target *graph.Tensor, class int) (c PrecisionRecallCurve, err error) {
	err = sweep(pred, target, class, false, func(threshold float64, right, wrong, rows, _ int) {
		c.Threshold = append(c.Threshold, threshold)
		c.Precision = append(c.Precision, float64(right)/float64(right+wrong))
		c.Recall = append(c.Recall, float64(right)/float64(rows))
	})
	if err != nil {
		return PrecisionRecallCurve{}, prefix("PrecisionRecall", err)
	}
	return c, nil
}

// sweep calls f for each different score of a class, the highest first, with the numbers of its rows and of others whose score is at
// least that.
func sweep(pred, target *graph.Tensor, class int, both bool, f func(threshold float64, right, wrong, rows, others int)) error {
	r, err := read(pred, target, cut{})
	if err == nil {
		err = settings.Check(settings.Between("class", float64(class), 0, float64(r.classes()-1)))
	}
	if err != nil {
		return err
	}
	truth, rows := make([]int, r.rows), 0
	for i := range truth {
		if truth[i], err = r.truth(i); err != nil {
			return err
		}
		if r.guess(i) < 0 {
			return fmt.Errorf("row %d of the predictions: got NaN, want numbers", i)
		}
		if truth[i] == class {
			rows++
		}
	}
	if rows == 0 || both && rows == r.rows {
		return fmt.Errorf("class %d: got %d of %d rows, want rows of it and others", class, rows, r.rows)
	}
	s := r.ranked(class, truth)
	slices.SortFunc(s, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	right, wrong := 0, 0
	for i, v := range s {
		if v.member {
			right++
		} else {
			wrong++
		}
		if i+1 == len(s) || s[i+1].score != v.score {
			f(v.score, right, wrong, rows, r.rows-rows)
		}
	}
	return nil
}

// BestThreshold returns the threshold of class 1 of two, as the fields Threshold of the metrics take it, for which score is largest, and
// that score: the middle between two neighbouring predictions. score gets the confusion matrix at a threshold:
//
//	t, _, err := metrics.BestThreshold(pred, target, func(c *metrics.Confusion) float64 { return c.F1(1) })
//
// nil means Youden's J, the recall of class 1 plus that of class 0 minus 1. Choose it on validation data. A score of NaN is
// passed over. Predictions are probabilities of shape (n), (n,1) or (n,2); both classes must have rows.
func BestThreshold(pred, target *graph.Tensor, score func(c *Confusion) float64) (threshold, best float64, err error) {
	if score == nil {
		score = func(c *Confusion) float64 { return c.Recall(0) + c.Recall(1) - 1 }
	}
	type point struct {
		at           float64
		right, wrong int
	}
	points := []point{{at: math.Inf(1)}}
	var rows, others int
	err = sweep(pred, target, 1, true, func(at float64, right, wrong, r, o int) {
		points, rows, others = append(points, point{at, right, wrong}), r, o
	})
	if err == nil { // so the tensors have shapes that fit
		if l, _ := layoutOf(pred.Shape(), target.Shape()); l.width > 2 {
			err = fmt.Errorf("got predictions of %d classes, want two", l.width)
		}
	}
	best = math.NaN()
	for i, p := range points {
		if err != nil {
			break
		}
		if i > 0 && !(p.at >= 0 && p.at <= 1) {
			err = fmt.Errorf("got the prediction %v, want probabilities", p.at)
		}
		high, low := min(p.at, 1), 0.0
		if i+1 < len(points) {
			low = points[i+1].at
		}
		at := (high + low) / 2
		if at >= high { // they are neighbours, and above low is the same
			at = low
		}
		if at <= 0 || at >= 1 {
			continue // nothing lies between the prediction and the end of the interval
		}
		c := &Confusion{Counts: [][]int{{others - p.wrong, p.wrong}, {rows - p.right, p.right}}, NaN: make([]int, 2)}
		if v := score(c); v > best || best != best && v == v {
			best, threshold = v, at
		}
	}
	if err == nil && best != best {
		err = errors.New("score: got NaN for every threshold, want a number")
	}
	if err != nil {
		return 0, 0, prefix("BestThreshold", err)
	}
	return threshold, best, nil
}
