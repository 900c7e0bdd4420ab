package losses

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// GaussianNLL is the negative logarithm of the density of the targets under normal distributions that the network predicts, the
// mean of (log(v) + (t - m)²/v)/2 over every element (Nix & Weigend 1994). Predictions are (batch, ..., 2·n): along the last axis
// n means m, then the logarithms of n variances v; end the network without an activation. Targets are (batch, ..., n).
type GaussianNLL struct {
	MinVariance float64 // a smaller variance counts as this one, but its logarithm keeps a derivative; 0 means 1e-6
	Full        bool    // add the constant log(2π)/2
}

var (
	_ graph.TargetShaper = GaussianNLL{}
	_ graph.LossChecker  = GaussianNLL{}
)

// Loss implements graph.Loss.
func (l GaussianNLL) Loss(pred, target graph.Node) graph.Node { return l.terms(pred, target).Mean() }

// PerSample implements graph.SampleLoss.
func (l GaussianNLL) PerSample(pred, target graph.Node) graph.Node {
	return perSample(l.terms(pred, target))
}

// terms returns the loss of each element of the target.
func (l GaussianNLL) terms(pred, target graph.Node) graph.Node {
	least := settings.Above("MinVariance", l.MinVariance, 0).OrZero(1e-6)
	pred = checked(ended(pred), least)
	if pred.Err() == nil && l.Check(pred.Shape()) != nil {
		return pred.Errorf("%w", l.Check(pred.Shape()))
	}
	if pred.Err() != nil {
		return pred
	}
	n := pred.Dim(-1) / 2
	mean, log := pred.Slice(-1, 0, n), pred.Slice(-1, n, 0)
	held := log.StopGradient()
	log = held.Clip(math.Log(least.Value), math.Inf(1)).Add(log.Sub(held)) // with the derivative of log
	// The quotient by the deviation is squared, so that no square overflows before.
	d := difference(mean, target).Mul(log.Scale(-0.5).Exp())
	y := log.Add(d.Square()).Scale(0.5)
	if l.Full {
		y = y.Shift(math.Log(2*math.Pi) / 2)
	}
	return y
}

// TargetShape implements graph.TargetShaper.
func (GaussianNLL) TargetShape(pred []int) []int {
	last := len(pred) - 1
	return append(pred[:last:last], max(pred[last]/2, 1))
}

// Check implements graph.LossChecker.
func (GaussianNLL) Check(pred []int) error {
	if len(pred) == 0 || pred[len(pred)-1]%2 != 0 {
		return fmt.Errorf("got a prediction of shape %v, want an even number of elements along the last axis: means and logarithms of variances", pred)
	}
	return nil
}
