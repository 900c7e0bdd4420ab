package metrics

import (
	"fmt"
	"math"
	"strconv"

	"github.com/nndiy/nndiy/graph"
)

// ConfusionMatrixAt is ConfusionMatrix for two classes with another threshold than 0.5: a probability of class 1 above it predicts class 1.
// The threshold is greater than 0 and less than 1.
func ConfusionMatrixAt(pred, target *graph.Tensor, threshold float64) (*Confusion, error) {
	err := validThreshold(threshold)
	if err == nil && threshold == 0 {
		err = fmt.Errorf("Threshold: got 0, want a number greater than 0 and less than 1")
	}
	if err != nil {
		return nil, prefix("ConfusionMatrixAt", err)
	}
	c, err := confusion(pred, target, cut{threshold: threshold})
	return c, prefix("ConfusionMatrixAt", err)
}

// Report returns a table with a line for each class: precision, recall, F1 and the number of its rows; then the accuracy, and the means
// over the classes, plain and weighted by their rows, as classification_report in scikit-learn. A class without rows that is never
// predicted has no scores, and the means leave it out.
func (c *Confusion) Report() string {
	table := [][]string{{"", "precision", "recall", "f1", "rows"}}
	number := func(v float64) string {
		if math.IsNaN(v) {
			return "-"
		}
		return fmt.Sprintf("%.3f", v)
	}
	for class := range c.Counts {
		table = append(table, []string{c.name(class), number(c.Precision(class)), number(c.Recall(class)), number(c.F1(class)), strconv.Itoa(c.True(class))})
	}
	rows := strconv.Itoa(c.Total())
	table = append(table, []string{"accuracy", "", "", number(c.Accuracy()), rows})
	for _, a := range []Average{Macro, Weighted} {
		line := []string{a.String() + " mean"}
		for _, f := range []fraction{precision, recall, f1} {
			line = append(line, number(c.average(a, f)))
		}
		table = append(table, append(line, rows))
	}
	return aligned(table)
}
