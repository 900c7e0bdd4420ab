package losses

import (
	"errors"
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
)

// The targets of these losses are probabilities.
var (
	_ graph.TargetRanger = BinaryCrossEntropy{}
	_ graph.TargetRanger = BinaryFocal{}
	_ graph.TargetRanger = CategoricalCrossEntropy{}
	_ graph.TargetRanger = CategoricalFocal{}
	_ graph.TargetRanger = CategoricalHinge{}
	_ graph.TargetRanger = KLDivergence{}
	_ graph.TargetRanger = Tversky{}
	_ graph.TargetRanger = Dice{}
)

// TargetRange implements graph.TargetRanger.
func (BinaryCrossEntropy) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (BinaryFocal) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (CategoricalCrossEntropy) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (CategoricalFocal) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (CategoricalHinge) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (KLDivergence) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (Tversky) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (Dice) TargetRange() (least, most float64) { return 0, 1 }

// The targets of these losses are probabilities that sum to 1, signs, or numbers of classes without a limit.
var (
	_ graph.TargetChecker = CategoricalCrossEntropy{}
	_ graph.TargetChecker = CategoricalFocal{}
	_ graph.TargetChecker = CategoricalHinge{}
	_ graph.TargetChecker = KLDivergence{}
	_ graph.TargetChecker = Hinge{}
	_ graph.TargetChecker = SquaredHinge{}
	_ graph.TargetChecker = MarginRanking{}
	_ graph.TargetChecker = CosineEmbedding{}
	_ graph.TargetChecker = SupervisedContrastive{}
	_ graph.TargetChecker = Triplet{}
)

// CheckTarget implements graph.TargetChecker.
func (l CategoricalCrossEntropy) CheckTarget(sample []float64, shape []int) error {
	return sumToOne(sample, shape, l.Smoothing == 0)
}

// CheckTarget implements graph.TargetChecker.
func (l CategoricalFocal) CheckTarget(sample []float64, shape []int) error {
	return sumToOne(sample, shape, l.Smoothing == 0)
}

// CheckTarget implements graph.TargetChecker.
func (CategoricalHinge) CheckTarget(sample []float64, shape []int) error {
	return sumToOne(sample, shape, false)
}

// CheckTarget implements graph.TargetChecker.
func (KLDivergence) CheckTarget(sample []float64, shape []int) error {
	return sumToOne(sample, shape, true)
}

// CheckTarget implements graph.TargetChecker.
func (Hinge) CheckTarget(sample []float64, _ []int) error { return areSigns(sample) }

// CheckTarget implements graph.TargetChecker.
func (SquaredHinge) CheckTarget(sample []float64, _ []int) error { return areSigns(sample) }

// CheckTarget implements graph.TargetChecker.
func (MarginRanking) CheckTarget(sample []float64, _ []int) error { return areSigns(sample) }

// CheckTarget implements graph.TargetChecker.
func (CosineEmbedding) CheckTarget(sample []float64, _ []int) error { return areSigns(sample) }

// CheckTarget implements graph.TargetChecker.
func (SupervisedContrastive) CheckTarget(sample []float64, _ []int) error { return areClasses(sample) }

// CheckTarget implements graph.TargetChecker.
func (Triplet) CheckTarget(sample []float64, _ []int) error { return areClasses(sample) }

// areClasses returns an error for a number that is not an integer, or that is rounded to another one in float32.
func areClasses(sample []float64) error {
	const most = 1 << 24
	for _, v := range sample {
		if math.Abs(v) > most || v == v && v != math.Trunc(v) {
			return fmt.Errorf("got class %v, want an integer from -%d to %d", v, most, most)
		}
	}
	return nil
}

// sumToOne returns an error for a vector along the last axis that does not sum to 1, within what rounding to two digits changes.
// With masks, a vector in a sample of several may be zeros: such a step of a sequence, or pixel, has no loss.
func sumToOne(sample []float64, shape []int, masks bool) error {
	if len(shape) == 0 {
		return nil // the last axis is the batch
	}
	for n := shape[len(shape)-1]; len(sample) >= n; sample = sample[n:] {
		sum := 0.0
		for _, v := range sample[:n] {
			sum += v
		}
		switch {
		case !(math.Abs(sum-1) > 0.02) || sum == 0 && masks && len(shape) > 1:
		case sum == 0 && len(shape) == 1:
			return errors.New("got probabilities that sum to 0, want 1: give the sample the weight 0 to leave it out")
		default:
			return fmt.Errorf("got probabilities that sum to %.6g, want 1: divide them by their sum, or end the network with Sigmoid "+
				"and use BinaryCrossEntropy for several classes at once", sum)
		}
	}
	return nil
}

// areSigns returns an error for an element that is not -1 or 1.
func areSigns(sample []float64) error {
	for _, v := range sample {
		if math.Abs(math.Abs(v)-1) > 1e-6 {
			return fmt.Errorf("got %v, want -1 or 1: write labels of 0 as -1", v)
		}
	}
	return nil
}
