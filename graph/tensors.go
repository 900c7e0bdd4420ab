package graph

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// newTensor returns a tensor of zeros.
func newTensor(dt tensor.Dtype, shape []int) *Tensor {
	if dt == tensor.Float32 {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float32, ops.Size(shape))))
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float64, ops.Size(shape))))
}

// setFloat64s sets the elements of a tensor of either element type.
func setFloat64s(t *Tensor, values []float64) {
	if t.Dtype() == tensor.Float32 {
		convert(ops.Data[float32](t), values)
	} else {
		copy(ops.Data[float64](t), values)
	}
}

// copyTensor copies the elements of a dense, contiguous tensor of a numeric type to dst, which has as many.
func copyTensor(dst, src *Tensor) error {
	if dst.Dtype() == tensor.Float32 {
		return copyTo(ops.Data[float32](dst), src)
	}
	return copyTo(ops.Data[float64](dst), src)
}

func copyTo[T Float](dst []T, src *Tensor) error {
	if src.RequiresIterator() || !src.DataOrder().IsRowMajor() {
		m, ok := src.Materialize().(*Tensor)
		if !ok || m.RequiresIterator() || !m.DataOrder().IsRowMajor() {
			return fmt.Errorf("got a tensor whose elements are not in row-major order")
		}
		src = m
	}
	if n := ops.Size(src.Shape()); n != len(dst) {
		return fmt.Errorf("got %d elements, want %d", n, len(dst))
	}
	switch src.Dtype() {
	case tensor.Float32:
		convert(dst, ops.Data[float32](src))
	case tensor.Float64:
		convert(dst, ops.Data[float64](src))
	default:
		return copyIntegers(dst, src)
	}
	return nil
}

func copyIntegers[T Float](dst []T, src *Tensor) error {
	data := src.Data()
	switch v := data.(type) {
	case []int:
		convert(dst, v)
	case []int8:
		convert(dst, v)
	case []int16:
		convert(dst, v)
	case []int32:
		convert(dst, v)
	case []int64:
		convert(dst, v)
	case []uint8:
		convert(dst, v)
	case []uint16:
		convert(dst, v)
	case []uint32:
		convert(dst, v)
	case []uint64:
		convert(dst, v)
	default:
		return fmt.Errorf("got elements of %v, want numbers", src.Dtype())
	}
	return nil
}

type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

func convert[D Float, S number](dst []D, src []S) {
	if s, ok := any(src).([]D); ok {
		copy(dst, s)
		return
	}
	for i, v := range src {
		dst[i] = D(v)
	}
}

// float64s returns the elements of a tensor of any numeric type.
func float64s(t *Tensor) ([]float64, error) {
	out := make([]float64, ops.Size(t.Shape()))
	return out, copyTo(out, t)
}

// find returns the first element of a batch's tensor that f holds for, and where it is: "" if there is none.
func find(t *Tensor, f func(v float64) bool) (v float64, place string, err error) {
	values, err := float64s(t)
	if err != nil {
		return 0, "", err
	}
	each := ops.Size(t.Shape()[1:])
	if i := slices.IndexFunc(values, f); i >= 0 {
		return values[i], fmt.Sprintf("element %d of sample %d", i%each, i/each), nil
	}
	return 0, "", nil
}

// cloneTensor returns a copy in memory of its own, contiguous.
func cloneTensor(t *Tensor) *Tensor {
	c := newTensor(t.Dtype(), t.Shape())
	_ = copyTensor(c, t) // both are dense and of one type
	return c
}

// sameShape tells whether a tensor has the given shape.
func sameShape(t *Tensor, shape []int) bool { return slices.Equal([]int(t.Shape()), shape) }

// rowsOf returns rows at to at+n of a contiguous tensor, in the same memory.
func rowsOf(t *Tensor, at, n int) *Tensor {
	if at == 0 && n == t.Shape()[0] {
		return t
	}
	shape := append([]int{n}, t.Shape()[1:]...)
	width := ops.Size(shape[1:])
	lo, hi := at*width, (at+n)*width
	var backing any
	switch t.Dtype() {
	case tensor.Float32:
		backing = ops.Data[float32](t)[lo:hi:hi]
	case tensor.Float64:
		backing = ops.Data[float64](t)[lo:hi:hi]
	default:
		v := reflect.ValueOf(t.Data())
		if v.Kind() != reflect.Slice { // one element
			return t
		}
		backing = v.Slice3(lo, hi, hi).Interface()
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

// rawBytes returns the memory of a contiguous tensor's elements.
func rawBytes(t *Tensor) []byte {
	size := ops.Size(t.Shape()) * int(t.Dtype().Size())
	switch t.Dtype() {
	case tensor.Float32:
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Float32s()))), size)
	case tensor.Float64:
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Float64s()))), size)
	}
	return unsafe.Slice((*byte)(reflect.ValueOf(t.Data()).UnsafePointer()), size)
}

// asFloat returns a copy of a tensor as floating-point numbers: float64 unless it is float32.
func asFloat(t *Tensor) *Tensor {
	dt := tensor.Float64
	if t.Dtype() == tensor.Float32 {
		dt = tensor.Float32
	}
	c := newTensor(dt, t.Shape())
	_ = copyTensor(c, t)
	return c
}

// hasNonFinite tells whether an element is NaN or infinite.
func hasNonFinite(t *Tensor) bool {
	if t.Dtype() == tensor.Float32 {
		return kernels.HasNonFinite(ops.Data[float32](t))
	}
	return kernels.HasNonFinite(ops.Data[float64](t))
}
