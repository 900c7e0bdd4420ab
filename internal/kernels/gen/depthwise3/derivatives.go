package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread writes the derivative by the input for stride 2: neighbours in a line of dst are sums of one and of two columns of the
// kernel. In even form the first of a pair is of two.
func spread(name string, odd bool) {
	TEXT(name, attr.NOSPLIT, "func(dst, x, w *float32, mask *int32, from *int, blocks, rows, lines, line, to int)")
	which := map[bool]string{false: "p[2c] = two, p[2c+1] = Σ k[1]·x[r+i][c+1]", true: "p[2c] = Σ k[1]·x[r+i][c], p[2c+1] = two"}[odd]
	Doc(name+" sets rows lines p of dst to "+which+",", "where two = Σ (k[0]·x[r+i][c+1] + k[2]·x[r+i][c]), k = w[3i:] and 0 ≤ i < lines, which is 1 or 2; to each, w[9] is added and w[10] is its least value.",
		blocksDoc+" A block has 16 elements of dst; there is a mask from c on and one from c+1 on.")
	Pragma("noescape")
	w := Load(Param("w"), GP64())
	k := factors(w, 0, 6)
	blocks(2, func(p walk) {
		m := p.masks(2)
		one, two, v := YMM(), YMM(), YMM()
		part := func(line int) {
			VMASKMOVPS(Mem{Base: p.x, Disp: 4}, m[1], v)
			VFMADD231PS(v, k[3*line], two)
			if !odd {
				VFMADD231PS(v, k[3*line+1], one)
			}
			VMASKMOVPS(Mem{Base: p.x}, m[0], v)
			VFMADD231PS(v, k[3*line+2], two)
			if odd {
				VFMADD231PS(v, k[3*line+1], one)
			}
			ADDQ(p.line, p.x)
		}
		Label("line")
		VBROADCASTSS(Mem{Base: w, Disp: 4 * taps}, one)
		VMOVAPS(one, two)
		part(0)
		lines := Load(Param("lines"), GP64())
		CMPQ(lines, Imm(1))
		JE(LabelRef("done"))
		part(1)
		SUBQ(p.line, p.x)
		Label("done")
		limit(w, one, two)
		if !odd {
			one, two = two, one
		}
		low, high := YMM(), YMM()
		VUNPCKLPS(two, one, low)
		VUNPCKHPS(two, one, high)
		VPERM2F128(Imm(0x20), high, low, v)
		VMOVUPS(v, Mem{Base: p.dst})
		VPERM2F128(Imm(0x31), high, low, v)
		VMOVUPS(v, Mem{Base: p.dst, Disp: vec})
		p.next(0, "line")
	})
	VZEROUPPER()
	RET()
}

// products emits body with sums of products for each tap, in memory at sums before and afterwards.
func products(body func(sums []reg.VecVirtual)) {
	p := Load(Param("sums"), GP64())
	var sums []reg.VecVirtual
	for k := range taps {
		v := YMM()
		VMOVUPS(Mem{Base: p, Disp: k * vec}, v)
		sums = append(sums, v)
	}
	body(sums)
	for k, v := range sums {
		VMOVUPS(v, Mem{Base: p, Disp: k * vec})
	}
	VZEROUPPER()
	RET()
}

// weights writes the derivative by the weights with stride 1.
func weights() {
	TEXT("planeProducts", attr.NOSPLIT, "func(sums, dst, x *float32, mask *int32, from *int, blocks, rows, line, to int)")
	Doc("planeProducts adds rows lines of dst[r][c]·x[r+i][c+j] to the 8 sums of tap 3i+j.", blocksDoc+" There is a mask for each j and one for dst.")
	Pragma("noescape")
	products(func(sums []reg.VecVirtual) {
		blocks(4, func(p walk) {
			m := p.masks(4)
			Label("line")
			d := YMM()
			VMASKMOVPS(Mem{Base: p.dst}, m[3], d)
			line := GP64()
			MOVQ(p.x, line)
			for i := range 3 {
				for j := range 3 {
					v := YMM()
					VMASKMOVPS(Mem{Base: line, Disp: 4 * j}, m[j], v)
					VFMADD231PS(v, d, sums[3*i+j])
				}
				if i < 2 {
					ADDQ(p.line, line)
				}
			}
			p.next(1, "line")
		})
	})
}

// weightsOfSecond writes the derivative by the weights with stride 2.
func weightsOfSecond() {
	TEXT("planeProductsSecond", attr.NOSPLIT, "func(sums, dst, x *float32, mask *int32, from *int, blocks, rows, line, to int)")
	Doc("planeProductsSecond adds rows lines of dst[r][c]·x[2r+i][2c+j] to the 8 sums of tap 3i+j.",
		blocksDoc+" There are masks of 16 elements from 2c on, and from 2c+2 on, and one for dst.")
	Pragma("noescape")
	products(func(sums []reg.VecVirtual) {
		blocks(5, func(p walk) {
			m := p.masks(2)
			Label("line")
			d := YMM()
			VMOVDQU(Mem{Base: p.mask, Disp: 4 * vec}, d)
			VMASKMOVPS(Mem{Base: p.dst}, d, d)
			VPERMPD(Imm(0xD8), d, d)
			for i := range 3 {
				pairs(p, m, func(j int, v reg.VecVirtual) { VFMADD231PS(v, d, sums[3*i+j]) })
				if i < 2 {
					ADDQ(p.line, p.x)
				}
			}
			p.next(0, "line")
		})
	})
}
