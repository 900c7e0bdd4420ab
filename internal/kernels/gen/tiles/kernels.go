package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kernels writes the transformations of 3 × 3 kernels, whose elements lie one after the other.
func kernels() {
	half := ConstData("half", F32(0.5))
	kernelSpread(half)
	kernelGather(half)
}

func mul(a reg.VecVirtual, b Op) reg.VecVirtual {
	r := YMM()
	VMULPS(b, a, r)
	return r
}

// broadcast returns a register filled with the constant at m.
func broadcast(m Mem) reg.VecVirtual {
	r := YMM()
	VBROADCASTSS(m, r)
	return r
}

func kernelSpread(constant Mem) {
	begin("kernelSpread", "func(dst, src *float32, dstStep, srcRow, pixel, tiles, vectors int)",
		"writes G·g·Gᵀ for 3 × 3 kernels g, for 8·vectors outputs.")
	src, dst := newMatrix(3, 3, "pixel"), newMatrix(4, 4, "dstStep")
	half := broadcast(constant)
	loops(func(offset reg.GPVirtual) {
		src.place("src", offset, "srcRow")
		dst.place("dst", offset, "")
	}, func() {
		for i := range 4 {
			var t [3]reg.VecVirtual // row i of G·g
			for j := range t {
				switch i {
				case 0:
					t[j] = load(src.at(0, j))
				case 1:
					t[j] = mul(add(add(load(src.at(0, j)), src.at(2, j)), src.at(1, j)), half)
				case 2:
					t[j] = mul(sub(add(load(src.at(0, j)), src.at(2, j)), src.at(1, j)), half)
				case 3:
					t[j] = load(src.at(2, j))
				}
			}
			ends := add(t[0], t[2])
			for j, r := range []reg.VecVirtual{t[0], mul(add(ends, t[1]), half), mul(sub(ends, t[1]), half), t[2]} {
				VMOVUPS(r, dst.at(i, j))
			}
		}
		src.move(src.step, 8)
		src.move(src.step, 1)
		dst.move(src.step, 1)
	}, func() {})
}

func kernelGather(constant Mem) {
	begin("kernelGather", "func(dst, src *float32, dstRow, srcStep, pixel, tiles, vectors int)",
		"writes Gᵀ·u·G for 4 × 4 elements u, for 8·vectors outputs.")
	src, dst := newMatrix(4, 4, "srcStep"), newMatrix(3, 3, "pixel")
	half := broadcast(constant)
	loops(func(offset reg.GPVirtual) {
		src.place("src", offset, "")
		dst.place("dst", offset, "dstRow")
	}, func() {
		for i := range 3 {
			var t [4]reg.VecVirtual // row i of Gᵀ·u
			for j := range t {
				u1 := load(src.at(1, j))
				switch i {
				case 0:
					t[j] = add(mul(add(u1, src.at(2, j)), half), src.at(0, j))
				case 1:
					t[j] = mul(sub(u1, src.at(2, j)), half)
				case 2:
					t[j] = add(mul(add(u1, src.at(2, j)), half), src.at(3, j))
				}
			}
			sum, difference := mul(add(t[1], t[2]), half), mul(sub(t[1], t[2]), half)
			for j, r := range []reg.VecVirtual{add(sum, t[0]), difference, add(sum, t[3])} {
				VMOVUPS(r, dst.at(i, j))
			}
		}
		src.move(dst.step, 1)
		dst.move(dst.step, 8)
		dst.move(dst.step, 1)
	}, func() {})
}
