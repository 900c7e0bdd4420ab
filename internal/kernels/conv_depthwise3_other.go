//go:build noasm || !amd64

package kernels

func vectorDepthwise3[T Float]() bool { return false }

func vectorDepthwise3Sum[T Float](_ *depthwise3Part, _, _, _ []T, _ int) {
	panic("kernels: no vector form")
}

func vectorDepthwise3Products[T Float](_ *depthwise3Part, _, _, _ []T, _ int) {
	panic("kernels: no vector form")
}
