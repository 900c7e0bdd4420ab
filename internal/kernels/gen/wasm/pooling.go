package main

// addPooling adds the kernels of max pooling and its derivative over windows of 1 × 2 and 2 × 2 elements.
func addPooling(m *module) {
	for height, name := range []string{1: "pairMax", 2: "squareMax"} {
		if height > 0 {
			largest(m, name, height)
		}
	}
	for _, relu := range []bool{false, true} {
		suffix := ""
		if relu {
			suffix = "ReLU"
		}
		give(m, "pairGive"+suffix, 1, relu)
		give(m, "squareGive"+suffix, 2, relu)
	}
}

// windows writes the loops over the windows of some rows, four at a time, of which there are n ≥ 4 in each row. For each window the
// pointers in single move by one element and those in double by two; at the end of a row these also skip bytes. The last windows
// of a row overlap those before if n is not a multiple of four.
func (f *function) windows(single, double []local, n, left, skip local, body func()) {
	count := f.local(i32)
	step := func(by code) {
		for _, p := range single {
			f.emit(p.add(by))
		}
		for _, p := range double {
			f.emit(p.add(by), p.add(by))
		}
	}
	f.loop(func() {
		f.emit(count.set(n.get()))
		f.loop(func() {
			f.when(lessInt(count.get(), number(4)), func() {
				step(shiftLeftInt(subInt(count.get(), number(4)), 2))
				f.emit(count.set(number(4)))
			})
			body()
			step(number(16))
			f.emit(count.add(number(-4)))
		}, greaterInt(count.get(), number(0)))
		for _, p := range double {
			f.emit(p.add(skip.get()))
		}
		f.emit(left.add(number(-1)))
	}, left.get())
}

// halves returns the even and the odd elements of eight.
func (f *function) halves(p local) (even, odd code) {
	a, b := f.let(v128, load(p.get(), 0)), f.let(v128, load(p.get(), 16))
	return f.let(v128, shuffle(a, b, 0, 2, 4, 6)), f.let(v128, shuffle(a, b, 1, 3, 5, 7))
}

// largest adds a kernel for max pooling over one row or two. Its slices are dst and the rows.
func largest(m *module, name string, height int) {
	f := m.kernel(name, "ppp"[:1+height]+"nnn")
	dst, x := f.param(0), []local{f.param(1), f.param(2)}[:height]
	f.windows([]local{dst}, x, f.param(1+height), f.param(2+height), f.param(3+height), func() {
		v := maximum(f.halves(x[0]))
		if height == 2 {
			v = maximum(v, maximum(f.halves(x[1])))
		}
		f.emit(store(dst.get(), 0, v))
	})
}

// give adds a kernel for the derivative of max pooling over one row or two: each element of d goes to the first largest of its
// window. Its slices are those of dx, those of x, and d.
func give(m *module, name string, height int, relu bool) {
	f := m.kernel(name, "ppppp"[:2*height+1]+"nnn")
	var dx, x, both []local
	for i := range height {
		dx, x = append(dx, f.param(i)), append(x, f.param(height+i))
	}
	both = append(append(both, dx...), x...)
	d, n := f.param(2*height), 2*height+1
	f.windows([]local{d}, both, f.param(n), f.param(n+1), f.param(n+2), func() {
		var parts []code // the even elements of the first row, its odd ones, and so on, in order of precedence
		var most code
		for i, p := range x {
			even, odd := f.halves(p)
			parts = append(parts, even, odd)
			if most = f.let(v128, maximum(even, odd)); i > 0 {
				most = f.let(v128, maximum(maximum(parts[0], parts[1]), most))
			}
		}
		rest := f.let(v128, load(d.get(), 0)) // of the gradient, that no element has got yet
		open := splat32(1<<32 - 1)
		var results []code
		for i, v := range parts {
			wins := open
			if i < len(parts)-1 {
				wins = f.let(v128, and(open, or(equal(v, most), isNaN(v))))
				open = f.let(v128, andNot(open, wins))
			}
			r := and(wins, rest)
			if relu {
				r = byPositive(v, r, k(0))
			}
			results = append(results, f.let(v128, r))
		}
		for i, p := range dx {
			even, odd := results[2*i], results[2*i+1]
			f.emit(store(p.get(), 0, shuffle(even, odd, 0, 4, 1, 5)), store(p.get(), 16, shuffle(even, odd, 2, 6, 3, 7)))
		}
	})
}
