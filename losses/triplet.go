package losses

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Triplet moves the vectors of one class together and those of different classes apart: it is the mean of max(0, Margin + d(a, p)
// - d(a, n)) for the Euclidean distances d of a sample a of the batch to a sample p of the same class and to a sample n of another
// one (Schroff et al. 2015). For each a, p is the farthest and n the nearest one (batch hard, Hermans et al. 2017); a sample for
// which the batch has no p or no n does not count. Predictions are vectors, (batch, features); targets are class numbers, (batch).
// Batches should have several samples of each of several classes.
type Triplet struct {
	Margin float64 // greater than 0; 0 means 1
	All    bool    // the mean over all triplets of the batch whose loss is not 0 (batch all); takes memory for batch³ numbers
}

var _ graph.TargetShaper = Triplet{}

// TargetShape implements graph.TargetShaper.
func (Triplet) TargetShape(pred []int) []int { return pred[:1] }

// Loss implements graph.Loss.
func (l Triplet) Loss(pred, target graph.Node) graph.Node {
	margin := settings.Above("Margin", l.Margin, 0).OrZero(1)
	pred = checked(ended(pred), margin)
	if pred.Err() == nil && l.Check(pred.Shape()) != nil {
		return pred.Errorf("%w", l.Check(pred.Shape()))
	}
	same := sameClass(pred, target)
	positive, negative := offDiagonal(same), same.Neg().Shift(1)
	d := pred.Distances(pred)
	if l.All {
		each := d.Expand(2).Sub(d.Expand(1)).Shift(margin.Value).ReLU() // (a, p, n)
		each = each.Mul(positive.Expand(2)).Mul(negative.Expand(1))
		return each.Sum().Div(orOne(each.Sign().Sum()))
	}
	farthest := d.Mul(positive).Max(1)
	nearest := d.Neg().Where(negative, negative.Equal(negative).Scale(math.Inf(-1))).Max(1) // negated
	counts := positive.Max(1).Mul(negative.Max(1))
	each := farthest.Add(nearest).Shift(margin.Value).ReLU().Mul(counts)
	return each.Sum().Div(orOne(counts.Sum()))
}
