package tensors

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Float64s returns a copy of the elements in row-major order, as float64.
func Float64s(t *tensor.Dense) ([]float64, error) {
	if t == nil {
		return nil, errors.New("got no tensor, want one")
	}
	out := make([]float64, Size(t.Shape()))
	return out, Read(out, t)
}

// Floats returns t as a row-major tensor of float32 or float64: t itself if it already is one, else a copy. Integers become
// float64.
func Floats(t *tensor.Dense) (*tensor.Dense, error) {
	if t == nil {
		return nil, errors.New("got no tensor, want one")
	}
	switch t.Dtype() {
	case tensor.Float32, tensor.Float64:
		return RowMajor(t)
	}
	out := New(tensor.Float64, t.Shape())
	return out, Read(Data[float64](out), t)
}

// RowMajor returns a tensor with the elements of t in row-major order in memory: t itself if it is contiguous, else a copy.
// The elements may be of any type.
func RowMajor(t *tensor.Dense) (*tensor.Dense, error) {
	if Contiguous(t) {
		return t, nil
	}
	out := reflect.MakeSlice(reflect.SliceOf(t.Dtype().Type), Size(t.Shape()), Size(t.Shape()))
	from := memory(t)
	if err := walk(t, from.Len(), func(i, at int) { out.Index(i).Set(from.Index(at)) }); err != nil {
		return nil, err
	}
	return tensor.New(tensor.WithShape(t.Shape()...), tensor.WithBacking(out.Interface())), nil
}

// Set sets the elements of a contiguous tensor of float32 or float64.
func Set(t *tensor.Dense, values []float64) {
	if t.Dtype() == tensor.Float32 {
		Convert(Data[float32](t), values)
	} else {
		copy(Data[float64](t), values)
	}
}

// Clone returns a row-major copy of a tensor of float32 or float64.
func Clone(t *tensor.Dense) *tensor.Dense {
	c := New(t.Dtype(), t.Shape())
	if err := Copy(c, t); err != nil {
		panic(err) // cannot happen: both have the same shape and element type
	}
	return c
}

// Copy sets the elements of dst, a tensor of float32 or float64 in any layout, to those of src. Both have the same size.
func Copy(dst, src *tensor.Dense) error {
	if dst.Dtype() == tensor.Float32 {
		return copyTo[float32](dst, src)
	}
	return copyTo[float64](dst, src)
}

func copyTo[T kernels.Float](dst, src *tensor.Dense) error {
	if Contiguous(dst) {
		return Read(Data[T](dst), src)
	}
	values := make([]T, Size(dst.Shape()))
	if err := Read(values, src); err != nil {
		return err
	}
	to := Data[T](dst)
	return walk(dst, len(to), func(i, at int) { to[at] = values[i] })
}

// Read sets dst to the elements of a tensor of any numeric type, in row-major order. A finite number that becomes infinite in float32 is an
// error.
func Read[T kernels.Float](dst []T, src *tensor.Dense) error {
	if n := Size(src.Shape()); n != len(dst) {
		return fmt.Errorf("got %d elements, want %d", n, len(dst))
	}
	switch src.Dtype() {
	case tensor.Dtype{}: // the zero value, which has no memory
		return errors.New("got a tensor without elements, want numbers")
	case tensor.Float32:
		return read(dst, src, Data[float32](src))
	case tensor.Float64:
		return read(dst, src, Data[float64](src))
	}
	switch data := memory(src).Interface().(type) {
	case []int:
		return read(dst, src, data)
	case []int8:
		return read(dst, src, data)
	case []int16:
		return read(dst, src, data)
	case []int32:
		return read(dst, src, data)
	case []int64:
		return read(dst, src, data)
	case []uint:
		return read(dst, src, data)
	case []uint8:
		return read(dst, src, data)
	case []uint16:
		return read(dst, src, data)
	case []uint32:
		return read(dst, src, data)
	case []uint64:
		return read(dst, src, data)
	}
	return fmt.Errorf("got elements of %v, want numbers", ElementType(src))
}

type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// read converts the elements of src, whose memory is data.
func read[D kernels.Float, S number](dst []D, src *tensor.Dense, data []S) error {
	if !Contiguous(src) {
		var bad error
		err := walk(src, len(data), func(i, at int) {
			dst[i] = D(data[at])
			if bad == nil && overflows(dst[i], data[at]) {
				bad = rangeError(i, data[at])
			}
		})
		return cmp.Or(err, bad)
	}
	if same, ok := any(data).([]D); ok {
		copy(dst, same)
		return nil
	}
	data = data[:len(dst)]
	Convert(dst, data)
	if _, ok := any(data).([]float64); ok { // any other number is in the range
		for i, v := range dst {
			if overflows(v, data[i]) {
				return rangeError(i, data[i])
			}
		}
	}
	return nil
}

// overflows reports whether to is infinite, and the number that it was converted from is not.
func overflows[D, S number](to D, from S) bool { return to-to != 0 && from-from == 0 }

func rangeError(i int, v any) error {
	return fmt.Errorf("element %d: got %v, want a number in the range of float32", i, v)
}

// Convert sets dst to the elements of src, which has the same length.
func Convert[D, S number](dst []D, src []S) {
	for i, v := range src {
		dst[i] = D(v)
	}
}

// walk calls f for each element of a tensor in row-major order, with the element's number i and its position at in the
// tensor's memory of n elements.
func walk(t *tensor.Dense, n int, f func(i, at int)) error {
	shape, strides := slices.Clone([]int(t.Shape())), t.Strides()
	last, index := 0, make([]int, len(shape))
	for i, d := range shape {
		last += (d - 1) * strides[i]
	}
	if last >= n || slices.ContainsFunc(strides, func(s int) bool { return s < 0 }) {
		return fmt.Errorf("got shape %v with strides %v, want elements within a memory of %d", shape, strides, n)
	}
	for i, at := 0, 0; i < Size(shape); i++ {
		f(i, at)
		for d := len(shape) - 1; d >= 0; d-- {
			index[d]++
			at += strides[d]
			if index[d] < shape[d] {
				break
			}
			at -= index[d] * strides[d]
			index[d] = 0
		}
	}
	return nil
}
