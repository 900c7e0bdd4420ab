package main

import "fmt"

// packing writes the functions that pack operands.
func packing() {
	for _, n := range []int{32, 48, 64} { // of 8 float32, of 12 or 6 float64, and of 8 float64
		copyRows(n)
	}
	for _, e := range []elements{singles, doubles} {
		transpose(e)
	}
}

func copyRows(n int) {
	f := begin(fmt.Sprint("copyRows", n), fmt.Sprintf("copies rows of %d bytes; strides are in bytes, and rows > 0.", n), matrices('b', "rows"), "")
	dst, src, srcRow, dstRow, rows := f.load("dst"), f.load("src"), f.load("srcRow"), f.load("dstRow"), f.load("rows")
	f.n = n / 16
	f.loop(func(top string) {
		f.storeAt(f.loadAt(src, 0), dst, 0)
		f.raw("ADD %v, %v", srcRow, src)
		f.raw("ADD %v, %v", dstRow, dst)
		f.raw("SUBS $1, %v", rows)
		f.raw("BNE %s", top)
	})
	f.raw("RET")
}

// matrices returns the parameters of a function that reads one matrix and writes another.
func matrices(pointer byte, count string) []param {
	return []param{{name: "dst", kind: pointer}, {name: "src", kind: pointer}, {name: "srcRow", kind: 'n'}, {name: "dstRow", kind: 'n'},
		{name: count, kind: 'n'}}
}

func transpose(e elements) {
	size := e.lanes()
	f := begin(fmt.Sprint("transpose", size, e.suffix),
		fmt.Sprintf("transposes blocks of %d × %[1]d elements, side by side in src and one below the other in dst; blocks > 0.", size),
		matrices(e.pointer, "blocks"), "")
	dst, src, srcRow, dstRow, blocks := f.load("dst"), f.load("src"), f.load("srcRow"), f.load("dstRow"), f.load("blocks")
	p := []general{src}
	for i := range size - 1 {
		p = append(p, f.integer())
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

// turn returns the transpose of four registers of float32, or of two of float64.
func (f *function) turn(r []vec) []vec {
	if len(r) == 2 {
		return []vec{f.emit(zip1D, 0, 0, r[0], r[1]), f.emit(zip2D, 0, 0, r[0], r[1])}
	}
	a, b := f.emit(trn1, 0, 0, r[0], r[1]), f.emit(trn2, 0, 0, r[0], r[1])
	c, d := f.emit(trn1, 0, 0, r[2], r[3]), f.emit(trn2, 0, 0, r[2], r[3])
	return []vec{f.emit(zip1D, 0, 0, a, c), f.emit(zip1D, 0, 0, b, d), f.emit(zip2D, 0, 0, a, c), f.emit(zip2D, 0, 0, b, d)}
}
