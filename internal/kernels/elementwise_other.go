//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// This build has no vector forms: isa is Generic, and none of these functions is called.

func vector1(op1, *float32, *float32, int, float32, float32) bool           { return false }
func vector2(op2, *float32, *float32, *float32, int, float32, float32) bool { return false }
func vector3(op3, *float32, *float32, *float32, *float32, int) bool         { return false }

func vectorNonFinite(*float32, int) bool                          { panic("kernels: no vector form") }
func vectorSum1(sumOp1, *float32, int, float32) float64           { panic("kernels: no vector form") }
func vectorSum2(sumOp2, *float32, *float32, int, float32) float64 { panic("kernels: no vector form") }
func vectorMax(*float32, int) float32                             { panic("kernels: no vector form") }
func vectorMin(*float32, int) float32                             { panic("kernels: no vector form") }
func vectorFromBytes([]float32, []uint8) int                      { panic("kernels: no vector form") }

func vectorColSum(*[sumCols]float64, *float32, int, int, int) { panic("kernels: no vector form") }

func vectorSGD(_, _ *float32, _ int, _ *[3]float32)                 { panic("kernels: no vector form") }
func vectorMomentum(_, _, _ *float32, _ int, _ *[5]float32, _ bool) { panic("kernels: no vector form") }
func vectorAdam(_, _, _, _, _ *float32, _ int, _ *float32)          { panic("kernels: no vector form") }
func vectorRMSProp(_, _, _, _, _ *float32, _ int, _ *[7]float32)    { panic("kernels: no vector form") }
func vectorAdagrad(_, _, _ *float32, _ int, _ *[4]float32)          { panic("kernels: no vector form") }
func vectorUniform(*float32, int, uint64, Stream)                   { panic("kernels: no vector form") }
func vectorBernoulli(*float32, int, uint64, Stream, uint32, float32) {
	panic("kernels: no vector form")
}

func vectorSoftmax(_, _ *float32, _, _ int)                     { panic("kernels: no vector form") }
func vectorSoftmaxCEGrad(_, _, _ *float32, _, _ int, _ float32) { panic("kernels: no vector form") }
func vectorSoftmaxCE(_ *[3]float64, _, _ *float32, _, _ int)    { panic("kernels: no vector form") }

func vectorLaneSum(_ *[2 * sumLanes]float32, _ *float32, _ int) { panic("kernels: no vector form") }
func vectorLaneSquares(_ *[2 * sumLanes]float32, _ *float32, _ int, _ float32) {
	panic("kernels: no vector form")
}
func vectorLaneDots(_ *[2 * sumLanes]float32, _, _ *float32, _ int, _ float32) {
	panic("kernels: no vector form")
}
func vectorLaneRowDots(_ *[2 * sumLanes]float32, _, _, _ *float32, _ int, _ float32) {
	panic("kernels: no vector form")
}
func vectorAddSquares(_, _, _ *float32, _ int)                  { panic("kernels: no vector form") }
func vectorAddDots(_, _, _, _, _ *float32, _ int)               { panic("kernels: no vector form") }
func vectorAddRowDots(_, _, _, _ *float32, _ int, _, _ float32) { panic("kernels: no vector form") }
func vectorNormalize(_, _ *float32, _ int, _, _, _ float32)     { panic("kernels: no vector form") }
func vectorNormalizeRow(_, _, _, _ *float32, _ int, _, _ float32) {
	panic("kernels: no vector form")
}
func vectorNormalizeColumns(_, _, _, _, _ *float32, _ int)         { panic("kernels: no vector form") }
func vectorNormalGrad(_, _, _ *float32, _ int, _, _, _, _ float32) { panic("kernels: no vector form") }
func vectorNormalGradRow(_, _, _, _ *float32, _ int, _, _, _, _ float32) {
	panic("kernels: no vector form")
}
func vectorNormalGradColumns(_, _, _, _, _, _, _ *float32, _ int) { panic("kernels: no vector form") }

func vectorNormal(*float32, int, uint64, Stream) { panic("kernels: no vector form") }

func vectorGather[T Float](_, _ []T, _ int, _ []int) { panic("kernels: no vector form") }

func vectorSoftmaxGrad[T Float](_, _, _ []T, _, _ int, _ bool) bool { return false }
