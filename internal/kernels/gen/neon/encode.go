package main

import (
	"fmt"
	"strings"
)

// An instruction is the encoding of an instruction of AArch64 and its text, as a disassembler writes it. The text has the verbs
// d, n, m and p for the numbers of its registers, i for the number of a lane and # for an immediate. The fields d, n and m begin at
// bits 0, 5 and 16.
type instruction struct {
	text string
	word uint32
}

// assemble returns the word and the text with the operands. field is what the immediate or the lane adds to the word.
func (i instruction) assemble(d, n, m, imm int, field uint32) (uint32, string) {
	text := strings.NewReplacer("{d}", fmt.Sprint(d), "{n}", fmt.Sprint(n), "{m}", fmt.Sprint(m), "{i}", fmt.Sprint(imm),
		"{base}", base(n), "{#}", fmt.Sprint(imm), "{offset}", offset(n, imm)).Replace(i.text)
	return i.word | uint32(d) | uint32(n)<<5 | uint32(m)<<16 | field, text
}

// base returns the name of a register that has an address.
func base(n int) string {
	if n == 31 {
		return "sp"
	}
	return fmt.Sprint("x", n)
}

// offset returns an address with an immediate offset.
func offset(n, imm int) string {
	if imm == 0 {
		return "[" + base(n) + "]"
	}
	return fmt.Sprintf("[%s, #%d]", base(n), imm)
}

// three returns an instruction of two sources, for vectors with the given arrangement.
func three(name, arrangement string, word uint32) instruction {
	return instruction{fmt.Sprintf("%s v{d}.%[2]s, v{n}.%[2]s, v{m}.%[2]s", name, arrangement), word}
}

// two returns an instruction of one source.
func two(name, to, from string, word uint32) instruction {
	return instruction{fmt.Sprintf("%s v{d}.%s, v{n}.%s", name, to, from), word}
}

// Instructions of two sources. Those of the second group change their destination.
var (
	fadd   = three("fadd", "4s", 0x4e20d400)
	fsub   = three("fsub", "4s", 0x4ea0d400)
	fmul   = three("fmul", "4s", 0x6e20dc00)
	fdiv   = three("fdiv", "4s", 0x6e20fc00)
	fmax   = three("fmax", "4s", 0x4e20f400)
	fmin   = three("fmin", "4s", 0x4ea0f400)
	faddp  = three("faddp", "4s", 0x6e20d400)
	fcmeq  = three("fcmeq", "4s", 0x4e20e400)
	fcmge  = three("fcmge", "4s", 0x6e20e400)
	fcmgt  = three("fcmgt", "4s", 0x6ea0e400)
	faddD  = three("fadd", "2d", 0x4e60d400)
	faddpD = three("faddp", "2d", 0x6e60d400)
	fsubD  = three("fsub", "2d", 0x4ee0d400)
	fmulD  = three("fmul", "2d", 0x6e60dc00)
	fdivD  = three("fdiv", "2d", 0x6e60fc00)
	addD   = three("add", "2d", 0x4ee08400)
	subD   = three("sub", "2d", 0x6ee08400)
	and    = three("and", "16b", 0x4e201c00)
	orr    = three("orr", "16b", 0x4ea01c00)
	eor    = three("eor", "16b", 0x6e201c00)
	bic    = three("bic", "16b", 0x4e601c00)
	add    = three("add", "4s", 0x4ea08400)
	sub    = three("sub", "4s", 0x6ea08400)
	smin   = three("smin", "4s", 0x4ea06c00)
	cmgt   = three("cmgt", "4s", 0x4ea03400)
	cmhi   = three("cmhi", "4s", 0x6ea03400)
	trn1   = three("trn1", "4s", 0x4e802800)
	trn2   = three("trn2", "4s", 0x4e806800)
	zip1   = three("zip1", "4s", 0x4e803800)
	zip2   = three("zip2", "4s", 0x4e807800)
	uzp1   = three("uzp1", "4s", 0x4e801800)
	uzp2   = three("uzp2", "4s", 0x4e805800)
	zip1D  = three("zip1", "2d", 0x4ec03800)
	zip2D  = three("zip2", "2d", 0x4ec07800)
	umull  = instruction{"umull v{d}.2d, v{n}.2s, v{m}.2s", 0x2ea0c000}
	umull2 = instruction{"umull2 v{d}.2d, v{n}.4s, v{m}.4s", 0x6ea0c000}

	fmla  = three("fmla", "4s", 0x4e20cc00)
	fmls  = three("fmls", "4s", 0x4ea0cc00)
	fmlaD = three("fmla", "2d", 0x4e60cc00)
	mulW  = three("mul", "4s", 0x4ea09c00)
	subB  = three("sub", "16b", 0x6e208400)
	tbl   = instruction{"tbl v{d}.16b, {v{n}.16b}, v{m}.16b", 0x4e000000}
	tbx   = instruction{"tbx v{d}.16b, {v{n}.16b}, v{m}.16b", 0x4e001000} // changes its destination
	bsl   = three("bsl", "16b", 0x6e601c00)
)

// Instructions of one source.
var (
	mov     = instruction{"mov v{d}.16b, v{n}.16b", 0x4ea01c00} // with m = n
	fsqrt   = two("fsqrt", "4s", "4s", 0x6ea1f800)
	fneg    = two("fneg", "4s", "4s", 0x6ea0f800)
	fabs    = two("fabs", "4s", "4s", 0x4ea0f800)
	frintm  = two("frintm", "4s", "4s", 0x4e219800)
	scvtf   = two("scvtf", "4s", "4s", 0x4e21d800)
	fsqrtD  = two("fsqrt", "2d", "2d", 0x6ee1f800)
	frintmD = two("frintm", "2d", "2d", 0x4e619800)
	scvtfD  = two("scvtf", "2d", "2d", 0x4e61d800)
	fcvtn   = two("fcvtn", "2s", "2d", 0x0e616800)
	uxtl32  = two("uxtl", "2d", "2s", 0x2f20a400)
	uxtl32h = two("uxtl2", "2d", "4s", 0x6f20a400)
	fcvtl   = two("fcvtl", "2d", "2s", 0x0e617800)
	fcvtl2  = two("fcvtl2", "2d", "4s", 0x4e617800)
	uxtl8   = instruction{"uxtl v{d}.8h, v{n}.8b", 0x2f08a400}
	uxtl8h  = instruction{"uxtl2 v{d}.8h, v{n}.16b", 0x6f08a400}
	uxtl16  = instruction{"uxtl v{d}.4s, v{n}.4h", 0x2f10a400}
	uxtl16h = instruction{"uxtl2 v{d}.4s, v{n}.8h", 0x6f10a400}
	fcmgt0  = instruction{"fcmgt v{d}.4s, v{n}.4s, #0.0", 0x4ea0c800}
	fcmlt0  = instruction{"fcmlt v{d}.4s, v{n}.4s, #0.0", 0x4ea0e800}
	fcmlt0D = instruction{"fcmlt v{d}.2d, v{n}.2d, #0.0", 0x4ee0e800}
	fcmeq0  = instruction{"fcmeq v{d}.4s, v{n}.4s, #0.0", 0x4ea0d800}
	movi0   = instruction{"movi v{d}.4s, #0x0", 0x4f000400}
	dupW    = instruction{"dup v{d}.4s, w{n}", 0x4e040c00}
)

// Instructions with a number: of a lane, or by which bits are shifted.
var (
	fmlaLane = instruction{"fmla v{d}.4s, v{n}.4s, v{m}.s[{i}]", 0x4f801000}
	// and of a lane of two
	fmlaLaneD = instruction{"fmla v{d}.2d, v{n}.2d, v{m}.d[{i}]", 0x4fc01000}

	ext   = instruction{"ext v{d}.16b, v{n}.16b, v{m}.16b, #{#}", 0x6e000000}
	shl   = instruction{"shl v{d}.4s, v{n}.4s, #{#}", 0x4f005400}
	sshr  = instruction{"sshr v{d}.4s, v{n}.4s, #{#}", 0x4f000400}
	shlD  = instruction{"shl v{d}.2d, v{n}.2d, #{#}", 0x4f005400}
	sshrD = instruction{"sshr v{d}.2d, v{n}.2d, #{#}", 0x4f000400}
	ushrD = instruction{"ushr v{d}.2d, v{n}.2d, #{#}", 0x6f000400}
	ushr  = instruction{"ushr v{d}.4s, v{n}.4s, #{#}", 0x6f000400}
)

// Instructions that read or write memory. The immediate of those with an offset is in units of the size.
var (
	ldrQ    = instruction{"ldr q{d}, {offset}", 0x3dc00000}
	strQ    = instruction{"str q{d}, {offset}", 0x3d800000}
	ldrD    = instruction{"ldr d{d}, {offset}", 0xfd400000}
	strD    = instruction{"str d{d}, {offset}", 0xfd000000}
	ldrS    = instruction{"ldr s{d}, {offset}", 0xbd400000}
	strS    = instruction{"str s{d}, {offset}", 0xbd000000}
	ld1r    = instruction{"ld1r {v{d}.4s}, [{base}]", 0x4d40c800}
	ld1rD   = instruction{"ld1r {v{d}.2d}, [{base}]", 0x4d40cc00}
	ld1Lane = instruction{"ld1 {v{d}.s}[{i}], [{base}]", 0x0d408000}
	st1S2   = instruction{"st1 {v{d}.s}[2], [{base}]", 0x4d008000}
	// with the offset in a register
	ldrQIndex = instruction{"ldr q{d}, [{base}, x{m}]", 0x3ce06800}
	strQIndex = instruction{"str q{d}, [{base}, x{m}]", 0x3ca06800}
)
