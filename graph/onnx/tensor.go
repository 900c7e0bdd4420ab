package onnx

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Tensor is a value that a Runner takes or returns. Unlike gorgonia's tensors it may be empty, and have elements in half precision.
type Tensor struct {
	Shape []int // nil or empty for a scalar
	Data  any   // the elements in row-major order: a []float32, []float64, []Float16, []BFloat16, []bool or a slice of sized integers
}

// A Float16 is the bits of a number in IEEE 754 half precision.
type Float16 uint16

// Float32 returns the number.
func (h Float16) Float32() float32 { return eval.Float16(h).Float() }

// NewFloat16 rounds to the nearest number, ties to even. Numbers of 65520 or more become infinite.
func NewFloat16(v float32) Float16 { return Float16(eval.ToFloat16(v)) }

// A BFloat16 is the upper half of the bits of a float32.
type BFloat16 uint16

// Float32 returns the number.
func (h BFloat16) Float32() float32 { return eval.BFloat16(h).Float() }

// NewBFloat16 rounds to the nearest number, ties to even.
func NewBFloat16(v float32) BFloat16 { return BFloat16(eval.ToBFloat16(v)) }

// FromDense returns a tensor with a copy of x's elements.
func FromDense(x *tensor.Dense) (Tensor, error) {
	if x == nil {
		return Tensor{}, fmt.Errorf("onnx: FromDense: got a nil tensor, want one")
	}
	row, err := tensors.RowMajor(x)
	if err != nil {
		return Tensor{}, fmt.Errorf("onnx: FromDense: %w", err)
	}
	if row == x {
		row = x.Clone().(*tensor.Dense)
	}
	x = row
	t := Tensor{Shape: slices.Clone([]int(x.Shape())), Data: x.Data()}
	if x.IsScalar() {
		t.Data = sliceOf(t.Data)
	}
	if _, err := t.value(); err != nil {
		return Tensor{}, fmt.Errorf("onnx: FromDense: %w", err)
	}
	return t, nil
}

// sliceOf returns a slice with a number, which gorgonia returns as the data of a scalar.
func sliceOf(v any) any {
	switch v := v.(type) {
	case float32:
		return []float32{v}
	case float64:
		return []float64{v}
	case int8:
		return []int8{v}
	case int16:
		return []int16{v}
	case int32:
		return []int32{v}
	case int64:
		return []int64{v}
	case uint8:
		return []uint8{v}
	case uint16:
		return []uint16{v}
	case uint32:
		return []uint32{v}
	case uint64:
		return []uint64{v}
	case bool:
		return []bool{v}
	}
	return v
}

// Dense returns a tensor of gorgonia's with a copy of the elements. Empty tensors and those in half precision are errors, since
// gorgonia has none.
func (t Tensor) Dense() (*tensor.Dense, error) {
	v, err := t.value()
	if err != nil {
		return nil, fmt.Errorf("onnx: Dense: %w", err)
	}
	switch t.Data.(type) {
	case []Float16, []BFloat16:
		return nil, fmt.Errorf("onnx: Dense: got elements %T, want a type of gorgonia's", t.Data)
	}
	if v.Size() == 0 {
		return nil, fmt.Errorf("onnx: Dense: got an empty tensor of shape %v, want at least one element", t.Shape)
	}
	out := tensor.New(tensor.WithShape(t.Shape...), tensor.WithBacking(t.Data))
	return out.Clone().(*tensor.Dense), nil
}

// value returns the tensor for package eval, without a copy of the elements, except in half precision.
func (t Tensor) value() (*eval.Tensor, error) {
	data := t.Data
	switch half := data.(type) {
	case []Float16:
		data = converted[eval.Float16](half)
	case []BFloat16:
		data = converted[eval.BFloat16](half)
	}
	return eval.New(t.Shape, data)
}

// tensorOf returns a copy of a value.
func tensorOf(v *eval.Tensor) Tensor {
	t := Tensor{Shape: slices.Clone(v.Shape), Data: v.Copy()}
	switch half := t.Data.(type) {
	case []eval.Float16:
		t.Data = converted[Float16](half)
	case []eval.BFloat16:
		t.Data = converted[BFloat16](half)
	}
	return t
}

func converted[R, T ~uint16](x []T) []R {
	out := make([]R, len(x))
	for i, v := range x {
		out[i] = R(v)
	}
	return out
}
