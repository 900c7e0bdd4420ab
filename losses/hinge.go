package losses

import "github.com/nndiy/nndiy/graph"

// Hinge is the mean of max(0, 1 - p·t) over every element; targets are -1 or 1.
type Hinge struct{}

// Loss implements graph.Loss.
func (l Hinge) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample returns the loss of each sample, (batch).
func (l Hinge) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

func (Hinge) terms(pred, target graph.Node) graph.Node {
	return pred.Mul(fit(pred, target)).Neg().Shift(1).ReLU()
}
