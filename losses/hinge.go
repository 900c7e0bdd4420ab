package losses

import "github.com/nndiy/nndiy/graph"

// Hinge is the mean of max(0, 1 - p·t) over every element. Targets t are -1 or 1 and have the prediction's shape.
type Hinge struct{}

// Loss implements graph.Loss.
func (l Hinge) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l Hinge) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (Hinge) terms(pred, target graph.Node) graph.Node {
	return scores(pred).Mul(fit(pred, target)).Neg().Shift(1).ReLU()
}

// SquaredHinge is the mean of max(0, 1 - p·t)² over every element. Targets t are -1 or 1 and have the prediction's shape.
type SquaredHinge struct{}

// Loss implements graph.Loss.
func (l SquaredHinge) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l SquaredHinge) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (SquaredHinge) terms(pred, target graph.Node) graph.Node {
	return Hinge{}.terms(pred, target).Square()
}

// CategoricalHinge is the mean over the batch of max(0, 1 + q - p) along the last axis, where p is the prediction for the
// true class and q the largest of the others (Crammer & Singer 2001). Targets are one-hot, of the prediction's shape,
// (batch, ..., classes).
type CategoricalHinge struct{}

// Loss implements graph.Loss.
func (l CategoricalHinge) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l CategoricalHinge) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each vector.
func (CategoricalHinge) terms(pred, target graph.Node) graph.Node {
	t := fit(pred, target)
	return pred.Sub(t).Shift(1).Max(-1).Sub(pred.Mul(t).Sum(-1)) // the true class makes it at least 0
}
