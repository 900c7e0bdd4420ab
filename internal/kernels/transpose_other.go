//go:build noasm || (!amd64 && !arm64)

package kernels

func vectorTranspose[T Float](_, _ []T, _, _, _, _ int) bool { return false }
