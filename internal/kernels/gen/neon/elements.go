package main

import "github.com/nndiy/nndiy/internal/kernels/gen/formulas"

// one, scalar and two return elements of one input, of one input and one scalar, and of two inputs.
func one(name, formula string, by int, g func(f *function, x vector) vector) stream {
	return element(name, formula, 1, 0, by, func(f *function, x []vector, _, _ vector) vector { return g(f, x[0]) })
}

func oneScalar(name, formula string, by int, g func(f *function, x, c vector) vector) stream {
	return element(name, formula, 1, 1, by, func(f *function, x []vector, c, _ vector) vector { return g(f, x[0], c) })
}

func twoInputs(name, formula string, by int, g func(f *function, a, b vector) vector) stream {
	return element(name, formula, 2, 0, by, func(f *function, x []vector, _, _ vector) vector { return g(f, x[0], x[1]) })
}

// indicator returns the function that is 1 where the comparison holds, NaN where either side is NaN, and 0 elsewhere.
func indicator(compare func(f *function, a, b vector) vector) func(f *function, a, b vector) vector {
	return func(f *function, a, b vector) vector {
		return f.unlessNaN(b, f.unlessNaN(a, f.and(compare(f, a, b), f.k(1))))
	}
}

// whereNotZero returns v where t is not 0, and 0 elsewhere.
func (f *function) whereNotZero(t, v vector) vector { return f.andNot(v, f.isZero(t)) }

// byPositive returns yes where x > 0, no where x ≤ 0, and NaN where x is NaN.
func (f *function) byPositive(x, yes, no vector) vector {
	return f.unlessNaN(x, f.pick(f.positive(x), yes, no))
}

// atLeast returns x, or b where x < b; atMost returns x, or b where x > b. NaN stays NaN.
func (f *function) atLeast(x, b vector) vector { return f.pick(f.less(x, b), b, x) }
func (f *function) atMost(x, b vector) vector  { return f.pick(f.greater(x, b), b, x) }

// relu returns max(x, 0); -0 stays -0.
func (f *function) relu(x vector) vector { return f.andNot(x, f.negative(x)) }

var arithmetic = []stream{
	one("neg", "-a", 4, func(f *function, x vector) vector { return f.on(fneg, x) }),
	one("abs", "|a|", 4, func(f *function, x vector) vector { return f.on(fabs, x) }),
	one("square", "a²", 4, func(f *function, x vector) vector { return f.mul(x, x) }),
	one("cube", "a³", 4, func(f *function, x vector) vector { return f.mul(f.mul(x, x), x) }),
	one("sqrt", "√a", 2, func(f *function, x vector) vector { return f.on(fsqrt, x) }),
	one("reciprocal", "1/a", 2, func(f *function, x vector) vector { return f.div(f.k(1), x) }),
	one("floor", "⌊a⌋", 4, func(f *function, x vector) vector { return f.on(frintm, x) }),
	one("sign", "the sign of a", 2, func(f *function, x vector) vector {
		return f.unlessNaN(x, f.or(f.and(f.positive(x), f.k(1)), f.and(f.negative(x), f.k(-1))))
	}),
	one("step", "1 where a > 0", 2, func(f *function, x vector) vector {
		return f.unlessNaN(x, f.and(f.positive(x), f.k(1)))
	}),
	one("relu", "max(a, 0)", 4, (*function).relu),

	oneScalar("scale", "c·a", 4, (*function).mul),
	oneScalar("shift", "a + c", 4, (*function).add),
	oneScalar("subScalarLeft", "c - a", 4, func(f *function, x, c vector) vector { return f.sub(c, x) }),
	oneScalar("divScalarLeft", "c/a", 2, func(f *function, x, c vector) vector { return f.div(c, x) }),
	oneScalar("divScalar", "a/c", 2, (*function).div),
	oneScalar("leakyReLU", "a where a > 0, else c·a", 4, func(f *function, x, c vector) vector {
		return f.pick(f.positive(x), x, f.mul(x, c))
	}),
	oneScalar("greaterScalar", "a > c", 2, indicator((*function).greater)),
	oneScalar("greaterEqualScalar", "a ≥ c", 2, indicator((*function).greaterEqual)),
	oneScalar("lessScalar", "a < c", 2, indicator((*function).less)),
	oneScalar("lessEqualScalar", "a ≤ c", 2, indicator((*function).lessEqual)),
	oneScalar("equalScalar", "a = c", 2, indicator((*function).equal)),
	oneScalar("maxScalar", "max(a, c)", 4, (*function).maximum),
	oneScalar("minScalar", "min(a, c)", 4, (*function).minimum),
	element("clip", "min(max(a, c), d)", 1, 2, 4, func(f *function, x []vector, c, d vector) vector {
		return f.atMost(f.atLeast(x[0], c), d)
	}),
	element("inRange", "1 where c ≤ a ≤ d", 1, 2, 2, func(f *function, x []vector, c, d vector) vector {
		return f.unlessNaN(x[0], f.and(f.and(f.lessEqual(c, x[0]), f.lessEqual(x[0], d)), f.k(1)))
	}),
	element("subTwice", "a - c - d", 1, 2, 4, func(f *function, x []vector, c, d vector) vector {
		return f.sub(f.sub(x[0], c), d)
	}),

	twoInputs("add", "a + b", 4, (*function).add),
	twoInputs("sub", "a - b", 4, (*function).sub),
	twoInputs("mul", "a·b", 4, (*function).mul),
	twoInputs("div", "a/b", 2, (*function).div),
	twoInputs("maximum", "max(a, b)", 4, (*function).maximum),
	twoInputs("minimum", "min(a, b)", 4, (*function).minimum),
	twoInputs("greater", "a > b", 2, indicator((*function).greater)),
	twoInputs("greaterEqual", "a ≥ b", 2, indicator((*function).greaterEqual)),
	twoInputs("equal", "a = b", 2, indicator((*function).equal)),
	twoInputs("xmul", "a·b, 0 where a = 0", 2, func(f *function, a, b vector) vector {
		return f.unlessNaN(b, f.whereNotZero(a, f.mul(a, b)))
	}),
	twoInputs("tanhGrad", "a(1-b²)", 4, formula2(formulas.TanhGrad)),
	twoInputs("sigmoidGrad", "a·b(1-b)", 4, formula2(formulas.SigmoidGrad)),
	twoInputs("reluGrad", "a where b > 0, else 0", 4, func(f *function, g, y vector) vector {
		return f.unlessNaN(y, f.and(f.positive(y), g))
	}),
	element("addScaled", "a + c·b", 2, 1, 4, func(f *function, x []vector, c, _ vector) vector {
		return f.add(x[0], f.mul(c, x[1]))
	}),
	element("leakyReLUGrad", "a where b > 0, else c·a", 2, 1, 2, func(f *function, x []vector, c, _ vector) vector {
		return f.byPositive(x[1], x[0], f.mul(c, x[0]))
	}),
	element("softmaxGrad", "b(a-c)", 2, 1, 4, func(f *function, x []vector, c, _ vector) vector {
		return f.mul(x[1], f.sub(x[0], c))
	}),
	element("scaleSub", "d(c·a - b)", 2, 2, 4, func(f *function, x []vector, c, d vector) vector {
		return f.mul(d, f.sub(f.mul(c, x[0]), x[1]))
	}),
	element("mulAdd", "a·b + c3", 3, 0, 4, func(f *function, x []vector, _, _ vector) vector {
		return f.add(f.mul(x[0], x[1]), x[2])
	}),
}
