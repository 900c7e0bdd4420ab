package main

// normal returns a stream over slices, of which some are read and some written, with scalars.
func normal(name string, slices int, in, out []int, scalars int, f func(f *function, x, c []code) []code) stream {
	return stream{name: name, slices: slices, in: in, out: out, scalars: scalars, by: 2, f: f}
}

var norms = []stream{
	normal("addSquares", 3, []int{0, 1, 2}, []int{0}, 0, func(f *function, x, _ []code) []code {
		d := f.let(v128, sub(x[1], x[2]))
		return []code{add(x[0], mul(d, d))}
	}),
	normal("addDots", 5, []int{0, 1, 2, 3, 4}, []int{0, 1}, 0, func(_ *function, x, _ []code) []code {
		return []code{add(x[0], x[2]), add(x[1], mul(x[2], sub(x[3], x[4])))}
	}),
	normal("addRowDots", 4, []int{0, 1, 2, 3}, []int{0, 1}, 2, func(_ *function, x, c []code) []code {
		return []code{add(x[0], x[2]), add(x[1], mul(x[2], mul(sub(x[3], c[0]), c[1])))}
	}),
	normal("normalize", 2, []int{1}, []int{0}, 3, func(_ *function, x, c []code) []code {
		return []code{add(mul(sub(x[0], c[0]), c[1]), c[2])}
	}),
	normal("normalizeRow", 4, []int{1, 2, 3}, []int{0}, 2, func(_ *function, x, c []code) []code {
		return []code{add(mul(mul(sub(x[0], c[0]), c[1]), x[1]), x[2])}
	}),
	normal("normalizeColumns", 5, []int{1, 2, 3, 4}, []int{0}, 0, func(_ *function, x, _ []code) []code {
		return []code{add(mul(sub(x[0], x[1]), x[2]), x[3])}
	}),
	normal("normalGrad", 3, []int{1, 2}, []int{0}, 4, func(_ *function, x, c []code) []code {
		return []code{add(mul(x[0], c[0]), add(mul(sub(x[1], c[1]), c[2]), c[3]))}
	}),
	normal("normalGradRow", 4, []int{1, 2, 3}, []int{0}, 4, func(_ *function, x, c []code) []code {
		return []code{add(mul(mul(x[0], c[0]), x[2]), add(mul(sub(x[1], c[1]), c[2]), c[3]))}
	}),
	normal("normalGradColumns", 7, []int{1, 2, 3, 4, 5, 6}, []int{0}, 0, func(_ *function, x, _ []code) []code {
		return []code{add(mul(x[0], x[2]), add(mul(sub(x[1], x[3]), x[4]), x[5]))}
	}),
}
