package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

var (
	_ graph.MetricChecker = AUC{}
	_ graph.Validator     = AUC{}
)

// AUC is the area under the ROC curve: the probability that a row of a class gets a higher score for this class than a row of
// another class, where ties count one half. It is the same for logits as for the probabilities that Sigmoid makes of them, but not
// for those that Softmax makes of the logits of several classes.
//
// The default for two classes is the score of class 1, and for more the mean over the classes, each against the rest. Micro
// ranks all n·k elements of the predictions together; it needs predictions of shape (n,k).
//
// A class to which all rows or no rows belong has an undefined score: averages leave it out, and if no other score remains, the
// result is NaN. A prediction of NaN makes the score NaN.
type AUC struct {
	Average Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
}

// Name implements graph.Metric: "auc", or "auc_macro" and so on.
func (a AUC) Name() string { return a.Average.name("auc") }

// LargerIsBetter implements graph.DirectedMetric.
func (AUC) LargerIsBetter() bool { return true }

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
func (a AUC) Score(pred, target *graph.Tensor) float64 { return orNaN(a.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (a AUC) Explain(pred, target *graph.Tensor) error {
	_, err := a.score(pred, target)
	return err
}

func (a AUC) score(pred, target *graph.Tensor) (float64, error) { return a.rank(pred, target, area) }

// rank returns the average over the classes of a score of their ranked rows.
func (a AUC) rank(pred, target *graph.Tensor, area func([]ranked) float64) (float64, error) {
	r, err := read(pred, target, cut{})
	if err == nil {
		err = errors.Join(a.Average.validate(), a.Check(pred.Shape(), target.Shape()))
	}
	if err != nil {
		return 0, err
	}
	truth := make([]int, r.rows)
	rows := make([]int, r.classes())
	for i := range truth {
		if truth[i], err = r.truth(i); err != nil {
			return 0, err
		}
		rows[truth[i]]++
	}
	for i := range truth {
		if r.guess(i) < 0 {
			return math.NaN(), nil
		}
	}
	if a.Average == Micro {
		var all []ranked
		for class := range r.classes() {
			all = append(all, r.ranked(class, truth)...)
		}
		return area(all), nil
	}
	score := func(class int) float64 { return area(r.ranked(class, truth)) }
	return a.Average.over(r.classes(), score, func(class int) int { return rows[class] }), nil
}

// A ranked is the score of a row for a class, and whether the row belongs to the class.
type ranked struct {
	score  float64
	member bool
}

// ranked returns the scores of all rows for a class. If the predictions are of class 1 of two, the score of class 0 is minus the
// prediction.
func (r reading) ranked(class int, truth []int) []ranked {
	s := make([]ranked, r.rows)
	for i := range s {
		s[i].member = truth[i] == class
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

// area returns the area under the ROC curve: the fraction of pairs (member of the class, another row) in which the member has
// the higher score. It is the Mann-Whitney U statistic divided by the number of pairs.
func area(s []ranked) float64 {
	slices.SortFunc(s, func(a, b ranked) int { return cmp.Compare(a.score, b.score) })
	pairs, rest, members := 0.0, 0.0, 0.0 // rest and members count rows with a lower score
	for lo := 0; lo < len(s); {
		tiedRest, tiedMembers, hi := 0.0, 0.0, lo
		for ; hi < len(s) && s[hi].score == s[lo].score; hi++ {
			if s[hi].member {
				tiedMembers++
			} else {
				tiedRest++
			}
		}
		pairs += tiedMembers * (rest + tiedRest/2)
		rest, members, lo = rest+tiedRest, members+tiedMembers, hi
	}
	return pairs / (rest * members) // 0/0 is NaN
}
