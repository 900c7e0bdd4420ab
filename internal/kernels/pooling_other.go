//go:build !amd64 || noasm

package kernels

// vectorPairs tells that there are no functions for vectors.
func vectorPairs[T Float](int) bool { return false }

func vectorMaxPair[T Float](_ pairRows, _, _ []T) {}

func vectorGradPair[T Float](_ pairRows, _, _, _ []T, _ bool) {}
