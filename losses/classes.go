package losses

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
)

// These losses need at least two classes.
var (
	_ graph.LossChecker = CategoricalCrossEntropy{}
	_ graph.LossChecker = SparseCategoricalCrossEntropy{}
	_ graph.LossChecker = SparseBinaryCrossEntropy{}
	_ graph.LossChecker = CategoricalFocal{}
	_ graph.LossChecker = SparseCategoricalFocal{}
)

// Check implements graph.LossChecker.
func (CategoricalCrossEntropy) Check(pred []int) error { return twoClasses(pred) }

// Check implements graph.LossChecker.
func (SparseCategoricalCrossEntropy) Check(pred []int) error { return twoClasses(pred) }

// Check implements graph.LossChecker.
func (SparseBinaryCrossEntropy) Check(pred []int) error { return twoClasses(pred) }

// Check implements graph.LossChecker.
func (CategoricalFocal) Check(pred []int) error { return twoClasses(pred) }

// Check implements graph.LossChecker.
func (SparseCategoricalFocal) Check(pred []int) error { return twoClasses(pred) }

// twoClasses returns an error if the last dimension of the prediction's shape is less than 2.
func twoClasses(pred []int) error {
	if pred[len(pred)-1] < 2 {
		return fmt.Errorf("got a prediction of shape %v, want two classes or more: for a single yes-or-no output use BinaryCrossEntropy", pred)
	}
	return nil
}
