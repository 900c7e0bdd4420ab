//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// runStrip runs the micro-kernel.
func runStrip[T Float](_ ISA, s *strip[T]) { genericStrip(s) }
