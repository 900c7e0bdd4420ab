package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// large writes the transformations of F(4×4, 3×3). They turn a small matrix by the same linear map along its columns and then along
// its rows.
func large() {
	tile := linear{6, 6, []part{inputEnds, inputNear, inputFar}}
	tile.emit("tileInput4", "writes Bᵀ·d·B for 6 × 6 elements d, a tile at every fourth column, for 8·vectors channels.",
		placement{srcRow: param("srcRow"), srcCol: "pixel", srcMove: 4, dstRow: columns(6), dstCol: "dstStep", dstMove: 1}, false)
	spread := linear{4, 6, []part{spreadEnds, spreadNear, spreadFar}}
	spread.emit("tileSpread4", "writes A·d·Aᵀ for 4 × 4 elements d, for 8·vectors channels.",
		placement{srcRow: param("srcRow"), srcCol: "pixel", srcMove: 4, dstRow: columns(6), dstCol: "dstStep", dstMove: 1}, false)
	output := linear{6, 4, []part{output0, output1, output2, output3}}
	output.emit("tileOutput4", "writes max(Aᵀ·m·A + bias, floor) for 6 × 6 elements m, for 8·vectors channels, and adds 0·Aᵀ·m·A to check.",
		placement{srcRow: columns(6), srcCol: "srcStep", srcMove: 1, dstRow: param("dstRow"), dstCol: "pixel", dstMove: 4}, true)
	kernel := linear{3, 6, []part{kernelEnds, kernelNear, kernelFar}}
	kernel.emit("kernelSpread4", "writes G·g·Gᵀ for 3 × 3 kernels g, for 8·vectors outputs.",
		placement{srcRow: columns(3), srcCol: "pixel", srcMove: 9, dstRow: columns(6), dstCol: "dstStep", dstMove: 1}, false)
	gather := linear{6, 3, []part{gather0, gather1, gather2}}
	gather.emit("kernelGather4", "writes Gᵀ·u·G for 6 × 6 elements u, for 8·vectors outputs.",
		placement{srcRow: columns(6), srcCol: "srcStep", srcMove: 1, dstRow: columns(3), dstCol: "pixel", dstMove: 9}, false)
}

// A linear is a linear map from `in` elements to `out`, in parts of some results each.
type linear struct {
	in, out int
	parts   []part
}

// A part computes the results with the given numbers. Along the columns, the constants are in registers.
type part struct {
	results   []int
	constants []string
	f         func(x elements) []reg.VecVirtual
}

// constant names and values. Products with 2 and 1/2 are exact, so that multiply-adds with them round as products and sums do.
var constantValues = map[string]float64{"two": 2, "half": 0.5, "root2": math.Sqrt2, "rootHalf": math.Sqrt2 / 2,
	"third2": 2. / 3, "third2Root": math.Sqrt2 / 3}

var constantMemory = map[string]Mem{}

// vectorOf returns the memory of eight times a constant.
func vectorOf(name string) Mem {
	m, ok := constantMemory[name]
	if !ok {
		m = GLOBL("eight_"+name, attr.RODATA|attr.NOPTR)
		for i := range 8 {
			DATA(4*i, F32(float32(constantValues[name])))
		}
		constantMemory[name] = m
	}
	return m
}

// elements are the arguments of a map: in memory at pointer p, or in registers.
type elements struct {
	memory    func(i int) Mem
	registers []reg.VecVirtual
	constants map[string]reg.VecVirtual
}

// read returns an element, which must not be changed.
func (x elements) read(i int) Op {
	if x.registers != nil {
		return x.registers[i]
	}
	return x.memory(i)
}

// take returns a copy of an element.
func (x elements) take(i int) reg.VecVirtual {
	r := YMM()
	if x.registers != nil {
		VMOVAPS(x.registers[i], r)
	} else {
		VMOVUPS(x.memory(i), r)
	}
	return r
}

// constant returns the register or the memory of a constant.
func (x elements) constant(name string) Op {
	if r, ok := x.constants[name]; ok {
		return r
	}
	return vectorOf(name)
}

// plus sets r to c·r + y, minus to c·r - y, from to y - c·r.
func (x elements) plus(c string, r reg.VecVirtual, y Op) reg.VecVirtual {
	if _, ok := y.(Mem); ok {
		VFMADD213PS(y, x.constants[c], r)
	} else {
		VFMADD132PS(x.constant(c), y, r)
	}
	return r
}

func (x elements) minus(c string, r reg.VecVirtual, y Op) reg.VecVirtual {
	if _, ok := y.(Mem); ok {
		VFMSUB213PS(y, x.constants[c], r)
	} else {
		VFMSUB132PS(x.constant(c), y, r)
	}
	return r
}

func (x elements) from(c string, r reg.VecVirtual, y Op) reg.VecVirtual {
	if _, ok := y.(Mem); ok {
		VFNMADD213PS(y, x.constants[c], r)
	} else {
		VFNMADD132PS(x.constant(c), y, r)
	}
	return r
}

// times sets r to c·r.
func (x elements) times(c string, r reg.VecVirtual) reg.VecVirtual {
	VMULPS(x.constant(c), r, r)
	return r
}

// plusOp sets r to r + y, and lessOp to r - y.
func plusOp(r reg.VecVirtual, y Op) reg.VecVirtual { VADDPS(y, r, r); return r }
func lessOp(r reg.VecVirtual, y Op) reg.VecVirtual { VSUBPS(y, r, r); return r }

// both returns p+q and p-q.
func both(p, q reg.VecVirtual) []reg.VecVirtual {
	return []reg.VecVirtual{add(p, q), lessOp(p, q)}
}

var inputEnds = part{[]int{0, 5}, []string{"half", "two"}, func(x elements) (r []reg.VecVirtual) {
	for i := range 2 {
		r = append(r, plusOp(x.from("half", x.take(2+i), x.read(i)), x.from("two", x.take(2+i), x.read(4+i))))
	}
	return r
}}

var inputNear = part{[]int{1, 2}, []string{"two", "rootHalf"}, func(x elements) []reg.VecVirtual {
	return both(x.minus("two", x.take(2), x.read(4)), x.times("rootHalf", x.minus("two", x.take(1), x.read(3))))
}}

var inputFar = part{[]int{3, 4}, []string{"half", "root2"}, func(x elements) []reg.VecVirtual {
	return both(x.from("half", x.take(2), x.read(4)), x.times("root2", x.from("half", x.take(1), x.read(3))))
}}

var spreadEnds = part{[]int{0, 5}, nil, func(x elements) []reg.VecVirtual { return []reg.VecVirtual{x.take(0), x.take(3)} }}

var spreadNear = part{[]int{1, 2}, []string{"half", "rootHalf"}, func(x elements) []reg.VecVirtual {
	return both(x.plus("half", x.take(2), x.read(0)), x.times("rootHalf", x.plus("half", x.take(3), x.read(1))))
}}

var spreadFar = part{[]int{3, 4}, []string{"half", "two", "rootHalf"}, func(x elements) []reg.VecVirtual {
	return both(x.plus("half", x.take(0), x.read(2)), x.times("rootHalf", x.plus("two", x.take(3), x.read(1))))
}}

// sums returns x1 + x2 and x3 + x4, and differences x1 - x2 and x3 - x4.
func sums(x elements) (near, far reg.VecVirtual) {
	return plusOp(x.take(1), x.read(2)), plusOp(x.take(3), x.read(4))
}

func differences(x elements) (near, far reg.VecVirtual) {
	return lessOp(x.take(1), x.read(2)), lessOp(x.take(3), x.read(4))
}

var output0 = part{[]int{0}, []string{"half"}, func(x elements) []reg.VecVirtual {
	near, far := sums(x)
	return []reg.VecVirtual{plusOp(x.plus("half", far, near), x.read(0))}
}}

var output1 = part{[]int{1}, []string{"rootHalf"}, func(x elements) []reg.VecVirtual {
	near, far := differences(x)
	return []reg.VecVirtual{x.times("rootHalf", plusOp(near, far))}
}}

var output2 = part{[]int{2}, []string{"half"}, func(x elements) []reg.VecVirtual {
	near, far := sums(x)
	return []reg.VecVirtual{x.plus("half", near, far)}
}}

var output3 = part{[]int{3}, []string{"half", "two", "rootHalf"}, func(x elements) []reg.VecVirtual {
	near, far := differences(x)
	return []reg.VecVirtual{plusOp(x.times("rootHalf", x.plus("half", near, x.times("two", far))), x.read(5))}
}}

var kernelEnds = part{[]int{0, 5}, nil, func(x elements) []reg.VecVirtual { return []reg.VecVirtual{x.take(0), x.take(2)} }}

var kernelNear = part{[]int{1, 2}, []string{"half"}, func(x elements) []reg.VecVirtual {
	return x.thirds(both(x.plus("half", x.take(2), x.read(0)), x.times("rootHalf", x.take(1))))
}}

var kernelFar = part{[]int{3, 4}, []string{"half"}, func(x elements) []reg.VecVirtual {
	return x.thirds(both(x.plus("half", x.take(0), x.read(2)), x.times("rootHalf", x.take(1))))
}}

func (x elements) thirds(r []reg.VecVirtual) []reg.VecVirtual {
	for _, v := range r {
		x.times("third2", v)
	}
	return r
}

var gather0 = part{[]int{0}, nil, func(x elements) []reg.VecVirtual {
	near, far := sums(x)
	return []reg.VecVirtual{plusOp(x.times("third2", x.plus("half", far, near)), x.read(0))}
}}

var gather1 = part{[]int{1}, nil, func(x elements) []reg.VecVirtual {
	near, far := differences(x)
	return []reg.VecVirtual{x.times("third2Root", plusOp(near, far))}
}}

var gather2 = part{[]int{2}, nil, func(x elements) []reg.VecVirtual {
	near, far := sums(x)
	return []reg.VecVirtual{plusOp(x.times("third2", x.plus("half", near, far)), x.read(5))}
}}
