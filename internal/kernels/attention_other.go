//go:build !amd64 || noasm

package kernels

// This build has no vector forms: isa is Generic, and none of these functions is called.

func vectorWeighRows(_ *float32, _, _, _, _, _ int, _, _ *float32) { panic("kernels: no vector form") }
func vectorScoreGradRows(_, _ *float32, _, _, _, _, _ int, _, _ *float32) {
	panic("kernels: no vector form")
}
