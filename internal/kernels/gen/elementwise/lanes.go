package main

import (
	"fmt"
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes emits instructions on n registers at a time, of one width. The instructions on the n independent registers are
// interleaved: a processor does not look far enough ahead to find that parallelism itself.
type lanes struct {
	wide bool // AVX-512
	n    int
}

// A vec is n registers of float32, or of integers of 32 bits.
type vec []reg.VecVirtual

// A mask is the result of a comparison: registers of all ones or zeros in AVX2, mask registers in AVX-512.
type mask []reg.Register

// An operand is a vec, one address for all n registers, or n addresses.
type operand any

func pick(o operand, j int) Op {
	switch o := o.(type) {
	case vec:
		return o[j]
	case []Mem:
		return o[j]
	}
	return o.(Mem)
}

// both are the two widths.
var both = []lanes{{false, 1}, {true, 1}}

// by returns lanes of n registers.
func (l lanes) by(n int) lanes { return lanes{l.wide, n} }

// suffix returns the suffix of the names of functions of this width.
func (l lanes) suffix() string {
	if l.wide {
		return "AVX512"
	}
	return "AVX2"
}

// bytes returns the size of a register.
func (l lanes) bytes() int {
	if l.wide {
		return 64
	}
	return 32
}

// count returns the number of float32 in a register.
func (l lanes) count() int { return l.bytes() / 4 }

// single returns a new register.
func (l lanes) single() reg.VecVirtual {
	if l.wide {
		return ZMM()
	}
	return YMM()
}

// reg returns n new registers.
func (l lanes) reg() vec {
	v := make(vec, l.n)
	for j := range v {
		v[j] = l.single()
	}
	return v
}

// same returns a vec whose registers are all r. It must not be changed in place.
func (l lanes) same(r reg.VecVirtual) vec {
	v := make(vec, l.n)
	for j := range v {
		v[j] = r
	}
	return v
}

// at returns the addresses of n vectors, one after the other.
func (l lanes) at(m Mem) []Mem {
	a := make([]Mem, l.n)
	for j := range a {
		a[j] = m.Offset(j * l.bytes())
	}
	return a
}

// tables holds the constants used so far, by their bits.
var tables = map[uint32]Mem{}

// bits returns a vector filled with the constant, in memory.
func (l lanes) bits(b uint32) Mem {
	if m, ok := tables[b]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("all%08x", b), 16|8) // NOPTR, RODATA
	for i := range 16 {
		DATA(4*i, U32(b))
	}
	tables[b] = m
	return m
}

// k returns a vector filled with the constant f, in memory.
func (l lanes) k(f float64) Mem { return l.bits(math.Float32bits(float32(f))) }

// load loads the vectors at m.
func (l lanes) load(m operand) vec {
	r := l.reg()
	for j := range r {
		VMOVUPS(pick(m, j), r[j])
	}
	return r
}

// all returns a vec filled with the constant f, in one register. It must not be changed in place.
func (l lanes) all(f float64) vec { return l.same(l.by(1).load(l.k(f))[0]) }

// store writes v to m.
func (l lanes) store(v vec, m []Mem) {
	for j := range v {
		VMOVUPS(v[j], m[j])
	}
}

// zero returns zeros, which must not be changed in place.
func (l lanes) zero() vec {
	r := l.single()
	VXORPS(r, r, r)
	return l.same(r)
}

// writes adds an instruction whose last operand is only a result. With a mask, avo takes it for an input as well, and would
// keep the register in use from the start of the function.
func writes(i *ir.Instruction, err error) {
	if err != nil {
		panic(err)
	}
	i.Inputs = slices.DeleteFunc(i.Inputs, func(o Op) bool { return o == i.Outputs[0] })
	Instruction(i)
}

// scalar broadcasts a float32 parameter.
func (l lanes) scalar(name string) reg.VecVirtual {
	r := l.single()
	VBROADCASTSS(address(name), r)
	return r
}

// address returns the address of a parameter.
func address(name string) Mem {
	m, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return m.Addr
}
