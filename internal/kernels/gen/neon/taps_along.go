package main

import "fmt"

// tapParams are the parameters of sums of single elements.
func tapParams(indices []string, more ...string) (params []param) {
	params = pointers("dst", "x")
	for _, n := range indices {
		params = append(params, param{name: n, kind: 'i'})
	}
	params = append(params, param{name: "weight", kind: 'p'})
	for _, n := range append([]string{"n", "taps"}, more...) {
		params = append(params, param{name: n, kind: 'n'})
	}
	return params
}

// gatherTaps writes the sum of single elements, which are loaded one by one.
func gatherTaps() {
	f := beginAs("gatherTaps", "sets element i of dst, of n ≥ 8 elements, to the sum over k < taps of weight[k·n+i] times x[at[k·n+i]], without those whose index is negative.",
		tapParams([]string{"at"}), "")
	dst, x, at, weight, n, taps := f.load("dst"), f.load("x"), f.load("at"), f.load("weight"), f.load("n"), f.load("taps")
	left, index, w, tap, none := f.integer(), f.integer(), f.integer(), f.integer(), f.integer()
	var element [4]general
	for i := range element {
		element[i] = f.integer()
	}
	f.raw("ADD $%d, %v, %v", constants.place(0), constantBase, none)
	f.raw("MOVD %v, %v", n, left)
	f.loop(func(block string) {
		whole := f.label("whole")
		f.raw("CMP $4, %v", left)
		f.raw("BGE %s", whole)
		f.raw("SUB $4, %v", left) // the last block overlaps the one before
		for _, p := range []general{dst, at, weight} {
			f.raw("ADD %v<<2, %v", left, p)
		}
		f.raw("MOVD $4, %v", left)
		f.mark(whole)
		f.raw("MOVD %v, %v", at, index)
		f.raw("MOVD %v, %v", weight, w)
		f.raw("MOVD %v, %v", taps, tap)
		sum := f.emit(movi0, 0, 0)
		f.loop(func(top string) {
			for i, e := range element {
				f.raw("MOVW %d(%v), %v", 4*i, index, e)
			}
			for _, e := range element {
				f.raw("CMP $0, %v", e)
				f.raw("ADD %v<<2, %v, %v", e, x, e)
				f.raw("CSEL LT, %v, %v, %v", none, e, e)
			}
			v := f.fresh()
			f.memory(ldrS, v, element[0], 0, 4, false)
			for i, e := range element[1:] {
				f.loadLane(v, i+1, e)
			}
			f.emitTo(sum, fadd, 0, 0, sum, f.emit(fmul, 0, 0, v, f.quad(w, 0)))
			f.raw("ADD %v<<2, %v", n, index)
			f.raw("ADD %v<<2, %v", n, w)
			f.raw("SUBS $1, %v", tap)
			f.raw("BNE %s", top)
		})
		f.memory(strQ, sum, dst, 0, 16, true)
		for _, p := range []general{dst, at, weight} {
			f.raw("ADD $16, %v", p)
		}
		f.raw("SUBS $4, %v", left)
		f.raw("BNE %s", block)
	})
	f.raw("RET")
}

// permuteTaps writes the sum of single elements which are near each other: tap k of eight neighbours is among 8·width elements, from which
// they are looked up by their bytes.
func permuteTaps(name string, width int) {
	f := beginAs(name, "does what gatherTaps does for each of several rows, which are out and in elements apart. Blocks of 8 elements have "+
		"the indices and weights of their first tap, then of the next; a base for each; and an index is relative to its base. "+
		fmt.Sprintf("Indices are less than %d. The last block ends at n.", 8*width), tapParams([]string{"base", "at"}, "rows", "out", "in"), "")
	dst, x, n, taps := f.load("dst"), f.load("x"), f.load("n"), f.load("taps")
	bases, indices, weights := f.load("base"), f.load("at"), f.load("weight")
	rows, out, in := f.load("rows"), f.load("out"), f.load("in")
	base, at, weight := f.integer(), f.integer(), f.integer()
	to, left, tap, first := f.integer(), f.integer(), f.integer(), f.integer()
	four, bytes, sixteen := f.constant(0x04040404), f.constant(0x03020100), f.constant(0x10101010)
	f.loop(func(row string) {
		for _, p := range [][2]general{{bases, base}, {indices, at}, {weights, weight}, {dst, to}, {n, left}} {
			f.raw("MOVD %v, %v", p[0], p[1])
		}
		f.loop(func(block string) {
			sums := []vec{f.emit(movi0, 0, 0), f.emit(movi0, 0, 0)}
			f.raw("MOVD %v, %v", taps, tap)
			f.loop(func(top string) {
				f.raw("MOVW.P 4(%v), %v", base, first)
				f.raw("ADD %v<<2, %v, %v", first, x, first)
				var table []vec
				for q := range 2 * width {
					table = append(table, f.quad(first, 16*q))
				}
				for h, s := range sums { // the bytes of a negative index are not in any table
					i := f.emit(add, 0, 0, f.emit(mulW, 0, 0, f.quad(at, 16*h), four), bytes)
					v := f.emit(tbl, 0, 0, table[0], i)
					for _, t := range table[1:] {
						i = f.emit(subB, 0, 0, i, sixteen)
						f.change(v, tbx, 0, 0, t, i)
					}
					f.emitTo(s, fadd, 0, 0, s, f.emit(fmul, 0, 0, v, f.quad(weight, 16*h)))
				}
				f.raw("ADD $32, %v", at)
				f.raw("ADD $32, %v", weight)
				f.raw("SUBS $1, %v", tap)
				f.raw("BNE %s", top)
			})
			f.storeAt(vector(sums[:1]), to, 0)
			f.memory(strQ, sums[1], to, 16, 16, true)
			end := f.label("end")
			f.raw("ADD $32, %v", to)
			f.raw("SUBS $8, %v", left)
			f.raw("BEQ %s", end)
			f.raw("CMP $8, %v", left)
			f.raw("BGE %s", block)
			f.raw("SUB $8, %v", left) // the last block begins earlier
			f.raw("ADD %v<<2, %v", left, to)
			f.raw("MOVD $8, %v", left)
			f.raw("B %s", block)
			f.mark(end)
		})
		f.raw("ADD %v<<2, %v", out, dst)
		f.raw("ADD %v<<2, %v", in, x)
		f.raw("SUBS $1, %v", rows)
		f.raw("BNE %s", row)
	})
	f.raw("RET")
}
