// Package instructions has instructions that Go's assembler does not know.
package instructions

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// PrefetchToWrite is PREFETCHW disp(R15); p is R15 and disp less than 128. It asks for memory to write to: a line that is fetched for
// reading from the cache of a core that has written to it is in both, and has to be fetched again to be written. Processors without the
// instruction do nothing.
func PrefetchToWrite(p reg.GPPhysical, disp uint8) {
	for _, b := range []uint8{0x41, 0x0f, 0x0d, 0x4f, disp} {
		Instruction(&ir.Instruction{Opcode: "BYTE", Operands: []Op{Imm(uint64(b))}, Inputs: []Op{p}})
	}
}
