package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A placement says where the elements of the two matrices are. Columns are Col bytes apart, a parameter; tiles are Move times the
// parameter pixel apart.
type placement struct {
	srcRow, dstRow   row
	srcCol, dstCol   string
	srcMove, dstMove int
}

// A row is the distance between rows: a parameter, or a number of columns.
type row struct {
	param   string
	columns int
}

func param(name string) row { return row{param: name} }
func columns(n int) row     { return row{columns: n} }

// A strider addresses elements at multiples of a step from a pointer, up to five.
type strider struct{ step, triple, quintuple reg.GPVirtual }

// newStrider returns a strider for the step in r and up to n elements.
func newStrider(r reg.GPVirtual, n int) strider {
	s := strider{step: r}
	if n > 3 {
		s.triple = GP64()
		LEAQ(Mem{Base: r, Index: r, Scale: 2}, s.triple)
	}
	if n > 5 {
		s.quintuple = GP64()
		LEAQ(Mem{Base: r, Index: r, Scale: 4}, s.quintuple)
	}
	return s
}

// at returns the memory at i steps from p.
func (s strider) at(p reg.GPVirtual, i int) Mem {
	m := Mem{Base: p}
	switch i {
	case 1, 2, 4:
		m.Index, m.Scale = s.step, uint8(i)
	case 3:
		m.Index, m.Scale = s.triple, 1
	case 5:
		m.Index, m.Scale = s.quintuple, 1
	}
	return m
}

// emit writes the function that applies the map along the columns and then the rows of each tile. If finish is set, it finishes the
// results as output does.
func (l linear) emit(name, doc string, at placement, finish bool) {
	signature := "func(dst, src *float32, dstStep, srcRow, pixel, tiles, vectors int)"
	if at.srcCol == "srcStep" {
		signature = "func(dst, src *float32, dstRow, srcStep, pixel, tiles, vectors int)"
	}
	if finish {
		signature = "func(dst, src, bias, check *float32, dstRow, srcStep, pixel, tiles, vectors int, floor float32)"
	}
	if at.srcRow.param == "" && at.dstRow.param == "" {
		signature = "func(dst, src *float32, dstStep, pixel, tiles, vectors int)"
		if at.srcCol == "srcStep" {
			signature = "func(dst, src *float32, srcStep, pixel, tiles, vectors int)"
		}
	}
	begin(name, signature, doc)
	srcCol, srcRow := GP64(), GP64()
	Load(Param(at.srcCol), srcCol)
	if at.srcRow.param != "" {
		Load(Param(at.srcRow.param), srcRow)
	} else {
		IMUL3Q(U8(uint8(at.srcRow.columns)), srcCol, srcRow)
	}
	rows := newStrider(srcRow, l.in)
	dstCol := GP64()
	Load(Param(at.dstCol), dstCol)
	cols := newStrider(dstCol, l.out)
	src, dst, p, q := GP64(), GP64(), GP64(), GP64()
	var e *end
	if finish {
		e = newEnd()
	}
	loops(func(offset reg.GPVirtual) {
		Load(Param("src"), src)
		ADDQ(offset, src)
		Load(Param("dst"), dst)
		ADDQ(offset, dst)
		e.next(offset)
	}, func() {
		for _, part := range l.parts {
			results := make([][]reg.VecVirtual, len(part.results))
			x := elements{constants: map[string]reg.VecVirtual{}}
			for _, c := range part.constants {
				x.constants[c] = load(vectorOf(c))
			}
			MOVQ(src, p)
			x.memory = func(i int) Mem { return rows.at(p, i) }
			for j := range l.in {
				for k, r := range part.f(x) {
					results[k] = append(results[k], r)
				}
				if j+1 < l.in {
					ADDQ(srcCol, p)
				}
			}
			for k, i := range part.results {
				at.rowOf(q, dst, dstCol, i)
				for _, second := range l.parts {
					for m, y := range second.f(elements{registers: results[k]}) {
						e.apply(y)
						VMOVUPS(y, cols.at(q, second.results[m]))
					}
				}
			}
		}
		move(src, at.srcMove)
		move(dst, at.dstMove)
	}, e.store)
}

// rowOf sets q to the address of row i of the destination.
func (at placement) rowOf(q, dst, dstCol reg.GPVirtual, i int) {
	switch {
	case i == 0:
		MOVQ(dst, q)
		return
	case at.dstRow.param != "":
		Load(Param(at.dstRow.param), q)
		IMUL3Q(U8(uint8(i)), q, q)
	default:
		IMUL3Q(U8(uint8(i*at.dstRow.columns)), dstCol, q)
	}
	ADDQ(dst, q)
}

// move moves p by some times the parameter pixel.
func move(p reg.GPVirtual, times int) {
	by := GP64()
	Load(Param("pixel"), by)
	if times > 1 {
		IMUL3Q(U8(uint8(times)), by, by)
	}
	ADDQ(by, p)
}

// An end finishes sums; nil leaves them as they are.
type end struct {
	floor, bias, check, zero reg.VecVirtual
}

// newEnd loads the parameters.
func newEnd() *end {
	e := &end{YMM(), YMM(), YMM(), YMM()}
	p := GP64()
	VBROADCASTSS(NewParamAddr("floor", 72), e.floor)
	VXORPS(e.zero, e.zero, e.zero)
	Load(Param("check"), p)
	VMOVUPS(Mem{Base: p}, e.check)
	return e
}

// next loads the biases of the channels at offset.
func (e *end) next(offset reg.GPVirtual) {
	if e != nil {
		p := GP64()
		Load(Param("bias"), p)
		VMOVUPS(Mem{Base: p, Index: offset, Scale: 1}, e.bias)
	}
}

// apply adds 0·y to what is checked and sets y to max(y + bias, floor), which is NaN if y is.
func (e *end) apply(y reg.VecVirtual) {
	if e != nil {
		VFMADD231PS(e.zero, y, e.check)
		VADDPS(e.bias, y, y)
		VMAXPS(y, e.floor, y)
	}
}

// store stores what is checked.
func (e *end) store() {
	if e != nil {
		p := GP64()
		Load(Param("check"), p)
		VMOVUPS(e.check, Mem{Base: p})
	}
}
