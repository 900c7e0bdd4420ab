package main

// byteRows are the parameters of functions that copy rows.
func byteRows(pointers []string, numbers ...string) (params []param) {
	for _, n := range pointers {
		params = append(params, param{name: n, kind: 'b'})
	}
	for _, n := range numbers {
		params = append(params, param{name: n, kind: 'n'})
	}
	return params
}

// copyBordered writes a copy of rows with zeros between them.
func copyBordered() {
	f := beginAs("copyBordered", "copies rows of width ≥ 32 bytes, which are out and in bytes apart, and sets what is between them in dst to 0.",
		byteRows([]string{"dst", "x"}, "width", "rows", "out", "in"), "")
	dst, x, width, rows, out, in := f.load("dst"), f.load("x"), f.load("width"), f.load("rows"), f.load("out"), f.load("in")
	to, from, left, end := f.integer(), f.integer(), f.integer(), f.label("end")
	zero := f.emit(movi0, 0, 0)
	f.n = 2
	f.loop(func(row string) {
		f.raw("MOVD %v, %v", dst, to)
		f.raw("MOVD %v, %v", x, from)
		f.raw("MOVD %v, %v", width, left)
		f.rounds(left, 32, func() {
			f.storeAt(f.loadAt(from, 0), to, 0)
			f.raw("ADD $32, %v", from)
			f.raw("ADD $32, %v", to)
		})
		f.raw("ADD %v, %v", left, from)
		f.raw("ADD %v, %v", left, to)
		f.raw("SUB $32, %v", from) // the last 32 bytes, some of them again
		f.raw("SUB $32, %v", to)
		f.storeAt(f.loadAt(from, 0), to, 0)
		f.raw("ADD $32, %v", to)
		f.raw("SUBS $1, %v", rows)
		f.raw("BEQ %s", end)
		f.raw("ADD %v, %v", out, dst)
		f.raw("ADD %v, %v", in, x)
		f.loop(func(top string) { // zeros may reach into the next row, which is copied later
			f.raw("CMP %v, %v", dst, to)
			f.raw("BGE %s", row)
			f.storeAt(f.same(zero), to, 0)
			f.raw("ADD $32, %v", to)
			f.raw("B %s", top)
		})
	})
	f.mark(end)
	f.raw("RET")
}

// copyRow writes a function that copies a row and prefetches the next one meanwhile. A row is at least one cache line long. The last
// line is copied whole, which overlaps the one before.
func copyRow() {
	f := beginAs("copyRow", "copies 64 bytes or more and prefetches as many from next on.", byteRows([]string{"dst", "src", "next"}, "bytes"), "")
	dst, src, next, left := f.load("dst"), f.load("src"), f.load("next"), f.load("bytes")
	all := []general{dst, src, next}
	f.n = 4
	line := func() {
		f.raw("PRFM (%v), PLDL1KEEP", next)
		f.storeAt(f.loadAt(src, 0), dst, 0)
	}
	f.rounds(left, 64, func() {
		line()
		for _, p := range all {
			f.raw("ADD $64, %v", p)
		}
	})
	end := f.label("end")
	f.raw("CBZ %v, %s", left, end)
	f.raw("SUB $64, %v", left)
	for _, p := range all {
		f.raw("ADD %v, %v", left, p)
	}
	line()
	f.mark(end)
	f.raw("RET")
}

// prefetchRows writes a function that prefetches rows into the cache of the second level.
func prefetchRows() {
	f := beginAs("prefetchRows", "prefetches rows > 0 of bytes > 0, which are stride bytes apart.", byteRows([]string{"p"}, "stride", "bytes", "rows"), "")
	p, stride, bytes, rows := f.load("p"), f.load("stride"), f.load("bytes"), f.load("rows")
	at, end := f.integer(), f.integer()
	f.loop(func(top string) {
		f.raw("MOVD %v, %v", p, at)
		f.raw("ADD %v, %v, %v", bytes, p, end)
		f.loop(func(line string) {
			f.raw("PRFM (%v), PLDL2KEEP", at)
			f.raw("ADD $64, %v", at)
			f.raw("CMP %v, %v", end, at)
			f.raw("BLT %s", line)
		})
		f.raw("ADD %v, %v", stride, p)
		f.raw("SUBS $1, %v", rows)
		f.raw("BNE %s", top)
	})
	f.raw("RET")
}

// fetchToWrite writes a function that has one line fetched.
func fetchToWrite() {
	f := beginAs("fetchToWrite", "has the line at p fetched from another core's cache, to be written; it does not wait for that.", byteRows([]string{"p"}), "")
	f.raw("PRFM (%v), PSTL1KEEP", f.load("p"))
	f.raw("RET")
}

// everySecond writes a copy of every second element.
func everySecond() {
	f := beginAs("everySecond", "sets dst[i] to x[2i] for i < n, a multiple of 8. It reads 2n elements.", append(pointers("dst", "x"), param{name: "n", kind: 'n'}), "")
	dst, x, n := f.load("dst"), f.load("x"), f.load("n")
	f.rounds(n, 4, func() {
		even, _ := f.halves(x)
		f.storeAt(even, dst, 0)
		f.raw("ADD $32, %v", x)
		f.raw("ADD $16, %v", dst)
	})
	f.raw("RET")
}

// toEverySecond writes the reverse of everySecond.
func toEverySecond() {
	f := beginAs("toEverySecond", "sets dst[2i] to x[i] for i < n, a multiple of 8. It writes the other ones of 2n elements as they are.",
		append(pointers("dst", "x"), param{name: "n", kind: 'n'}), "")
	dst, x, n := f.load("dst"), f.load("x"), f.load("n")
	f.rounds(n, 4, func() {
		_, odd := f.halves(dst)
		v := f.quad(x, 0)
		f.memory(strQ, f.emit(zip1, 0, 0, v, odd[0]), dst, 0, 16, true)
		f.memory(strQ, f.emit(zip2, 0, 0, v, odd[0]), dst, 16, 16, true)
		f.raw("ADD $16, %v", x)
		f.raw("ADD $32, %v", dst)
	})
	f.raw("RET")
}
