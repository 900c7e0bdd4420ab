package kernels

import "unsafe"

//go:generate go run -C gen ./elementwise -out ../elementwise_amd64.s -stubs ../elementwise_stub_amd64.go -pkg kernels

// A kernel has a number among those with as many inputs, by which its vector form is found. Besides its inputs it may take
// two scalars, c and d.
type (
	op1 int
	op2 int
	op3 int
)

const (
	opNeg op1 = iota
	opAbs
	opSquare
	opCube
	opSqrt
	opReciprocal
	opFloor
	opSign
	opStep
	opReLU
	opExp
	opExpm1
	opLog
	opLog1p
	opTanh
	opSigmoid
	opSoftplus
	opErf
	opGELU
	opGELUSlope
	opSin
	opCos
	opScale
	opShift
	opSubTwice
	opSubScalarLeft
	opDivScalarLeft
	opDivScalar
	opLeakyReLU
	opELU
	opClip
	opGreaterScalar
	opGreaterEqualScalar
	opLessScalar
	opLessEqualScalar
	opEqualScalar
	opMaxScalar
	opMinScalar
)

const (
	opAdd op2 = iota
	opSub
	opMul
	opDiv
	opMax
	opMin
	opPow
	opGreater
	opGreaterEqual
	opEqual
	opTanhGrad
	opSigmoidGrad
	opReLUGrad
	opAddScaled
	opLeakyReLUGrad
	opSoftmaxGrad
	opLogSoftmaxGrad
	opScaleSub
	opBCEGrad
)

const opMulAdd op3 = 0

// String returns the kernel's name, for messages.
func (o op1) String() string {
	return [...]string{"Neg", "Abs", "Square", "Cube", "Sqrt", "Reciprocal", "Floor", "Sign", "Step", "ReLU", "Exp", "Expm1", "Log",
		"Log1p", "Tanh", "Sigmoid", "Softplus", "Erf", "GELU", "GELUSlope", "Sin", "Cos", "Scale", "Shift", "LogSoftmax", "SubScalarLeft",
		"DivScalarLeft", "DivScalar", "LeakyReLU", "ELU", "Clip", "GreaterScalar", "GreaterEqualScalar", "LessScalar",
		"LessEqualScalar", "EqualScalar", "MaxScalar", "MinScalar"}[o]
}

// String returns the kernel's name, for messages.
func (o op2) String() string {
	return [...]string{"Add", "Sub", "Mul", "Div", "Max", "Min", "Pow", "Greater", "GreaterEqual", "Equal", "TanhGrad", "SigmoidGrad",
		"ReLUGrad", "AddScaled", "LeakyReLUGrad", "SoftmaxGrad", "LogSoftmaxGrad", "SoftmaxCEGrad", "BCELogitsGrad"}[o]
}

// fast1 runs the vector form of op, if there is one for this machine and element type, and tells whether it did.
func fast1[T Float](op op1, dst, x []T, c, d T) bool {
	if len(dst) != len(x) {
		sameLength(op.String(), len(dst), len(x))
	}
	return vectorised[T]() && vector1(op, pointer(dst), pointer(x), len(x), float32(c), float32(d))
}

// fast2 is fast1 for two inputs.
func fast2[T Float](op op2, dst, a, b []T, c, d T) bool {
	if len(dst) != len(a) || len(dst) != len(b) {
		sameLengths(op.String(), len(dst), len(a), len(b))
	}
	return vectorised[T]() && vector2(op, pointer(dst), pointer(a), pointer(b), len(a), float32(c), float32(d))
}

// fast3 is fast1 for three inputs.
func fast3[T Float](op op3, dst, a, b, c []T) bool {
	sameLengths("MulAdd", len(dst), len(a), len(b), len(c))
	return vectorised[T]() && vector3(op, pointer(dst), pointer(a), pointer(b), pointer(c), len(a))
}

// vectorised tells whether there may be a vector form for elements of type T.
func vectorised[T Float]() bool { return single[T]() && isa != Generic }

// pointer returns the first element, if x is a slice of float32; see vectorised.
func pointer[T Float](x []T) *float32 { return (*float32)(unsafe.Pointer(unsafe.SliceData(x))) }
