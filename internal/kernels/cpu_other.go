//go:build !amd64 || noasm

package kernels

// detect returns Generic: this build has no assembly.
func detect() ISA { return Generic }
