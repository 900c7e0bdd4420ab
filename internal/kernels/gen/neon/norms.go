package main

// values returns a stream over slices, some of which are read and some written, with scalars.
func values(name, doc string, slices []string, in, out []int, names []string, g func(f *function, x, c []vector) []vector) stream {
	return stream{name: name, doc: doc, slices: slices, in: in, out: out, extra: scalars(names...), by: 2,
		prolog: func(f *function) func(f *function, x []vector) []vector {
			var c []vec
			for _, name := range names {
				c = append(c, f.scalar(name))
			}
			return func(f *function, x []vector) []vector {
				var all []vector
				for _, v := range c {
					all = append(all, f.same(v))
				}
				return g(f, x, all)
			}
		}}
}

var norms = []stream{
	values("addSquares", "sets sum += (x-mean)².", []string{"sum", "x", "mean"}, []int{0, 1, 2}, []int{0}, nil,
		func(f *function, x, _ []vector) []vector {
			d := f.sub(x[1], x[2])
			return []vector{f.add(x[0], f.mul(d, d))}
		}),
	values("addDots", "sets sum += d and dot += d·(x-mean).", []string{"sum", "dot", "d", "x", "mean"}, []int{0, 1, 2, 3, 4}, []int{0, 1}, nil,
		func(f *function, x, _ []vector) []vector {
			return []vector{f.add(x[0], x[2]), f.add(x[1], f.mul(x[2], f.sub(x[3], x[4])))}
		}),
	values("addRowDots", "sets sum += d and dot += d·(x-mean)·scale.", []string{"sum", "dot", "d", "x"}, []int{0, 1, 2, 3}, []int{0, 1}, []string{"mean", "scale"},
		func(f *function, x, c []vector) []vector {
			return []vector{f.add(x[0], x[2]), f.add(x[1], f.mul(x[2], f.mul(f.sub(x[3], c[0]), c[1])))}
		}),
	values("normalize", "sets dst = (x-mean)·scale + bias.", []string{"dst", "x"}, []int{1}, []int{0}, []string{"mean", "scale", "bias"},
		func(f *function, x, c []vector) []vector {
			return []vector{f.add(f.mul(f.sub(x[0], c[0]), c[1]), c[2])}
		}),
	values("normalizeRow", "sets dst = (x-mean)·scale·w + bias.", []string{"dst", "x", "w", "bias"}, []int{1, 2, 3}, []int{0}, []string{"mean", "scale"},
		func(f *function, x, c []vector) []vector {
			return []vector{f.add(f.mul(f.mul(f.sub(x[0], c[0]), c[1]), x[1]), x[2])}
		}),
	values("normalizeColumns", "sets dst = (x-mean)·scale + bias.", []string{"dst", "x", "mean", "scale", "bias"}, []int{1, 2, 3, 4}, []int{0}, nil,
		func(f *function, x, _ []vector) []vector {
			return []vector{f.add(f.mul(f.sub(x[0], x[1]), x[2]), x[3])}
		}),
	values("normalGrad", "sets dst = d·scale + ((x-mean)·slope + shift).", []string{"dst", "d", "x"}, []int{1, 2}, []int{0}, []string{"scale", "mean", "slope", "shift"},
		func(f *function, x, c []vector) []vector {
			return []vector{f.add(f.mul(x[0], c[0]), f.add(f.mul(f.sub(x[1], c[1]), c[2]), c[3]))}
		}),
	values("normalGradRow", "sets dst = d·scale·w + ((x-mean)·slope + shift).", []string{"dst", "d", "x", "w"}, []int{1, 2, 3}, []int{0}, []string{"scale", "mean", "slope", "shift"},
		func(f *function, x, c []vector) []vector {
			return []vector{f.add(f.mul(f.mul(x[0], c[0]), x[2]), f.add(f.mul(f.sub(x[1], c[1]), c[2]), c[3]))}
		}),
	values("normalGradColumns", "sets dst = d·scale + ((x-mean)·slope + shift).", []string{"dst", "d", "x", "scale", "mean", "slope", "shift"}, []int{1, 2, 3, 4, 5, 6}, []int{0}, nil,
		func(f *function, x, _ []vector) []vector {
			return []vector{f.add(f.mul(x[0], x[2]), f.add(f.mul(f.sub(x[1], x[3]), x[4]), x[5]))}
		}),
}
