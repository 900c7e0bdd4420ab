package extremes

import "math"

// One makes a reference of one argument.
func One(f func(x float64) float64) Real { return func(x ...float64) float64 { return f(x[0]) } }

// Two makes a reference of two arguments.
func Two(f func(a, b float64) float64) Real {
	return func(x ...float64) float64 { return f(x[0], x[1]) }
}

// Constant makes a reference that is c everywhere.
func Constant(c float64) Real { return func(...float64) float64 { return c } }

// Positive reports whether x is above -0: for functions that are not real below 0, or whose sign at -0 has no meaning.
func Positive(x ...float64) bool { return x[0] >= 0 && !math.Signbit(x[0]) }

// Density is that of the standard normal distribution.
func Density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }

// Sigmoid is 1/(1+exp(-x)).
func Sigmoid(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / (1 + math.Exp(x))
	}
	return 1 / (1 + math.Exp(-x))
}

// SigmoidSlope is the derivative of Sigmoid.
func SigmoidSlope(x float64) float64 { return Sigmoid(x) * Sigmoid(-x) }

// Softplus is log(1+exp(x)).
func Softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// TanhSlope is 1-tanh²(x).
func TanhSlope(x float64) float64 { return 4 * SigmoidSlope(2*x) }

// Sign is -1, 0 or 1.
func Sign(x float64) float64 { return Choose(x > 0, 1, Choose(x < 0, -1, 0)) }

// Choose returns a if the condition holds, else b.
func Choose(condition bool, a, b float64) float64 {
	if condition {
		return a
	}
	return b
}
