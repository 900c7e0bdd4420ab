// Command depthwise writes the assembly of convolutions of each channel by itself, for float32 and AVX-512: kernels of 3 × 3 and
// 5 × 5 elements, with strides of 1 and 2 in each direction.
package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!noasm")
	indices()
	for _, k := range []int{3, 5} {
		for _, sy := range []int{1, 2} {
			for _, sx := range []int{1, 2} {
				f := function{k: k, sy: sy, sx: sx}
				f.write()
			}
		}
	}
	Generate()
}

// even and odd are the indices of every second element of two registers.
var even, odd Mem

func indices() {
	table := func(name string, first int) Mem {
		m := GLOBL(name, attr.RODATA|attr.NOPTR)
		for i := range 16 {
			DATA(4*i, U32(uint32(first+2*i)))
		}
		return m
	}
	even, odd = table("evenElements", 0), table("oddElements", 1)
}

// A function computes some lines of sixteen columns of a result.
type function struct {
	k, sy, sx      int // size of the kernel, strides
	weights        []reg.VecVirtual
	even, odd      reg.VecVirtual
	masks          []Op // of loads, then the one of the store
	x, y, w        reg.Register
	row, height    reg.Register
	xLine, yLine   reg.Register
	back, rows     reg.Register
	bias, low, top reg.VecVirtual
	later          []func() // write rare code, after the rest
}

// write writes the function.
func (f *function) write() {
	name := fmt.Sprintf("depthwise%dx%dby%d%d", f.k, f.k, f.sy, f.sx)
	TEXT(name, attr.NOSPLIT, "func(y, x, w *float32, masks *uint16, at, row, height, rows, xLine, yLine int, bias, low, high float32)")
	Doc(fmt.Sprintf("%s sets rows lines of y, yLine bytes apart, to bias plus the sums of %d lines of x, xLine bytes apart, times w, between low and high.", name, f.k),
		"The first line begins at bytes after x and is number row; lines before 0 and from height on are zeros. masks select the elements of each load, then those of the store.")
	Pragma("noescape")
	f.arguments()
	heights := []int{7, 3, 1}
	if f.k == 5 {
		heights = []int{7, 4, 2, 1}
	}
	for _, r := range heights {
		label := fmt.Sprint("rows", r)
		Label(label)
		CMPQ(f.rows, Imm(uint64(r)))
		JL(LabelRef(label + "End"))
		f.lines(r)
		SUBQ(Imm(uint64(r)), f.rows)
		JMP(LabelRef(label))
		Label(label + "End")
	}
	RET()
	for _, f := range f.later {
		f()
	}
}

// arguments loads the arguments.
func (f *function) arguments() {
	load := func(name string) reg.Register { return Load(Param(name), GP64()) }
	f.y, f.x, f.w = load("y"), load("x"), load("w")
	ADDQ(load("at"), f.x)
	f.row, f.height, f.rows = load("row"), load("height"), load("rows")
	f.xLine, f.yLine = load("xLine"), load("yLine")
	f.back = GP64()
	MOVQ(f.xLine, f.back)
	IMUL3Q(Imm(uint64(f.k-f.sy)), f.back, f.back)
	masks := load("masks")
	n := f.k
	if f.sx == 2 {
		n = (f.k + 1) / 2 * 2
		f.even, f.odd = ZMM(), ZMM()
		VMOVDQU32(even, f.even)
		VMOVDQU32(odd, f.odd)
	}
	f.masks = nil
	for i := range n + 1 {
		k := K()
		KMOVW(Mem{Base: masks, Disp: 2 * i}, k)
		f.masks = append(f.masks, k)
	}
	value := func(name string) reg.VecVirtual {
		m, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		v := ZMM()
		VBROADCASTSS(m.Addr, v)
		return v
	}
	f.bias, f.low, f.top = value("bias"), value("low"), value("high")
	f.weights = nil
	if f.k == 3 {
		for i := range f.k * f.k {
			f.weights = append(f.weights, ZMM())
			VBROADCASTSS(Mem{Base: f.w, Disp: 4 * i}, f.weights[i])
		}
	}
}

// lines computes n lines of the result. Each line of x is loaded once.
func (f *function) lines(n int) {
	sums := make([]reg.VecVirtual, n)
	for i := range sums {
		sums[i] = ZMM()
		VMOVAPS(f.bias, sums[i])
	}
	for l := range (n-1)*f.sy + f.k {
		zero, add := fmt.Sprintf("zero%dline%d", n, l), fmt.Sprintf("add%dline%d", n, l)
		taps := f.registers()
		CMPQ(f.row, f.height)
		JAE(LabelRef(zero)) // lines before 0 are large unsigned numbers
		f.load(taps)
		Label(add)
		for kx, v := range taps {
			for i, s := range sums {
				if ky := l - i*f.sy; ky >= 0 && ky < f.k {
					f.fma(s, v, ky*f.k+kx)
				}
			}
		}
		INCQ(f.row)
		ADDQ(f.xLine, f.x)
		f.later = append(f.later, func() {
			Label(zero)
			for _, v := range taps {
				VXORPS(v, v, v)
			}
			JMP(LabelRef(add))
		})
	}
	SUBQ(Imm(uint64(f.k-f.sy)), f.row)
	SUBQ(f.back, f.x)
	for _, s := range sums {
		VMAXPS(s, f.low, s)
		VMINPS(s, f.top, s)
		VMOVUPS(s, f.masks[len(f.masks)-1], Mem{Base: f.y})
		ADDQ(f.yLine, f.y)
	}
}

// registers returns a register for each column of the kernel.
func (f *function) registers() []reg.VecVirtual {
	list := make([]reg.VecVirtual, f.k)
	for i := range list {
		list[i] = ZMM()
	}
	return list
}

// load sets each register to the elements that a column of the kernel meets.
func (f *function) load(taps []reg.VecVirtual) {
	if f.sx == 1 {
		for kx, v := range taps {
			VMOVUPS_Z(Mem{Base: f.x, Disp: 4 * kx}, f.masks[kx], v)
		}
		return
	}
	for kx := 0; kx < f.k; kx += 2 {
		a, b := ZMM(), ZMM()
		VMOVUPS_Z(Mem{Base: f.x, Disp: 4 * kx}, f.masks[kx], a)
		VMOVUPS_Z(Mem{Base: f.x, Disp: 4*kx + 64}, f.masks[kx+1], b)
		VMOVDQA32(f.even, taps[kx])
		VPERMI2PS(b, a, taps[kx])
		if kx+1 < f.k {
			VMOVDQA32(f.odd, taps[kx+1])
			VPERMI2PS(b, a, taps[kx+1])
		}
	}
}

// fma adds v times weight i to s.
func (f *function) fma(s, v reg.VecVirtual, i int) {
	if f.weights == nil {
		VFMADD231PS_BCST(Mem{Base: f.w, Disp: 4 * i}, v, s)
	} else {
		VFMADD231PS(f.weights[i], v, s)
	}
}
