package graph

import (
	"errors"
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

func (x Node) unary(c ops.Code) Node { return x.constant(c, 0, 0) }

func (x Node) constant(c ops.Code, a, b float64) Node {
	if a != a || b != b {
		return x.fail(c.String(), errors.New("got NaN, want a number"))
	}
	f := func(x Node) Node { return x.apply(c.String(), ops.Map{Code: c, A: a, B: b}) }
	if good := finiteAt(c, a); good != nil && x.mask != nil {
		return x.guarded(f, good)
	}
	return f(x)
}

func (x Node) binary(c ops.Code, y Node) Node { return x.apply(c.String(), ops.Map{Code: c}, y) }

// by applies an operation that is finite where y is not 0.
func (x Node) by(c ops.Code, y Node) Node {
	return y.guarded(func(y Node) Node { return x.binary(c, y) }, nonzero, x)
}

// Add returns x + y.
func (x Node) Add(y Node) Node { return x.binary(ops.Add, y) }

// Sub returns x - y.
func (x Node) Sub(y Node) Node { return x.binary(ops.Sub, y) }

// Mul returns x·y, element by element; MatMul is the matrix product.
func (x Node) Mul(y Node) Node { return x.binary(ops.Mul, y) }

// Div returns x / y.
func (x Node) Div(y Node) Node { return x.by(ops.Div, y) }

// Mod returns the remainder x - ⌊x/y⌋·y, which has the sign of y, as in Python, NumPy's mod and PyTorch's remainder. It is NaN
// where y is 0 or x is infinite. The derivative by x is 1, by y -⌊x/y⌋, and NaN where the remainder is NaN or infinite. C's fmod,
// whose remainder has the sign of x, is x.Abs().Mod(y.Abs()) with the sign of x.
func (x Node) Mod(y Node) Node { return x.by(ops.Mod, y) }

// Pow returns x to the power of y, as math.Pow: a negative x with a y that is not an integer gives NaN, and x⁰ is 1 for every
// x. Where y is 0, the derivative by x is 0. The derivative by y is xʸ·log(x), and 0 where x is 0 and y at least 0.
func (x Node) Pow(y Node) Node {
	if failed := x.together("Pow", y); failed.err != nil {
		return failed
	}
	return x.guarded(func(x Node) Node { return x.binary(ops.Pow, y) }, finitePower(y), y)
}

// Maximum returns the larger of x and y, element by element. Where they are equal, each gets half of the gradient.
func (x Node) Maximum(y Node) Node { return x.binary(ops.Max, y) }

// Minimum returns the smaller of x and y, element by element. Where they are equal, each gets half of the gradient.
func (x Node) Minimum(y Node) Node { return x.binary(ops.Min, y) }

// Where returns the elements of x where cond > 0, and the elements of y elsewhere. The element not chosen is ignored, even
// if it is NaN; where cond is NaN, the result is NaN. (A comparison is never NaN.) Only the chosen element gets the gradient, the other one gets 0; cond
// gets none.
//
// That 0 is still passed back through the operations that made x and y, as in PyTorch and JAX: if one of these has an infinite
// derivative, the product is NaN. x.Sqrt().Where(x, x) has the derivative NaN for x <= 0. Choose the argument first, so that the
// operation never gets a bad one: x.Where(x, one).Sqrt().Where(x, x).
func (x Node) Where(cond, y Node) Node {
	if failed := x.together("Where", cond, y); failed.err != nil {
		return failed
	}
	no := cond.unary(ops.Step).Neg().Shift(1)
	return x.binary(ops.ReLUGrad, cond).Add(y.binary(ops.ReLUGrad, no))
}

// Greater returns 1 where x > y, and 0 elsewhere, also where x or y is NaN, as in PyTorch and ONNX; its derivative is zero.
func (x Node) Greater(y Node) Node { return x.binary(ops.Greater, y).unary(ops.ZeroNaN) }

// Equal returns 1 where x and y are equal, and 0 elsewhere, also where x or y is NaN: x.Equal(x) finds the NaNs of x. Its derivative
// is zero.
func (x Node) Equal(y Node) Node { return x.binary(ops.Equal, y).unary(ops.ZeroNaN) }

// Xlogy returns x·log(y), and 0 where x is 0 and y is not NaN. The derivative by x is log(y), also where x is 0; where x is 0
// and y <= 0, both derivatives are 0. The logarithm of an Exp is not computed: x.Xlogy(z.Exp()) is x·z, and 0 where x is 0,
// even if z is infinite.
func (x Node) Xlogy(y Node) Node {
	if failed := x.together("Xlogy", y); failed.err != nil {
		return failed
	}
	if counts := y.valid([]Node{x}); !none(counts) {
		x = x.binary(ops.ReLUGrad, counts.Maximum(positive(y.Masked(Node{})).unary(ops.ZeroNaN)))
	}
	return x.binary(ops.Xlogy, y)
}

// Neg returns -x.
func (x Node) Neg() Node { return x.unary(ops.Neg) }

// Scale returns c·x.
func (x Node) Scale(c float64) Node { return x.constant(ops.Scale, c, 0) }

// Shift returns x + c.
func (x Node) Shift(c float64) Node { return x.constant(ops.Shift, c, 0) }

// PowScalar returns x to the power of c, as math.Pow: a negative x with a c that is not an integer gives NaN. For c = 0 it
// is 1 everywhere, with a derivative of zero.
func (x Node) PowScalar(c float64) Node { return x.constant(ops.Power, c, 0) }

// Clip returns x limited to [lo, hi]. The derivative is 1 inside and at the limits, and 0 outside. lo > hi is an error.
func (x Node) Clip(lo, hi float64) Node {
	if lo > hi {
		return x.fail("Clip", fmt.Errorf("got the limits %v and %v, want the first at most the second", lo, hi))
	}
	return x.constant(ops.Clip, lo, hi)
}

// Square returns x².
func (x Node) Square() Node { return x.unary(ops.Square) }

// Sqrt returns √x, and NaN where x < 0. Its derivative is infinite at 0 and NaN below 0: see Norm and Std, whose derivatives are
// finite everywhere, and Where.
func (x Node) Sqrt() Node { return x.unary(ops.Sqrt) }

// Reciprocal returns 1/x, which is infinite where x is 0.
func (x Node) Reciprocal() Node { return x.unary(ops.Reciprocal) }

// Abs returns |x|; its derivative at 0 is 0.
func (x Node) Abs() Node { return x.unary(ops.Abs) }

// Sign returns -1 where x < 0, 0 where x is 0, and 1 where x > 0; its derivative is zero.
func (x Node) Sign() Node { return x.unary(ops.Sign) }

// Floor returns the largest integer that is at most x; its derivative is zero.
func (x Node) Floor() Node { return x.unary(ops.Floor) }

// Ceil returns the smallest integer that is at least x; its derivative is zero.
func (x Node) Ceil() Node { return x.unary(ops.Ceil) }

// Round returns the integer nearest to x, and the even one of two equally near: 0.5 becomes 0, 1.5 becomes 2, as in NumPy and
// PyTorch. Its derivative is zero.
func (x Node) Round() Node { return x.unary(ops.Round) }

// Exp returns e to the power of x. It overflows to +Inf from about 88.7 in float32 and 709.8 in float64.
func (x Node) Exp() Node { return x.unary(ops.Exp) }

// Log returns the natural logarithm of x: -Inf where x is 0, NaN where x < 0.
func (x Node) Log() Node { return x.unary(ops.Log) }

// Log1p returns log(1 + x), accurate for small x too.
func (x Node) Log1p() Node { return x.unary(ops.Log1p) }

// Sin returns the sine of x in radians.
func (x Node) Sin() Node { return x.unary(ops.Sin) }

// Cos returns the cosine of x in radians.
func (x Node) Cos() Node { return x.unary(ops.Cos) }

// Erf returns the error function of x, 2/√π · ∫₀ˣ exp(-t²) dt.
func (x Node) Erf() Node { return x.unary(ops.Erf) }

// Tanh returns y, the hyperbolic tangent of x. The derivative 1 - y² has an error of about the element type's ε, 1.2e-7 for
// float32: where y is rounded to ±1, it is 0.
func (x Node) Tanh() Node { return x.unary(ops.Tanh) }

// Sigmoid returns y = 1 / (1 + exp(-x)), without overflow for any x. The derivative y·(1 - y) has an error of about the element
// type's ε, as in Tanh.
func (x Node) Sigmoid() Node { return x.unary(ops.Sigmoid) }

// GELU returns x·Φ(x), where Φ is the distribution function of the standard normal distribution: the exact form, not the
// approximation by tanh (Hendrycks & Gimpel 2016).
func (x Node) GELU() Node { return x.unary(ops.GELU) }

// Softplus returns log(1 + exp(x)), without overflow for any x. x.Softplus().Sub(x.Mul(t)), with t of the shape of x, is the
// binary cross-entropy of the logit x and the target t: it is computed as one operation, which does not cancel, and x·t is 0
// where t is 0, even if x is infinite.
func (x Node) Softplus() Node { return x.unary(ops.Softplus) }

// ReLU returns max(x, 0); its derivative at 0 is 0.
func (x Node) ReLU() Node { return x.unary(ops.ReLU) }

// LeakyReLU returns x where x > 0, else slope·x; its derivative at 0 is slope. A negative or infinite slope is an error,
// since the derivative is computed from the output.
func (x Node) LeakyReLU(slope float64) Node {
	switch {
	case slope == 0: // so that 0·-Inf does not occur
		return x.apply("LeakyReLU", ops.Map{Code: ops.ReLU})
	case slope < 0 || math.IsInf(slope, 0):
		return x.fail("LeakyReLU", fmt.Errorf("got slope %v, want a finite number of at least 0", slope))
	}
	return x.constant(ops.LeakyReLU, slope, 0)
}

// ELU returns x where x > 0, else alpha·(exp(x) - 1); its derivative at 0 is alpha (Clevert et al. 2016).
func (x Node) ELU(alpha float64) Node { return x.constant(ops.ELU, alpha, 0) }
