package main

import (
	"github.com/mmcloughlin/avo/reg"

	"github.com/nndiy/nndiy/internal/kernels/gen/formulas"
)

// An element is a function of one element of each input and of the scalars c and d.
type element struct {
	name    string
	formula string
	inputs  int
	scalars int
	by      int // registers at a time
	f       func(l lanes, x []vec, c, d vec) vec
}

// emit writes the element as a stream over dst and the inputs.
func (e element) emit() {
	s := stream{
		name: e.name, doc: "sets dst = " + e.formula + ".", slices: []string{"dst", "a", "b", "c3"}[:e.inputs+1],
		out: []int{0}, params: "c, d float32", by: e.by,
		prolog: func(l lanes) body {
			var c, d reg.VecVirtual
			if e.scalars > 0 {
				c = l.scalar("c")
			}
			if e.scalars > 1 {
				d = l.scalar("d")
			}
			return func(l lanes, x []vec) []vec { return []vec{e.f(l, x, l.same(c), l.same(d))} }
		},
	}
	for i := range e.inputs {
		s.in = append(s.in, i+1)
	}
	s.emit()
}

// unary returns an element of one input.
func unary(name, formula string, by int, f func(l lanes, x vec) vec) element {
	return element{name, formula, 1, 0, by, func(l lanes, x []vec, _, _ vec) vec { return f(l, x[0]) }}
}

// scalar returns an element of one input and one scalar.
func scalar(name, formula string, by int, f func(l lanes, x, c vec) vec) element {
	return element{name, formula, 1, 1, by, func(l lanes, x []vec, c, _ vec) vec { return f(l, x[0], c) }}
}

// binary returns an element of two inputs.
func binary(name, formula string, by int, f func(l lanes, a, b vec) vec) element {
	return element{name, formula, 2, 0, by, func(l lanes, x []vec, _, _ vec) vec { return f(l, x[0], x[1]) }}
}

// comparison returns the function that compares by a predicate.
func comparison(predicate uint64) func(l lanes, a, b vec) vec {
	return func(l lanes, a, b vec) vec { return l.indicator(predicate, a, b) }
}

var arithmetic = []element{
	unary("neg", "-a", 4, func(l lanes, x vec) vec { return l.xor(x, l.bits(0x80000000)) }),
	unary("abs", "|a|", 4, lanes.abs),
	unary("square", "a²", 4, func(l lanes, x vec) vec { return l.mul(x, x) }),
	unary("cube", "a³", 2, func(l lanes, x vec) vec { return l.mul(l.mul(x, x), x) }),
	unary("sqrt", "√a", 2, lanes.sqrt),
	unary("reciprocal", "1/a", 2, func(l lanes, x vec) vec { return l.div(l.all(1), x) }),
	unary("floor", "⌊a⌋", 2, lanes.floor),
	unary("sign", "the sign of a", 1, func(l lanes, x vec) vec {
		up, down := l.keep(l.compare(greater, x, l.zero()), l.k(1)), l.keep(l.compare(less, x, l.zero()), l.k(-1))
		return l.poison(l.compare(unordered, x, x), l.or(up, down))
	}),
	unary("step", "1 where a > 0", 2, func(l lanes, x vec) vec { return l.indicator(greater, x, l.zero()) }),
	unary("relu", "max(a, 0)", 4, func(l lanes, x vec) vec { return l.maxThen(l.zero(), x) }),

	scalar("scale", "c·a", 4, func(l lanes, x, c vec) vec { return l.mul(x, c) }),
	scalar("shift", "a + c", 4, func(l lanes, x, c vec) vec { return l.add(x, c) }),
	scalar("subScalarLeft", "c - a", 4, func(l lanes, x, c vec) vec { return l.sub(c, x) }),
	scalar("divScalarLeft", "c/a", 2, func(l lanes, x, c vec) vec { return l.div(c, x) }),
	scalar("divScalar", "a/c", 2, func(l lanes, x, c vec) vec { return l.div(x, c) }),
	scalar("leakyReLU", "a where a > 0, else c·a", 2, func(l lanes, x, c vec) vec {
		return l.choose(l.compare(greater, x, l.zero()), x, l.mul(x, c))
	}),
	scalar("greaterScalar", "a > c", 2, comparison(greater)),
	scalar("greaterEqualScalar", "a ≥ c", 2, comparison(greaterEqual)),
	scalar("lessScalar", "a < c", 2, comparison(less)),
	scalar("lessEqualScalar", "a ≤ c", 2, comparison(lessEqual)),
	scalar("equalScalar", "a = c", 2, comparison(equal)),
	scalar("maxScalar", "max(a, c)", 2, lanes.maximum),
	scalar("minScalar", "min(a, c)", 2, lanes.minimum),
	{"clip", "min(max(a, c), d)", 1, 2, 2, func(l lanes, x []vec, c, d vec) vec { return l.minThen(d, l.maxThen(c, x[0])) }},
	{"inRange", "1 where c ≤ a ≤ d", 1, 2, 2, func(l lanes, x []vec, c, d vec) vec {
		return l.mul(l.indicator(greaterEqual, x[0], c), l.indicator(lessEqual, x[0], d))
	}},
	{"subTwice", "a - c - d", 1, 2, 4, func(l lanes, x []vec, c, d vec) vec { return l.sub(l.sub(x[0], c), d) }},

	binary("add", "a + b", 4, func(l lanes, a, b vec) vec { return l.add(a, b) }),
	binary("sub", "a - b", 4, func(l lanes, a, b vec) vec { return l.sub(a, b) }),
	binary("mul", "a·b", 4, func(l lanes, a, b vec) vec { return l.mul(a, b) }),
	binary("div", "a/b", 2, func(l lanes, a, b vec) vec { return l.div(a, b) }),
	binary("maximum", "max(a, b)", 2, lanes.maximum),
	binary("minimum", "min(a, b)", 2, lanes.minimum),
	binary("greater", "a > b", 2, comparison(greater)),
	binary("greaterEqual", "a ≥ b", 2, comparison(greaterEqual)),
	binary("equal", "a = b", 2, comparison(equal)),
	binary("xmul", "a·b, 0 where a = 0", 2, func(l lanes, a, b vec) vec {
		return l.poison(l.compare(unordered, b, b), l.whereNotZero(a, l.mul(a, b)))
	}),
	binary("tanhGrad", "a(1-b²)", 2, formula2(formulas.TanhGrad)),
	binary("sigmoidGrad", "a·b(1-b)", 2, formula2(formulas.SigmoidGrad)),
	binary("reluGrad", "a where b > 0, else 0", 2, func(l lanes, g, y vec) vec {
		return l.poison(l.compare(unordered, y, y), l.keep(l.compare(greater, y, l.zero()), g))
	}),
	{"addScaled", "a + c·b", 2, 1, 4, func(l lanes, x []vec, c, _ vec) vec { return l.add(x[0], l.mul(x[1], c)) }},
	{"leakyReLUGrad", "a where b > 0, else c·a", 2, 1, 2, func(l lanes, x []vec, c, _ vec) vec {
		return l.positive(x[1], x[0], l.mul(x[0], c))
	}},
	{"softmaxGrad", "b(a-c)", 2, 1, 2, func(l lanes, x []vec, c, _ vec) vec { return l.mul(x[1], l.sub(x[0], c)) }},
	{"scaleSub", "d(c·a - b)", 2, 2, 2, func(l lanes, x []vec, c, d vec) vec { return l.mul(d, l.sub(l.mul(c, x[0]), x[1])) }},
	{"mulAdd", "a·b + c3", 3, 0, 2, func(l lanes, x []vec, _, _ vec) vec { return l.add(l.mul(x[0], x[1]), x[2]) }},
}
