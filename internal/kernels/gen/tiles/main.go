// Command tiles writes the assembly of the transformations before and after the products of a convolution by tiles, for
// float32 and AVX2. They take rows of tiles, eight channels at a time.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!noasm")
	input()
	spread()
	output()
	kernels()
	large()
	turns()
	Generate()
}

// begin emits the beginning of a function and its doc comment.
func begin(name, signature, doc string) {
	TEXT(name, attr.NOSPLIT, signature)
	Doc(name + " " + doc)
	Pragma("noescape")
}

func load(m Mem) reg.VecVirtual {
	r := YMM()
	VMOVUPS(m, r)
	return r
}

func add(a reg.VecVirtual, b Op) reg.VecVirtual {
	r := YMM()
	VADDPS(b, a, r)
	return r
}

func sub(a reg.VecVirtual, b Op) reg.VecVirtual {
	r := YMM()
	VSUBPS(b, a, r)
	return r
}

func input() {
	begin("tileInput", "func(dst, src *float32, dstStep, srcRow, pixel, tiles, vectors int)",
		"writes Bᵀ·d·B for 4 × 4 elements d, a tile at every other column, for 8·vectors channels.")
	src, dst := newMatrix(4, 4, "pixel"), newMatrix(4, 4, "dstStep")
	loops(func(offset reg.GPVirtual) {
		src.place("src", offset, "srcRow")
		dst.place("dst", offset, "")
	}, func() {
		for i := range 4 {
			var t [4]reg.VecVirtual // row i of Bᵀ·d
			for j := range t {
				switch i {
				case 0:
					t[j] = sub(load(src.at(0, j)), src.at(2, j))
				case 1:
					t[j] = add(load(src.at(1, j)), src.at(2, j))
				case 2:
					t[j] = sub(load(src.at(2, j)), src.at(1, j))
				case 3:
					t[j] = sub(load(src.at(1, j)), src.at(3, j))
				}
			}
			for j, r := range []reg.VecVirtual{sub(t[0], t[2]), add(t[1], t[2]), sub(t[2], t[1]), sub(t[1], t[3])} {
				VMOVUPS(r, dst.at(i, j))
			}
		}
		src.move(src.step, 2)
		dst.move(src.step, 1)
	}, func() {})
}

func spread() {
	begin("tileSpread", "func(dst, src *float32, dstStep, srcRow, pixel, tiles, vectors int)",
		"writes A·d·Aᵀ for 2 × 2 elements d, for 8·vectors channels.")
	src, dst := newMatrix(2, 2, "pixel"), newMatrix(4, 4, "dstStep")
	loops(func(offset reg.GPVirtual) {
		src.place("src", offset, "srcRow")
		dst.place("dst", offset, "")
	}, func() {
		zero := YMM()
		VXORPS(zero, zero, zero)
		for i := range 4 {
			var t [2]reg.VecVirtual // row i of A·d
			for j := range t {
				switch i {
				case 0:
					t[j] = load(src.at(0, j))
				case 1:
					t[j] = add(load(src.at(0, j)), src.at(1, j))
				case 2:
					t[j] = sub(load(src.at(0, j)), src.at(1, j))
				case 3:
					t[j] = sub(zero, src.at(1, j))
				}
			}
			for j, r := range []reg.VecVirtual{t[0], add(t[0], t[1]), sub(t[0], t[1]), sub(zero, t[1])} {
				VMOVUPS(r, dst.at(i, j))
			}
		}
		src.move(src.step, 2)
		dst.move(src.step, 1)
	}, func() {})
}

func output() {
	begin("tileOutput", "func(dst, src, bias, check *float32, dstRow, srcStep, pixel, tiles, vectors int, floor float32)",
		"writes max(Aᵀ·m·A + bias, floor) for 4 × 4 elements m, for 8·vectors channels, and adds 0·Aᵀ·m·A to check.")
	src, dst := newMatrix(4, 4, "srcStep"), newMatrix(2, 2, "pixel")
	floor, bias, check, zero, p := YMM(), YMM(), YMM(), YMM(), GP64()
	VBROADCASTSS(NewParamAddr("floor", 72), floor)
	VXORPS(zero, zero, zero)
	Load(Param("check"), p)
	VMOVUPS(Mem{Base: p}, check)
	loops(func(offset reg.GPVirtual) {
		src.place("src", offset, "")
		dst.place("dst", offset, "dstRow")
		Load(Param("bias"), p)
		VMOVUPS(Mem{Base: p, Index: offset, Scale: 1}, bias)
	}, func() {
		var t [2][4]reg.VecVirtual // Aᵀ·m
		for j := range 4 {
			m1, m2 := load(src.at(1, j)), load(src.at(2, j))
			t[0][j] = add(add(m1, m2), src.at(0, j))
			t[1][j] = sub(sub(m1, m2), src.at(3, j))
		}
		for i, t := range t {
			for j, y := range []reg.VecVirtual{add(add(t[1], t[2]), t[0]), sub(sub(t[1], t[2]), t[3])} {
				VFMADD231PS(zero, y, check)
				VADDPS(bias, y, y)
				VMAXPS(y, floor, y)
				VMOVUPS(y, dst.at(i, j))
			}
		}
		src.move(dst.step, 1)
		dst.move(dst.step, 2)
	}, func() {
		Load(Param("check"), p)
		VMOVUPS(check, Mem{Base: p})
	})
}
