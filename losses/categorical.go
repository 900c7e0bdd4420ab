package losses

import "github.com/nndiy/nndiy/graph"

// CategoricalCrossEntropy is the mean over the batch of -Σ t·log(p) along the last axis, for predicted probabilities p,
// (batch, ..., classes). Targets t are one-hot vectors or probabilities that sum to 1, of the prediction's shape. In a sequence
// or an image a vector of zeros leaves out its step or pixel, unless Smoothing is set. A class with t = 0 may have the logit
// -Inf, as a mask makes it: it adds nothing to the loss, and its derivative is 0; with Smoothing, t is not 0 and the loss is
// infinite. For probabilities that are not the output of a Softmax a logarithm is at least -100 and its derivative at most
// 1e12, as in BinaryCrossEntropy.
type CategoricalCrossEntropy struct {
	FromLogits bool    // the prediction is logits: the network ends without a Softmax
	Smoothing  float64 // s in [0, 1): each target t becomes (1-s)·t + s/classes
}

// Loss implements graph.Loss.
func (l CategoricalCrossEntropy) Loss(pred, target graph.Node) graph.Node {
	return l.likelihood(pred, target).Mean().Neg()
}

// PerSample implements graph.SampleLoss.
func (l CategoricalCrossEntropy) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.likelihood(pred, target)).Neg()
}

// likelihood returns Σ t·log(p) for each vector.
func (l CategoricalCrossEntropy) likelihood(pred, target graph.Node) graph.Node {
	t := smooth(fit(pred, target), l.Smoothing, 1/float64(pred.Dim(-1)))
	return times(t, logProbability(pred, l.FromLogits)).Sum(-1)
}

// logProbability returns log(p), computed from the logits if they are known.
func logProbability(pred graph.Node, fromLogits bool) graph.Node {
	pred = distribution(pred)
	if z, ok := logits(pred, "Softmax", fromLogits); ok {
		return z.LogSoftmax()
	}
	return logOf(probability(pred, "Softmax"))
}

// SparseCategoricalCrossEntropy is CategoricalCrossEntropy with class numbers as targets. Predictions are (batch, ...,
// classes); targets are integers from 0 to classes-1, or in Ignore, (batch, ...) or (batch, ..., 1).
type SparseCategoricalCrossEntropy struct {
	FromLogits bool    // as in CategoricalCrossEntropy
	Smoothing  float64 // as in CategoricalCrossEntropy
	Ignore     []int   // class numbers whose elements do not count, such as -100: the mean is over the others; nil means none
}

var _ graph.TargetShaper = SparseCategoricalCrossEntropy{}

// Loss implements graph.Loss.
func (l SparseCategoricalCrossEntropy) Loss(pred, target graph.Node) graph.Node {
	return l.sparse().mean(pred, target)
}

// PerSample implements graph.SampleLoss.
func (l SparseCategoricalCrossEntropy) PerSample(pred, target graph.Node) graph.Node {
	return l.sparse().perSample(pred, target)
}

// TargetMask implements graph.TargetMasker.
func (l SparseCategoricalCrossEntropy) TargetMask(pred, target graph.Node) graph.Node {
	return l.sparse().counts(pred, target)
}

func (l SparseCategoricalCrossEntropy) sparse() sparse {
	return sparse{CategoricalCrossEntropy{FromLogits: l.FromLogits, Smoothing: l.Smoothing}, l.Ignore}
}

// TargetShape implements graph.TargetShaper.
func (SparseCategoricalCrossEntropy) TargetShape(pred []int) []int { return pred[:len(pred)-1] }

// KLDivergence is the mean over the batch of Σ t·log(t/p) along the last axis (Kullback & Leibler 1951). Predictions and
// targets are probabilities of the same shape, (batch, ..., classes), whose sum is 1.
type KLDivergence struct {
	FromLogits bool // the prediction is logits: the network ends without a Softmax
}

// Loss implements graph.Loss.
func (l KLDivergence) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l KLDivergence) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each vector.
func (l KLDivergence) terms(pred, target graph.Node) graph.Node {
	t := fit(pred, target)
	return t.Xlogy(t).Sub(times(t, logProbability(pred, l.FromLogits))).Sum(-1)
}

// CosineSimilarity is the mean over the batch of 1 - p·t / (|p|·|t|) along the last axis: 0 for vectors of the same
// direction, 2 for opposite ones. Predictions and targets have the same shape, (batch, ..., features). The length of a vector
// does not matter, however small it is: there is no epsilon. PyTorch's cosine_similarity takes lengths below 1e-8 as 1e-8. A
// vector of zeros has the loss 1.
type CosineSimilarity struct{}

// Loss implements graph.Loss.
func (l CosineSimilarity) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l CosineSimilarity) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each vector.
func (CosineSimilarity) terms(pred, target graph.Node) graph.Node {
	p, t := scaled(pred), scaled(fit(pred, target))
	norms := orOne(p.Square().Sum(-1).Mul(t.Square().Sum(-1))).Sqrt()
	return p.Mul(t).Sum(-1).Div(norms).Neg().Shift(1)
}

// scaled returns the vectors along the last axis divided by their largest elements, so that no square overflows or underflows.
// These count as constants: a derivative of the similarity does not depend on them.
func scaled(x graph.Node) graph.Node {
	return x.Div(orOne(x.Abs().Max(-1)).StopGradient().Expand(-1))
}

// orOne returns x, which is not negative, with 1 in place of 0.
func orOne(x graph.Node) graph.Node { return x.Add(x.Sign().Neg().Shift(1)) }
