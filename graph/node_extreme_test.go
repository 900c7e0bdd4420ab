package graph_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
)

type real = func(x float64) float64

// extreme returns a case for a method of Node, with its value, its derivative and its second derivative.
func extreme(name string, f func(x graph.Node) graph.Node, y, d, d2 real, ulps float64, abs ...float64) Case {
	c := Case{Name: name, F: func(x ...graph.Node) graph.Node { return f(x[0]) }, Want: []Real{One(y), One(d), One(d2)}, Ulps: ulps}
	copy(c.Abs[:], abs)
	return c
}

func all(c float64) real { return func(float64) float64 { return c } }

// logarithm and power are math.Log and math.Pow, which are wrong for subnormal numbers on amd64.
func logarithm(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		f, n := math.Frexp(x)
		return float64(n)*math.Ln2 + math.Log(f)
	}
	return math.Log(x)
}

func power(x, y float64) float64 {
	if x > 0 && x < 0x1p-1022 && y != math.Floor(y) {
		return math.Pow(x*0x1p52, y) * math.Pow(0x1p-52, y)
	}
	return math.Pow(x, y)
}

// near bounds x where exp(-x²/2) is 0 anyway.
func near(x float64) float64 { return math.Max(-40, math.Min(x, 40)) }

// unaries are the functions of one argument. Only the derivatives that are computed from the output of Tanh and Sigmoid have
// an error in terms of ε, not of the result: where the output is rounded to 1, they are 0.
var unaries = []Case{
	extreme("Neg", graph.Node.Neg, func(x float64) float64 { return -x }, all(-1), all(0), 0),
	extreme("Scale", func(x graph.Node) graph.Node { return x.Scale(-0.3) }, func(x float64) float64 { return -0.3 * x }, all(-0.3), all(0), 1),
	extreme("Scale twice", func(x graph.Node) graph.Node { return x.Scale(1e-30).Scale(1e-30) },
		func(x float64) float64 { return 1e-60 * x }, all(1e-60), all(0), 2),
	extreme("Shift", func(x graph.Node) graph.Node { return x.Shift(2) }, func(x float64) float64 { return x + 2 }, all(1), all(0), 1),
	extreme("Square", graph.Node.Square, func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, all(2), 1),
	extreme("Sqrt", graph.Node.Sqrt, math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) },
		func(x float64) float64 { return -0.25 / math.Sqrt(x) / x }, 3),
	extreme("Reciprocal", graph.Node.Reciprocal, func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / x / x },
		func(x float64) float64 { return 2 / x / x / x }, 4),
	extreme("Abs", graph.Node.Abs, math.Abs, Sign, all(0), 0),
	extreme("Sign", graph.Node.Sign, Sign, all(0), all(0), 0),
	extreme("Floor", graph.Node.Floor, math.Floor, all(0), all(0), 0),
	extreme("Ceil", graph.Node.Ceil, math.Ceil, all(0), all(0), 0),
	extreme("Round", graph.Node.Round, math.RoundToEven, all(0), all(0), 0),
	extreme("Exp", graph.Node.Exp, math.Exp, math.Exp, math.Exp, 2),
	extreme("Log", graph.Node.Log, logarithm, func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / x / x }, 4),
	extreme("Log1p", graph.Node.Log1p, math.Log1p, func(x float64) float64 { return 1 / (1 + x) },
		func(x float64) float64 { return -1 / (1 + x) / (1 + x) }, 4),
	extreme("Sin", graph.Node.Sin, math.Sin, math.Cos, func(x float64) float64 { return -math.Sin(x) }, 1),
	extreme("Cos", graph.Node.Cos, math.Cos, func(x float64) float64 { return -math.Sin(x) }, func(x float64) float64 { return -math.Cos(x) }, 1),
	// exp(-x²) has the rounding error of x², up to 100·ε.
	extreme("Erf", graph.Node.Erf, math.Erf, func(x float64) float64 { return 2 / math.Sqrt(math.Pi) * math.Exp(-x*x) },
		func(x float64) float64 { return -4 / math.Sqrt(math.Pi) * near(x) * math.Exp(-x*x) }, 100),
	extreme("GELU", graph.Node.GELU, func(x float64) float64 { return 0.5 * math.Max(x, -40) * math.Erfc(-x/math.Sqrt2) },
		func(x float64) float64 { return 0.5*math.Erfc(-x/math.Sqrt2) + near(x)*Density(x) },
		func(x float64) float64 { return Density(x) * (2 - near(x)*near(x)) }, 500, 0, 2, 0),
	extreme("Tanh", graph.Node.Tanh, math.Tanh, TanhSlope, func(x float64) float64 { return -2 * math.Tanh(x) * TanhSlope(x) }, 5, 0, 2, 2),
	extreme("Sigmoid", graph.Node.Sigmoid, Sigmoid, SigmoidSlope, func(x float64) float64 { return -SigmoidSlope(x) * math.Tanh(x/2) }, 5, 0, 1, 1),
	extreme("Softplus", graph.Node.Softplus, Softplus, Sigmoid, SigmoidSlope, 5, 0, 0, 1),
	extreme("ReLU", graph.Node.ReLU, func(x float64) float64 { return math.Max(x, 0) }, func(x float64) float64 { return Choose(x > 0, 1, 0) }, all(0), 0),
	extreme("LeakyReLU", func(x graph.Node) graph.Node { return x.LeakyReLU(0.25) }, func(x float64) float64 { return Choose(x > 0, x, x/4) },
		func(x float64) float64 { return Choose(x > 0, 1, 0.25) }, all(0), 0),
	extreme("LeakyReLU of slope 0", func(x graph.Node) graph.Node { return x.LeakyReLU(0) }, func(x float64) float64 { return math.Max(x, 0) },
		func(x float64) float64 { return Choose(x > 0, 1, 0) }, all(0), 0),
	extreme("ELU", func(x graph.Node) graph.Node { return x.ELU(1.5) }, func(x float64) float64 { return Choose(x > 0, x, 1.5*math.Expm1(x)) },
		func(x float64) float64 { return Choose(x > 0, 1, 1.5*math.Exp(x)) }, func(x float64) float64 { return Choose(x > 0, 0, 1.5*math.Exp(x)) }, 4),
	extreme("ELU of alpha 1", func(x graph.Node) graph.Node { return x.ELU(1) }, func(x float64) float64 { return Choose(x > 0, x, math.Expm1(x)) },
		func(x float64) float64 { return math.Exp(math.Min(x, 0)) }, func(x float64) float64 { return Choose(x > 0, 0, math.Exp(x)) }, 4),
	extreme("Clip", func(x graph.Node) graph.Node { return x.Clip(-1, 5) }, func(x float64) float64 { return math.Max(-1, math.Min(x, 5)) },
		func(x float64) float64 { return Choose(x >= -1 && x <= 5, 1, 0) }, all(0), 0),
}

// TestExtremes checks the functions of one argument from denormal numbers to infinity.
func TestExtremes(t *testing.T) {
	for _, c := range unaries {
		if c.Name == "Sqrt" || c.Name == "Log" {
			c.Keep = Positive
		}
		c.Check(t)
	}
	for _, e := range []float64{-2, -1, -0.5, 0, 0.3, 0.5, 1, 1.5, 2, 2.5, 3, 4} {
		c := extreme(fmt.Sprint("PowScalar ", e), func(x graph.Node) graph.Node { return x.PowScalar(e) },
			func(x float64) float64 { return power(x, e) },
			func(x float64) float64 { return Choose(e == 0, 0, e*power(x, e-1)) },
			func(x float64) float64 { return Choose(e == 0 || e == 1, 0, e*(e-1)*power(x, e-2)) }, 4)
		if e != math.Floor(e) {
			c.Keep = Positive
		}
		c.Check(t)
	}
}
