package graph_test

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
)

// pairs returns a case for a method of Node with two operands: its value, its derivatives by a and b, and its second
// derivatives by a and a, a and b, b and b.
func pairs(name string, f func(a, b graph.Node) graph.Node, ulps float64, want ...func(a, b float64) float64) Case {
	c := Case{Name: name, F: func(x ...graph.Node) graph.Node { return f(x[0], x[1]) }, Ulps: ulps}
	for _, w := range want {
		if w == nil {
			c.Want = append(c.Want, nil)
		} else {
			c.Want = append(c.Want, Two(w))
		}
	}
	return c
}

// slope is b·(b-1)·…·a^(b-n) with n factors, 0 where the factors are.
func slope(n int) func(a, b float64) float64 {
	return func(a, b float64) float64 {
		c := 1.0
		for i := range n {
			c *= b - float64(i)
		}
		return Choose(c == 0, 0, c*math.Pow(a, b-float64(n)))
	}
}

// logOr is log(a), and 0 for a = 0.
func logOr(a float64) float64 { return Choose(a == 0, 0, math.Log(a)) }

// TestExtremePairs checks the functions of two arguments.
func TestExtremePairs(t *testing.T) {
	numbers := []float64{0, 1e-40, 1e-20, 1e-6, 0.3, 0.5, 1, 2, 3, 30, 1e6, 1e10, 1e15, 1e20, 1e30}
	signed := append([]float64{}, numbers...)
	for _, v := range numbers[1:] {
		signed = append(signed, -v)
	}
	exponents := []float64{0, 1, 2, 3, 0.5, 1.5, 10}
	powA, powB := slope(1), func(a, b float64) float64 { return math.Pow(a, b) * logOr(a) }
	powAB := func(a, b float64) float64 { return math.Pow(a, b-1) * (1 + b*math.Log(a)) }
	powBB := func(a, b float64) float64 { return math.Pow(a, b) * logOr(a) * logOr(a) }
	pow := pairs("Pow", graph.Node.Pow, 8, math.Pow, powA, powB, slope(2), nil, powBB)
	pow.Keep = func(x ...float64) bool { y := math.Pow(x[0], x[1]); return y == 0 || y > 1e-36 } // log² of a denormal number times it
	pow.CheckPairs(t, numbers, exponents)
	mixed := pairs("Pow, mixed", graph.Node.Pow, 16, nil, nil, nil, nil, powAB)
	mixed.Abs[2] = 4
	mixed.Keep = func(x ...float64) bool { return math.Abs(math.Log(x[0])) < 30 && math.Pow(x[0], x[1]-1) < 1e30 }
	mixed.CheckPairs(t, numbers[1:], exponents)
	pairs("Pow of an exponent below 0", graph.Node.Pow, 8, math.Pow, powA, nil, slope(2)).CheckPairs(t, numbers[1:], []float64{-1, -0.5, -2})
	pairs("Pow of a base below 0", graph.Node.Pow, 8, math.Pow, powA, nil, slope(2)).CheckPairs(t, signed, []float64{0, 1, 2, 3, 4})

	pairs("Xlogy", graph.Node.Xlogy, 4, func(a, b float64) float64 { return Choose(a == 0, 0, a*math.Log(b)) },
		func(a, b float64) float64 { return Choose(a == 0 && b == 0, 0, math.Log(b)) },
		func(a, b float64) float64 { return Choose(a == 0, 0, a/b) },
		func(_, _ float64) float64 { return 0 },
		func(a, b float64) float64 { return Choose(a == 0 && b == 0, 0, 1/b) },
		func(a, b float64) float64 { return Choose(a == 0, 0, -a/b/b) }).CheckPairs(t, signed, numbers)

	product := func(a, b graph.Node) graph.Node { return a.Xlogy(b.Exp()) }
	infinite := append(signed, math.Inf(1), math.Inf(-1))
	pairs("Xlogy of Exp", product, 1, func(a, b float64) float64 { return Choose(a == 0, 0, a*b) },
		func(a, b float64) float64 { return Choose(a == 0 && math.IsInf(b, 0), 0, b) }, func(a, _ float64) float64 { return a },
		func(_, _ float64) float64 { return 0 }, func(a, b float64) float64 { return Choose(a == 0 && math.IsInf(b, 0), 0, 1) },
		func(_, _ float64) float64 { return 0 }).CheckPairs(t, signed, infinite)
	logistic := func(z, t graph.Node) graph.Node { return z.Softplus().Sub(z.Mul(t)) }
	entropy := pairs("binary cross-entropy", logistic, 6, func(z, t float64) float64 {
		return Choose(t == 0, 0, t*Softplus(-z)) + Choose(t == 1, 0, (1-t)*Softplus(z))
	}, func(z, t float64) float64 { return (1-t)*Sigmoid(z) - t*Sigmoid(-z) }, func(z, _ float64) float64 { return -z },
		func(z, _ float64) float64 { return SigmoidSlope(z) }, func(_, _ float64) float64 { return -1 }, func(_, _ float64) float64 { return 0 })
	entropy.Abs = [3]float64{0, 1, 1}
	entropy.CheckPairs(t, signed, []float64{0, 1, 0.3})

	first := func(f func(x graph.Node) graph.Node) func(a, b graph.Node) graph.Node {
		return func(a, b graph.Node) graph.Node {
			excluded := b.StopGradient().Scale(0).Shift(math.Inf(-1))
			return f(graph.Concat(1, a.Expand(1), b.Expand(1), excluded.Expand(1))).Slice(1, 0, 1).Reshape(-1)
		}
	}
	softmax := pairs("Softmax beside -Inf", first(func(x graph.Node) graph.Node { return x.Softmax() }), 100,
		func(a, b float64) float64 { return Sigmoid(a - b) }, func(a, b float64) float64 { return SigmoidSlope(a - b) },
		func(a, b float64) float64 { return -SigmoidSlope(a - b) }, func(a, b float64) float64 { return -SigmoidSlope(a-b) * math.Tanh((a-b)/2) })
	softmax.Abs = [3]float64{0, 2, 2}
	softmax.CheckPairs(t, signed, []float64{0, 1, -10})
	logSoftmax := pairs("LogSoftmax beside -Inf", first(func(x graph.Node) graph.Node { return x.LogSoftmax() }), 4,
		func(a, b float64) float64 { return -Softplus(b - a) }, func(a, b float64) float64 { return Sigmoid(b - a) },
		func(a, b float64) float64 { return -Sigmoid(b - a) }, func(a, b float64) float64 { return -SigmoidSlope(a - b) })
	logSoftmax.Abs = [3]float64{1, 1, 2}
	logSoftmax.CheckPairs(t, signed, []float64{0, 1, -10})

	zero := func(_, _ float64) float64 { return 0 }
	one := func(_, _ float64) float64 { return 1 }
	half := func(x float64) float64 { return (1 + Sign(x)) / 2 } // equal operands share the gradient
	pairs("Add", graph.Node.Add, 1, func(a, b float64) float64 { return a + b }, one, one, zero, zero, zero).CheckPairs(t, signed, signed)
	pairs("Sub", graph.Node.Sub, 1, func(a, b float64) float64 { return a - b }, one, func(_, _ float64) float64 { return -1 }, zero, zero, zero).
		CheckPairs(t, signed, signed)
	pairs("Mul", graph.Node.Mul, 1, func(a, b float64) float64 { return a * b }, func(_, b float64) float64 { return b },
		func(a, _ float64) float64 { return a }, zero, one, zero).CheckPairs(t, signed, signed)
	pairs("Maximum", graph.Node.Maximum, 0, math.Max, func(a, b float64) float64 { return half(a - b) },
		func(a, b float64) float64 { return half(b - a) }, zero, zero, zero).CheckPairs(t, signed, signed)
	pairs("Minimum", graph.Node.Minimum, 0, math.Min, func(a, b float64) float64 { return half(b - a) },
		func(a, b float64) float64 { return half(a - b) }, zero, zero, zero).CheckPairs(t, signed, signed)
	div := pairs("Div", graph.Node.Div, 8, func(a, b float64) float64 { return a / b }, func(_, b float64) float64 { return 1 / b },
		func(a, b float64) float64 { return -a / b / b }, zero, func(_, b float64) float64 { return -1 / b / b },
		func(a, b float64) float64 { return 2 * a / b / b / b })
	div.CheckPairs(t, signed, []float64{-1e10, -3, -1e-6, 1e-10, 1e-6, 0.5, 1, 3, 1e6, 1e10})
	mod := func(a, b float64) float64 {
		r := math.Mod(a, b)
		return Choose(r != 0 && (r < 0) != (b < 0), r+b, r)
	}
	pairs("Mod", graph.Node.Mod, 1, mod, one, func(a, b float64) float64 { return -math.Round((a - mod(a, b)) / b) }, zero, zero, zero).
		CheckPairs(t, signed, []float64{-1e10, -3, -0.25, 0.25, 1, 3, 1e6})
	sums := pairs("LogSumExp", rowsOf(func(x graph.Node) graph.Node { return x.LogSumExp(1) }), 4,
		func(a, b float64) float64 { return math.Max(a, b) + Softplus(-math.Abs(a-b)) }, func(a, b float64) float64 { return Sigmoid(a - b) },
		func(a, b float64) float64 { return Sigmoid(b - a) }, func(a, b float64) float64 { return SigmoidSlope(a - b) })
	sums.Abs, sums.Ulps = [3]float64{2, 1, 2}, 40
	sums.CheckPairs(t, signed, []float64{0, 1, -10})
	sums.Want = []Real{sums.Want[0], Constant(0), Constant(1), Constant(0)}
	sums.CheckPairs(t, []float64{math.Inf(-1)}, []float64{0, 3, -1e30})
	sums.Want = []Real{Constant(math.Inf(-1)), Constant(0), Constant(0), Constant(0)}
	sums.CheckPairs(t, []float64{math.Inf(-1)}, []float64{math.Inf(-1)})
	norm := pairs("PNorm", rowsOf(func(x graph.Node) graph.Node { return x.PNorm(3, 1) }), 16, func(a, b float64) float64 {
		s := math.Max(math.Abs(a), math.Abs(b))
		return Choose(s == 0, 0, s*math.Cbrt(math.Pow(math.Abs(a)/s, 3)+math.Pow(math.Abs(b)/s, 3)))
	}, func(a, b float64) float64 {
		s := math.Max(math.Abs(a), math.Abs(b))
		n := math.Cbrt(math.Pow(math.Abs(a)/s, 3) + math.Pow(math.Abs(b)/s, 3))
		return Choose(a == 0, 0, Sign(a)*math.Pow(math.Abs(a)/s/n, 2))
	})
	norm.Keep = func(x ...float64) bool {
		return math.Max(math.Abs(x[0]), math.Abs(x[1])) >= 1e-37 || x[0] == 0 && x[1] == 0
	}
	norm.Abs = [3]float64{0, 1, 0}
	norm.CheckPairs(t, signed, []float64{0, 1, -3, 1e-20, 1e20})
	where := func(a, b graph.Node) graph.Node { return a.Where(b, b) }
	pairs("Where", where, 0, func(a, b float64) float64 { return Choose(b > 0, a, b) }, func(_, b float64) float64 { return Choose(b > 0, 1, 0) },
		func(_, b float64) float64 { return Choose(b > 0, 0, 1) }, zero, zero, zero).CheckPairs(t, append(signed, math.Inf(1), math.NaN()), signed)
}

// TestPowOfATable: the derivative of x⁰ + x¹ + x² at 0 is 1, the exponents being a table.
func TestPowOfATable(t *testing.T) {
	Case{Name: "polynomial", F: func(x ...graph.Node) graph.Node {
		terms := make([]graph.Node, 3)
		for e := range terms {
			terms[e] = x[0].Pow(x[0].Scale(0).Shift(float64(e)).StopGradient())
		}
		return terms[0].Add(terms[1]).Add(terms[2])
	}, Want: []Real{One(func(x float64) float64 { return 1 + x + x*x }), One(func(x float64) float64 { return 1 + 2*x }), Constant(2)}, Ulps: 4,
		Abs: [3]float64{2, 2, 0}, Keep: func(x ...float64) bool { return math.Abs(x[0]) < 1e15 }}.Check(t)
}

// rowsOf returns a function of two columns as one of the rows of a matrix.
func rowsOf(f func(x graph.Node) graph.Node) func(a, b graph.Node) graph.Node {
	return func(a, b graph.Node) graph.Node { return f(graph.Concat(1, a.Expand(1), b.Expand(1))) }
}
