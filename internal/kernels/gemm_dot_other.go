//go:build !amd64 || noasm

package kernels

// dotLines computes the inner products of x and the lines of w, which are line elements apart.
func dotLines[T Float](_ ISA, sums, x, w []T, line int) { dotLinesGeneric(sums, x, w, line) }
