//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// vectorRows returns false: this build has no vector forms, and none of the functions below is called.
func vectorRows[T Float](int) bool { return false }

func vectorWeighRows(_ *float32, _, _, _, _, _ int, _, _ *float32) { panic("kernels: no vector form") }
func vectorScoreGradRows(_, _ *float32, _, _, _, _, _ int, _, _ *float32) {
	panic("kernels: no vector form")
}
