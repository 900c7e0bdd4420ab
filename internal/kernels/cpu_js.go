//go:build !noasm

package kernels

import "syscall/js"

// forms are the forms of this build, lowest first.
var forms = []ISA{Generic, SIMD128}

// fewElements is the number of elements from which on a call into the module is faster than portable Go. Tests change it.
var fewElements = 64

// narrowCols is the number of columns of a matrix whose softmax is one call, at most.
const narrowCols = 1 << 20

// detect loads the module with the kernels. It returns Generic if that is not possible.
func detect() ISA {
	if loadSIMD(simdModule, js.Global()) {
		return SIMD128
	}
	return Generic
}
