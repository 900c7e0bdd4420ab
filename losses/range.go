package losses

import "github.com/nndiy/nndiy/graph"

// The targets of these losses are probabilities.
var (
	_ graph.TargetRanger = BinaryCrossEntropy{}
	_ graph.TargetRanger = BinaryFocal{}
	_ graph.TargetRanger = CategoricalCrossEntropy{}
	_ graph.TargetRanger = CategoricalFocal{}
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
func (Tversky) TargetRange() (least, most float64) { return 0, 1 }

// TargetRange implements graph.TargetRanger.
func (Dice) TargetRange() (least, most float64) { return 0, 1 }
