package losses

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// MarginRanking is the mean over the batch of max(0, Margin - t·(a - b)) for two scores a and b of each sample. Predictions are
// (batch, ..., 2): a and b are along the last axis, such as the results of one layer for two inputs. Targets t are 1 where a shall
// be larger than b, and -1 where b shall be, (batch, ...).
type MarginRanking struct {
	Margin float64 // by which the scores shall differ, at least 0
}

// CosineEmbedding is the mean over the batch of 1 - c for pairs of vectors that belong together, and of max(0, c - Margin) for
// others, where c is the cosine of the angle between the vectors, 0 for a vector of zeros. Predictions are (batch, ..., 2,
// features): two vectors for each target. Targets are 1 for a pair that belongs together and -1 for another one, (batch, ...).
type CosineEmbedding struct {
	Margin float64 // largest cosine of others without a loss, from -1 to 1
}

var (
	_ graph.TargetShaper = MarginRanking{}
	_ graph.TargetShaper = CosineEmbedding{}
)

// Loss implements graph.Loss.
func (l MarginRanking) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// Loss implements graph.Loss.
func (l CosineEmbedding) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l MarginRanking) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// PerSample implements graph.SampleLoss.
func (l CosineEmbedding) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each pair.
func (l MarginRanking) terms(pred, target graph.Node) graph.Node {
	pred = checked(ended(pred), settings.AtLeast("Margin", l.Margin, 0))
	if pred.Err() == nil && l.Check(pred.Shape()) != nil {
		return pred.Errorf("%w", l.Check(pred.Shape()))
	}
	d := pred.Slice(-1, 0, 1).Sub(pred.Slice(-1, 1, 0)).Sum(-1)
	return d.Mul(fit(d, target)).Neg().Shift(l.Margin).ReLU()
}

// terms returns the loss of each pair.
func (l CosineEmbedding) terms(pred, target graph.Node) graph.Node {
	pred = checked(ended(pred), settings.Between("Margin", l.Margin, -1, 1))
	if pred.Err() == nil && l.Check(pred.Shape()) != nil {
		return pred.Errorf("%w", l.Check(pred.Shape()))
	}
	apart := CosineSimilarity{}.terms(pred.Slice(-2, 0, 1), pred.Slice(-2, 1, 0)).Sum(-1) // 1 - c
	together := fit(apart, target).Shift(1).Scale(0.5)
	others := apart.Neg().Shift(1 - l.Margin).ReLU()
	return together.Mul(apart).Add(together.Neg().Shift(1).Mul(others))
}

// TargetShape implements graph.TargetShaper.
func (MarginRanking) TargetShape(pred []int) []int { return pred[:len(pred)-1] }

// TargetShape implements graph.TargetShaper.
func (CosineEmbedding) TargetShape(pred []int) []int { return pred[:max(len(pred)-2, 1)] }

// Check implements graph.LossChecker.
func (MarginRanking) Check(pred []int) error {
	if len(pred) < 2 || pred[len(pred)-1] != 2 {
		return fmt.Errorf("got a prediction of shape %v, want (batch, ..., 2), two scores", pred)
	}
	return nil
}

// Check implements graph.LossChecker.
func (CosineEmbedding) Check(pred []int) error {
	if n := len(pred); n < 3 || pred[n-2] != 2 || pred[n-1] < 2 {
		return fmt.Errorf("got a prediction of shape %v, want (batch, ..., 2, features), two vectors of two features or more", pred)
	}
	return nil
}
