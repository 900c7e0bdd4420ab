package metrics

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = AUC{}
	_ graph.Validator     = AUC{}
)

// AUC is the area under the ROC curve: the probability that a row of a class is scored higher for this class than a row of
// another, ties counting half. It is the same for probabilities and logits. Of two classes, it is that of class 1; of more,
// each class against the rest, by default the mean over the classes. Micro takes every pair of row and class as a question of
// its own.
//
// A class to which all rows belong, or none, has no score: it is left out of averages, and the score is NaN if it is that of
// this class alone. A prediction that is NaN makes the score NaN.
type AUC struct {
	Average Average
}

// Name implements graph.Metric: "auc", or "auc_macro" and so on.
func (a AUC) Name() string { return a.Average.name("auc") }

// Validate implements graph.Validator.
func (a AUC) Validate() error { return prefix("AUC", a.Average.validate()) }

// Check implements graph.MetricChecker.
func (a AUC) Check(pred, target []int) error {
	l, err := layoutOf(pred, target)
	if err == nil && a.Average == Micro && l.width == 1 {
		return fmt.Errorf("Average: got Micro for predictions of shape %v, want a score for each class, of shape (n,k)", pred)
	}
	return err
}

// Score implements graph.Metric.
func (a AUC) Score(pred, target *graph.Tensor) float64 {
	r, err := read(pred, target, 0)
	if err != nil || a.Average.validate() != nil || a.Check(pred.Shape(), target.Shape()) != nil {
		return math.NaN()
	}
	truth := make([]int, r.rows)
	rows := make([]int, r.classes())
	for i := range truth {
		if truth[i], err = r.truth(i); err != nil || r.guess(i) < 0 {
			return math.NaN()
		}
		rows[truth[i]]++
	}
	if a.Average == Micro {
		var all []ranked
		for class := range r.classes() {
			all = append(all, r.ranked(class, truth)...)
		}
		return area(all)
	}
	score := func(class int) float64 { return area(r.ranked(class, truth)) }
	return a.Average.of(r.classes(), score, func(class int) int { return rows[class] })
}

// A ranked is the score of a row for a class, and whether the row is of the class.
type ranked struct {
	score float64
	of    bool
}

// ranked returns the scores of all rows for a class. The score for class 0 of two is the other one's, turned round.
func (r reading) ranked(class int, truth []int) []ranked {
	s := make([]ranked, r.rows)
	for i := range s {
		s[i].of = truth[i] == class
		switch {
		case r.width > 1:
			s[i].score = r.pred.at(i*r.width + class)
		case class == 1:
			s[i].score = r.pred.at(i)
		default:
			s[i].score = -r.pred.at(i)
		}
	}
	return s
}

// area returns the area under the ROC curve: of all pairs of a row that is of the class and one that is not, the share in which
// the former is scored higher.
func area(s []ranked) float64 {
	slices.SortFunc(s, func(a, b ranked) int { return cmp.Compare(a.score, b.score) })
	pairs, rest, of := 0.0, 0.0, 0.0 // rest and of: rows with a lower score
	for lo := 0; lo < len(s); {
		tiedRest, tiedOf, hi := 0.0, 0.0, lo
		for ; hi < len(s) && s[hi].score == s[lo].score; hi++ {
			if s[hi].of {
				tiedOf++
			} else {
				tiedRest++
			}
		}
		pairs += tiedOf * (rest + tiedRest/2)
		rest, of, lo = rest+tiedRest, of+tiedOf, hi
	}
	return pairs / (rest * of) // 0/0 is NaN
}
