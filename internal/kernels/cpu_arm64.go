//go:build !noasm

package kernels

import (
	"runtime"

	"golang.org/x/sys/cpu"
)

// forms are the forms of this build, lowest first.
var forms = []ISA{Generic, NEON}

const (
	fewElements = 0  // fewer are left to portable Go
	narrowCols  = 16 // columns of a matrix whose softmax is one call, at most
)

// detect returns NEON if the processor has it, which every system except Linux requires.
func detect() ISA {
	if runtime.GOOS != "linux" || cpu.ARM64.HasASIMD {
		return NEON
	}
	return Generic
}
