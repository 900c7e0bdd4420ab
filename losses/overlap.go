package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Tversky is the mean over the batch of 1 - (c + s) / (c + Alpha·a + Beta·b + s), where the sums over the elements of a
// sample c = Σ p·t, a = Σ p·(1-t) and b = Σ (1-p)·t count true positives, false positives and false negatives (Salehi et
// al. 2017). It is meant for image masks in which most elements are 0. Predictions p are probabilities, targets t are from
// 0 to 1; both have the same shape.
type Tversky struct {
	Alpha  float64 // weight of false positives, at least 0; Alpha and Beta both 0 means 0.5 for both
	Beta   float64 // weight of false negatives, at least 0
	Smooth float64 // s, greater than 0, which makes the loss of two empty masks 0; 0 means 1

	FromLogits bool // the prediction is logits: the network ends without a Sigmoid
}

var _ = []graph.MaskedLoss{Tversky{}, Dice{}, RootMeanSquaredError{}}

// Masked implements graph.MaskedLoss: the sums leave out padding.
func (Tversky) Masked() {}

// Masked implements graph.MaskedLoss, as Tversky.
func (Dice) Masked() {}

// Loss implements graph.Loss.
func (l Tversky) Loss(pred, target graph.Node) graph.Node { return l.PerSample(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l Tversky) PerSample(pred, target graph.Node) graph.Node {
	if l.Alpha == 0 && l.Beta == 0 {
		l.Alpha, l.Beta = 0.5, 0.5
	}
	smooth := settings.Above("Smooth", l.Smooth, 0).OrZero(1)
	pred = checked(pred, settings.AtLeast("Alpha", l.Alpha, 0), settings.AtLeast("Beta", l.Beta, 0), smooth)
	p, t := l.probability(pred), fit(pred, target)
	if p.Err() != nil {
		return p
	}
	if mask, ok := pred.Mask(); ok {
		p, t = p.Masked(mask).FillPadding(0), t.Masked(mask).FillPadding(0)
	}
	sum := func(x graph.Node) graph.Node { return x.Reshape(x.Dim(0), -1).Sum(1) }
	common := sum(p.Mul(t))
	falsePositives, falseNegatives := sum(p).Sub(common).Scale(l.Alpha), sum(t).Sub(common).Scale(l.Beta)
	return falsePositives.Add(falseNegatives).Div(common.Add(falsePositives).Add(falseNegatives).Shift(smooth.Value))
}

// probability returns the prediction as a probability.
func (l Tversky) probability(pred graph.Node) graph.Node {
	if l.FromLogits {
		z, _ := logits(pred, "Sigmoid", true)
		return z.Sigmoid()
	}
	return probability(pred, "Sigmoid")
}

// Dice is Tversky with both weights 0.5: the mean over the batch of 1 - 2·(Σ p·t + s) / (Σ p + Σ t + 2·s) (Milletari et al.
// 2016).
type Dice struct {
	Smooth     float64 // s, greater than 0; 0 means 1
	FromLogits bool    // the prediction is logits: the network ends without a Sigmoid
}

// Loss implements graph.Loss.
func (d Dice) Loss(pred, target graph.Node) graph.Node { return d.PerSample(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (d Dice) PerSample(pred, target graph.Node) graph.Node {
	return Tversky{Smooth: d.Smooth, FromLogits: d.FromLogits}.PerSample(pred, target)
}
