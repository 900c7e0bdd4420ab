package main

// A sum is a kernel that adds up a function of one element of each slice in double precision, in 16 lanes: element i is added to
// lane i mod 16, and at the end the lanes are folded in halves.
type sum struct {
	name, doc string
	slices    []string // inputs, after dst if store is set
	store     bool     // the function's values are stored
	dot       bool     // the function's values are multiplied by the first of x, in double precision; f may replace it
	f         func(f *function, x []vector, c vector) vector
}

func (s sum) emit() {
	f := begin(s.name, s.doc, append(append(pointers(s.slices...), param{name: "n", kind: 'n'}), scalars("c")...), "float64")
	b := newBlocks(f, s.slices)
	c := f.scalar("c")
	var lane []vec
	for range sumLanes / 2 {
		lane = append(lane, f.emit(movi0, 0, 0))
	}
	f.n = 2
	b.each(s.store, func(p []general, _ int, masks []vec) {
		in := p
		if s.store {
			in = p[1:]
		}
		for h := range 2 {
			var x []vector
			for _, g := range in {
				x = append(x, f.loadAt(g, 32*h))
			}
			y := s.f(f, x, f.same(c))
			if s.store {
				f.storeAt(y, p[0], 32*h)
			}
			for j, v := range y {
				if masks != nil {
					v = f.emit(and, 0, 0, v, masks[2*h+j])
				}
				lo, hi := &lane[4*h+2*j], &lane[4*h+2*j+1]
				if s.dot {
					f.change(*lo, fmlaD, 0, 0, f.emit(fcvtl, 0, 0, x[0][j]), f.emit(fcvtl, 0, 0, v))
					f.change(*hi, fmlaD, 0, 0, f.emit(fcvtl2, 0, 0, x[0][j]), f.emit(fcvtl2, 0, 0, v))
				} else {
					f.emitTo(*lo, faddD, 0, 0, *lo, f.emit(fcvtl, 0, 0, v))
					f.emitTo(*hi, faddD, 0, 0, *hi, f.emit(fcvtl2, 0, 0, v))
				}
			}
		}
	})
	f.result(f.fold(lane), strD)
}

// fold adds up lanes of float64 in halves. The sum is in both lanes of the result.
func (f *function) fold(lane []vec) vec {
	for half := len(lane) / 2; half > 0; half /= 2 {
		for k := range half {
			f.emitTo(lane[k], faddD, 0, 0, lane[k], lane[k+half])
		}
	}
	return f.emit(faddpD, 0, 0, lane[0], lane[0])
}

// result stores the result of a function and ends it.
func (f *function) result(v vec, store instruction) {
	g := general(generalRegisters[0])
	f.raw("MOVD $ret+%d(FP), %v", f.results, g)
	f.memory(store, v, g, 0, 4, true)
	f.raw("RET")
}

func expLess(f *function, x []vector, c vector) vector { return f.exp(f.sub(x[0], c)) }

var sums = []sum{
	{"sum", "returns Σ a.", []string{"a"}, false, false, func(_ *function, x []vector, _ vector) vector { return x[0] }},
	{"dot", "returns Σ a·b.", []string{"a", "b"}, false, true, func(_ *function, x []vector, _ vector) vector { return x[1] }},
	{"dotShift", "returns Σ a·(b-c), without the terms where a = 0.", []string{"a", "b"}, false, true,
		func(f *function, x []vector, c vector) vector { return f.whereNotZero(x[0], f.sub(x[1], c)) }},
	{"sumExp", "returns Σ e^(a-c).", []string{"a"}, false, false, expLess},
	{"expSum", "sets dst = e^(a-c) and returns its sum.", []string{"dst", "a"}, true, false, expLess},
	{"bceSum", "returns Σ softplus(a) - a·b.", []string{"a", "b"}, false, false,
		func(f *function, x []vector, _ vector) vector { return f.logistic(x[0], x[1]) }},
	{"distance", "returns Σ (a-b)².", []string{"a", "b"}, false, true, func(f *function, x []vector, _ vector) vector {
		x[0] = f.sub(x[0], x[1])
		return x[0]
	}},
}

// extreme writes a kernel that returns the largest or the smallest element, or start if there is none; NaN propagates.
func extreme(name, doc string, start uint32, i instruction) {
	f := begin(name, doc, append(pointers("a"), param{name: "n", kind: 'n'}), "float32")
	p, n := f.load("a"), f.load("n")
	best := []vec{f.constant(start), f.constant(start), f.constant(start), f.constant(start)}
	for _, count := range []int{4, 1} {
		f.rounds(n, 4*count, func() {
			for j := range count {
				f.emitTo(best[j], i, 0, 0, best[j], f.quad(p, 16*j))
			}
			f.raw("ADD $%d, %v", 16*count, p)
		})
	}
	f.rounds(n, 1, func() {
		f.emitTo(best[0], i, 0, 0, best[0], f.broadcast(p))
		f.raw("ADD $4, %v", p)
	})
	m := f.emit(i, 0, 0, f.emit(i, 0, 0, best[0], best[1]), f.emit(i, 0, 0, best[2], best[3]))
	for _, bytes := range []int{8, 4} {
		m = f.emit(i, 0, 0, m, f.emit(ext, bytes, uint32(bytes)<<11, m, m))
	}
	f.result(m, strS)
}

// columns writes a kernel that sets dst[j] to the sum of column j in double precision, from the first row to the last.
func columns() {
	f := begin("colSum", "sets dst to the sums of width columns; stride is in bytes.",
		[]param{{name: "dst", kind: 'd'}, {name: "x", kind: 'p'}, {name: "rows", kind: 'n'}, {name: "width", kind: 'n'}, {name: "stride", kind: 'n'}}, "")
	dst, x, rows, width, stride := f.load("dst"), f.load("x"), f.load("rows"), f.load("width"), f.load("stride")
	p, left := f.integer(), f.integer()
	strip := func(cols int) {
		f.rounds(width, cols, func() {
			var lane []vec
			for range max(2, cols/2) {
				lane = append(lane, f.emit(movi0, 0, 0))
			}
			f.raw("MOVD %v, %v", x, p)
			f.raw("MOVD %v, %v", rows, left)
			done := f.label("done")
			f.raw("CBZ %v, %s", left, done)
			f.loop(func(top string) {
				for v := range (cols + 3) / 4 {
					var y vec
					if cols == 1 {
						y = f.loadPart(p, 0, 1, 0)
					} else {
						y = f.quad(p, 16*v)
					}
					f.emitTo(lane[2*v], faddD, 0, 0, lane[2*v], f.emit(fcvtl, 0, 0, y))
					if cols > 1 {
						f.emitTo(lane[2*v+1], faddD, 0, 0, lane[2*v+1], f.emit(fcvtl2, 0, 0, y))
					}
				}
				f.raw("ADD %v, %v", stride, p)
				f.raw("SUBS $1, %v", left)
				f.raw("BNE %s", top)
			})
			f.mark(done)
			if cols == 1 {
				f.memory(strD, lane[0], dst, 0, 8, true)
			} else {
				for v, r := range lane {
					f.memory(strQ, r, dst, 16*v, 16, true)
				}
			}
			f.raw("ADD $%d, %v", 8*cols, dst)
			f.raw("ADD $%d, %v", 4*cols, x)
		})
	}
	strip(32)
	strip(16)
	strip(4)
	strip(1)
	f.raw("RET")
}
