//go:build !noasm

package kernels

// The AVX2 and AVX-512 forms of a kernel.
type (
	forms1 [2]func(dst, a *float32, n int, c, d float32)
	forms2 [2]func(dst, a, b *float32, n int, c, d float32)
	forms3 [2]func(dst, a, b, c3 *float32, n int, c, d float32)
)

var table1 = [...]forms1{
	opNeg:                {negAVX2, negAVX512},
	opAbs:                {absAVX2, absAVX512},
	opSquare:             {squareAVX2, squareAVX512},
	opCube:               {cubeAVX2, cubeAVX512},
	opSqrt:               {sqrtAVX2, sqrtAVX512},
	opReciprocal:         {reciprocalAVX2, reciprocalAVX512},
	opFloor:              {floorAVX2, floorAVX512},
	opSign:               {signAVX2, signAVX512},
	opStep:               {stepAVX2, stepAVX512},
	opReLU:               {reluAVX2, reluAVX512},
	opExp:                {expAVX2, expAVX512},
	opExpm1:              {expm1AVX2, expm1AVX512},
	opLog:                {logAVX2, logAVX512},
	opLog1p:              {log1pAVX2, log1pAVX512},
	opTanh:               {tanhAVX2, tanhAVX512},
	opSigmoid:            {sigmoidAVX2, sigmoidAVX512},
	opSoftplus:           {softplusAVX2, softplusAVX512},
	opErf:                {erfAVX2, erfAVX512},
	opGELU:               {geluAVX2, geluAVX512},
	opGELUSlope:          {geluSlopeAVX2, geluSlopeAVX512},
	opSin:                {sinAVX2, sinAVX512},
	opCos:                {cosAVX2, cosAVX512},
	opPowScalar:          {powScalarAVX2, powScalarAVX512},
	opScale:              {scaleAVX2, scaleAVX512},
	opShift:              {shiftAVX2, shiftAVX512},
	opSubTwice:           {subTwiceAVX2, subTwiceAVX512},
	opSubScalarLeft:      {subScalarLeftAVX2, subScalarLeftAVX512},
	opDivScalarLeft:      {divScalarLeftAVX2, divScalarLeftAVX512},
	opDivScalar:          {divScalarAVX2, divScalarAVX512},
	opLeakyReLU:          {leakyReLUAVX2, leakyReLUAVX512},
	opELU:                {eluAVX2, eluAVX512},
	opClip:               {clipAVX2, clipAVX512},
	opInRange:            {inRangeAVX2, inRangeAVX512},
	opGreaterScalar:      {greaterScalarAVX2, greaterScalarAVX512},
	opGreaterEqualScalar: {greaterEqualScalarAVX2, greaterEqualScalarAVX512},
	opLessScalar:         {lessScalarAVX2, lessScalarAVX512},
	opLessEqualScalar:    {lessEqualScalarAVX2, lessEqualScalarAVX512},
	opEqualScalar:        {equalScalarAVX2, equalScalarAVX512},
	opMaxScalar:          {maxScalarAVX2, maxScalarAVX512},
	opMinScalar:          {minScalarAVX2, minScalarAVX512},
}

var table2 = [...]forms2{
	opAdd:            {addAVX2, addAVX512},
	opSub:            {subAVX2, subAVX512},
	opMul:            {mulAVX2, mulAVX512},
	opDiv:            {divAVX2, divAVX512},
	opMax:            {maximumAVX2, maximumAVX512},
	opMin:            {minimumAVX2, minimumAVX512},
	opPow:            {powAVX2, powAVX512},
	opGreater:        {greaterAVX2, greaterAVX512},
	opGreaterEqual:   {greaterEqualAVX2, greaterEqualAVX512},
	opEqual:          {equalAVX2, equalAVX512},
	opXmul:           {xmulAVX2, xmulAVX512},
	opLogistic:       {logisticAVX2, logisticAVX512},
	opTanhGrad:       {tanhGradAVX2, tanhGradAVX512},
	opSigmoidGrad:    {sigmoidGradAVX2, sigmoidGradAVX512},
	opReLUGrad:       {reluGradAVX2, reluGradAVX512},
	opAddScaled:      {addScaledAVX2, addScaledAVX512},
	opLeakyReLUGrad:  {leakyReLUGradAVX2, leakyReLUGradAVX512},
	opSoftmaxGrad:    {softmaxGradAVX2, softmaxGradAVX512},
	opLogSoftmaxGrad: {logSoftmaxGradAVX2, logSoftmaxGradAVX512},
	opScaleSub:       {scaleSubAVX2, scaleSubAVX512},
	opBCEGrad:        {bceGradAVX2, bceGradAVX512},
}

var table3 = [...]forms3{
	opMulAdd: {mulAddAVX2, mulAddAVX512},
}

// vector1 runs the form in use and reports whether the kernel has one. The form in use must not be Generic.
func vector1(op op1, dst, a *float32, n int, c, d float32) bool {
	f := table1[op][isa-AVX2]
	if f == nil {
		return false
	}
	f(dst, a, n, c, d)
	return true
}

// vector2 is vector1 for two inputs.
func vector2(op op2, dst, a, b *float32, n int, c, d float32) bool {
	f := table2[op][isa-AVX2]
	if f == nil {
		return false
	}
	f(dst, a, b, n, c, d)
	return true
}

// vector3 is vector1 for three inputs.
func vector3(op op3, dst, a, b, c *float32, n int) bool {
	table3[op][isa-AVX2](dst, a, b, c, n, 0, 0)
	return true
}
