//go:build !amd64 || noasm

package kernels

// runForms is false: this build works on one run and one piece at a time, and calls none of the functions below.
const runForms = false

func vectorNormalizeRuns(_, _, _, _, _ *float32, _, _, _ int) { panic("kernels: no vector form") }
func vectorNormalGradRuns(_, _, _, _, _, _, _ *float32, _, _, _ int) {
	panic("kernels: no vector form")
}
func vectorPieceSums(*float32, int, float64) float64 { panic("kernels: no vector form") }
func vectorPieceSquares(_, _ *float32, _ int, _ float32, _ float64) float64 {
	panic("kernels: no vector form")
}
func vectorRowSums(_, _, _, _, _, _ *float32, _, _ int) { panic("kernels: no vector form") }
