package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// BinaryCrossEntropy is the mean of -w·t·log(p) - (1-t)·log(1-p) over every element, for predicted probabilities p; w is 1 without PosWeight. Targets t
// are from 0 to 1 and have the prediction's shape. For the output of a Sigmoid, or with FromLogits, it is computed from the
// logits and has no bounds. For any other probability a logarithm is at least -100 and its derivative at most 1e12, as in
// PyTorch: p = 0 with t = 1 has the loss 100 and the derivative -1e12.
type BinaryCrossEntropy struct {
	FromLogits bool    // the prediction is logits: the network ends without a Sigmoid
	Smoothing  float64 // s in [0, 1): each target t becomes (1-s)·t + s/2

	// PosWeight multiplies the first term, at least 0: one number for all elements, or one for each along the last axis, such
	// as the number of negative samples of a class divided by that of its positive ones. Empty means 1.
	PosWeight []float64
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
	z, ok := logits(pred, "Sigmoid", l.FromLogits)
	if ok && len(l.PosWeight) == 0 {
		return z.Softplus().Sub(z.Mul(t)) // one operation, which does not cancel: see Softplus
	}
	positive, negative := t, t.Neg().Shift(1)
	switch n := len(l.PosWeight); {
	case n == 1:
		positive = checked(t, settings.AtLeast("PosWeight[0]", l.PosWeight[0], 0)).Scale(l.PosWeight[0])
	case n > 1:
		positive = weigh(t, "PosWeight", l.PosWeight)
	}
	if ok {
		return times(positive, z.Neg().Softplus()).Add(times(negative, z.Softplus()))
	}
	p := probability(pred, "Sigmoid")
	return positive.Mul(logOf(p)).Add(negative.Mul(logNot(p))).Neg()
}

// SparseBinaryCrossEntropy is BinaryCrossEntropy with class numbers as targets: each of the outputs, two or more, is a
// separate yes or no for one class. Predictions are (batch, ..., classes); targets are integers from 0 to classes-1,
// (batch, ...) or (batch, ..., 1), or in Ignore. For one output with targets 0 and 1 use BinaryCrossEntropy.
type SparseBinaryCrossEntropy struct {
	FromLogits bool      // as in BinaryCrossEntropy
	Smoothing  float64   // as in BinaryCrossEntropy
	PosWeight  []float64 // as in BinaryCrossEntropy
	Ignore     []int     // class numbers whose elements do not count, such as -100: the mean is over the others; nil means none
}

var _ graph.TargetShaper = SparseBinaryCrossEntropy{}

// Loss implements graph.Loss.
func (l SparseBinaryCrossEntropy) Loss(pred, target graph.Node) graph.Node {
	return l.sparse().mean(pred, target)
}

// PerSample implements graph.SampleLoss.
func (l SparseBinaryCrossEntropy) PerSample(pred, target graph.Node) graph.Node {
	return l.sparse().perSample(pred, target)
}

// TargetMask implements graph.TargetMasker.
func (l SparseBinaryCrossEntropy) TargetMask(pred, target graph.Node) graph.Node {
	return l.sparse().counts(pred, target)
}

func (l SparseBinaryCrossEntropy) sparse() sparse {
	return sparse{BinaryCrossEntropy{FromLogits: l.FromLogits, Smoothing: l.Smoothing, PosWeight: l.PosWeight}, l.Ignore}
}

// TargetShape implements graph.TargetShaper.
func (SparseBinaryCrossEntropy) TargetShape(pred []int) []int { return pred[:len(pred)-1] }
