package losses

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
)

// These losses need at least two classes, or features.
var (
	_ graph.LossChecker = CategoricalCrossEntropy{}
	_ graph.LossChecker = SparseCategoricalCrossEntropy{}
	_ graph.LossChecker = SparseBinaryCrossEntropy{}
	_ graph.LossChecker = CategoricalFocal{}
	_ graph.LossChecker = SparseCategoricalFocal{}
	_ graph.LossChecker = KLDivergence{}
	_ graph.LossChecker = CategoricalHinge{}
	_ graph.LossChecker = CosineSimilarity{}
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

// Check implements graph.LossChecker.
func (KLDivergence) Check(pred []int) error { return twoClasses(pred) }

// Check implements graph.LossChecker.
func (CategoricalHinge) Check(pred []int) error { return twoClasses(pred) }

// Check implements graph.LossChecker: of one number, only the sign would count.
func (CosineSimilarity) Check(pred []int) error {
	if pred[len(pred)-1] < 2 {
		return fmt.Errorf("got a prediction of shape %v, want vectors of two numbers or more: for one number use MeanSquaredError", pred)
	}
	return nil
}

// twoClasses returns an error if the last dimension of the prediction's shape is less than 2.
func twoClasses(pred []int) error {
	if pred[len(pred)-1] < 2 {
		return fmt.Errorf("got a prediction of shape %v, want two classes or more: for a single yes-or-no output use BinaryCrossEntropy", pred)
	}
	return nil
}
