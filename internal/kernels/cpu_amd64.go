//go:build !noasm

package kernels

import "golang.org/x/sys/cpu"

// forms are the forms of this build, lowest first.
var forms = []ISA{Generic, AVX2, AVX512}

const (
	fewElements = 0  // fewer are left to portable Go
	narrowCols  = 16 // columns of a matrix whose softmax is one call, at most
)

// detect returns the highest form that the processor and the operating system support.
func detect() ISA {
	x := &cpu.X86
	switch {
	case !x.HasAVX2 || !x.HasFMA:
		return Generic
	case !x.HasAVX512F || !x.HasAVX512DQ || !x.HasAVX512BW || !x.HasAVX512VL:
		return AVX2
	}
	return AVX512
}
