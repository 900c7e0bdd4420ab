// Package tensors reads and writes the elements of gorgonia's dense tensors, of any numeric type and in any layout. The
// shape and the strides determine the layout: row-major, column-major, transposed, a view with gaps, or a scalar.
package tensors

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Size returns the number of elements of a shape.
func Size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// New returns a row-major tensor of zeros.
func New(dt tensor.Dtype, shape []int) *tensor.Dense {
	switch dt {
	case tensor.Float32:
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float32, Size(shape))))
	case tensor.Float64:
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float64, Size(shape))))
	}
	return tensor.New(tensor.Of(dt), tensor.WithShape(shape...))
}

// ElementType returns the name of a tensor's element type, for errors; "none" for the zero tensor, which has none.
func ElementType(t *tensor.Dense) string {
	if t.Dtype() == (tensor.Dtype{}) {
		return "none"
	}
	return fmt.Sprint(t.Dtype())
}

// SameShape reports whether a tensor has the given shape.
func SameShape(t *tensor.Dense, shape []int) bool { return slices.Equal([]int(t.Shape()), shape) }

// Contiguous reports whether the elements lie in memory in row-major order, without gaps.
func Contiguous(t *tensor.Dense) bool {
	shape, strides, want := t.Shape(), t.Strides(), 1
	for i, d := range slices.Backward(shape) {
		if d != 1 && strides[i] != want {
			return false
		}
		want *= d
	}
	return true
}

// Data returns the memory of a tensor of element type T. If the tensor is contiguous, it holds exactly the elements, in order.
func Data[T kernels.Float](t *tensor.Dense) []T {
	if t.Dtype() == tensor.Float32 {
		s := t.Float32s()
		return *(*[]T)(unsafe.Pointer(&s))
	}
	s := t.Float64s()
	return *(*[]T)(unsafe.Pointer(&s))
}

// memory returns the memory of a tensor as a slice of its element type; for a scalar, a copy.
func memory(t *tensor.Dense) reflect.Value {
	v := reflect.ValueOf(t.Data())
	if v.Kind() == reflect.Slice {
		return v
	}
	s := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
	s.Index(0).Set(v)
	return s
}

// Bytes returns the memory of a contiguous tensor of numbers; for a scalar that is neither float32 nor float64, a copy.
func Bytes(t *tensor.Dense) []byte {
	n := Size(t.Shape()) * int(t.Dtype().Size())
	switch t.Dtype() {
	case tensor.Float32:
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Float32s()))), n)
	case tensor.Float64:
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Float64s()))), n)
	}
	return unsafe.Slice((*byte)(memory(t).UnsafePointer()), n)
}

// Share makes dst a tensor over the memory of src, which is contiguous, of float32 or float64. Both have the same shape and
// element type. If dst is nil, Share makes a new tensor.
func Share(dst, src *tensor.Dense) *tensor.Dense {
	n := Size(src.Shape())
	switch {
	case dst != nil:
		dst.Raw = src.Raw[:n*int(src.Dtype().Size())]
		return dst
	case src.Dtype() == tensor.Float32:
		return tensor.New(tensor.WithShape(src.Shape()...), tensor.WithBacking(Data[float32](src)[:n:n]))
	}
	return tensor.New(tensor.WithShape(src.Shape()...), tensor.WithBacking(Data[float64](src)[:n:n]))
}

// Rows returns n rows of a contiguous tensor from row at on. They share the memory of t.
func Rows(t *tensor.Dense, at, n int) *tensor.Dense {
	if at == 0 && n == t.Shape()[0] {
		return t
	}
	shape := append([]int{n}, t.Shape()[1:]...)
	width := Size(shape[1:])
	lo, hi := at*width, (at+n)*width
	var backing any
	switch t.Dtype() {
	case tensor.Float32:
		backing = Data[float32](t)[lo:hi:hi]
	case tensor.Float64:
		backing = Data[float64](t)[lo:hi:hi]
	default:
		backing = memory(t).Slice3(lo, hi, hi).Interface()
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

// HasNonFinite reports whether an element of a contiguous tensor of float32 or float64 is NaN or infinite.
func HasNonFinite(t *tensor.Dense) bool {
	if t.Dtype() == tensor.Float32 {
		return kernels.HasNonFinite(Data[float32](t))
	}
	return kernels.HasNonFinite(Data[float64](t))
}
