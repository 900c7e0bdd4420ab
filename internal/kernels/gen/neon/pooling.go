package main

// poolingKernels writes max pooling and its derivative over windows of 1 × 2 and 2 × 2 elements.
func poolingKernels() {
	largest("pairMax", "x")
	largest("squareMax", "x", "below")
	for _, relu := range []bool{false, true} {
		suffix := ""
		if relu {
			suffix = "ReLU"
		}
		give("pairGive"+suffix, relu, []string{"dx"}, []string{"x"})
		give("squareGive"+suffix, relu, []string{"dx", "dxBelow"}, []string{"x", "xBelow"})
	}
}

// pairs begins a kernel over windows; skip is in bytes.
func pairs(name, doc string, slices []string) *function {
	return begin(name, doc+" of paired windows: rows > 0 rows of n ≥ 4 windows.",
		append(pointers(slices...), param{name: "n", kind: 'n'}, param{name: "rows", kind: 'n'}, param{name: "skip", kind: 'n'}), "")
}

// windows writes the loops over the windows of some rows, four at a time. For each window the pointers in single move by one element
// and those in double by two; at the end of a row these also skip bytes. The last windows of a row overlap those before if their
// number is not a multiple of four.
func (f *function) windows(single, double []general, body func()) {
	n, left, skip := f.load("n"), f.load("rows"), f.load("skip")
	count, back := f.integer(), f.integer()
	step := func(one, two string) {
		for _, p := range single {
			f.raw("ADD %s, %v", one, p)
		}
		for _, p := range double {
			f.raw("ADD %s, %v", two, p)
		}
	}
	f.loop(func(row string) {
		f.raw("MOVD %v, %v", n, count)
		f.loop(func(top string) {
			four := f.label("four")
			f.raw("CMP $4, %v", count)
			f.raw("BGE %s", four)
			f.raw("SUB $4, %v, %v", count, back)
			step(back.String()+"<<2", back.String()+"<<3")
			f.raw("MOVD $4, %v", count)
			f.mark(four)
			body()
			step("$16", "$32")
			f.raw("SUBS $4, %v", count)
			f.raw("BGT %s", top)
		})
		for _, p := range double {
			f.raw("ADD %v, %v", skip, p)
		}
		f.raw("SUBS $1, %v", left)
		f.raw("BNE %s", row)
	})
	f.raw("RET")
}

// halves returns the even and the odd elements of eight.
func (f *function) halves(p general) (even, odd vector) {
	a, b := f.quad(p, 0), f.quad(p, 16)
	return vector{f.emit(uzp1, 0, 0, a, b)}, vector{f.emit(uzp2, 0, 0, a, b)}
}

// largest writes a kernel for max pooling over one row or two.
func largest(name string, rows ...string) {
	f := pairs(name, "sets dst to the largest elements", append([]string{"dst"}, rows...))
	dst := f.load("dst")
	var x []general
	for _, r := range rows {
		x = append(x, f.load(r))
	}
	f.windows([]general{dst}, x, func() {
		m := f.maximum(f.halves(x[0]))
		if len(x) > 1 {
			m = f.maximum(m, f.maximum(f.halves(x[1])))
		}
		f.storeAt(m, dst, 0)
	})
}

// give writes a kernel for the derivative of max pooling over one row or two: each element of d goes to the first largest of its window.
func give(name string, relu bool, to, from []string) {
	f := pairs(name, "sets dx to the derivatives by x", append(append(append([]string{}, to...), from...), "d"))
	var dx, x []general
	for i := range to {
		dx, x = append(dx, f.load(to[i])), append(x, f.load(from[i]))
	}
	d := f.load("d")
	f.windows([]general{d}, append(append([]general{}, dx...), x...), func() {
		var parts []vector // the even elements of the first row, its odd ones, and so on, in order of precedence
		for _, p := range x {
			even, odd := f.halves(p)
			parts = append(parts, even, odd)
		}
		most := f.maximum(parts[0], parts[1])
		if len(parts) > 2 {
			most = f.maximum(most, f.maximum(parts[2], parts[3]))
		}
		rest := f.loadAt(d, 0) // of the gradient, that no element has got yet
		var results []vector
		for i, v := range parts {
			r := rest
			if i < len(parts)-1 {
				loses := f.andNot(f.number(v), f.equal(v, most))
				r, rest = f.andNot(rest, loses), f.and(rest, loses)
			}
			if relu {
				r = f.unlessNaN(v, f.and(f.positive(v), r))
			}
			results = append(results, r)
		}
		for i, p := range dx {
			even, odd := results[2*i][0], results[2*i+1][0]
			f.memory(strQ, f.emit(zip1, 0, 0, even, odd), p, 0, 16, true)
			f.memory(strQ, f.emit(zip2, 0, 0, even, odd), p, 16, 16, true)
		}
	})
}
