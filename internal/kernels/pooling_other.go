//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// vectorPairs returns false: this build has no vector forms.
func vectorPairs[T Float](int) bool { return false }

func vectorMaxPair[T Float](_ pairRows, _, _ []T) {}

func vectorGradPair[T Float](_ pairRows, _, _, _ []T, _ bool) {}
