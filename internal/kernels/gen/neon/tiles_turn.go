package main

// turnLines writes the functions that transpose lines of the images that convolutions by tiles read and write, in blocks of eight
// elements or, for short lines, of four.
func turnLines() {
	turnBlocks("tileTurn", "transposes lines > 0 of n ≥ 8 elements, in eight rows: vectors of eight are Row bytes apart, elements Step, lines Line.", 3,
		func(f *function, d, s, dstRow, srcRow general) {
			var rows [2][]vec // the left half of the eight rows and the right one
			for range 8 {
				for h := range rows {
					rows[h] = append(rows[h], f.quad(s, 16*h))
				}
				f.raw("ADD %v, %v", srcRow, s)
			}
			for h := range rows {
				f.storePairs(d, dstRow, f.turn(rows[h][:4]), f.turn(rows[h][4:]))
			}
		})
	turnBlocks("tileTurnIn", "is tileTurn for 4 ≤ n < 8. In src, the elements of a row are contiguous.", 2,
		func(f *function, d, s, dstRow, srcRow general) {
			var rows []vec
			for range 8 {
				rows = append(rows, f.quad(s, 0))
				f.raw("ADD %v, %v", srcRow, s)
			}
			f.storePairs(d, dstRow, f.turn(rows[:4]), f.turn(rows[4:]))
		})
	turnBlocks("tileTurnOut", "is tileTurnIn back. In src, the rows of an element are contiguous.", 2,
		func(f *function, d, s, dstRow, srcRow general) {
			var above, below []vec
			for range 4 {
				above, below = append(above, f.quad(s, 0)), append(below, f.quad(s, 16))
				f.raw("ADD %v, %v", srcRow, s)
			}
			for _, half := range [][]vec{above, below} {
				for _, row := range f.turn(half) {
					f.memory(strQ, row, d, 0, 16, true)
					f.raw("ADD %v, %v", dstRow, d)
				}
			}
		})
}

// storePairs stores vectors of eight, row bytes apart from d on.
func (f *function) storePairs(d, row general, above, below []vec) {
	for i := range above {
		f.memory(strQ, above[i], d, 0, 16, true)
		f.memory(strQ, below[i], d, 16, 16, true)
		f.raw("ADD %v, %v", row, d)
	}
}

// turnBlocks writes a function that transposes lines, a block of 1<<shift elements at a time. turn may change the pointers to the block.
func turnBlocks(name, doc string, shift int, turn func(f *function, d, s, dstRow, srcRow general)) {
	params := pointers("dst", "src")
	for _, n := range []string{"dstRow", "srcRow", "dstStep", "srcStep", "dstLine", "srcLine", "n", "lines"} {
		params = append(params, param{name: n, kind: 'n'})
	}
	f := begin(name, doc, params, "")
	dst, src, dstRow, srcRow := f.load("dst"), f.load("src"), f.load("dstRow"), f.load("srcRow")
	dstStep, srcStep, dstLine, srcLine := f.load("dstStep"), f.load("srcStep"), f.load("dstLine"), f.load("srcLine")
	n, lines, left := f.load("n"), f.load("lines"), f.integer()
	to, from, d, s, back := f.integer(), f.integer(), f.integer(), f.integer(), f.integer()
	f.loop(func(line string) {
		f.raw("MOVD %v, %v", dst, to)
		f.raw("MOVD %v, %v", src, from)
		f.raw("MOVD %v, %v", n, left)
		f.loop(func(block string) {
			f.raw("MOVD %v, %v", to, d)
			f.raw("MOVD %v, %v", from, s)
			turn(f, d, s, dstRow, srcRow)
			whole, end := f.label("whole"), f.label("end")
			f.raw("ADD %v<<%d, %v", dstStep, shift, to)
			f.raw("ADD %v<<%d, %v", srcStep, shift, from)
			f.raw("SUBS $%d, %v", 1<<shift, left)
			f.raw("BEQ %s", end)
			f.raw("CMP $%d, %v", 1<<shift, left)
			f.raw("BGE %s", whole)
			f.raw("SUB $%d, %v", 1<<shift, left) // the last block overlaps the one before
			f.raw("MUL %v, %v, %v", dstStep, left, back)
			f.raw("ADD %v, %v", back, to)
			f.raw("MUL %v, %v, %v", srcStep, left, back)
			f.raw("ADD %v, %v", back, from)
			f.raw("MOVD $%d, %v", 1<<shift, left)
			f.mark(whole)
			f.raw("B %s", block)
			f.mark(end)
		})
		f.raw("ADD %v, %v", dstLine, dst)
		f.raw("ADD %v, %v", srcLine, src)
		f.raw("SUBS $1, %v", lines)
		f.raw("BNE %s", line)
	})
	f.raw("RET")
}
