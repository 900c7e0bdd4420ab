//go:build !noasm

package kernels

// vectorPairs returns false: there are no vector forms for arm64.
func vectorPairs[T Float](int) bool { return false }

func vectorMaxPair[T Float](_ pairRows, _, _ []T) {}

func vectorGradPair[T Float](_ pairRows, _, _, _ []T, _ bool) {}
