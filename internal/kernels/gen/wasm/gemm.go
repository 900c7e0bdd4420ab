package main

// The arguments of a strip in the block: pointers to A, B, C, the bias and the taps, and these integers.
const (
	argACol = iota
	argARow
	argAPanel
	argBRow
	argBPanel
	argCRow
	argRows
	argCols
	argDepth
	argFlags
)

// Bits of argFlags.
const (
	flagBeta = 1 << iota
	flagBias
	flagReLU
	flagRowBias
)

// tileRows and tileCols are the size of a full tile, as in kernels.tileSize.
const (
	tileRows = 4
	tileCols = 8
)

// An operandKind says where the rows of an operand are.
type operandKind int

const (
	strided operandKind = iota // a stride apart
	tappedB                    // row k of B begins taps[k] bytes after its beginning
	tappedA                    // row i of A begins taps[i] bytes after its beginning
)

// A tile writes the code for tiles of rows × some vectors, or of rows × cols with fewer than four columns.
type tile struct {
	*function
	kind    operandKind
	vectors int
	cols    int // if there are fewer than four

	b, c, bias local // of the first column
	a, row     local // the first row of the next tile, and its number
}

func argInt(i int) code     { return loadInt(block(), blockInts+8*i) }
func argPointer(i int) code { return loadInt(block(), blockPointers+8*i) }

// addProducts adds the kernels of matrix products and convolutions.
func addProducts(m *module) {
	for where, name := range []string{strided: "strip", tappedB: "tapStrip", tappedA: "tapRowStrip"} {
		strip(m, name, operandKind(where))
	}
	dots(m)
}

// strip adds a kernel that multiplies rows of A by panels of B.
func strip(m *module, name string, where operandKind) {
	part := [tileCols + 1]*function{}
	for _, cols := range []int{8, 4, 3, 2, 1} {
		t := &tile{function: m.add("", []kind{i32, i32, i32}), kind: where, vectors: cols / 4}
		if cols < 4 {
			t.vectors, t.cols = 1, cols
		}
		t.write()
		part[cols] = t.function
	}
	f := m.add(name, nil)
	b, c, bias, left, panel := f.local(i32), f.local(i32), f.local(i32), f.local(i32), f.local(i32)
	f.emit(b.set(argPointer(1)), c.set(argPointer(2)), bias.set(argPointer(3)), left.set(argInt(argCols)), panel.set(argInt(argBPanel)))
	rest := f.local(i32)
	// within moves past some columns that are a part of a panel, or of whole ones.
	next := func(cols int, by code) {
		f.emit(part[cols].call(b.get(), c.get(), bias.get()), b.add(by), c.add(number(4*cols)))
		if where == strided {
			f.emit(bias.add(number(4 * cols)))
		}
	}
	f.rounds(left, tileCols, func() { next(tileCols, panel.get()) })
	f.rounds(left, 4, func() { next(4, number(16)) })
	f.emit(rest.set(left.get()))
	for cols := 3; cols > 0; cols-- {
		f.when(equalInt(rest.get(), number(cols)), func() { next(cols, number(0)) })
	}
}

// write writes the loop over the rows of the strip.
func (t *tile) write() {
	t.b, t.c, t.bias = t.param(0), t.param(1), t.param(2)
	t.a, t.row = t.local(i32), t.local(i32)
	left := t.local(i32)
	t.emit(t.a.set(argPointer(0)), left.set(argInt(argRows)))
	for _, rows := range []int{4, 2, 1} {
		t.rounds(left, rows, func() {
			t.one(rows)
			t.emit(t.row.add(number(rows)), t.c.add(mulInt(argInt(argCRow), number(rows))))
			switch {
			case t.kind == tappedA: // the taps are all that moves
			case rows == tileRows:
				t.emit(t.a.add(argInt(argAPanel)))
			default:
				t.emit(t.a.add(mulInt(argInt(argARow), number(rows))))
			}
		})
	}
}

// one writes a tile of the given number of rows: the sums over the depth, and their end.
func (t *tile) one(rows int) {
	var sums []local
	for range rows * t.vectors {
		v := t.local(v128)
		t.emit(v.set(k(0)))
		sums = append(sums, v)
	}
	var a []local // the rows
	for i := range rows {
		p := t.local(i32)
		if t.kind == tappedA {
			tap := loadInt(addInt(argPointer(4), shiftLeftInt(t.row.get(), 3)), 8*i)
			t.emit(p.set(addInt(t.a.get(), tap)))
		} else {
			t.emit(p.set(addInt(t.a.get(), mulInt(argInt(argARow), number(i)))))
		}
		a = append(a, p)
	}
	b, tap, depth := t.local(i32), t.local(i32), t.local(i32)
	aCol, bRow := t.local(i32), t.local(i32)
	t.emit(b.set(t.b.get()), depth.set(argInt(argDepth)), aCol.set(argInt(argACol)), bRow.set(argInt(argBRow)))
	if t.kind == tappedB {
		t.emit(tap.set(argPointer(4)))
	}
	t.depths(rows, sums, a, b, tap, depth, aCol, bRow)
	for i := range rows {
		for v := range t.vectors {
			t.finish(sums[i*t.vectors+v].get(), i, v)
		}
	}
}

// depths writes the loops over the depth, one at a time: unrolled, they would need more registers. Packed rows of A need only one
// pointer.
func (t *tile) depths(rows int, sums, a []local, b, tap, depth, aCol, bRow local) {
	loop := func(x func(i int) code, move ...local) {
		t.rounds(depth, 1, func() {
			row := b.get()
			if t.kind == tappedB {
				row = t.let(i32, addInt(t.b.get(), loadInt(tap.get(), 0)))
			}
			var y []code
			for v := range t.vectors {
				y = append(y, t.let(v128, t.loadColumns(row, v)))
			}
			for i := range rows {
				v := t.let(v128, x(i))
				for k, s := range sums[i*t.vectors : (i+1)*t.vectors] {
					t.emit(s.set(add(s.get(), mul(v, y[k]))))
				}
			}
			for _, p := range move {
				t.emit(p.add(aCol.get()))
			}
			if t.kind == tappedB {
				t.emit(tap.add(number(8)))
			} else {
				t.emit(b.add(bRow.get()))
			}
		})
	}
	if t.kind == strided && rows > 1 {
		t.when(equalInt(argInt(argARow), number(4)), func() {
			loop(func(i int) code { return load32Splat(a[0].get(), 4*i) }, a[0])
		})
	}
	loop(func(i int) code { return load32Splat(a[i].get(), 0) }, a...)
}

// loadColumns loads vector v of a row of B, of C or of the bias.
func (t *tile) loadColumns(p code, v int) code {
	switch t.cols {
	case 1:
		return load32Zero(p, 0)
	case 2:
		return load64Zero(p, 0)
	case 3:
		return load32Lane(p, 8, load64Zero(p, 0), 2)
	}
	return load(p, 16*v)
}

// finish computes vector v of row i of C from the sums s.
func (t *tile) finish(s code, i, v int) {
	x := t.local(v128)
	c := addInt(t.c.get(), mulInt(argInt(argCRow), number(i)))
	flag := func(bit int, body func()) {
		t.when(andInt(argInt(argFlags), number(bit)), body)
	}
	t.emit(x.set(mul(s, load32Splat(block(), blockFloats))))
	flag(flagBeta, func() { t.emit(x.set(add(x.get(), mul(load32Splat(block(), blockFloats+4), t.loadColumns(c, v))))) })
	switch t.kind {
	case strided:
		flag(flagBias, func() { t.emit(x.set(add(x.get(), t.loadColumns(t.bias.get(), v)))) })
	case tappedB:
		flag(flagRowBias, func() {
			at := addInt(t.bias.get(), shiftLeftInt(t.row.get(), 2))
			t.emit(x.set(add(x.get(), load32Splat(at, 4*i))))
		})
	}
	flag(flagReLU, func() { t.emit(x.set(atLeast(x.get(), k(0)))) })
	switch t.cols {
	case 0:
		t.emit(store(c, 16*v, x.get()))
	case 1:
		t.emit(store32Lane(c, 0, x.get(), 0))
	default:
		t.emit(store64Lane(c, 0, x.get(), 0))
		if t.cols == 3 {
			t.emit(store32Lane(c, 8, x.get(), 2))
		}
	}
}
