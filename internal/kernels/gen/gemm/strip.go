package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

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
	argAlpha // followed by beta, low, high and, in kernels.tapStrip, by taps, in kernels.aheadStrip by the memory ahead
)

// Bits of argFlags.
const (
	flagBeta = 1 << iota
	flagBias
	flagReLU
	flagRowBias
	flagAhead
	flagClip
)

// A tile emits the code for one tile of C: rows × nv vectors.
type tile struct {
	form
	name     string // full, edge, half or wide
	rows, nv int
	edge     bool        // only the first argCols columns of C and the bias may be accessed
	sums     func(*tile) // clears the accumulators and adds the products

	s, a, c, left reg.GPVirtual // the argument, the first elements of A and C, the number of rows left
	aRow          reg.GPVirtual // bytes between rows of A

	panels         bool // the function takes several panels
	colsLeft, past Mem  // columns from this panel on, bytes of a row before it
}

// acc returns the accumulator of vector v of row i.
func (t *tile) acc(i, v int) Op { return t.reg[i*t.nv+v] }

// spare returns the i-th of the last four registers, which are not accumulators.
func (t *tile) spare(i int) reg.VecPhysical { return t.reg[len(t.reg)-4+i] }

// mask returns the mask of the last vector of a row. In AVX2 it is the last register.
func (t *tile) mask() Op {
	if t.vec == 64 {
		return reg.K1
	}
	return t.spare(3)
}

// masked reports whether only a part of vector v of a row may be accessed.
func (t *tile) masked(v int) bool { return t.edge && v == t.nv-1 }

// loadB loads vector v of a row of B or of another matrix with as many columns.
func (t *tile) loadB(m Mem, v int, r Op) {
	if t.masked(v) {
		t.maskLoad(m, t.mask(), r)
	} else {
		t.load(m, r)
	}
}

// arg returns a field of the argument.
func (t *tile) arg(offset int) Mem { return Mem{Base: t.s, Disp: offset} }

// strip writes a function that multiplies rows of A by one panel of B. The panel is two vectors wide; at the edge of C, the
// code uses a mask, or only one vector if that suffices. A single row can take eight vectors at once.
func (f form) strip() {
	t := tile{form: f, sums: (*tile).product}
	t.begin("Strip")
	t.widths(true)
	t.name, t.nv, t.edge, t.rows = "wide", 8, false, 1
	Label(t.label(""))
	t.wide()
	t.finish()
	t.end()
}

// begin emits the beginning of a function and loads the arguments that all tiles need.
func (t *tile) begin(name string) {
	TEXT(t.form.name+name, attr.NOSPLIT, "func(s *byte)")
	t.s, t.a, t.c, t.left, t.aRow = GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("s"), t.s)
	MOVQ(t.arg(argA), t.a)
	MOVQ(t.arg(argC), t.c)
	MOVQ(t.arg(argRows), t.left)
	MOVQ(t.arg(argARow), t.aRow)
}

// end emits the end of a function.
func (t *tile) end() {
	Label("done")
	VZEROUPPER()
	RET()
}

// widths emits the tiles of one and two vectors and, if wide is set, the jump to the wide one.
func (t *tile) widths(wide bool) {
	cols := GP64()
	if t.panels {
		MOVQ(t.colsLeft, cols)
	} else {
		MOVQ(t.arg(argCols), cols)
	}
	CMPQ(cols, U32(uint32(t.lanes())))
	JLE(LabelRef("halfMask"))
	CMPQ(cols, U32(uint32(2*t.lanes())))
	JL(LabelRef("edgeMask"))
	if wide && t.panels {
		JE(LabelRef(t.label("Panel")))
		CMPQ(t.left, U32(1))
		JE(LabelRef("wide1"))
		Label(t.label("Panel"))
	} else if wide {
		JG(LabelRef("wide1"))
	}
	t.name, t.nv = "full", 2
	t.all()
	t.name, t.edge = "edge", true
	t.setMask(cols)
	t.all()
	t.name, t.nv = "half", 1
	t.setMask(cols)
	t.all()
}

// all emits the tiles of each height, which run one below the other until no row is left.
func (t *tile) all() {
	for i, rows := range t.form.rows {
		t.rows = rows
		next := "done"
		if i+1 < len(t.form.rows) {
			next = fmt.Sprint(t.name, t.form.rows[i+1])
		}
		Label(t.label(""))
		CMPQ(t.left, U32(uint32(rows)))
		JL(LabelRef(next))
		t.sums(t)
		t.finish()
		if i == 0 { // after a full tile, the next panel of A follows
			ADDQ(t.arg(argAPanel), t.a)
		} else {
			for range rows {
				ADDQ(t.aRow, t.a)
			}
		}
		SUBQ(U32(uint32(rows)), t.left)
		JMP(LabelRef(t.label("")))
	}
	JMP(LabelRef("done"))
}

// label returns a label in the tile's code.
func (t *tile) label(place string) string { return fmt.Sprint(t.name, place, t.rows) }

// wide is product for one row and the panels that nv vectors need, which are argBPanel apart.
func (t *tile) wide() {
	a, aCol, bRow, panel, k := GP64(), GP64(), GP64(), GP64(), GP64()
	panels := []reg.GPVirtual{GP64(), GP64()} // addresses of the first panel and the third
	MOVQ(t.a, a)
	MOVQ(t.arg(argACol), aCol)
	MOVQ(t.arg(argBRow), bRow)
	MOVQ(t.arg(argBPanel), panel)
	MOVQ(t.arg(argDepth), k)
	MOVQ(t.arg(argB), panels[0])
	LEAQ(Mem{Base: panels[0], Index: panel, Scale: 2}, panels[1])
	for v := range t.nv {
		t.zero(t.acc(0, v))
	}
	Label("wideDepth")
	t.broadcast(Mem{Base: a}, t.spare(0))
	for v := range t.nv {
		m := Mem{Base: panels[v/4], Disp: v % 2 * t.vec}
		if v/2%2 == 1 {
			m.Index, m.Scale = panel, 1
		}
		t.fma(m, t.spare(0), t.acc(0, v))
	}
	ADDQ(aCol, a)
	ADDQ(bRow, panels[0])
	ADDQ(bRow, panels[1])
	DECQ(k)
	JNZ(LabelRef("wideDepth"))
}
