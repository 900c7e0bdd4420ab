package main

// maps writes the kernels of linear maps along an axis.
func maps() {
	combine()
	gatherTaps()
	permuteTaps("permuteTaps", 1)
	permuteTaps("permuteTapsWide", 2)
	copyBordered()
	copyRow()
	prefetchRows()
	fetchToWrite()
	everySecond()
	toEverySecond()
}

// combine writes the sum of whole rows of n elements, each times a weight.
func combine() {
	f := beginAs("combineRows", "sets dst, of n elements, to the sum over k < taps of weight[k] times the n elements from x[at[k]·n] on; taps > 0.",
		[]param{{name: "dst", kind: 'p'}, {name: "x", kind: 'p'}, {name: "at", kind: 'i'}, {name: "weight", kind: 'p'},
			{name: "n", kind: 'n'}, {name: "taps", kind: 'n'}}, "")
	dst, x, first, weights := f.load("dst"), f.load("x"), f.load("at"), f.load("weight")
	n, taps, left := f.load("n"), f.load("taps"), f.integer()
	at, weight, tap, row := f.integer(), f.integer(), f.integer(), f.integer()
	f.raw("MOVD %v, %v", n, left)
	piece := func(count, size int, load func(g general, j int) vec, store func(v vec, j int)) {
		f.rounds(left, count, func() {
			var sums []vec
			for range (count + 3) / 4 {
				sums = append(sums, f.emit(movi0, 0, 0))
			}
			f.raw("MOVD %v, %v", first, at)
			f.raw("MOVD %v, %v", weights, weight)
			f.raw("MOVD %v, %v", taps, tap)
			f.loop(func(top string) {
				f.raw("MOVW.P 4(%v), %v", at, row)
				f.raw("MUL %v, %v", n, row)
				f.raw("ADD %v<<2, %v, %v", row, x, row)
				w := f.broadcast(weight)
				for j, s := range sums {
					f.emitTo(s, fadd, 0, 0, s, f.emit(fmul, 0, 0, w, load(row, j)))
				}
				f.raw("ADD $4, %v", weight)
				f.raw("SUBS $1, %v", tap)
				f.raw("BNE %s", top)
			})
			for j, s := range sums {
				store(s, j)
			}
			f.raw("ADD $%d, %v", size, dst)
			f.raw("ADD $%d, %v", size, x)
		})
	}
	whole := func(g general, j int) vec { return f.quad(g, 16*j) }
	for _, registers := range []int{8, 1} {
		piece(4*registers, 16*registers, whole, func(v vec, j int) { f.memory(strQ, v, dst, 16*j, 16, true) })
	}
	piece(1, 4, func(g general, _ int) vec { return f.loadPart(g, 0, 1, 0) }, func(v vec, _ int) { f.memory(strS, v, dst, 0, 4, true) })
	f.raw("RET")
}
