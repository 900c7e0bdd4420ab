//go:build noasm || !amd64

package kernels

func vectorThree[T Float]() bool { return false }

func vectorThreeSum[T Float](_ *threePart, _, _, _ []T, _ int) { panic("kernels: no vector form") }

func vectorThreeProducts[T Float](_ *threePart, _, _, _ []T, _ int) { panic("kernels: no vector form") }
