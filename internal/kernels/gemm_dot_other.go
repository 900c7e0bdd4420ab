//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// dotLinesAtOnce is the number of lines that dotLines takes at most.
const dotLinesAtOnce = 4

// dotLines computes the inner products of x and the lines of w, which are line elements apart.
func dotLines[T Float](_ ISA, sums, x, w []T, line int) { dotLinesGeneric(sums, x, w, line) }
