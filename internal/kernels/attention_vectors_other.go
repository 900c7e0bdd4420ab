//go:build noasm || !amd64

package kernels

// vectorVectors returns false: this build has no forms of the functions below.
func vectorVectors[T Float](int) bool { return false }

func vectorScaleRows(_ *float32, _, _, _ int, _ *float32) { panic("kernels: no vector form") }
func vectorScaleDotRows(_, _, _ *float32, _, _, _, _ int, _, _ *float32) {
	panic("kernels: no vector form")
}
