package kernels

import "unsafe"

//go:generate go run -C gen ./elementwise -out ../elementwise_amd64.s -stubs ../elementwise_stub_amd64.go -pkg kernels

// The element-wise kernels are numbered, those of one, two and three inputs each from 0; tables of vector forms are indexed by
// these numbers. Besides its inputs a kernel may take two scalars, c and d.
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
	opPowScalar
	opScale
	opShift
	opSubTwice
	opSubScalarLeft
	opDivScalarLeft
	opDivScalar
	opLeakyReLU
	opELU
	opClip
	opInRange
	opGreaterScalar
	opGreaterEqualScalar
	opLessScalar
	opLessEqualScalar
	opEqualScalar
	opMaxScalar
	opMinScalar
	op1Count
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
	opXmul
	opLogistic
	opTanhGrad
	opSigmoidGrad
	opReLUGrad
	opAddScaled
	opLeakyReLUGrad
	opSoftmaxGrad
	opLogSoftmaxGrad
	opScaleSub
	opBCEGrad
	op2Count
)

const opMulAdd op3 = 0

// The kernels' names in messages. Most are named after their function; opSubTwice, opScaleSub and opBCEGrad after the exported
// function that uses them.
var (
	names1 = [op1Count]string{
		opNeg: "Neg", opAbs: "Abs", opSquare: "Square", opCube: "Cube", opSqrt: "Sqrt", opReciprocal: "Reciprocal",
		opFloor: "Floor", opSign: "Sign", opStep: "Step", opReLU: "ReLU", opExp: "Exp", opExpm1: "Expm1", opLog: "Log",
		opLog1p: "Log1p", opTanh: "Tanh", opSigmoid: "Sigmoid", opSoftplus: "Softplus", opErf: "Erf", opGELU: "GELU",
		opGELUSlope: "GELUSlope", opSin: "Sin", opCos: "Cos", opPowScalar: "PowScalar", opScale: "Scale", opShift: "Shift",
		opSubTwice: "LogSoftmax", opSubScalarLeft: "SubScalarLeft", opDivScalarLeft: "DivScalarLeft",
		opDivScalar: "DivScalar", opLeakyReLU: "LeakyReLU", opELU: "ELU", opClip: "Clip", opInRange: "InRange",
		opGreaterScalar: "GreaterScalar", opGreaterEqualScalar: "GreaterEqualScalar", opLessScalar: "LessScalar",
		opLessEqualScalar: "LessEqualScalar", opEqualScalar: "EqualScalar", opMaxScalar: "MaxScalar",
		opMinScalar: "MinScalar",
	}
	names2 = [op2Count]string{
		opAdd: "Add", opSub: "Sub", opMul: "Mul", opDiv: "Div", opMax: "Max", opMin: "Min", opPow: "Pow",
		opGreater: "Greater", opGreaterEqual: "GreaterEqual", opEqual: "Equal", opXmul: "Xmul", opLogistic: "Logistic", opTanhGrad: "TanhGrad",
		opSigmoidGrad: "SigmoidGrad", opReLUGrad: "ReLUGrad", opAddScaled: "AddScaled", opLeakyReLUGrad: "LeakyReLUGrad",
		opSoftmaxGrad: "SoftmaxGrad", opLogSoftmaxGrad: "LogSoftmaxGrad", opScaleSub: "SoftmaxCEGrad",
		opBCEGrad: "BCELogitsGrad",
	}
)

// String returns the kernel's name.
func (o op1) String() string { return names1[o] }

// String returns the kernel's name.
func (o op2) String() string { return names2[o] }

// fast1 runs the vector form of op if this machine has one for the element type, and reports whether it did.
func fast1[T Float](op op1, dst, x []T, c, d T) bool {
	if len(dst) != len(x) {
		sameLength(op.String(), len(dst), len(x))
	}
	return vectorised[T](len(x)) && vector1(op, pointer(dst), pointer(x), len(x), float32(c), float32(d))
}

// fast2 is fast1 for two inputs.
func fast2[T Float](op op2, dst, a, b []T, c, d T) bool {
	if len(dst) != len(a) || len(dst) != len(b) {
		sameLengths(op.String(), len(dst), len(a), len(b))
	}
	return vectorised[T](len(a)) && vector2(op, pointer(dst), pointer(a), pointer(b), len(a), float32(c), float32(d))
}

// fast3 is fast1 for three inputs.
func fast3[T Float](op op3, dst, a, b, c []T) bool {
	sameLengths("MulAdd", len(dst), len(a), len(b), len(c))
	return vectorised[T](len(a)) && vector3(op, pointer(dst), pointer(a), pointer(b), pointer(c), len(a))
}

// vectorised reports whether there may be a vector form for slices of n elements of type T.
func vectorised[T Float](n int) bool { return single[T]() && isa != Generic && n >= fewElements }

// pointer returns the address of the first element of x, a slice of float32 elements; see vectorised.
func pointer[T Float](x []T) *float32 { return (*float32)(unsafe.Pointer(unsafe.SliceData(x))) }
