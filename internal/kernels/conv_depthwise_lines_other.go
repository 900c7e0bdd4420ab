//go:build noasm || !amd64

package kernels

func vectorLines[T Float]() bool                                     { return false }
func vectorLine[T Float](*linesJob[T], *lineBlock, []T, []T, []T, T) {}
