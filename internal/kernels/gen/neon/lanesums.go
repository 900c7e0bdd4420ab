package main

// A laneSum is a kernel with one or more functions of an element of each slice and of a scalar. It adds each function's values to 16
// interleaved sums of float32; element i is added to lane i mod 16.
type laneSum struct {
	name, doc string
	slices    []string
	scalar    string // its name, or empty
	sums      int
	f         func(f *function, x []vector, c vector) []vector
}

func (s laneSum) emit() {
	params := append(pointers(append([]string{"lanes"}, s.slices...)...), param{name: "n", kind: 'n'})
	if s.scalar != "" {
		params = append(params, scalars(s.scalar)...)
	}
	f := begin(s.name, s.doc, params, "")
	lanes := f.load("lanes")
	b := newBlocks(f, s.slices)
	var c vec
	if s.scalar != "" {
		c = f.scalar(s.scalar)
	}
	f.n = 4
	var sums []vector
	for k := range s.sums {
		sums = append(sums, f.loadAt(lanes, 64*k))
	}
	b.each(false, func(p []general, _ int, masks []vec) {
		var x []vector
		for _, g := range p {
			x = append(x, f.loadAt(g, 0))
		}
		for k, y := range s.f(f, x, f.same(c)) {
			for j, v := range y {
				if masks != nil {
					v = f.emit(and, 0, 0, v, masks[j])
				}
				f.emitTo(sums[k][j], fadd, 0, 0, sums[k][j], v)
			}
		}
	})
	for k, v := range sums {
		f.storeAt(v, lanes, 64*k)
	}
	f.raw("RET")
}

var laneSums = []laneSum{
	{"laneSum", "adds x to the lanes.", []string{"x"}, "", 1, func(_ *function, x []vector, _ vector) []vector { return x }},
	{"laneSquares", "adds (x-mean)² to the lanes.", []string{"x"}, "mean", 1, func(f *function, x []vector, mean vector) []vector {
		d := f.sub(x[0], mean)
		return []vector{f.mul(d, d)}
	}},
	{"laneDots", "adds d and d·(x-mean) to the lanes.", []string{"d", "x"}, "mean", 2, func(f *function, x []vector, mean vector) []vector {
		return []vector{x[0], f.mul(x[0], f.sub(x[1], mean))}
	}},
	{"laneRowDots", "adds d·w and d·w·(x-mean) to the lanes.", []string{"d", "x", "w"}, "mean", 2, func(f *function, x []vector, mean vector) []vector {
		d := f.mul(x[0], x[2])
		return []vector{d, f.mul(d, f.sub(x[1], mean))}
	}},
}
