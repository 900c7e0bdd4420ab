package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// gammaSetting returns the setting Gamma of the focal losses.
func gammaSetting(gamma float64) settings.Setting {
	return settings.Above("Gamma", gamma, 0).OrZero(2)
}

// BinaryFocal is BinaryCrossEntropy with less weight on elements that are predicted well (Lin et al. 2017): the mean of
// -t·(1-p)^Gamma·log(p) - (1-t)·p^Gamma·log(1-p) over every element. Targets t are from 0 to 1 and have the prediction's
// shape.
type BinaryFocal struct {
	Gamma      float64 // greater than 0; a larger one lowers these weights more; 0 means 2
	Alpha      float64 // weight of the first term, in [0, 1); the second one has 1-Alpha; 0 means no weights
	FromLogits bool    // the prediction is logits: the network ends without a Sigmoid
	Smoothing  float64 // s in [0, 1): each target t becomes (1-s)·t + s/2
}

// Loss implements graph.Loss.
func (l BinaryFocal) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l BinaryFocal) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (l BinaryFocal) terms(pred, target graph.Node) graph.Node {
	gamma := gammaSetting(l.Gamma)
	pred = checked(pred, gamma, settings.HalfOpen("Alpha", l.Alpha, 0, 1))
	t := smooth(fit(pred, target), l.Smoothing, 0.5)
	yes, no := l.surprise(pred)
	weightYes, weightNo := t, t.Neg().Shift(1)
	if l.Alpha > 0 {
		weightYes, weightNo = weightYes.Scale(l.Alpha), weightNo.Scale(1-l.Alpha)
	}
	// (1-p)^gamma = exp(gamma·log(1-p)), and the logarithms are known.
	yes, no = times(weightYes.Mul(no.Scale(-gamma.Value).Exp()), yes), times(weightNo.Mul(yes.Scale(-gamma.Value).Exp()), no)
	return yes.Add(no)
}

// surprise returns -log(p) and -log(1-p), computed from the logits if they are known.
func (l BinaryFocal) surprise(pred graph.Node) (yes, no graph.Node) {
	if z, ok := logits(pred, "Sigmoid", l.FromLogits); ok {
		return z.Neg().Softplus(), z.Softplus()
	}
	p := probability(pred, "Sigmoid")
	return logOf(p).Neg(), logNot(p).Neg()
}
