package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pieceBytes is the size of a piece of a tally, sumPiece of package kernels.
const pieceBytes = 4 * 1024

// emitPieces writes the sums of a long row, with the bits of a tally: pieces have lanes of their own, so several are added up at a time.
// An addition to a lane waits for the one before.
func emitPieces() {
	for _, l := range both {
		begin("pieceSums"+l.suffix(), "returns total and the sums of pieces, added one after the other.", "func(x *float32, pieces int, total float64) float64")
		l.pieces(nil, func(_ lanes, x vec) vec { return x })
	}
	for _, l := range both {
		begin("pieceSquares"+l.suffix(), "is pieceSums of (x-mean)². It prefetches as many elements of next.",
			"func(x, next *float32, pieces int, mean float32, total float64) float64")
		mean := l.scalar("mean")
		l.pieces(Load(Param("next"), GP64()), func(l lanes, x vec) vec {
			d := l.sub(x, l.same(mean))
			return l.mul(d, d)
		})
	}
}

// pieces writes the rest of the function; next may be nil.
func (l lanes) pieces(next reg.Register, f func(l lanes, x vec) vec) {
	p := rowPair{lanes: l.by(block / l.count())}
	x, pieces, total, i := Load(Param("x"), GP64()), Load(Param("pieces"), GP64()), XMM(), GP64()
	VMOVSD(address("total"), total)
	for _, together := range []int{4, 3, 2, 1} {
		top, done := label("pieces"), label("done")
		Label(top)
		CMPQ(pieces, Imm(uint64(together)))
		JLT(LabelRef(done))
		sums := make([]vec, together)
		for k := range sums {
			sums[k] = p.zeros()
		}
		XORQ(i, i)
		loop := label("elements")
		Label(loop)
		for k := range sums {
			at := Mem{Base: x, Index: i, Scale: 1, Disp: k * pieceBytes}
			if next != nil {
				line := at
				line.Base = next
				PREFETCHT0(line)
			}
			p.add(f(p.lanes, p.load(p.at(at))), sums[k])
		}
		ADDQ(Imm(4*block), i)
		CMPQ(i, I32(pieceBytes))
		JLT(LabelRef(loop))
		for k := range sums {
			VADDSD(p.total(sums[k]), total, total)
		}
		ADDQ(I32(int32(together*pieceBytes)), x)
		if next != nil {
			ADDQ(I32(int32(together*pieceBytes)), next)
		}
		SUBQ(Imm(uint64(together)), pieces)
		JMP(LabelRef(top))
		Label(done)
	}
	VZEROUPPER()
	Store(total, ReturnIndex(0))
	RET()
}
