//go:build !noasm

package kernels

var table1 = [...]func(dst, a *float32, n int, c, d float32){
	opNeg:                negNEON,
	opAbs:                absNEON,
	opSquare:             squareNEON,
	opCube:               cubeNEON,
	opSqrt:               sqrtNEON,
	opReciprocal:         reciprocalNEON,
	opFloor:              floorNEON,
	opSign:               signNEON,
	opStep:               stepNEON,
	opReLU:               reluNEON,
	opExp:                expNEON,
	opExpm1:              expm1NEON,
	opLog:                logNEON,
	opLog1p:              log1pNEON,
	opTanh:               tanhNEON,
	opSigmoid:            sigmoidNEON,
	opSoftplus:           softplusNEON,
	opErf:                erfNEON,
	opGELU:               geluNEON,
	opGELUSlope:          geluSlopeNEON,
	opSin:                sinNEON,
	opCos:                cosNEON,
	opPowScalar:          powScalarNEON,
	opScale:              scaleNEON,
	opShift:              shiftNEON,
	opSubTwice:           subTwiceNEON,
	opSubScalarLeft:      subScalarLeftNEON,
	opDivScalarLeft:      divScalarLeftNEON,
	opDivScalar:          divScalarNEON,
	opLeakyReLU:          leakyReLUNEON,
	opELU:                eluNEON,
	opClip:               clipNEON,
	opInRange:            inRangeNEON,
	opGreaterScalar:      greaterScalarNEON,
	opGreaterEqualScalar: greaterEqualScalarNEON,
	opLessScalar:         lessScalarNEON,
	opLessEqualScalar:    lessEqualScalarNEON,
	opEqualScalar:        equalScalarNEON,
	opMaxScalar:          maxScalarNEON,
	opMinScalar:          minScalarNEON,
}

var table2 = [...]func(dst, a, b *float32, n int, c, d float32){
	opAdd:            addNEON,
	opSub:            subNEON,
	opMul:            mulNEON,
	opDiv:            divNEON,
	opMax:            maximumNEON,
	opMin:            minimumNEON,
	opPow:            powNEON,
	opGreater:        greaterNEON,
	opGreaterEqual:   greaterEqualNEON,
	opEqual:          equalNEON,
	opXmul:           xmulNEON,
	opLogistic:       logisticNEON,
	opTanhGrad:       tanhGradNEON,
	opSigmoidGrad:    sigmoidGradNEON,
	opReLUGrad:       reluGradNEON,
	opAddScaled:      addScaledNEON,
	opLeakyReLUGrad:  leakyReLUGradNEON,
	opSoftmaxGrad:    softmaxGradNEON,
	opLogSoftmaxGrad: logSoftmaxGradNEON,
	opScaleSub:       scaleSubNEON,
	opBCEGrad:        bceGradNEON,
}

// vector1 runs the form in use and reports whether the kernel has one. The form in use must not be Generic.
func vector1(op op1, dst, a *float32, n int, c, d float32) bool {
	f := table1[op]
	if f == nil {
		return false
	}
	f(dst, a, n, c, d)
	return true
}

// vector2 is vector1 for two inputs.
func vector2(op op2, dst, a, b *float32, n int, c, d float32) bool {
	f := table2[op]
	if f == nil {
		return false
	}
	f(dst, a, b, n, c, d)
	return true
}

// vector3 is vector1 for three inputs.
func vector3(_ op3, dst, a, b, c *float32, n int) bool {
	mulAddNEON(dst, a, b, c, n, 0, 0)
	return true
}
