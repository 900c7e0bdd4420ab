//go:build !noasm

package kernels

import (
	_ "embed"
	"sync"
	"syscall/js"
	"unsafe"
)

//go:embed simd_js.wasm
var simdModule string

// A simdCall is the block that a kernel of the module reads its arguments from. The module knows its layout.
type simdCall struct {
	pointers [13]unsafe.Pointer
	ints     [12]int
	floats   [16]float32
	results  [32]float64
}

// simd is the module. Its block is not on a stack, which Go may move, and what the block points to cannot be either: the compiler
// sees that the pointers are stored here.
var simd struct {
	mu      sync.Mutex
	call    simdCall
	kernels [simdCount]js.Value
	ops1    [op1Count]js.Value
	ops2    [op2Count]js.Value
	mulAdd  js.Value
}

// A simdKernel is a kernel of the module, apart from the element-wise ones.
type simdKernel int

const (
	simdSum simdKernel = iota
	simdSumExp
	simdDot
	simdDotShift
	simdExpSum
	simdBCESum
	simdDistance
	simdMaxOf
	simdMinOf
	simdColSum
	simdLaneSum
	simdLaneSquares
	simdLaneDots
	simdLaneRowDots
	simdAddSquares
	simdAddDots
	simdAddRowDots
	simdNormalize
	simdNormalizeRow
	simdNormalizeColumns
	simdNormalGrad
	simdNormalGradRow
	simdNormalGradColumns
	simdSGD
	simdMomentum
	simdNesterov
	simdAdam
	simdAMSGrad
	simdRMSProp
	simdRMSPropVelocity
	simdRMSPropCentred
	simdRMSPropCentredVelocity
	simdAdagrad
	simdSoftmax
	simdSoftmaxGrad
	simdLogSoftmaxGrad
	simdSoftmaxCE
	simdSoftmaxCEGrad
	simdWeighRows
	simdScoreGradRows
	simdUniform
	simdBernoulli
	simdNormal
	simdPairMax
	simdSquareMax
	simdPairGive
	simdSquareGive
	simdPairGiveReLU
	simdSquareGiveReLU
	simdFromBytes
	simdGather
	simdTranspose
	simdPackAcross
	simdPackAlong
	simdStrip
	simdTapStrip
	simdTapRowStrip
	simdDots
	simdLSTMCell
	simdLSTMCellGrad
	simdLSTMCellTanhGrad
	simdGRUCell
	simdGRUCellGrad
	simdGELUWithSlope
	simdCount
)

// simdNames are the names under which the module exports the kernels.
var simdNames = [simdCount]string{
	"sum", "sumExp", "dot", "dotShift", "expSum", "bceSum", "distance", "maxOf", "minOf", "colSum", "laneSum", "laneSquares", "laneDots",
	"laneRowDots", "addSquares", "addDots", "addRowDots", "normalize", "normalizeRow", "normalizeColumns", "normalGrad",
	"normalGradRow", "normalGradColumns", "sgd", "momentum", "nesterov", "adam", "amsGrad", "rmsprop", "rmspropVelocity",
	"rmspropCentred", "rmspropCentredVelocity", "adagrad", "softmax", "softmaxGrad", "logSoftmaxGrad", "softmaxCE",
	"softmaxCEGrad", "weighRows", "scoreGradRows", "uniform", "bernoulli", "normal", "pairMax", "squareMax", "pairGive", "squareGive", "pairGiveReLU", "squareGiveReLU",
	"fromBytes", "gather", "transpose", "packAcross", "packAlong", "strip", "tapStrip", "tapRowStrip", "dots",
	"lstmCell", "lstmCellGrad", "lstmCellTanhGrad", "gruCell", "gruCellGrad", "geluWithSlope",
}

// run calls the kernel with n and the pointers as its arguments. Kernels with more arguments begin and end by themselves.
func (k simdKernel) run(n int, pointers ...*float32) {
	c := simdBegin()
	c.set(n, pointers)
	simd.kernels[k].Invoke()
	simd.mu.Unlock()
}

// simdBegin locks the module and returns its block. Goroutines take turns only where they wait, but the collector may make one
// wait between setting the arguments and the call.
func simdBegin() *simdCall {
	simd.mu.Lock()
	return &simd.call
}

// invoke calls the kernel with the arguments in the block.
func (k simdKernel) invoke() { simd.kernels[k].Invoke() }

// set sets the first integer and the pointers.
func (c *simdCall) set(n int, pointers []*float32) {
	c.ints[0] = n
	for i, p := range pointers {
		c.pointers[i] = unsafe.Pointer(p)
	}
}

// address returns the address of a slice's elements.
func address[E any](x []E) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
