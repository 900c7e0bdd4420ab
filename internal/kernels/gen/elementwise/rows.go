package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/nndiy/nndiy/internal/kernels/gen/instructions"
)

// emitCopyRow writes a function that copies a row and prefetches the next one meanwhile. A row is at least one cache line
// long. The last line is copied whole, which overlaps the one before.
func emitCopyRow() {
	const line = 64
	TEXT("copyRow", attr.NOSPLIT, "func(dst, src, next *byte, bytes int)")
	Doc("copyRow copies 64 bytes or more and prefetches as many from next on.")
	Pragma("noescape")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	next, left := Load(Param("next"), GP64()), Load(Param("bytes"), GP64())
	one, two := YMM(), YMM()
	move := func() {
		VMOVUPS(Mem{Base: src}, one)
		VMOVUPS(Mem{Base: src, Disp: line / 2}, two)
		VMOVUPS(one, Mem{Base: dst})
		VMOVUPS(two, Mem{Base: dst, Disp: line / 2})
	}
	SUBQ(Imm(line), left)
	Label("lines")
	PREFETCHT0(Mem{Base: next})
	move()
	ADDQ(Imm(line), src)
	ADDQ(Imm(line), dst)
	ADDQ(Imm(line), next)
	SUBQ(Imm(line), left)
	JG(LabelRef("lines"))
	Comment("The last line ends with the row, and begins with it if it is the only one.")
	ADDQ(left, src)
	ADDQ(left, dst)
	PREFETCHT0(Mem{Base: next, Index: left, Scale: 1})
	move()
	VZEROUPPER()
	RET()
}

// emitPrefetchRows writes a function that prefetches rows into the cache of the second level.
func emitPrefetchRows() {
	TEXT("prefetchRows", attr.NOSPLIT, "func(p *byte, stride, bytes, rows int)")
	Doc("prefetchRows prefetches rows > 0 of bytes > 0, which are stride bytes apart.")
	Pragma("noescape")
	p, stride := Load(Param("p"), GP64()), Load(Param("stride"), GP64())
	bytes, rows, at := Load(Param("bytes"), GP64()), Load(Param("rows"), GP64()), GP64()
	Label("rows")
	XORQ(at, at)
	Label("row")
	PREFETCHT1(Mem{Base: p, Index: at, Scale: 1})
	ADDQ(Imm(64), at)
	CMPQ(at, bytes)
	JL(LabelRef("row"))
	ADDQ(stride, p)
	DECQ(rows)
	JNE(LabelRef("rows"))
	RET()
}

// emitFetchToWrite writes a function that has one line fetched.
func emitFetchToWrite() {
	TEXT("fetchToWrite", attr.NOSPLIT, "func(p *byte)")
	Doc("fetchToWrite has the line at p fetched from another core's cache, to be written; it does not wait for that.")
	Pragma("noescape")
	p := reg.R15
	Load(Param("p"), p)
	instructions.PrefetchToWrite(p, 0)
	RET()
}
