package ops

import "math"

// Diff implements Def: the derivative of each function, as nodes.
func (m Map) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	if m.Code.Arity() == 1 {
		return []*Node{m.diffUnary(g, in[0], n, grad)}
	}
	d := m.diffBinary(g, in[0], in[1], n, grad)
	for i, x := range d {
		if x != nil {
			d[i] = g.SumTo(x, Shape(in[i]))
		}
	}
	return d
}

// Shorthands for derivative rules: m1 and m2 apply a function of one and two arguments, mc one with the constant A.
func (g *Graph) m1(c Code, x *Node) *Node            { return g.Must(Map{Code: c}, x) }
func (g *Graph) mc(c Code, x *Node, a float64) *Node { return g.Must(Map{Code: c, A: a}, x) }
func (g *Graph) m2(c Code, a, b *Node) *Node         { return g.Must(Map{Code: c}, a, b) }

// far is an argument at which exp(-x²/2) is 0 in float64. Rules clip arguments to ±far, so that 0·∞ does not occur.
const far = 100

func (m Map) diffUnary(g *Graph, x, y, d *Node) *Node {
	times := func(f *Node) *Node { return g.m2(Mul, d, f) }
	switch m.Code {
	case Copy, Shift, Half, BFloat:
		return d
	case Neg:
		return g.m1(Neg, d)
	case Square:
		return times(g.mc(Scale, x, 2))
	case Sqrt:
		return g.m2(Div, g.mc(Scale, d, 0.5), y)
	case Abs:
		return times(g.m1(Sign, x))
	case Exp:
		return times(y)
	case Expm1:
		return times(g.mc(Shift, y, 1))
	case Log:
		return g.m2(Div, d, x)
	case Log1p:
		return g.m2(Div, d, g.mc(Shift, x, 1))
	case Tanh:
		return g.m2(TanhGrad, d, y)
	case Sigmoid:
		return g.m2(SigmoidGrad, d, y)
	case Softplus:
		return times(g.m1(Sigmoid, x))
	case Erf:
		square := g.m1(Square, g.Must(Map{Code: Clip, A: -far, B: far}, x))
		return times(g.mc(Scale, g.m1(Exp, g.m1(Neg, square)), 2/math.Sqrt(math.Pi)))
	case Sin:
		return times(g.m1(Cos, x))
	case Cos:
		return g.m1(Neg, times(g.m1(Sin, x)))
	case ReLU:
		return g.m2(ReLUGrad, d, y)
	case Reciprocal:
		return g.m1(Neg, times(g.m1(Square, y)))
	case GELU:
		return times(g.m1(GELUSlope, x))
	case GELUSlope: // φ(x)·(2 - x²)
		square := g.m1(Square, g.Must(Map{Code: Clip, A: -far, B: far}, x))
		density := g.mc(Scale, g.m1(Exp, g.mc(Scale, square, -0.5)), 1/math.Sqrt(2*math.Pi))
		return times(g.m2(Mul, density, g.mc(Shift, g.m1(Neg, square), 2)))
	case Scale:
		return g.mc(Scale, d, m.A)
	case Power:
		if m.A == 0 {
			return nil
		}
		return times(g.mc(Scale, g.mc(Power, x, m.A-1), m.A))
	case LeakyReLU:
		return g.Must(Map{Code: LeakyReLUGrad, A: m.A}, d, y)
	case ELU: // above 0 it is exp(0), below A·exp(x); y + A instead would cancel
		slope := g.m1(Exp, g.Must(Map{Code: Clip, A: math.Inf(-1), B: 0}, x))
		if m.A != 1 {
			slope = g.Must(Map{Code: LeakyReLUGrad, A: m.A}, slope, x)
		}
		return times(slope)
	case Clip:
		return times(g.Must(Map{Code: InRange, A: m.A, B: m.B}, x))
	}
	return nil // Sign, Step, Floor, Ceil, Round, InRange, ZeroNaN: zero where it exists
}

func (m Map) diffBinary(g *Graph, a, b, y, d *Node) []*Node {
	switch m.Code {
	case Add:
		return []*Node{d, d}
	case Sub:
		return []*Node{d, g.m1(Neg, d)}
	case Mul:
		return []*Node{g.m2(Mul, d, b), g.m2(Mul, d, a)}
	case Div:
		return []*Node{g.m2(Div, d, b), g.m1(Neg, g.m2(Div, g.m2(Mul, d, y), b))}
	case Max, Min: // equal elements share the gradient
		hi, lo := a, b
		if m.Code == Min {
			hi, lo = b, a
		}
		half := g.mc(Scale, g.m2(Equal, a, b), 0.5)
		ofA := g.m2(Add, g.m2(Greater, hi, lo), half)
		ofB := g.m2(Add, g.m2(Greater, lo, hi), half)
		return []*Node{g.m2(Mul, d, ofA), g.m2(Mul, d, ofB)}
	case Pow:
		return []*Node{g.m2(Mul, d, g.Must(Map{Code: Pow, A: m.A + 1}, a, b)), g.m2(Mul, d, m.diffExponent(g, a, b, y))}
	case Xlogy: // 0·log(b) is 0 for every b, so at a = 0 and b <= 0 both derivatives are 0
		inside := g.m2(Max, g.m1(Abs, a), b)
		b = g.orOne(b, inside)
		return []*Node{g.m2(Mul, d, g.m1(Log, b)), g.m2(ReLUGrad, g.m2(Mul, d, g.m2(Div, a, b)), inside)}
	case Xmul:
		inside := g.m2(Max, g.m1(Abs, a), g.m1(Reciprocal, g.m1(Abs, b)))
		return []*Node{g.m2(Mul, d, g.m2(ReLUGrad, b, inside)), g.m2(Mul, d, a)}
	case Mod: // (a - y)/b is ⌊a/b⌋ apart from rounding
		quotient := g.m1(Round, g.m2(Div, g.m2(Sub, a, y), b))
		return []*Node{d, g.m1(Neg, g.m2(Mul, d, quotient))}
	case Logistic:
		return []*Node{g.m2(Mul, d, g.m2(Sub, g.m1(Sigmoid, a), b)), g.m1(Neg, g.m2(Mul, d, a))}
	case TanhGrad:
		return []*Node{g.m2(TanhGrad, d, b), g.mc(Scale, g.m2(Mul, d, g.m2(Mul, a, b)), -2)}
	case SigmoidGrad:
		return []*Node{g.m2(SigmoidGrad, d, b), g.m2(Mul, d, g.m2(Mul, a, g.mc(Shift, g.mc(Scale, b, -2), 1)))}
	case ReLUGrad:
		return []*Node{g.m2(ReLUGrad, d, b), nil}
	case LeakyReLUGrad:
		return []*Node{g.Must(m, d, b), nil}
	}
	return []*Node{nil, nil} // comparisons
}

// diffExponent returns the derivative of y, which is m applied to a and b, by the exponent b: y·log(a), for m.A > 0 plus
// a^(b-A) times the derivative of b·(b-1)·…·(b-A+1). 0^b is constant for b > 0, and its derivative at b = 0 is 0 too.
func (m Map) diffExponent(g *Graph, a, b, y *Node) *Node {
	n := g.m2(Xlogy, y, g.orOne(a, g.m2(Max, g.m1(Abs, a), g.m1(Neg, b))))
	for j := range int(m.A) {
		term := g.m2(Pow, a, g.mc(Shift, b, -m.A))
		for i := range int(m.A) {
			if i != j {
				term = g.m2(Mul, term, g.mc(Shift, b, -float64(i)))
			}
		}
		n = g.m2(Add, n, term)
	}
	return n
}

// orOne returns x where y > 0, and elsewhere 1, from which no gradient is passed on.
func (g *Graph) orOne(x, y *Node) *Node {
	return g.m2(Add, g.m2(ReLUGrad, x, y), g.mc(Shift, g.m1(Neg, g.m1(Step, y)), 1))
}
