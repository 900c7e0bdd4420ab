package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// tapStrip writes a strip whose rows of B may lie anywhere: row k begins taps[k] bytes after argB. The elements of a row of
// A are contiguous. A row of C can have a bias, with which its sums begin. A single row can take eight vectors at once; more rows take any
// number of columns, a panel after the other.
func (f form) tapStrip() {
	t := tile{form: f, sums: (*tile).tapped}
	t.begin("TapStrip")
	t.beginPanels()
	t.widths(true)
	t.name, t.nv, t.edge, t.rows = "wide", 8, false, 1
	Label(t.label(""))
	t.wideTaps()
	t.finish()
	JMP(LabelRef("out"))
	t.endPanels()
}

// beginPanels emits the beginning of a loop over the panels of a strip.
func (t *tile) beginPanels() {
	t.panels, t.colsLeft, t.past = true, AllocLocal(8), AllocLocal(8)
	cols := GP64()
	MOVQ(t.arg(argCols), cols)
	MOVQ(cols, t.colsLeft)
	MOVQ(I32(0), t.past)
	Label("panel")
}

// endPanels emits the end of the loop and of the function.
func (t *tile) endPanels() {
	Label("done")
	SUBQ(U32(uint32(2*t.lanes())), t.colsLeft)
	JLE(LabelRef("out"))
	ADDQ(U32(uint32(2*t.vec)), t.past)
	MOVQ(t.arg(argA), t.a)
	MOVQ(t.arg(argC), t.c)
	ADDQ(t.past, t.c)
	MOVQ(t.arg(argRows), t.left)
	JMP(LabelRef("panel"))
	Label("out")
	VZEROUPPER()
	RET()
}

// wideTaps is tapped for one row and nv vectors.
func (t *tile) wideTaps() {
	t.startRows()
	a, b, taps, tap, k := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(t.a, a)
	MOVQ(t.arg(argB), b)
	MOVQ(t.taps(), taps)
	MOVQ(t.arg(argDepth), k)
	Label("wideDepth")
	MOVQ(Mem{Base: taps}, tap)
	t.broadcast(Mem{Base: a}, t.spare(0))
	for v := range t.nv {
		t.fma(Mem{Base: b, Index: tap, Scale: 1, Disp: v * t.vec}, t.spare(0), t.acc(0, v))
	}
	ADDQ(U32(uint32(t.size)), a)
	ADDQ(U32(8), taps)
	DECQ(k)
	JNZ(LabelRef("wideDepth"))
}

// tapped is product for tapStrip.
func (t *tile) tapped() {
	rows, bases := t.rowsOfA()
	if t.name == "full" {
		t.fetchRows()
	}
	t.startRows()
	b, taps, tap, k := GP64(), GP64(), GP64(), GP64()
	MOVQ(t.arg(argB), b)
	ADDQ(t.past, b)
	MOVQ(t.taps(), taps)
	MOVQ(t.arg(argDepth), k)
	steps := func(name string, n int) {
		t.loop(name, k, n, func() {
			for u := range n {
				MOVQ(Mem{Base: taps, Disp: 8 * u}, tap)
				t.step(func(i int) Mem { m := rows[i]; m.Disp = u * t.size; return m },
					func(disp int) Mem { return Mem{Base: b, Index: tap, Scale: 1, Disp: disp} })
			}
			for _, p := range bases {
				ADDQ(U32(uint32(n*t.size)), p)
			}
			ADDQ(U32(uint32(8*n)), taps)
		})
	}
	steps("Depth", unroll)
	steps("Rest", 1)
}

// taps returns the argument that points to the taps.
func (t *tile) taps() Mem { return t.arg(argAlpha + 4*t.size) }

// startRows sets the sums to the biases of the rows, or to zero.
func (t *tile) startRows() {
	flags, bias, row := GP64(), GP64(), GP64()
	with, done := t.label("RowBias"), t.label("Start")
	MOVQ(t.arg(argFlags), flags)
	TESTQ(U32(flagRowBias), flags)
	JNZ(LabelRef(with))
	t.clear()
	JMP(LabelRef(done))
	Label(with)
	MOVQ(t.arg(argBias), bias)
	MOVQ(t.arg(argRows), row)
	SUBQ(t.left, row)
	for i := range t.rows {
		for v := range t.nv {
			t.broadcast(Mem{Base: bias, Index: row, Scale: uint8(t.size), Disp: i * t.size}, t.acc(i, v))
		}
	}
	Label(done)
}

// tapRowStrip writes a strip whose rows of A may lie anywhere: row i begins taps[i] bytes after argA, and its elements are
// contiguous. argARow and argAPanel are strides in the taps. B is packed.
func (f form) tapRowStrip() {
	f.rows = []int{6, 5, 4, 3, 2, 1} // a register for each row
	t := tile{form: f, sums: (*tile).tappedRows}
	t.begin("TapRowStrip")
	MOVQ(t.taps(), t.a)
	t.widths(false)
	t.end()
}

// tappedRows is product for tapRowStrip.
func (t *tile) tappedRows() {
	Commentf("A tile of %d rows: the sum over the depth.", t.rows)
	b, k, end, left := GP64(), GP64(), GP64(), GP64()
	bRow := 2 * t.vec
	MOVQ(t.arg(argDepth), left)
	MOVQ(t.arg(argA), end)
	XORQ(k, k)
	rows := make([]Mem, t.rows)
	for i := range rows {
		p := GP64()
		MOVQ(Mem{Base: t.a, Disp: 8 * i}, p)
		ADDQ(end, p)
		rows[i] = Mem{Base: p, Index: k, Scale: 1}
	}
	MOVQ(t.arg(argB), b)
	t.clear()
	steps := func(name string, n int) {
		t.loop(name, left, n, func() {
			for u := range n {
				t.step(func(i int) Mem { m := rows[i]; m.Disp = u * t.size; return m },
					func(disp int) Mem { return Mem{Base: b, Disp: u*bRow + disp} })
			}
			ADDQ(U32(uint32(n*t.size)), k)
			ADDQ(U32(uint32(n*bRow)), b)
		})
	}
	steps("Depth", unroll)
	steps("Rest", 1)
}

// fetchRows has the columns of C that come next brought to the cache, in the rows of the tile. An output of a convolution is often in
// memory that was last used long ago, and the processor does not see that its rows are written in order.
func (t *tile) fetchRows() {
	p, cRow := GP64(), GP64()
	MOVQ(t.c, p)
	MOVQ(t.arg(argCRow), cRow)
	for i := range t.rows {
		for v := range t.nv {
			PREFETCHT0(Mem{Base: p, Disp: (t.nv + v) * t.vec})
		}
		if i+1 < t.rows {
			ADDQ(cRow, p)
		}
	}
}
