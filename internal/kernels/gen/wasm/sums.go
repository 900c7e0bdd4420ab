package main

import "math"

// A sum is a kernel that adds up a function of one element of each slice in double precision, in 16 lanes: element i is added to
// lane i mod 16, and at the end the lanes are folded in halves.
type sum struct {
	name   string
	inputs int
	scalar bool
	store  bool // the function's values are stored in a further slice, the first
	dot    bool // the function's values are multiplied by the first of x, in double precision; f may replace it
	f      func(f *function, x []code, c code) code
}

const sumLanes = 16

func (s sum) add(m *module) *function {
	args, first := "", 0
	if s.store {
		args, first = "p", 1
	}
	for range s.inputs {
		args += "p"
	}
	slices := len(args)
	args += "n"
	if s.scalar {
		args += "c"
	}
	f := m.kernel(s.name, args, f64)
	n, c := f.param(slices), code(nil)
	if s.scalar {
		c = f.let(v128, splat(f.param(slices+1).get()))
	}
	var lane [sumLanes / 2]local
	for i := range lane {
		lane[i] = f.local(v128)
	}
	// four adds four elements, the j-th of 16; left, unless nil, is the number of elements that are left.
	four := func(j int, left code) {
		var x []code
		for i := range s.inputs {
			p := f.param(first + i).get()
			if left == nil {
				x = append(x, f.let(v128, load(p, 16*j)))
			} else {
				x = append(x, f.let(v128, loadPart.call(addInt(p, number(16*j)), left)))
			}
		}
		y := f.let(v128, s.f(f, x, c))
		if s.store && left == nil {
			f.emit(store(f.param(0).get(), 16*j, y))
		} else if s.store {
			f.emit(storePart.call(addInt(f.param(0).get(), number(16*j)), left, y))
		}
		if left != nil {
			y = f.let(v128, and(y, firstWords(left)))
		}
		lo, hi := toDouble(y), toDouble(high(y))
		if s.dot {
			lo, hi = mulDouble(toDouble(x[0]), lo), mulDouble(toDouble(high(x[0])), hi)
		}
		f.emit(lane[2*j].set(addDouble(lane[2*j].get(), lo)), lane[2*j+1].set(addDouble(lane[2*j+1].get(), hi)))
	}
	f.rounds(n, sumLanes, func() {
		for j := range 4 {
			four(j, nil)
		}
		for i := range slices {
			f.emit(f.param(i).add(number(4 * sumLanes)))
		}
	})
	f.block(func() {
		for j := range 4 {
			left := subInt(n.get(), number(4*j))
			f.leaveIf(atMostInt(left, number(0)), 0)
			four(j, left)
		}
	})
	for half := len(lane) / 2; half > 0; half /= 2 {
		for i := range half {
			f.emit(lane[i].set(addDouble(lane[i].get(), lane[i+half].get())))
		}
	}
	f.emit(op(0xa0, firstDouble(lane[0].get()), secondDouble(lane[0].get())))
	return f
}

func expLess(f *function, x []code, c code) code { return f.exp(sub(x[0], c)) }

var sums = []sum{
	{"sum", 1, false, false, false, func(_ *function, x []code, _ code) code { return x[0] }},
	{"dot", 2, false, false, true, func(_ *function, x []code, _ code) code { return x[1] }},
	{"dotShift", 2, true, false, true, func(_ *function, x []code, c code) code { return whereNotZero(x[0], sub(x[1], c)) }},
	{"sumExp", 1, true, false, false, expLess},
	{"expSum", 1, true, true, false, expLess},
	{"bceSum", 2, false, false, false, func(f *function, x []code, _ code) code { return f.logistic(x[0], x[1]) }},
	{"distance", 2, false, false, true, func(f *function, x []code, _ code) code {
		x[0] = f.let(v128, sub(x[0], x[1]))
		return x[0]
	}},
}

// extreme adds a kernel that returns the largest or the smallest element, or start if there is none.
func extreme(m *module, name string, start float64, g func(a, b code) code) *function {
	f := m.kernel(name, "pn", f32)
	p, n := f.param(0), f.param(1)
	best, other := f.local(v128), f.local(v128)
	f.emit(best.set(k(start)), other.set(k(start)))
	f.rounds(n, 8, func() {
		f.emit(best.set(g(best.get(), load(p.get(), 0))), other.set(g(other.get(), load(p.get(), 16))), p.add(number(32)))
	})
	f.rounds(n, 4, func() { f.emit(best.set(g(best.get(), load(p.get(), 0))), p.add(number(16))) })
	f.when(n.get(), func() {
		f.emit(best.set(g(best.get(), pick(firstWords(n.get()), loadPart.call(p.get(), n.get()), k(start)))))
	})
	v := f.let(v128, g(best.get(), other.get()))
	v = f.let(v128, g(v, high(v)))
	f.emit(firstFloat(g(v, shuffle(v, v, 1, 1, 1, 1))))
	return f
}

// columns adds a kernel that sets the results to the sums of up to 32 columns, added up from the first row to the last.
func columns(m *module) {
	f := m.kernel("colSum", "pnnn") // x, rows, width, bytes between rows
	x, rows, width, stride := f.param(0), f.param(1), f.param(2), f.param(3)
	p, out, left := f.local(i32), f.local(i32), f.local(i32)
	f.emit(out.set(addInt(block(), number(blockResults))))
	strip := func(vectors int, get func(v int) code) {
		var lane []local
		for range 2 * vectors {
			v := f.local(v128)
			f.emit(v.set(kd(0)))
			lane = append(lane, v)
		}
		f.emit(p.set(x.get()), left.set(rows.get()))
		f.loop(func() {
			for v := range vectors {
				y := f.let(v128, get(v))
				f.emit(lane[2*v].set(addDouble(lane[2*v].get(), toDouble(y))), lane[2*v+1].set(addDouble(lane[2*v+1].get(), toDouble(high(y)))))
			}
			f.emit(p.add(stride.get()), left.add(number(-1)))
		}, left.get())
		for i, v := range lane {
			f.emit(store(out.get(), 16*i, v.get()))
		}
		f.emit(out.add(number(32*vectors)), x.add(number(16*vectors)))
	}
	whole := func(v int) code { return load(p.get(), 16*v) }
	f.rounds(width, 16, func() { strip(4, whole) })
	f.rounds(width, 4, func() { strip(1, whole) })
	f.when(width.get(), func() { strip(1, func(int) code { return loadPart.call(p.get(), width.get()) }) })
}

// addSums adds the reductions.
func addSums(m *module) (all map[string]*function) {
	all = map[string]*function{}
	for _, s := range sums {
		all[s.name] = s.add(m)
	}
	all["maxOf"] = extreme(m, "maxOf", math.Inf(-1), maximum)
	extreme(m, "minOf", math.Inf(1), minimum)
	columns(m)
	for _, s := range laneSums {
		s.add(m)
	}
	return all
}
