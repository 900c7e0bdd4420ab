package losses

import "github.com/nndiy/nndiy/graph"

// The predictions of these losses may be logits.
var (
	_ graph.LogitLoss = BinaryCrossEntropy{}
	_ graph.LogitLoss = SparseBinaryCrossEntropy{}
	_ graph.LogitLoss = BinaryFocal{}
	_ graph.LogitLoss = Tversky{}
	_ graph.LogitLoss = Dice{}
	_ graph.LogitLoss = CategoricalCrossEntropy{}
	_ graph.LogitLoss = SparseCategoricalCrossEntropy{}
	_ graph.LogitLoss = CategoricalFocal{}
	_ graph.LogitLoss = SparseCategoricalFocal{}
	_ graph.LogitLoss = KLDivergence{}
)

// activation returns the name of the activation that a network of logits leaves out.
func activation(name string, fromLogits bool) string {
	if fromLogits {
		return name
	}
	return ""
}

// Activation implements graph.LogitLoss.
func (l BinaryCrossEntropy) Activation() string { return activation("Sigmoid", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l SparseBinaryCrossEntropy) Activation() string { return activation("Sigmoid", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l BinaryFocal) Activation() string { return activation("Sigmoid", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l Tversky) Activation() string { return activation("Sigmoid", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l Dice) Activation() string { return activation("Sigmoid", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l CategoricalCrossEntropy) Activation() string { return activation("Softmax", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l SparseCategoricalCrossEntropy) Activation() string {
	return activation("Softmax", l.FromLogits)
}

// Activation implements graph.LogitLoss.
func (l CategoricalFocal) Activation() string { return activation("Softmax", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l SparseCategoricalFocal) Activation() string { return activation("Softmax", l.FromLogits) }

// Activation implements graph.LogitLoss.
func (l KLDivergence) Activation() string { return activation("Softmax", l.FromLogits) }
