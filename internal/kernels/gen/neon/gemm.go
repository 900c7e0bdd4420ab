package main

import "fmt"

// Offsets of the fields of kernels.strip. A slice takes 24 bytes.
const (
	argA = 24 * iota
	argB
	argC
	argBias
	argACol
)
const (
	argARow = argACol + 8*(iota+1)
	argAPanel
	argBRow
	argBPanel
	argCRow
	argRows
	argCols
	argDepth
	argFlags
	argAlpha // followed by beta, low, high and, in kernels.tapStrip, by taps
)

// Bits of argFlags.
const (
	flagBeta = iota
	flagBias
	flagReLU
	flagRowBias
)

// The size of a full tile, as in kernels.tileSize. Its 24 sums, a column of A and a row of B take 29 of the 32 registers.
const (
	tileRows = 8
	tileCols = 12 // of float32, half of it of float64
)

// An operandKind says where the rows of an operand are.
type operandKind int

const (
	strided operandKind = iota // a stride apart
	tappedB                    // row k of B begins taps[k] bytes after its beginning
	tappedA                    // row i of A begins taps[i] bytes after its beginning
)

// A tile writes the code for tiles of rows × nv vectors, of whose last vector only the first part columns are in C, if part is not 0.
type tile struct {
	*function
	elements
	kind           operandKind
	rows, nv, part int
	acc            [][]vec

	s, a, b, c, bias, aCol, aRow, bRow, cRow, left general
	k, bp, tmp, flags, taps, rowBias               general
	p                                              []general // rows of A
}

// strips writes the micro-kernels.
func strips() {
	for _, e := range []elements{singles, doubles} {
		for kind, name := range []string{"strip", "tapStrip", "tapRowStrip"} {
			t := &tile{function: begin(name+e.suffix, "runs the micro-kernel.", []param{{name: "s", kind: 'b'}}, ""), elements: e, kind: operandKind(kind)}
			t.begin()
			t.variants()
		}
	}
}

// field loads a field of the argument.
func (t *tile) field(offset int) general {
	g := t.integer()
	t.raw("MOVD %d(%v), %v", offset, t.s, g)
	return g
}

func (t *tile) begin() {
	t.s = t.load("s")
	t.a, t.b, t.c, t.bias = t.field(argA), t.field(argB), t.field(argC), t.field(argBias)
	t.aCol, t.aRow, t.bRow, t.cRow = t.field(argACol), t.field(argARow), t.field(argBRow), t.field(argCRow)
	t.left, t.flags = t.field(argRows), t.field(argFlags)
	t.k, t.bp, t.tmp = t.integer(), t.integer(), t.integer()
	if t.kind != strided {
		t.taps = t.integer()
	}
	for range 4 {
		t.p = append(t.p, t.integer())
	}
	if t.kind == tappedB {
		t.rowBias = t.integer()
		t.raw("MOVD %v, %v", t.bias, t.rowBias)
	}
	if t.kind == tappedA {
		t.raw("MOVD %d(%v), %v", t.argTaps(), t.s, t.a)
	}
}

// variants writes the tiles of each width, and the jump to the right one.
func (t *tile) variants() {
	t.raw("MOVD %d(%v), %v", argCols, t.s, t.k)
	width := tileCols * 4 / t.bytes
	for cols := width; cols > 0; cols-- {
		t.raw("CMP $%d, %v", cols, t.k)
		t.raw("BEQ cols%d", cols)
	}
	if t.kind == strided {
		t.wide()
	} else {
		t.raw("RET")
	}
	for cols := width; cols > 0; cols-- {
		t.mark(fmt.Sprint("cols", cols))
		t.nv, t.part = (cols+t.lanes()-1)/t.lanes(), cols%t.lanes()
		t.heights()
	}
}

// heights writes the tiles of each height, which run one below the other until no row is left.
func (t *tile) heights() {
	heights := []int{4, 2, 1}
	if t.kind == strided {
		heights = append([]int{tileRows}, heights...)
	}
	for _, rows := range heights {
		t.rows = rows
		top, next := t.label("rows"), t.label("next")
		if rows == tileRows {
			t.raw("CMP $%d, %v", t.bytes, t.aRow)
			t.raw("BNE %s", next)
		}
		t.loop(func(string) {
			t.mark(top)
			t.raw("CMP $%d, %v", rows, t.left)
			t.raw("BLT %s", next)
			t.clear()
			if rows == tileRows {
				t.across()
			} else {
				t.along()
			}
			t.finish()
			t.advance()
			t.raw("B %s", top)
		})
		t.mark(next)
	}
	t.raw("RET")
}

// advance moves to the next tile.
func (t *tile) advance() {
	switch {
	case t.rows == tileRows:
		t.raw("MOVD %d(%v), %v", argAPanel, t.s, t.tmp)
		t.raw("ADD %v, %v", t.tmp, t.a)
	case t.kind == tappedA:
		t.raw("ADD $%d, %v", 8*t.rows, t.a)
	default:
		for range t.rows {
			t.raw("ADD %v, %v", t.aRow, t.a)
		}
	}
	if t.kind == tappedB {
		t.raw("ADD $%d, %v", t.bytes*t.rows, t.rowBias)
	}
	t.raw("SUB $%d, %v", t.rows, t.left)
}

// clear sets the sums to 0.
func (t *tile) clear() {
	t.acc = nil
	for range t.rows {
		var row []vec
		for range t.nv {
			row = append(row, t.emit(movi0, 0, 0))
		}
		t.acc = append(t.acc, row)
	}
}

// row loads a row of B, of C or of the bias.
func (t *tile) row(g general, partial bool) (b []vec) {
	for v := range t.nv {
		if t.part == 0 || v < t.nv-1 || !partial {
			b = append(b, t.quad(g, 16*v))
		} else {
			b = append(b, t.loadSome(g, 16*v))
		}
	}
	return b
}
