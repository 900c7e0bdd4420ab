//go:build !amd64 || noasm

package kernels

// This build has no vector forms: isa is Generic, and this function is not called.
func vectorCell(cellOp, **float32, int) { panic("kernels: no vector form") }
