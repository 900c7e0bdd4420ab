package main

// element returns a stream that sets its first slice to a function of the others, which may be the same.
func element(name string, inputs, scalars, by int, f func(f *function, x, c []code) code) stream {
	s := stream{name: name, slices: inputs + 1, out: []int{0}, scalars: scalars, by: by,
		f: func(fn *function, x, c []code) []code { return []code{f(fn, x, c)} }}
	for i := range inputs {
		s.in = append(s.in, i+1)
	}
	return s
}

// one, oneScalar and two return elements of one input, of one input and one scalar, and of two inputs.
func one(name string, by int, f func(x code) code) stream {
	return element(name, 1, 0, by, func(_ *function, x, _ []code) code { return f(x[0]) })
}

func oneScalar(name string, by int, f func(x, c code) code) stream {
	return element(name, 1, 1, by, func(_ *function, x, c []code) code { return f(x[0], c[0]) })
}

func two(name string, by int, f func(a, b code) code) stream {
	return element(name, 2, 0, by, func(_ *function, x, _ []code) code { return f(x[0], x[1]) })
}

// isNaN returns where x is NaN.
func isNaN(x code) code { return notEqual(x, x) }

// unordered returns where either is NaN.
func unordered(a, b code) code { return or(isNaN(a), isNaN(b)) }

// poison returns NaN where the mask is set, and v elsewhere.
func poison(mask, v code) code { return or(mask, v) }

// indicator returns the function that is 1 where the comparison holds, NaN where either side is NaN, and 0 elsewhere.
func indicator(compare func(a, b code) code) func(a, b code) code {
	return func(a, b code) code { return poison(unordered(a, b), and(compare(a, b), k(1))) }
}

// whereNotZero returns v where t is not 0, and 0 elsewhere.
func whereNotZero(t, v code) code { return and(notEqual(t, k(0)), v) }

// byPositive returns yes where x > 0, no where x ≤ 0, and NaN where x is NaN.
func byPositive(x, yes, no code) code { return poison(isNaN(x), pick(greater(x, k(0)), yes, no)) }

var arithmetic = []stream{
	one("Neg", 2, neg),
	one("Abs", 2, abs),
	one("Square", 2, func(x code) code { return mul(x, x) }),
	one("Cube", 2, func(x code) code { return mul(mul(x, x), x) }),
	one("Sqrt", 2, sqrt),
	one("Reciprocal", 2, func(x code) code { return div(k(1), x) }),
	one("Floor", 2, floor),
	one("Sign", 2, func(x code) code {
		return poison(isNaN(x), or(and(greater(x, k(0)), k(1)), and(less(x, k(0)), k(-1))))
	}),
	one("Step", 2, func(x code) code { return indicator(greater)(x, k(0)) }),
	one("ReLU", 2, func(x code) code { return atLeast(x, k(0)) }),

	oneScalar("Scale", 2, func(x, c code) code { return mul(c, x) }),
	oneScalar("Shift", 2, add),
	oneScalar("SubScalarLeft", 2, func(x, c code) code { return sub(c, x) }),
	oneScalar("DivScalarLeft", 2, func(x, c code) code { return div(c, x) }),
	oneScalar("DivScalar", 2, div),
	oneScalar("LeakyReLU", 2, func(x, c code) code { return pick(greater(x, k(0)), x, mul(x, c)) }),
	oneScalar("GreaterScalar", 2, indicator(greater)),
	oneScalar("GreaterEqualScalar", 2, indicator(greaterEqual)),
	oneScalar("LessScalar", 2, indicator(less)),
	oneScalar("LessEqualScalar", 2, indicator(lessEqual)),
	oneScalar("EqualScalar", 2, indicator(equal)),
	oneScalar("MaxScalar", 2, maximum),
	oneScalar("MinScalar", 2, minimum),
	element("Clip", 1, 2, 2, func(_ *function, x, c []code) code { return atMost(atLeast(x[0], c[0]), c[1]) }),
	element("InRange", 1, 2, 2, func(_ *function, x, c []code) code {
		return poison(isNaN(x[0]), and(and(lessEqual(c[0], x[0]), lessEqual(x[0], c[1])), k(1)))
	}),
	element("LogSoftmax", 1, 2, 2, func(_ *function, x, c []code) code { return sub(sub(x[0], c[0]), c[1]) }),

	two("Add", 2, add),
	two("Sub", 2, sub),
	two("Mul", 2, mul),
	two("Div", 2, div),
	two("Max", 2, maximum),
	two("Min", 2, minimum),
	two("Greater", 2, indicator(greater)),
	two("GreaterEqual", 2, indicator(greaterEqual)),
	two("Equal", 2, indicator(equal)),
	two("Xmul", 2, func(a, b code) code { return poison(isNaN(b), whereNotZero(a, mul(a, b))) }),
	two("TanhGrad", 2, func(g, y code) code { return mul(g, sub(k(1), mul(y, y))) }),
	two("SigmoidGrad", 2, func(g, y code) code { return mul(g, mul(y, sub(k(1), y))) }),
	two("ReLUGrad", 2, func(g, y code) code { return byPositive(y, g, k(0)) }),
	element("AddScaled", 2, 1, 2, func(_ *function, x, c []code) code { return add(x[0], mul(c[0], x[1])) }),
	element("LeakyReLUGrad", 2, 1, 2, func(_ *function, x, c []code) code { return byPositive(x[1], x[0], mul(c[0], x[0])) }),
	element("SoftmaxGrad", 2, 1, 2, func(_ *function, x, c []code) code { return mul(x[1], sub(x[0], c[0])) }),
	element("SoftmaxCEGrad", 2, 2, 2, func(_ *function, x, c []code) code { return mul(c[1], sub(mul(c[0], x[0]), x[1])) }),
	element("MulAdd", 3, 0, 2, func(_ *function, x, _ []code) code { return add(mul(x[0], x[1]), x[2]) }),
}
