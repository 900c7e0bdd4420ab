package main

// addPacking adds the kernels that copy matrices.
func addPacking(m *module) {
	t := transpose(m)
	packAcross(m, t)
	packAlong(m)
	fromBytes(m)
	gather(m)
}

// transpose adds a kernel that writes the transpose of a matrix of rows × cols; the strides are in bytes.
func transpose(m *module) *function {
	f := m.kernel("transpose", "ppnnnn") // dst, src, bytes between rows of src and of dst, rows, cols
	dst, src, srcRow, dstRow, rows, cols := f.param(0), f.param(1), f.param(2), f.param(3), f.param(4), f.param(5)
	p, q, left := f.local(i32), f.local(i32), f.local(i32)
	row := func(p local, i int, stride local) code { return addInt(p.get(), mulInt(stride.get(), number(i))) }
	begin := func() { f.emit(p.set(src.get()), q.set(dst.get()), left.set(cols.get())) }
	single := func(rows int) { // columns of some rows, one at a time
		for i := range rows {
			f.emit(access(code{0x36}, 2, 4*i, q.get(), loadInt(row(p, i, srcRow), 0)))
		}
		f.emit(p.add(number(4)), q.add(dstRow.get()))
	}
	f.rounds(rows, 4, func() {
		begin()
		f.rounds(left, 4, func() {
			var r [4]code
			for i := range r {
				r[i] = f.let(v128, load(row(p, i, srcRow), 0))
			}
			lo, hi := f.pairs(r[0], r[1]), f.pairs(r[2], r[3])
			for i := range 2 {
				f.emit(store(row(q, 2*i, dstRow), 0, shuffle(lo[i], hi[i], 0, 1, 4, 5)),
					store(row(q, 2*i+1, dstRow), 0, shuffle(lo[i], hi[i], 2, 3, 6, 7)))
			}
			f.emit(p.add(number(16)), q.add(shiftLeftInt(dstRow.get(), 2)))
		})
		f.rounds(left, 1, func() { single(4) })
		f.emit(src.add(shiftLeftInt(srcRow.get(), 2)), dst.add(number(16)))
	})
	f.rounds(rows, 1, func() {
		begin()
		f.rounds(left, 1, func() { single(1) })
		f.emit(src.add(srcRow.get()), dst.add(number(4)))
	})
	return f
}

// pairs returns the elements of a and b in turn.
func (f *function) pairs(a, b code) [2]code {
	return [2]code{f.let(v128, shuffle(a, b, 0, 4, 1, 5)), f.let(v128, shuffle(a, b, 2, 6, 3, 7))}
}

// packAcross adds a kernel that packs contiguous lines in panels of some lines; element (line, k) of a panel is k·width+line.
func packAcross(m *module, transpose *function) {
	f := m.kernel("packAcross", "ppnnnn") // dst, src, bytes between lines, lines of a panel, lines, depth
	dst, src, line, width, lines, depth := f.param(0), f.param(1), f.param(2), f.param(3), f.param(4), f.param(5)
	f.loop(func() {
		n := f.let(i32, minInt(width.get(), lines.get()))
		f.emit(transpose.call(dst.get(), src.get(), line.get(), shiftLeftInt(width.get(), 2), n, depth.get()))
		f.emit(dst.add(shiftLeftInt(mulInt(width.get(), depth.get()), 2)), src.add(mulInt(line.get(), width.get())),
			lines.set(subInt(lines.get(), width.get())))
	}, greaterInt(lines.get(), number(0)))
}

// packAlong adds a kernel that packs lines whose elements of equal depth are contiguous, in panels of width lines, a multiple of
// four. It takes some depths of all panels at a time, to read the matrix in the order of memory.
func packAlong(m *module) {
	const together = 256
	f := m.kernel("packAlong", "ppnnnn") // dst, src, bytes between depths, lines of a panel, lines, depth
	dst, src, stride, width, lines, depth := f.param(0), f.param(1), f.param(2), f.param(3), f.param(4), f.param(5)
	size := f.let(i32, shiftLeftInt(width.get(), 2)) // bytes of a panel at one depth
	panel := f.let(i32, mulInt(size, depth.get()))
	p, q, to, from, left, n, some, row := f.local(i32), f.local(i32), f.local(i32), f.local(i32), f.local(i32), f.local(i32), f.local(i32), f.local(i32)
	f.loop(func() {
		f.emit(some.set(minInt(depth.get(), number(together))), to.set(dst.get()), from.set(src.get()), left.set(lines.get()))
		f.loop(func() {
			f.emit(p.set(from.get()), q.set(to.get()), row.set(some.get()))
			f.loop(func() {
				f.emit(n.set(minInt(width.get(), left.get())))
				x, y := f.local(i32), f.local(i32)
				f.emit(x.set(p.get()), y.set(q.get()))
				f.rounds(n, 4, func() { f.emit(store(y.get(), 0, load(x.get(), 0)), x.add(number(16)), y.add(number(16))) })
				f.when(n.get(), func() { f.emit(store(y.get(), 0, loadPart.call(x.get(), n.get()))) })
				f.emit(p.add(stride.get()), q.add(size), row.add(number(-1)))
			}, row.get())
			f.emit(to.add(panel), from.add(size), left.set(subInt(left.get(), width.get())))
		}, greaterInt(left.get(), number(0)))
		f.emit(dst.add(mulInt(some.get(), size)), src.add(mulInt(some.get(), stride.get())), depth.set(subInt(depth.get(), some.get())))
	}, depth.get())
}

// fromBytes adds a kernel that converts a multiple of 16 bytes.
func fromBytes(m *module) {
	f := m.kernel("fromBytes", "ppn") // dst, src, the number of bytes
	dst, src, n := f.param(0), f.param(1), f.param(2)
	f.loop(func() {
		b := f.let(v128, load(src.get(), 0))
		for i, half := range []uint64{0x89, 0x8a} { // 16 bits
			h := f.let(v128, simd(half, b))
			f.emit(store(dst.get(), 32*i, toFloat(simd(0xa9, h))), store(dst.get(), 32*i+16, toFloat(simd(0xaa, h))))
		}
		f.emit(dst.add(number(64)), src.add(number(16)), n.add(number(-16)))
	}, n.get())
}

// gather adds a kernel that copies rows, whose numbers are integers of 64 bits.
func gather(m *module) {
	f := m.kernel("gather", "pppnn") // dst, src, the numbers, bytes of a row, rows
	dst, src, index, size, rows := f.param(0), f.param(1), f.param(2), f.param(3), f.param(4)
	f.loop(func() {
		from := addInt(src.get(), mulInt(size.get(), loadInt(index.get(), 0)))
		f.emit(append(join(dst.get(), from, size.get()), 0xfc, 0x0a, 0, 0)) // memory.copy
		f.emit(dst.add(size.get()), index.add(number(8)), rows.add(number(-1)))
	}, rows.get())
}
