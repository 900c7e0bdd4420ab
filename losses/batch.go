package losses

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// These losses compare the samples of a batch with each other.
var (
	_ graph.LossChecker = InfoNCE{}
	_ graph.LossChecker = NTXent{}
	_ graph.LossChecker = SupervisedContrastive{}
	_ graph.LossChecker = Triplet{}
)

// Check implements graph.LossChecker.
func (InfoNCE) Check(pred []int) error { return pairsOf(pred) }

// Check implements graph.LossChecker.
func (NTXent) Check(pred []int) error { return pairsOf(pred) }

// pairsOf returns an error unless a prediction is two vectors for each sample.
func pairsOf(pred []int) error {
	if len(pred) != 3 || pred[1] != 2 || pred[2] < 2 {
		return fmt.Errorf("got a prediction of shape %v, want (batch, 2, features), two vectors of two features or more", pred)
	}
	return nil
}

// Check implements graph.LossChecker.
func (SupervisedContrastive) Check(pred []int) error {
	if len(pred) != 2 || pred[1] < 2 {
		return fmt.Errorf("got a prediction of shape %v, want (batch, features), of two features or more", pred)
	}
	return nil
}

// Check implements graph.LossChecker.
func (Triplet) Check(pred []int) error {
	if len(pred) != 2 {
		return fmt.Errorf("got a prediction of shape %v, want (batch, features)", pred)
	}
	return nil
}

// sameClass returns 1 for each two samples of one class, the samples themselves included, and 0 for others: (batch, batch).
// Targets are class numbers, (batch) or (batch, 1); one that is NaN makes its row NaN.
func sameClass(pred, target graph.Node) graph.Node {
	if pred.Err() != nil {
		return pred
	}
	n := pred.Dim(0)
	if t := target.Shape(); target.Err() == nil && !slices.Equal(t, []int{n}) && !slices.Equal(t, []int{n, 1}) {
		return pred.Errorf("got a target of shape %v for a prediction of shape %v, want class numbers of shape [%d]", t, pred.Shape(), n)
	}
	rows := target.Reshape(n, 1)
	return rows.Equal(target.Reshape(1, n)).Add(rows.StopGradient().Clip(0, 0))
}

// offDiagonal returns a square matrix with 0 on its diagonal.
func offDiagonal(x graph.Node) graph.Node { return x.Tril(-1).Add(x.Triu(1)) }
