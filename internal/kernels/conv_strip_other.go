//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// runTaps runs the micro-kernel with tapped rows of B.
func runTaps[T Float](s *tapStrip[T]) { genericTaps(s) }

// runTapRows runs the micro-kernel with tapped rows of A.
func runTapRows[T Float](s *tapStrip[T]) { genericTapRows(s) }
