package losses

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// MeanSquaredError is the mean of (p - t)² over every element. As in all losses for regression, predictions p and targets t
// have the same shape, except for dimensions of 1: (n) fits (n, 1).
type MeanSquaredError struct{}

// Loss implements graph.Loss.
func (l MeanSquaredError) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l MeanSquaredError) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (MeanSquaredError) terms(pred, target graph.Node) graph.Node {
	return difference(pred, target).Square()
}

// MeanAbsoluteError is the mean of |p - t| over every element.
type MeanAbsoluteError struct{}

// Loss implements graph.Loss.
func (l MeanAbsoluteError) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l MeanAbsoluteError) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (MeanAbsoluteError) terms(pred, target graph.Node) graph.Node {
	return difference(pred, target).Abs()
}

// RootMeanSquaredError is the square root of the mean of (p - t)² over every element of the batch. Its derivative is 0 where p
// and t are equal.
type RootMeanSquaredError struct{}

// Masked implements graph.MaskedLoss: the mean is over the steps that are valid.
func (RootMeanSquaredError) Masked() {}

// Loss implements graph.Loss.
func (RootMeanSquaredError) Loss(pred, target graph.Node) graph.Node {
	d := difference(pred, target)
	mask, ok := pred.Mask()
	if !ok {
		return d.Norm().Scale(1 / math.Sqrt(float64(d.Reshape(-1).Dim(0))))
	}
	n := mask.Sum().Scale(float64(d.Reshape(-1).Dim(0)) / float64(mask.Reshape(-1).Dim(0))) // elements in the valid steps
	return d.Masked(mask).FillPadding(0).Norm().Div(n.Clip(1, math.Inf(1)).Sqrt())
}

// Huber is the mean over every element of d²/2 where |d| <= Delta, else Delta·(|d| - Delta/2), with d = p - t (Huber 1964).
type Huber struct {
	Delta float64 // greater than 0; 0 means 1
}

// Loss implements graph.Loss.
func (h Huber) Loss(pred, target graph.Node) graph.Node { return h.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (h Huber) PerSample(pred, target graph.Node) graph.Node {
	return perSample(h.terms(pred, target))
}

// terms returns the loss of each element.
func (h Huber) terms(pred, target graph.Node) graph.Node {
	delta := settings.Above("Delta", h.Delta, 0).OrZero(1)
	if pred = checked(pred, delta); pred.Err() != nil {
		return pred
	}
	d := difference(pred, target)
	near := d.Clip(-delta.Value, delta.Value)
	return near.Mul(d.Sub(near.Scale(0.5))) // in a sum of both parts, their derivatives Delta and -Delta would cancel
}

// LogCosh is the mean of log(cosh(p - t)) over every element.
type LogCosh struct{}

// Loss implements graph.Loss.
func (l LogCosh) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l LogCosh) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (LogCosh) terms(pred, target graph.Node) graph.Node {
	d := difference(pred, target)
	// cosh(d)² = 1/(1 - tanh(d)²) serves near 0. What |d| exceeds 1 by adds the difference of |d| + softplus(-2·|d|), which
	// does not overflow but would cancel near 0.
	near := d.Clip(-1, 1).Tanh().Square().Neg().Log1p().Scale(-0.5)
	beyond := d.Abs().Shift(-1).ReLU()
	const log1pExp = 0.126928011042972496 // softplus(-2)
	return near.Add(beyond).Add(beyond.Scale(-2).Shift(-2).Softplus().Shift(-log1pExp))
}

// Poisson is the mean of p - t·log(p + 1e-8) over every element: the negative log-likelihood of a Poisson distribution
// without the terms that depend only on the target. Predictions p are rates, greater than 0.
type Poisson struct{}

// Loss implements graph.Loss.
func (l Poisson) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l Poisson) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (Poisson) terms(pred, target graph.Node) graph.Node {
	target = fit(pred, target)
	if _, hi, known := ended(pred).Bounds(); known && hi <= 0 {
		return pred.Errorf("got a prediction of at most %v, want rates greater than 0: end the network with Softplus", hi)
	}
	return pred.Sub(target.Mul(pred.Shift(1e-8).Log()))
}

// Quantile is the mean over every element of Level·d where d > 0, else (Level - 1)·d, with d = t - p (Koenker & Bassett
// 1978). A network that minimizes it predicts the quantile Level of the targets, for example 0.9.
type Quantile struct {
	Level float64 // between 0 and 1, both excluded; 0 means 0.5, the median
}

// Loss implements graph.Loss.
func (q Quantile) Loss(pred, target graph.Node) graph.Node { return q.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (q Quantile) PerSample(pred, target graph.Node) graph.Node {
	return perSample(q.terms(pred, target))
}

// terms returns the loss of each element.
func (q Quantile) terms(pred, target graph.Node) graph.Node {
	level := settings.Inside("Level", q.Level, 0, 1).OrZero(0.5)
	d := difference(checked(pred, level), target)
	return d.ReLU().Scale(1 - level.Value).Add(d.Neg().ReLU().Scale(level.Value))
}

// MeanSquaredLogarithmicError is the mean of (log(1+p) - log(1+t))² over every element, which compares numbers by their
// ratio. Predictions and targets are greater than -1.
type MeanSquaredLogarithmicError struct{}

// Loss implements graph.Loss.
func (l MeanSquaredLogarithmicError) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l MeanSquaredLogarithmicError) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element.
func (MeanSquaredLogarithmicError) terms(pred, target graph.Node) graph.Node {
	return pred.Log1p().Sub(fit(pred, target).Log1p()).Square()
}
