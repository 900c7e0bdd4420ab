package losses

import "github.com/nndiy/nndiy/graph"

// BinaryCrossEntropy is the mean of -t·log(p) - (1-t)·log(1-p) over every element, for predicted probabilities p. Targets t
// are from 0 to 1 and have the prediction's shape. For the output of a Sigmoid, or with FromLogits, it is computed from the
// logits and has no bounds. For any other probability a logarithm is at least -100 and its derivative at most 1e12, as in
// PyTorch: p = 0 with t = 1 has the loss 100 and the derivative -1e12.
type BinaryCrossEntropy struct {
	FromLogits bool    // the prediction is logits: the network ends without a Sigmoid
	Smoothing  float64 // s in [0, 1): each target t becomes (1-s)·t + s/2
}

// Loss implements graph.Loss.
func (l BinaryCrossEntropy) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l BinaryCrossEntropy) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (l BinaryCrossEntropy) terms(pred, target graph.Node) graph.Node {
	t := smooth(fit(pred, target), l.Smoothing, 0.5)
	if z, ok := logits(pred, "Sigmoid", l.FromLogits); ok {
		return z.Softplus().Sub(z.Mul(t)) // one operation, which does not cancel: see Softplus
	}
	p := probability(pred, "Sigmoid")
	yes, no := t.Mul(logOf(p)), t.Neg().Shift(1).Mul(logNot(p))
	return yes.Add(no).Neg()
}

// SparseBinaryCrossEntropy is BinaryCrossEntropy with class numbers as targets: each of the outputs, two or more, is a
// separate yes or no for one class. Predictions are (batch, ..., classes); targets are integers from 0 to classes-1,
// (batch, ...) or (batch, ..., 1). For one output with targets 0 and 1 use BinaryCrossEntropy.
type SparseBinaryCrossEntropy struct {
	FromLogits bool    // as in BinaryCrossEntropy
	Smoothing  float64 // as in BinaryCrossEntropy
}

var _ graph.TargetShaper = SparseBinaryCrossEntropy{}

// Loss implements graph.Loss.
func (l SparseBinaryCrossEntropy) Loss(pred, target graph.Node) graph.Node {
	return BinaryCrossEntropy(l).Loss(pred, oneHot(pred, target))
}

// PerSample implements graph.SampleLoss.
func (l SparseBinaryCrossEntropy) PerSample(pred, target graph.Node) graph.Node {
	return BinaryCrossEntropy(l).PerSample(pred, oneHot(pred, target))
}

// TargetShape implements graph.TargetShaper.
func (SparseBinaryCrossEntropy) TargetShape(pred []int) []int { return pred[:len(pred)-1] }
