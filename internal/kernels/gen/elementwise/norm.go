package main

import (
	"strings"

	"github.com/mmcloughlin/avo/reg"
)

// normal returns a stream with scalars, which f gets in registers.
func normal(name, doc string, slices []string, in, out []int, scalars []string, f func(l lanes, x, c []vec) []vec) stream {
	s := stream{name: name, doc: doc, slices: slices, in: in, out: out, by: 2}
	if len(scalars) > 0 {
		s.params = strings.Join(scalars, ", ") + " float32"
	}
	s.prolog = func(l lanes) body {
		var c []reg.VecVirtual
		for _, name := range scalars {
			c = append(c, l.scalar(name))
		}
		return func(l lanes, x []vec) []vec {
			same := make([]vec, len(c))
			for i := range c {
				same[i] = l.same(c[i])
			}
			return f(l, x, same)
		}
	}
	return s
}

// normalized returns (x-mean)·scale + bias, of x, and mean, scale and bias.
func normalized(l lanes, x, c []vec) []vec {
	return []vec{l.add(l.mul(l.sub(x[0], c[0]), c[1]), c[2])}
}

// normalGradient returns d·scale + ((x-mean)·slope + shift), of d and x, and scale, mean, slope and shift.
func normalGradient(l lanes, x, c []vec) []vec {
	return []vec{l.add(l.mul(x[0], c[0]), l.add(l.mul(l.sub(x[1], c[1]), c[2]), c[3]))}
}

var norms = []stream{
	normal("addSquares", "sets sum += (x-mean)².", []string{"sum", "x", "mean"}, []int{0, 1, 2}, []int{0}, nil,
		func(l lanes, x, _ []vec) []vec {
			d := l.sub(x[1], x[2])
			return []vec{l.add(x[0], l.mul(d, d))}
		}),
	normal("addDots", "sets sum += d and dot += d·(x-mean).", []string{"sum", "dot", "d", "x", "mean"}, []int{0, 1, 2, 3, 4}, []int{0, 1}, nil,
		func(l lanes, x, _ []vec) []vec {
			return []vec{l.add(x[0], x[2]), l.add(x[1], l.mul(x[2], l.sub(x[3], x[4])))}
		}),
	normal("addRowDots", "sets sum += d and dot += d·(x-mean)·scale.", []string{"sum", "dot", "d", "x"}, []int{0, 1, 2, 3}, []int{0, 1},
		[]string{"mean", "scale"}, func(l lanes, x, c []vec) []vec {
			return []vec{l.add(x[0], x[2]), l.add(x[1], l.mul(x[2], l.mul(l.sub(x[3], c[0]), c[1])))}
		}),
	normal("normalize", "sets dst = (x-mean)·scale + bias.", []string{"dst", "x"}, []int{1}, []int{0}, []string{"mean", "scale", "bias"}, normalized),
	normal("normalizeRow", "sets dst = (x-mean)·scale·w + bias.", []string{"dst", "x", "w", "bias"}, []int{1, 2, 3}, []int{0},
		[]string{"mean", "scale"}, func(l lanes, x, c []vec) []vec {
			return []vec{l.add(l.mul(l.mul(l.sub(x[0], c[0]), c[1]), x[1]), x[2])}
		}),
	normal("normalizeColumns", "sets dst = (x-mean)·scale + bias.", []string{"dst", "x", "mean", "scale", "bias"}, []int{1, 2, 3, 4}, []int{0}, nil,
		func(l lanes, x, _ []vec) []vec { return []vec{l.add(l.mul(l.sub(x[0], x[1]), x[2]), x[3])} }),
	normal("normalGrad", "sets dst = d·scale + ((x-mean)·slope + shift).", []string{"dst", "d", "x"}, []int{1, 2}, []int{0},
		[]string{"scale", "mean", "slope", "shift"}, normalGradient),
	normal("normalGradRow", "sets dst = d·scale·w + ((x-mean)·slope + shift).", []string{"dst", "d", "x", "w"}, []int{1, 2, 3}, []int{0},
		[]string{"scale", "mean", "slope", "shift"}, func(l lanes, x, c []vec) []vec {
			return []vec{l.add(l.mul(l.mul(x[0], c[0]), x[2]), l.add(l.mul(l.sub(x[1], c[1]), c[2]), c[3]))}
		}),
	normal("normalGradColumns", "sets dst = d·scale + ((x-mean)·slope + shift).", []string{"dst", "d", "x", "scale", "mean", "slope", "shift"},
		[]int{1, 2, 3, 4, 5, 6}, []int{0}, nil, func(l lanes, x, _ []vec) []vec {
			return []vec{l.add(l.mul(x[0], x[2]), l.add(l.mul(l.sub(x[1], x[3]), x[4]), x[5]))}
		}),
}
