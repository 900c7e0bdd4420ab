package losses

import "github.com/nndiy/nndiy/graph"

// CategoricalFocal is CategoricalCrossEntropy with less weight on classes that are predicted well (after Lin et al. 2017):
// the mean over the batch of -Σ Alpha·t·(1-p)^Gamma·log(p) along the last axis. Targets t are one-hot vectors or
// probabilities, of the prediction's shape, (batch, ..., classes).
type CategoricalFocal struct {
	Gamma      float64   // greater than 0; a larger one lowers these weights more; 0 means 2
	Alpha      []float64 // weight of each class, at least 0; nil means 1 for all
	FromLogits bool      // the prediction is logits: the network ends without a Softmax
	Smoothing  float64   // s in [0, 1): each target t becomes (1-s)·t + s/classes
}

// Loss implements graph.Loss.
func (l CategoricalFocal) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l CategoricalFocal) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each vector.
func (l CategoricalFocal) terms(pred, target graph.Node) graph.Node {
	gamma := gammaSetting(l.Gamma)
	pred = checked(pred, gamma)
	t := smooth(fit(pred, target), l.Smoothing, 1/float64(pred.Dim(-1)))
	if l.Alpha != nil {
		t = weigh(t, "Alpha", l.Alpha)
	}
	logP := logProbability(pred, l.FromLogits)
	other := logP.ELU(1).Neg() // 1-p, which cancels if computed from p
	hard := other.Clip(1e-37, 1).Log().Scale(gamma.Value).Exp()
	return times(t.Mul(hard), logP).Sum(-1).Neg()
}

// SparseCategoricalFocal is CategoricalFocal with class numbers as targets. Predictions are (batch, ..., classes); targets
// are integers from 0 to classes-1, (batch, ...) or (batch, ..., 1). The fields are those of CategoricalFocal, and Ignore.
type SparseCategoricalFocal struct {
	Gamma      float64
	Alpha      []float64
	FromLogits bool
	Smoothing  float64
	Ignore     []int // as in SparseCategoricalCrossEntropy
}

var _ graph.TargetShaper = SparseCategoricalFocal{}

// Loss implements graph.Loss.
func (l SparseCategoricalFocal) Loss(pred, target graph.Node) graph.Node {
	return l.sparse().mean(pred, target)
}

// PerSample implements graph.SampleLoss.
func (l SparseCategoricalFocal) PerSample(pred, target graph.Node) graph.Node {
	return l.sparse().perSample(pred, target)
}

// TargetMask implements graph.TargetMasker.
func (l SparseCategoricalFocal) TargetMask(pred, target graph.Node) graph.Node {
	return l.sparse().counts(pred, target)
}

func (l SparseCategoricalFocal) sparse() sparse {
	return sparse{CategoricalFocal{Gamma: l.Gamma, Alpha: l.Alpha, FromLogits: l.FromLogits, Smoothing: l.Smoothing}, l.Ignore}
}

// TargetShape implements graph.TargetShaper.
func (SparseCategoricalFocal) TargetShape(pred []int) []int { return pred[:len(pred)-1] }
