//go:build !amd64 || noasm

package kernels

// pairForms is false: this build sums one row at a time, and calls none of the functions below.
const pairForms = false

func vectorLaneSumPair(_, _ *[2 * sumLanes]float32, _ *float32, _, _ int) {
	panic("kernels: no vector form")
}
func vectorLaneSquaresPair(_, _ *[2 * sumLanes]float32, _ *float32, _, _ int, _, _ float32) {
	panic("kernels: no vector form")
}
func vectorLaneDotsPair(_, _ *[2 * sumLanes]float32, _, _ *float32, _, _ int, _, _ float32) {
	panic("kernels: no vector form")
}
func vectorLaneRowDotsPair(_, _ *[2 * sumLanes]float32, _, _, _ *float32, _, _ int, _, _ float32) {
	panic("kernels: no vector form")
}
func vectorRowMoments(_, _, _ *float32, _, _ int)            { panic("kernels: no vector form") }
func vectorRowDots(_, _, _, _, _, _ *float32, _, _ int)      { panic("kernels: no vector form") }
func vectorRowDotsStrip(_, _, _, _, _, _ *float32, _, _ int) { panic("kernels: no vector form") }
