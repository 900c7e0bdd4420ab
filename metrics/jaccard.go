package metrics

import "github.com/nndiy/nndiy/graph"

var (
	_ graph.MetricChecker = Jaccard{}
	_ graph.Validator     = Jaccard{}
)

// Jaccard is how many rows are both predicted as a class and truly of it, as a share of those that are one or the other: the
// intersection over the union, by which masks of images are judged. By default it is that of class 1 of two, and the mean
// over the classes of more. Its name is "iou".
//
// A class that is nowhere predicted and nowhere true has no score: it is left out of averages, and the score is NaN if it is
// that of this class alone.
type Jaccard struct {
	Average    Average
	Threshold  float64 // of two classes in shape (n) or (n,1): a probability above it is class 1; 0 means 0.5
	FromLogits bool    // such predictions are logits; Threshold is a probability all the same
}

// Name implements graph.Metric: "iou", or "iou_macro" and so on.
func (j Jaccard) Name() string { return j.Average.name("iou") }

// Validate implements graph.Validator.
func (j Jaccard) Validate() error { return validFraction("Jaccard", j.Average, j.Threshold) }

// Check implements graph.MetricChecker.
func (j Jaccard) Check(pred, target []int) error { return fits(pred, target) }

// Score implements graph.Metric.
func (j Jaccard) Score(pred, target *graph.Tensor) float64 {
	return scoreFraction(pred, target, j.Average, cutOf(j.Threshold, j.FromLogits), union)
}

func union(right, predicted, actual int) (above, below int) { return right, predicted + actual - right }
