package main

// turnLines writes the function that transposes lines of the images that convolutions by tiles read and write.
func turnLines() {
	params := pointers("dst", "src")
	for _, n := range []string{"dstRow", "srcRow", "dstStep", "srcStep", "dstLine", "srcLine", "n", "lines"} {
		params = append(params, param{name: n, kind: 'n'})
	}
	f := begin("tileTurn", "transposes lines > 0 of n ≥ 8 elements, in eight rows: vectors of eight are Row bytes apart, elements Step, lines Line.", params, "")
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
			var rows [2][]vec // the left half of the eight rows and the right one
			for range 8 {
				for h := range rows {
					rows[h] = append(rows[h], f.quad(s, 16*h))
				}
				f.raw("ADD %v, %v", srcRow, s)
			}
			for h := range rows {
				above, below := f.turn(rows[h][:4]), f.turn(rows[h][4:])
				for i := range above {
					f.memory(strQ, above[i], d, 0, 16, true)
					f.memory(strQ, below[i], d, 16, 16, true)
					f.raw("ADD %v, %v", dstRow, d)
				}
			}
			whole, end := f.label("whole"), f.label("end")
			f.raw("ADD %v<<3, %v", dstStep, to)
			f.raw("ADD %v<<3, %v", srcStep, from)
			f.raw("SUBS $8, %v", left)
			f.raw("BEQ %s", end)
			f.raw("CMP $8, %v", left)
			f.raw("BGE %s", whole)
			f.raw("SUB $8, %v", left) // the last block overlaps the one before
			f.raw("MUL %v, %v, %v", dstStep, left, back)
			f.raw("ADD %v, %v", back, to)
			f.raw("MUL %v, %v, %v", srcStep, left, back)
			f.raw("ADD %v, %v", back, from)
			f.raw("MOVD $8, %v", left)
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
