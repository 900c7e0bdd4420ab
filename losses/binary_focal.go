package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// gammaSetting is the setting Gamma of the focal losses.
func gammaSetting(gamma float64) settings.Setting {
	return settings.Above("Gamma", gamma, 0).OrZero(2)
}

// BinaryFocal is BinaryCrossEntropy with less weight on what is right already (Lin et al. 2017): the mean of
// -t·(1-p)^Gamma·log(p) - (1-t)·p^Gamma·log(1-p) over every element; targets are from 0 to 1.
type BinaryFocal struct {
	Gamma      float64 // how much less, more than 0; 0 is 2
	Alpha      float64 // weight of the term with t, below 1, that of the other one being 1-Alpha; 0 is no weights
	FromLogits bool    // the network ends without a Sigmoid
	Smoothing  float64 // this share of each target is moved to 1/2
}

// Loss implements graph.Loss.
func (l BinaryFocal) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l BinaryFocal) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

func (l BinaryFocal) terms(pred, target graph.Node) graph.Node {
	gamma := gammaSetting(l.Gamma)
	pred = checked(pred, gamma, settings.HalfOpen("Alpha", l.Alpha, 0, 1))
	t := smooth(fit(pred, target), l.Smoothing, 0.5)
	yes, no := l.surprise(pred)
	weighYes, weighNo := t, t.Neg().Shift(1)
	if l.Alpha > 0 {
		weighYes, weighNo = weighYes.Scale(l.Alpha), weighNo.Scale(1-l.Alpha)
	}
	// A power is an exponential of the logarithm that is known.
	yes, no = weighYes.Mul(no.Scale(-gamma.Value).Exp()).Mul(yes), weighNo.Mul(yes.Scale(-gamma.Value).Exp()).Mul(no)
	return yes.Add(no)
}

// surprise returns -log(p) and -log(1-p), from the logits if they are known.
func (l BinaryFocal) surprise(pred graph.Node) (yes, no graph.Node) {
	if z, ok := logits(pred, "Sigmoid", l.FromLogits); ok {
		return z.Neg().Softplus(), z.Softplus()
	}
	p := probability(pred, "Sigmoid")
	return logOf(p).Neg(), logOf(p.Neg().Shift(1)).Neg()
}
