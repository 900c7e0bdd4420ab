package kernels

import "fmt"

// An Activation is a function that a product applies to its elements.
type Activation uint8

// The activations.
const (
	ActNone      Activation = iota
	ActReLU                 // x > 0 ? x : 0
	ActLeakyReLU            // x > 0 ? x : Slope·x
	ActTanh
	ActSigmoid
	ActClip   // to [Low, High]; it has no Deriv
	ActGELU   // it has no Deriv; in MatMul it may have Slopes
	ActFactor // for MatMul only, with Deriv, which is the factor itself
)

// An Epilogue is applied to the elements of a product while they are in the cache: c = act(c + Bias[j]), or, if Deriv is
// set, c = (c + Bias[j])·act'(y), where y = Deriv[i·DerivStride+j] is an output of the activation. Then Plus is added.
type Epilogue[T Float] struct {
	Bias        []T // an element for each column, or nil
	Act         Activation
	Slope       T // of ActLeakyReLU
	Low, High   T // of ActClip
	Deriv       []T
	Slopes      []T // gets the derivative of ActGELU, of each element, if not nil
	Plus        []T // for MatMul only: an element for each of the product's, or nil
	DerivStride int // of the matrices Deriv, Slopes and Plus
}

// check panics unless e fits a rows × cols matrix.
func (e *Epilogue[T]) check(rows, cols int) {
	if e.Bias != nil && len(e.Bias) < cols {
		panic(fmt.Sprintf("kernels: MatMul: Bias: got %d elements, want %d", len(e.Bias), cols))
	}
	e.checkMatrix("Deriv", e.Deriv, rows, cols)
	e.checkMatrix("Slopes", e.Slopes, rows, cols)
	e.checkMatrix("Plus", e.Plus, rows, cols)
}

// checkMatrix panics unless x, which may be nil, has the elements of a rows × cols matrix.
func (e *Epilogue[T]) checkMatrix(name string, x []T, rows, cols int) {
	if x != nil && rows > 0 && (e.DerivStride < cols || len(x) < (rows-1)*e.DerivStride+cols) {
		panic(fmt.Sprintf("kernels: MatMul: %s: got %d elements, want a %d × %d matrix of stride %d", name, len(x), rows, cols, e.DerivStride))
	}
}

// inStrip returns the part of e that the micro-kernels apply.
func (e *Epilogue[T]) inStrip() (f stripFlags) {
	if e == nil {
		return 0
	}
	if e.Bias != nil {
		f |= addBias
	}
	if e.Act == ActReLU && e.Deriv == nil {
		f |= applyReLU
	}
	return f
}

// rowwise reports whether e has a part that the micro-kernels do not apply.
func (e *Epilogue[T]) rowwise() bool {
	return e != nil && (e.Act != ActNone && (e.Deriv != nil || e.Act != ActReLU) || e.Plus != nil)
}

// block applies the rowwise part to the rows [i0, i1) and the columns [j0, j1) of c, a matrix of the given stride.
func (e *Epilogue[T]) block(c []T, stride, i0, i1, j0, j1 int) {
	if !e.rowwise() {
		return
	}
	alone := e.Deriv == nil && e.Slopes == nil && e.Plus == nil
	if stride == j1-j0 && (alone || e.DerivStride == stride) { // no gaps: one segment holds all rows
		e.segment(c[i0*stride:i1*stride], i0*stride)
		return
	}
	for i := i0; i < i1; i++ {
		e.segment(c[i*stride:][j0:j1], i*e.DerivStride+j0)
	}
}

// segment applies the rowwise part to a segment of c, which begins at element at of Deriv, Slopes and Plus.
func (e *Epilogue[T]) segment(c []T, at int) {
	e.activate(c, at)
	if e.Plus != nil {
		Add(c, c, e.Plus[at:][:len(c)])
	}
}

func (e *Epilogue[T]) activate(c []T, at int) {
	if e.Deriv != nil {
		y := e.Deriv[at:][:len(c)]
		switch e.Act {
		case ActFactor:
			Mul(c, c, y)
		case ActReLU:
			ReLUGrad(c, c, y)
		case ActLeakyReLU:
			LeakyReLUGrad(c, c, y, e.Slope)
		case ActTanh:
			TanhGrad(c, c, y)
		case ActSigmoid:
			SigmoidGrad(c, c, y)
		}
		return
	}
	switch e.Act {
	case ActLeakyReLU:
		LeakyReLU(c, c, e.Slope)
	case ActTanh:
		Tanh(c, c)
	case ActSigmoid:
		Sigmoid(c, c)
	case ActClip:
		Clip(c, c, e.Low, e.High)
	case ActGELU:
		if e.Slopes != nil {
			GELUWithSlope(c, e.Slopes[at:][:len(c)], c)
		} else {
			GELU(c, c)
		}
	}
}
