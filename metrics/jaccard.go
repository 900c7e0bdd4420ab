package metrics

import "github.com/nndiy/nndiy/graph"

var (
	_ graph.MetricChecker = Jaccard{}
	_ graph.Validator     = Jaccard{}
)

// Jaccard is the intersection over the union of two sets of rows, those predicted as a class and those truly of it:
// TP/(TP+FP+FN). It is the usual score of segmentation masks. The default for two classes is the score of class 1, and for more
// the mean over the classes. Its name in the logs is "iou".
//
// The score of a class that is neither predicted nor true in any row is undefined: averages leave it out, and if no other score
// remains, the result is NaN.
type Jaccard struct {
	Average    Average // how the scores of the classes are combined; Default means class 1 of two, else Macro
	Threshold  float64 // of two classes: a probability of class 1 above it predicts class 1; 0 means 0.5
	FromLogits bool    // predictions are logits; Threshold remains a probability
}

// Name implements graph.Metric: "iou", or "iou_macro" and so on.
func (j Jaccard) Name() string { return j.Average.name("iou") }

// LargerIsBetter implements graph.DirectedMetric.
func (Jaccard) LargerIsBetter() bool { return true }

// Validate implements graph.Validator.
func (j Jaccard) Validate() error { return validFraction("Jaccard", j.Average, j.Threshold) }

// Check implements graph.MetricChecker.
func (j Jaccard) Check(pred, target []int) error { return fits(pred, target, j.Threshold) }

// Score implements graph.Metric.
func (j Jaccard) Score(pred, target *graph.Tensor) float64 { return orNaN(j.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (j Jaccard) Explain(pred, target *graph.Tensor) error {
	_, err := j.score(pred, target)
	return err
}

func (j Jaccard) score(pred, target *graph.Tensor) (float64, error) {
	return scoreFraction(pred, target, j.Average, cut{j.Threshold, j.FromLogits}, union)
}

func union(right, predicted, actual int) (above, below int) { return right, predicted + actual - right }
