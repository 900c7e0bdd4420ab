//go:build !amd64 || noasm

package kernels

// runTaps computes s.
func runTaps[T Float](s *tapStrip[T]) { genericTaps(s) }

// runTapRows computes s.
func runTapRows[T Float](s *tapStrip[T]) { genericTapRows(s) }
