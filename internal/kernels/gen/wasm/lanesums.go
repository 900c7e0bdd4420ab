package main

// A laneSum is a kernel with one or more functions of an element of each slice and of a scalar. It adds each function's values to
// 16 interleaved sums of float32 in the results of the block; element i is added to lane i mod 16.
type laneSum struct {
	name   string
	inputs int
	scalar bool
	sums   int
	f      func(f *function, x []code, c code) []code
}

func (s laneSum) add(m *module) {
	args := "ppp"[:s.inputs] + "n"
	if s.scalar {
		args += "c"
	}
	f := m.kernel(s.name, args)
	n, c := f.param(s.inputs), code(nil)
	if s.scalar {
		c = f.let(v128, splat(f.param(s.inputs+1).get()))
	}
	var lane [][4]local
	for i := range s.sums {
		lane = append(lane, [4]local{})
		for j := range lane[i] {
			lane[i][j] = f.local(v128)
			f.emit(lane[i][j].set(load(block(), blockResults+64*i+16*j)))
		}
	}
	four := func(j int, get func(p code) code, keep func(y code) code) {
		var x []code
		for i := range s.inputs {
			x = append(x, f.let(v128, get(f.param(i).get())))
		}
		for i, y := range s.f(f, x, c) {
			f.emit(lane[i][j].set(add(lane[i][j].get(), keep(y))))
		}
	}
	f.rounds(n, sumLanes, func() {
		for j := range 4 {
			four(j, func(p code) code { return load(p, 16*j) }, func(y code) code { return y })
		}
		for i := range s.inputs {
			f.emit(f.param(i).add(number(4 * sumLanes)))
		}
	})
	f.block(func() {
		for j := range 4 {
			left := subInt(n.get(), number(4*j))
			f.leaveIf(atMostInt(left, number(0)), 0)
			four(j, func(p code) code { return loadPart.call(addInt(p, number(16*j)), left) },
				func(y code) code { return and(y, firstWords(left)) })
		}
	})
	for i, l := range lane {
		for j, v := range l {
			f.emit(store(block(), blockResults+64*i+16*j, v.get()))
		}
	}
}

var laneSums = []laneSum{
	{"laneSum", 1, false, 1, func(_ *function, x []code, _ code) []code { return x }},
	{"laneSquares", 1, true, 1, func(f *function, x []code, mean code) []code {
		d := f.let(v128, sub(x[0], mean))
		return []code{mul(d, d)}
	}},
	{"laneDots", 2, true, 2, func(_ *function, x []code, mean code) []code {
		return []code{x[0], mul(x[0], sub(x[1], mean))}
	}},
	{"laneRowDots", 3, true, 2, func(f *function, x []code, mean code) []code {
		d := f.let(v128, mul(x[0], x[2]))
		return []code{d, mul(d, sub(x[1], mean))}
	}},
}
