package main

import "fmt"

// dot writes a function that computes the inner products of x and four lines of a matrix, line bytes apart, each in eight lanes as in
// portable Go.
func dot() {
	f := begin("dotLines", "sets out to the inner products of x and four lines of w, line bytes apart.",
		append(pointers("out", "x", "w"), param{name: "line", kind: 'n'}, param{name: "n", kind: 'n'}), "")
	out, x, w, line, n := f.load("out"), f.load("x"), f.load("w"), f.load("line"), f.load("n")
	p := []general{w, f.integer(), f.integer(), f.integer()}
	tmp := f.integer()
	for i := range 3 {
		f.raw("ADD %v, %v, %v", line, p[i], p[i+1])
	}
	var acc [4][2]vec
	for i := range acc {
		acc[i] = [2]vec{f.emit(movi0, 0, 0), f.emit(movi0, 0, 0)}
	}
	step := func(h int, load func(g general) vec) {
		a := load(x)
		for i, g := range p {
			f.change(acc[i][h], fmla, 0, 0, load(g), a)
		}
	}
	forward := func(bytes int) {
		for _, g := range append([]general{x}, p...) {
			f.raw("ADD $%d, %v", bytes, g)
		}
	}
	f.rounds(n, 8, func() {
		for h := range 2 {
			step(h, func(g general) vec { return f.quad(g, 16*h) })
		}
		forward(32)
	})
	sum, few := f.label("sum"), f.label("few")
	part := func(h, k int) {
		step(h, func(g general) vec { return f.loadPart(g, 0, k, tmp) })
		f.raw("B %s", sum)
	}
	parts := func(h int) {
		f.raw("CBZ %v, %s", n, sum)
		for k := 1; k < 3; k++ {
			over := f.label("more")
			f.raw("CMP $%d, %v", k, n)
			f.raw("BNE %s", over)
			part(h, k)
			f.mark(over)
		}
		part(h, 3)
	}
	f.raw("CMP $4, %v", n)
	f.raw("BLT %s", few)
	step(0, func(g general) vec { return f.quad(g, 0) })
	forward(16)
	f.raw("SUB $4, %v", n)
	parts(1)
	f.mark(few)
	parts(0)
	f.mark(sum)
	for i := range acc {
		v := f.emit(fadd, 0, 0, acc[i][0], acc[i][1])
		v = f.emit(fadd, 0, 0, v, f.emit(ext, 8, 8<<11, v, v))
		v = f.emit(faddp, 0, 0, v, v)
		f.memory(strS, v, out, 4*i, 4, true)
	}
	f.raw("RET")
}

// peak writes a function that runs 24 independent multiply-adds of vectors n times.
func peak() {
	f := begin("peak", "runs 24 independent multiply-adds n times.", []param{{name: "n", kind: 'n'}}, "")
	n := f.load("n")
	var acc []vec
	for range 26 {
		acc = append(acc, f.emit(movi0, 0, 0))
	}
	f.loop(func(top string) {
		for _, v := range acc[:24] {
			f.change(v, fmla, 0, 0, acc[24], acc[25])
		}
		f.raw("SUBS $1, %v", n)
		f.raw("BGT %s", top)
	})
	f.raw("RET")
}

// packing writes the functions that pack operands.
func packing() {
	matrix := []param{{name: "dst", kind: 'p'}, {name: "src", kind: 'p'}, {name: "srcRow", kind: 'n'}, {name: "dstRow", kind: 'n'}}
	for _, n := range []int{tileRows, tileCols} {
		f := begin(fmt.Sprint("copyRows", n), fmt.Sprintf("copies rows of %d elements; strides are in bytes, and rows > 0.", n),
			append(matrix, param{name: "rows", kind: 'n'}), "")
		dst, src, srcRow, dstRow, rows := f.load("dst"), f.load("src"), f.load("srcRow"), f.load("dstRow"), f.load("rows")
		f.n = n / 4
		f.loop(func(top string) {
			f.storeAt(f.loadAt(src, 0), dst, 0)
			f.raw("ADD %v, %v", srcRow, src)
			f.raw("ADD %v, %v", dstRow, dst)
			f.raw("SUBS $1, %v", rows)
			f.raw("BNE %s", top)
		})
		f.raw("RET")
	}
	f := begin("transpose4", "transposes blocks of 4 × 4 elements, side by side in src and one below the other in dst; blocks > 0.",
		append(matrix, param{name: "blocks", kind: 'n'}), "")
	dst, src, srcRow, dstRow, blocks := f.load("dst"), f.load("src"), f.load("srcRow"), f.load("dstRow"), f.load("blocks")
	p := []general{src, f.integer(), f.integer(), f.integer()}
	for i := range 3 {
		f.raw("ADD %v, %v, %v", srcRow, p[i], p[i+1])
	}
	f.loop(func(top string) {
		var r []vec
		for _, g := range p {
			r = append(r, f.quad(g, 0))
			f.raw("ADD $16, %v", g)
		}
		for _, v := range f.turn(r) {
			f.memory(strQ, v, dst, 0, 16, true)
			f.raw("ADD %v, %v", dstRow, dst)
		}
		f.raw("SUBS $1, %v", blocks)
		f.raw("BNE %s", top)
	})
	f.raw("RET")
}

// turn returns the transpose of four registers.
func (f *function) turn(r []vec) []vec {
	a, b := f.emit(trn1, 0, 0, r[0], r[1]), f.emit(trn2, 0, 0, r[0], r[1])
	c, d := f.emit(trn1, 0, 0, r[2], r[3]), f.emit(trn2, 0, 0, r[2], r[3])
	return []vec{f.emit(zip1D, 0, 0, a, c), f.emit(zip1D, 0, 0, b, d), f.emit(zip2D, 0, 0, a, c), f.emit(zip2D, 0, 0, b, d)}
}
