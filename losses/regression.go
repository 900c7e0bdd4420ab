package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// MeanSquaredError is the mean of (p - t)² over every element. Predictions and targets have the same shape, as with all losses of
// regression; (n) goes with (n, 1).
type MeanSquaredError struct{}

// Loss implements graph.Loss.
func (l MeanSquaredError) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l MeanSquaredError) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

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

func (MeanAbsoluteError) terms(pred, target graph.Node) graph.Node {
	return difference(pred, target).Abs()
}

// RootMeanSquaredError is the square root of the mean of (p - t)² over every element of the batch.
type RootMeanSquaredError struct{}

// Loss implements graph.Loss.
func (RootMeanSquaredError) Loss(pred, target graph.Node) graph.Node {
	// The root has no derivative at 0; the shift, too small for any other effect, makes it 0 there.
	return difference(pred, target).Square().Mean().Shift(1e-24).Sqrt()
}

// Huber is the mean of d²/2 where |d| <= Delta, else Delta·(|d| - Delta/2), with d = p - t (Huber 1964).
type Huber struct {
	Delta float64 // 0 is 1
}

// Loss implements graph.Loss.
func (h Huber) Loss(pred, target graph.Node) graph.Node { return h.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (h Huber) PerSample(pred, target graph.Node) graph.Node {
	return perSample(h.terms(pred, target))
}

func (h Huber) terms(pred, target graph.Node) graph.Node {
	delta := settings.Above("Delta", h.Delta, 0).OrZero(1)
	if pred = checked(pred, delta); pred.Err() != nil {
		return pred
	}
	d := difference(pred, target).Abs()
	near := d.Clip(0, delta.Value)
	return near.Square().Scale(0.5).Add(d.Sub(near).Scale(delta.Value))
}

// LogCosh is the mean of log(cosh(p - t)).
type LogCosh struct{}

// Loss implements graph.Loss.
func (l LogCosh) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l LogCosh) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

func (LogCosh) terms(pred, target graph.Node) graph.Node {
	const log2 = 0.693147180559945309417232121458
	d := difference(pred, target) // log(cosh(d)) = d + log(1 + exp(-2d)) - log(2), without overflow
	return d.Add(d.Scale(-2).Softplus()).Shift(-log2)
}

// Poisson is the mean of p - t·log(p), the negative logarithm of a Poisson distribution's likelihood without the terms that
// depend on the target alone. Predictions are rates, above 0.
type Poisson struct{}

// Loss implements graph.Loss.
func (l Poisson) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l Poisson) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

func (Poisson) terms(pred, target graph.Node) graph.Node {
	target = fit(pred, target)
	return pred.Sub(target.Mul(pred.Shift(1e-8).Log()))
}

// Quantile is the mean of Level·d where d > 0, else (Level - 1)·d, with d = t - p, over every element: a network that
// minimizes it predicts that quantile of the targets (Koenker & Bassett 1978), the median at 1/2.
type Quantile struct {
	Level float64 // between 0 and 1; 0 is 1/2
}

// Loss implements graph.Loss.
func (q Quantile) Loss(pred, target graph.Node) graph.Node { return q.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (q Quantile) PerSample(pred, target graph.Node) graph.Node {
	return perSample(q.terms(pred, target))
}

func (q Quantile) terms(pred, target graph.Node) graph.Node {
	level := settings.Inside("Level", q.Level, 0, 1).OrZero(0.5)
	d := difference(checked(pred, level), target)
	return d.ReLU().Sub(d.Scale(level.Value))
}

// MeanSquaredLogarithmicError is the mean of (log(1+p) - log(1+t))² over every element: of numbers whose ratio matters.
// Predictions and targets are more than -1.
type MeanSquaredLogarithmicError struct{}

// Loss implements graph.Loss.
func (l MeanSquaredLogarithmicError) Loss(pred, target graph.Node) graph.Node {
	return l.terms(pred, target).Mean()
}

// PerSample implements graph.SampleLoss.
func (l MeanSquaredLogarithmicError) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

func (MeanSquaredLogarithmicError) terms(pred, target graph.Node) graph.Node {
	return pred.Log1p().Sub(fit(pred, target).Log1p()).Square()
}
