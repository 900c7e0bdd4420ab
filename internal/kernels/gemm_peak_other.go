//go:build (!amd64 && !arm64) || noasm

package kernels

// peakLoop returns nil: portable code has no peak loop.
func peakLoop[T Float](_ ISA) (loop func(n int), flops int) { return nil, 0 }
