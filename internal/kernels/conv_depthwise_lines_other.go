//go:build noasm || !amd64

package kernels

func vectorLines[T Float]() bool { return false }

func vectorLine[T Float](_ *linesJob[T], _ *lineBlock, _, _, _ []T, _ T, _, _, _, _ int) {}
