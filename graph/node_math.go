package graph

import (
	"errors"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

func (x Node) unary(c ops.Code) Node { return x.apply(c.String(), ops.Map{Code: c}) }

func (x Node) constant(c ops.Code, a, b float64) Node {
	if a != a || b != b {
		return x.fail(c.String(), errors.New("got NaN for a constant"))
	}
	return x.apply(c.String(), ops.Map{Code: c, A: a, B: b})
}

func (x Node) binary(c ops.Code, y Node) Node { return x.apply(c.String(), ops.Map{Code: c}, y) }

// Add returns x + y.
func (x Node) Add(y Node) Node { return x.binary(ops.Add, y) }

// Sub returns x - y.
func (x Node) Sub(y Node) Node { return x.binary(ops.Sub, y) }

// Mul returns x·y, element by element.
func (x Node) Mul(y Node) Node { return x.binary(ops.Mul, y) }

// Div returns x / y.
func (x Node) Div(y Node) Node { return x.binary(ops.Div, y) }

// Pow returns x to the power of y.
func (x Node) Pow(y Node) Node { return x.binary(ops.Pow, y) }

// Maximum returns the larger of x and y; equal elements share the gradient.
func (x Node) Maximum(y Node) Node { return x.binary(ops.Max, y) }

// Minimum returns the smaller of x and y; equal elements share the gradient.
func (x Node) Minimum(y Node) Node { return x.binary(ops.Min, y) }

// Where returns the elements of x where cond is above 0, and those of y elsewhere. What is not taken does not matter, were it
// NaN; where cond is NaN, so is the result. The derivative goes to what is taken.
func (x Node) Where(cond, y Node) Node {
	no := cond.unary(ops.Step).Neg().Shift(1)
	return x.binary(ops.ReLUGrad, cond).Add(y.binary(ops.ReLUGrad, no))
}

// Greater returns 1 where x > y, else 0; its derivative is zero.
func (x Node) Greater(y Node) Node { return x.binary(ops.Greater, y) }

// Equal returns 1 where x and y are equal, else 0; its derivative is zero.
func (x Node) Equal(y Node) Node { return x.binary(ops.Equal, y) }

// Xlogy returns x·log(y), and 0 where x is 0.
func (x Node) Xlogy(y Node) Node { return x.binary(ops.Xlogy, y) }

// Neg returns -x.
func (x Node) Neg() Node { return x.unary(ops.Neg) }

// Scale returns c·x.
func (x Node) Scale(c float64) Node { return x.constant(ops.Scale, c, 0) }

// Shift returns x + c.
func (x Node) Shift(c float64) Node { return x.constant(ops.Shift, c, 0) }

// PowScalar returns x to the power of c.
func (x Node) PowScalar(c float64) Node { return x.constant(ops.Power, c, 0) }

// Clip returns x limited to [lo, hi]; the derivative is 1 within, the limits included, and 0 outside.
func (x Node) Clip(lo, hi float64) Node {
	if lo > hi {
		return x.fail("Clip", errors.New("got a lower limit above the upper one"))
	}
	return x.constant(ops.Clip, lo, hi)
}

// Square returns x².
func (x Node) Square() Node { return x.unary(ops.Square) }

// Sqrt returns the square root.
func (x Node) Sqrt() Node { return x.unary(ops.Sqrt) }

// Reciprocal returns 1/x.
func (x Node) Reciprocal() Node { return x.unary(ops.Reciprocal) }

// Abs returns |x|; its derivative at 0 is 0.
func (x Node) Abs() Node { return x.unary(ops.Abs) }

// Sign returns -1, 0 or 1.
func (x Node) Sign() Node { return x.unary(ops.Sign) }

// Floor returns the largest whole number that is not above x; its derivative is zero.
func (x Node) Floor() Node { return x.unary(ops.Floor) }

// Exp returns e to the power of x.
func (x Node) Exp() Node { return x.unary(ops.Exp) }

// Log returns the natural logarithm.
func (x Node) Log() Node { return x.unary(ops.Log) }

// Log1p returns log(1 + x), also for small x.
func (x Node) Log1p() Node { return x.unary(ops.Log1p) }

// Sin returns the sine of x in radians.
func (x Node) Sin() Node { return x.unary(ops.Sin) }

// Cos returns the cosine of x in radians.
func (x Node) Cos() Node { return x.unary(ops.Cos) }

// Erf returns the error function.
func (x Node) Erf() Node { return x.unary(ops.Erf) }

// Tanh returns the hyperbolic tangent.
func (x Node) Tanh() Node { return x.unary(ops.Tanh) }

// Sigmoid returns 1 / (1 + exp(-x)), without overflow for any x.
func (x Node) Sigmoid() Node { return x.unary(ops.Sigmoid) }

// GELU returns x·Φ(x) with the normal distribution function Φ.
func (x Node) GELU() Node { return x.unary(ops.GELU) }

// Softplus returns log(1 + exp(x)), without overflow for any x.
func (x Node) Softplus() Node { return x.unary(ops.Softplus) }

// ReLU returns max(x, 0); its derivative at 0 is 0.
func (x Node) ReLU() Node { return x.unary(ops.ReLU) }

// LeakyReLU returns x where x > 0, else slope·x. A slope below 0 has no derivative in terms of the output and is an error.
func (x Node) LeakyReLU(slope float64) Node {
	if slope < 0 || math.IsInf(slope, 0) {
		return x.fail("LeakyReLU", errors.New("got a negative or infinite slope, want 0 or more"))
	}
	return x.constant(ops.LeakyReLU, slope, 0)
}

// ELU returns x where x > 0, else alpha·(exp(x) - 1) (Clevert et al. 2016).
func (x Node) ELU(alpha float64) Node { return x.constant(ops.ELU, alpha, 0) }
