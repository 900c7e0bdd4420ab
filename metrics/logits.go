package metrics

import "github.com/nndiy/nndiy/graph"

// These metrics depend on more than the order of the predictions in a row, so beside a loss of logits they get
// probabilities, unless FromLogits is set.
var (
	_ graph.LogitMetric = Accuracy{}
	_ graph.LogitMetric = BinaryAccuracy{}
	_ graph.LogitMetric = Precision{}
	_ graph.LogitMetric = Recall{}
	_ graph.LogitMetric = F1{}
	_ graph.LogitMetric = Specificity{}
	_ graph.LogitMetric = Jaccard{}
	_ graph.LogitMetric = MatthewsCorrelation{}
	_ graph.LogitMetric = AUC{}
	_ graph.LogitMetric = MeanSquaredError{}
	_ graph.LogitMetric = RootMeanSquaredError{}
	_ graph.LogitMetric = MeanAbsoluteError{}
	_ graph.LogitMetric = R2{}
)

// cuts reports whether predictions of a shape are compared with a threshold; else the largest element of a row is its class.
func cuts(pred []int, threshold float64) bool {
	return len(pred) < 2 || pred[len(pred)-1] == 1 || threshold != 0
}

// ReadsLogits implements graph.LogitMetric.
func (a Accuracy) ReadsLogits(pred []int) (logits, matters bool) {
	return a.FromLogits, cuts(pred, 0)
}

// ReadsLogits implements graph.LogitMetric.
func (b BinaryAccuracy) ReadsLogits([]int) (logits, matters bool) { return b.FromLogits, true }

// ReadsLogits implements graph.LogitMetric.
func (p Precision) ReadsLogits(pred []int) (logits, matters bool) {
	return p.FromLogits, cuts(pred, p.Threshold)
}

// ReadsLogits implements graph.LogitMetric.
func (r Recall) ReadsLogits(pred []int) (logits, matters bool) {
	return r.FromLogits, cuts(pred, r.Threshold)
}

// ReadsLogits implements graph.LogitMetric.
func (f F1) ReadsLogits(pred []int) (logits, matters bool) {
	return f.FromLogits, cuts(pred, f.Threshold)
}

// ReadsLogits implements graph.LogitMetric.
func (s Specificity) ReadsLogits(pred []int) (logits, matters bool) {
	return s.FromLogits, cuts(pred, s.Threshold)
}

// ReadsLogits implements graph.LogitMetric.
func (j Jaccard) ReadsLogits(pred []int) (logits, matters bool) {
	return j.FromLogits, cuts(pred, j.Threshold)
}

// ReadsLogits implements graph.LogitMetric.
func (m MatthewsCorrelation) ReadsLogits(pred []int) (logits, matters bool) {
	return m.FromLogits, cuts(pred, m.Threshold)
}

// ReadsLogits implements graph.LogitMetric. Rows are ranked by the score of one class, which for logits of several classes leaves
// out the others.
func (AUC) ReadsLogits(pred []int) (logits, matters bool) { return false, !cuts(pred, 0) }

// ReadsLogits implements graph.LogitMetric.
func (MeanSquaredError) ReadsLogits([]int) (logits, matters bool) { return false, true }

// ReadsLogits implements graph.LogitMetric.
func (RootMeanSquaredError) ReadsLogits([]int) (logits, matters bool) { return false, true }

// ReadsLogits implements graph.LogitMetric.
func (MeanAbsoluteError) ReadsLogits([]int) (logits, matters bool) { return false, true }

// ReadsLogits implements graph.LogitMetric.
func (R2) ReadsLogits([]int) (logits, matters bool) { return false, true }
