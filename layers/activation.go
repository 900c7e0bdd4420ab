package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Identity returns its input.
type Identity struct{}

// Emit implements graph.Layer.
func (Identity) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x }

// ReLU is max(x, 0).
type ReLU struct{}

// Emit implements graph.Layer.
func (ReLU) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.ReLU() }

// LeakyReLU is x where x > 0, else Slope·x (Maas et al. 2013).
type LeakyReLU struct {
	Slope float64 // greater than 0; 0 means 0.01
}

// Emit implements graph.Layer.
func (l LeakyReLU) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	slope := settings.Above("Slope", l.Slope, 0).OrZero(0.01)
	return checked(x, slope).LeakyReLU(slope.Value)
}

// Sigmoid is 1 / (1 + exp(-x)).
type Sigmoid struct{}

// Emit implements graph.Layer.
func (Sigmoid) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Sigmoid() }

// Tanh is the hyperbolic tangent.
type Tanh struct{}

// Emit implements graph.Layer.
func (Tanh) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Tanh() }

// Softmax is exp(x) divided by the sum of exp(x) along an axis: probabilities of classes. Along the time of a sequence with a mask,
// padding gets the probability 0; the steps remain steps, and the output has the mask, unless the time is the last axis, where they
// are the classes.
type Softmax struct {
	Axis int // counted with the batch as 0, negative from the end; 0 means the last axis
}

// Emit implements graph.Layer.
func (l Softmax) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return overSteps(x, orLast(l.Axis), 0, graph.Node.Softmax)
}

// LogSoftmax is the logarithm of Softmax.
type LogSoftmax struct {
	Axis int // counted with the batch as 0, negative from the end; 0 means the last axis
}

// Emit implements graph.Layer.
func (l LogSoftmax) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return overSteps(x, orLast(l.Axis), -1000, graph.Node.LogSoftmax) // exp(-1000) is 0
}

// overSteps applies f, a softmax along an axis. If that is the time of a sequence with a mask, padding has no part in it, and is then
// the given value.
func overSteps(x graph.Node, axis int, padding float64, f func(x graph.Node, axis ...int) graph.Node) graph.Node {
	valid, time, ok := x.Valid()
	if !ok || axis != time && axis != time-x.Rank() {
		return f(x, axis)
	}
	y := f(x.FillPadding(-1e30), axis) // not -Inf: all may be padding
	if time == x.Rank()-1 || valid.Dim(0) != x.Dim(0) {
		return y
	}
	return y.Masked(valid.Reshape(valid.Dim(0), valid.Dim(time)), time).FillPadding(padding)
}

// orLast returns the axis, or the last one for 0, which is the batch.
func orLast(axis int) int {
	return settings.Or(axis, -1)
}

// Softplus is log(1 + exp(x)).
type Softplus struct{}

// Emit implements graph.Layer.
func (Softplus) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Softplus() }

// Softsign is x / (1 + |x|).
type Softsign struct{}

// Emit implements graph.Layer.
func (Softsign) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Div(x.Abs().Shift(1)) }

// ELU is x where x > 0, else Alpha·(exp(x) - 1) (Clevert et al. 2016).
type ELU struct {
	Alpha float64 // 0 means 1
}

// Emit implements graph.Layer.
func (l ELU) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	alpha := settings.Finite("Alpha", l.Alpha).OrZero(1)
	return checked(x, alpha).ELU(alpha.Value)
}

// SELU is the self-normalizing scale·ELU(x), with the constants scale and alpha of Klambauer et al. 2017.
type SELU struct{}

// Emit implements graph.Layer.
func (SELU) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	const alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
	return x.ELU(alpha).Scale(scale)
}

// GELU is x·Φ(x), where Φ is the distribution function of the standard normal distribution (Hendrycks & Gimpel 2016).
type GELU struct {
	Tanh bool // use the paper's approximation by tanh
}

// Emit implements graph.Layer.
func (l GELU) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	if l.Tanh {
		// (1 + tanh(u))/2 = sigmoid(2u), without cancelling. Beyond ±25 the sigmoid is 0 or 1, and u³ may overflow.
		near := x.Clip(-25, 25)
		u := near.Add(near.PowScalar(3).Scale(0.044715)).Scale(math.Sqrt(2 / math.Pi))
		return x.Mul(u.Scale(2).Sigmoid())
	}
	return x.GELU()
}

// SiLU is x·sigmoid(x), also called swish (Elfwing et al. 2018).
type SiLU struct{}

// Emit implements graph.Layer.
func (SiLU) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Mul(x.Sigmoid()) }

// Mish is x·tanh(softplus(x)) (Misra 2019).
type Mish struct{}

// Emit implements graph.Layer.
func (Mish) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Mul(x.Softplus().Tanh()) }

// HardSigmoid is x/6 + 1/2, clipped to [0, 1].
type HardSigmoid struct{}

// Emit implements graph.Layer.
func (HardSigmoid) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return x.Scale(1.0/6).Shift(0.5).Clip(0, 1)
}
