package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Tversky is the mean over the batch of 1 - (c + s) / (c + Alpha·a + Beta·b + s), where c = Σ p·t is what prediction and
// target share over all elements of a sample, a = Σ p·(1-t) is predicted wrongly and b = Σ (1-p)·t is missed (Salehi et al.
// 2017): for masks of images, where most elements are 0. Predictions are probabilities, targets are from 0 to 1.
type Tversky struct {
	Alpha  float64 // weight of what is predicted wrongly; 0 is 1/2, if Beta is 0 as well
	Beta   float64 // weight of what is missed; 0 is 1/2, if Alpha is 0 as well
	Smooth float64 // s, so that two empty masks have no loss; 0 is 1

	FromLogits bool // the network ends without a Sigmoid
}

// Loss implements graph.Loss.
func (l Tversky) Loss(pred, target graph.Node) graph.Node { return l.PerSample(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l Tversky) PerSample(pred, target graph.Node) graph.Node {
	if l.Alpha == 0 && l.Beta == 0 {
		l.Alpha, l.Beta = 0.5, 0.5
	}
	smooth := settings.Above("Smooth", l.Smooth, 0).OrZero(1)
	pred = checked(pred, settings.AtLeast("Alpha", l.Alpha, 0), settings.AtLeast("Beta", l.Beta, 0), smooth)
	p, t := l.chance(pred), fit(pred, target)
	if p.Err() != nil {
		return p
	}
	sum := func(x graph.Node) graph.Node { return x.Reshape(x.Dim(0), -1).Sum(1) }
	common := sum(p.Mul(t))
	wrong, missed := sum(p).Sub(common).Scale(l.Alpha), sum(t).Sub(common).Scale(l.Beta)
	return wrong.Add(missed).Div(common.Add(wrong).Add(missed).Shift(smooth.Value))
}

// chance returns the prediction as a probability.
func (l Tversky) chance(pred graph.Node) graph.Node {
	if l.FromLogits {
		z, _ := logits(pred, "Sigmoid", true)
		return z.Sigmoid()
	}
	return probability(pred, "Sigmoid")
}

// Dice is Tversky with both weights 1/2: 1 minus twice what prediction and target share over the sum of both (Milletari et
// al. 2016).
type Dice struct {
	Smooth     float64 // as in Tversky; 0 is 1
	FromLogits bool    // the network ends without a Sigmoid
}

// Loss implements graph.Loss.
func (d Dice) Loss(pred, target graph.Node) graph.Node { return d.PerSample(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (d Dice) PerSample(pred, target graph.Node) graph.Node {
	return Tversky{Smooth: d.Smooth, FromLogits: d.FromLogits}.PerSample(pred, target)
}
