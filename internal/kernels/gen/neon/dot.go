package main

// dot writes a function that computes the inner products of x and four lines of a matrix, line bytes apart, each in eight lanes as in
// portable Go.
func dot(e elements) {
	f := begin("dotLines"+e.suffix, "sets out to the inner products of x and four lines of w, line bytes apart.",
		[]param{{name: "out", kind: e.pointer}, {name: "x", kind: e.pointer}, {name: "w", kind: e.pointer}, {name: "line", kind: 'n'}, {name: "n", kind: 'n'}}, "")
	out, x, w, line, n := f.load("out"), f.load("x"), f.load("w"), f.load("line"), f.load("n")
	p := []general{w, f.integer(), f.integer(), f.integer()}
	tmp := f.integer()
	for i := range 3 {
		f.raw("ADD %v, %v, %v", line, p[i], p[i+1])
	}
	const dotLanes = 8
	registers := dotLanes / e.lanes()
	var acc [4][]vec
	for i := range acc {
		for range registers {
			acc[i] = append(acc[i], f.emit(movi0, 0, 0))
		}
	}
	step := func(h int, load func(g general) vec) {
		a := load(x)
		for i, g := range p {
			f.change(acc[i][h], e.fmla, 0, 0, load(g), a)
		}
	}
	forward := func(bytes int) {
		for _, g := range append([]general{x}, p...) {
			f.raw("ADD $%d, %v", bytes, g)
		}
	}
	f.rounds(n, dotLanes, func() {
		for h := range registers {
			step(h, func(g general) vec { return f.quad(g, 16*h) })
		}
		forward(dotLanes * e.bytes)
	})
	sum := f.label("sum")
	var few []string
	for h := range registers - 1 { // the registers that the rest fills
		few = append(few, f.label("few"))
		f.raw("CMP $%d, %v", e.lanes(), n)
		f.raw("BLT %s", few[h])
		step(h, func(g general) vec { return f.quad(g, 0) })
		forward(16)
		f.raw("SUB $%d, %v", e.lanes(), n)
	}
	for h := registers - 1; h >= 0; h-- { // and the one that it does not fill
		if h < len(few) {
			f.mark(few[h])
		}
		f.raw("CBZ %v, %s", n, sum)
		for k := 1; k < e.lanes(); k++ {
			over := f.label("more")
			if k < e.lanes()-1 {
				f.raw("CMP $%d, %v", k, n)
				f.raw("BNE %s", over)
			}
			step(h, func(g general) vec { return f.loadFirst(e, g, 0, k, tmp) })
			f.raw("B %s", sum)
			f.mark(over)
		}
	}
	f.mark(sum)
	for i, a := range acc {
		for half := registers / 2; half > 0; half /= 2 {
			for k := range half {
				a[k] = f.emit(e.fadd, 0, 0, a[k], a[k+half])
			}
		}
		v := a[0]
		if e.bytes == 4 {
			v = f.emit(fadd, 0, 0, v, f.emit(ext, 8, 8<<11, v, v))
		}
		f.memory(e.storeOne, f.emit(e.faddp, 0, 0, v, v), out, e.bytes*i, e.bytes, true)
	}
	f.raw("RET")
}

// peak writes a function that runs 24 independent multiply-adds of vectors n times.
func peak(e elements) {
	f := begin("peak"+e.suffix, "runs 24 independent multiply-adds n times.", []param{{name: "n", kind: 'n'}}, "")
	n := f.load("n")
	var acc []vec
	for range 26 {
		acc = append(acc, f.emit(movi0, 0, 0))
	}
	f.loop(func(top string) {
		for _, v := range acc[:24] {
			f.change(v, e.fmla, 0, 0, acc[24], acc[25])
		}
		f.raw("SUBS $1, %v", n)
		f.raw("BGT %s", top)
	})
	f.raw("RET")
}
