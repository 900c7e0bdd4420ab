//go:build noasm || !amd64

package kernels

func vectorWindows() bool { return false }

func vectorWindowMax(_ *windows, _, _ []float32) {}

func vectorWindowFirst(_ *windows, _ []int32, _ []float32) {}
