package eval

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A number is an element that arithmetic is defined for.
type number interface {
	float32 | float64 | integer
}

type integer interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64
}

type element interface {
	number | bool | Float16 | BFloat16
}

// A Tensor is a value of a graph. Its elements are in row-major order; a scalar has the shape [].
type Tensor struct {
	Shape []int
	data  data
}

// data is a list of elements of one type.
type data interface {
	size() int
	kind() proto.ElementType
	slice(from, to int) data
	empty(n int) data // n zeros
	view(raw []byte) data
	take(index []int, otherwise data) data
	put(index []int, from data)
	copyAt(at int, from data, start, n int)
	strided(shape, strides []int, offset int) data
	value() any
}

type list[T element] []T

func (l list[T]) size() int               { return len(l) }
func (l list[T]) slice(from, to int) data { return l[from:to:to] }
func (l list[T]) empty(n int) data        { return make(list[T], n) }
func (l list[T]) value() any              { return []T(l) }

func (l list[T]) kind() proto.ElementType {
	var z T
	switch any(z).(type) {
	case float32:
		return proto.Float32
	case float64:
		return proto.Float64
	case Float16:
		return proto.Float16
	case BFloat16:
		return proto.BFloat16
	case int8:
		return proto.Int8
	case int16:
		return proto.Int16
	case int32:
		return proto.Int32
	case int64:
		return proto.Int64
	case uint8:
		return proto.Uint8
	case uint16:
		return proto.Uint16
	case uint32:
		return proto.Uint32
	case uint64:
		return proto.Uint64
	}
	return proto.Bool
}

// take returns the elements at the indices; a negative index stands for the element of otherwise, zero if that is nil.
func (l list[T]) take(index []int, otherwise data) data {
	var fill T
	if otherwise != nil {
		fill = otherwise.(list[T])[0]
	}
	out := make(list[T], len(index))
	for i, k := range index {
		if k < 0 {
			out[i] = fill
		} else {
			out[i] = l[k]
		}
	}
	return out
}

// put sets the elements at the indices.
func (l list[T]) put(index []int, from data) {
	for i, v := range from.(list[T]) {
		l[index[i]] = v
	}
}

// copyAt copies n elements of from to l[at:].
func (l list[T]) copyAt(at int, from data, start, n int) {
	copy(l[at:at+n], from.(list[T])[start:start+n])
}

// strided returns the elements of a view: of the given shape, at offset plus the position times the strides.
func (l list[T]) strided(shape, strides []int, offset int) data {
	out := make(list[T], sizeOf(shape))
	if len(out) == 0 {
		return out
	}
	width, step := 1, 1
	if n := len(shape); n > 0 {
		width, step = shape[n-1], strides[n-1]
		shape, strides = shape[:n-1], strides[:n-1]
	}
	at, pos := offset, make([]int, len(shape))
	for row := out; len(row) > 0; row = row[width:] {
		if step == 1 {
			copy(row[:width], l[at:])
		} else {
			for i := range width {
				row[i] = l[at+i*step]
			}
		}
		for k := len(shape) - 1; k >= 0; k-- {
			at += strides[k]
			if pos[k]++; pos[k] < shape[k] {
				break
			}
			at -= shape[k] * strides[k]
			pos[k] = 0
		}
	}
	return out
}

// blanks are empty lists by element type.
var blanks = map[proto.ElementType]data{
	proto.Float32: list[float32]{}, proto.Float64: list[float64]{}, proto.Float16: list[Float16]{}, proto.BFloat16: list[BFloat16]{},
	proto.Int8: list[int8]{}, proto.Int16: list[int16]{}, proto.Int32: list[int32]{}, proto.Int64: list[int64]{},
	proto.Uint8: list[uint8]{}, proto.Uint16: list[uint16]{}, proto.Uint32: list[uint32]{}, proto.Uint64: list[uint64]{}, proto.Bool: list[bool]{},
}

// New returns a tensor with these elements, a slice of one of the element types. The slice is not copied.
func New(shape []int, elements any) (*Tensor, error) {
	d := dataOf(elements)
	if d == nil {
		return nil, fmt.Errorf("got elements %T, want a slice of numbers or bools", elements)
	}
	n := 1
	for _, s := range shape {
		if s < 0 || s > 0 && n > maxElements/s {
			return nil, fmt.Errorf("got shape %v, want dimensions of 0 or more and at most %d elements", shape, maxElements)
		}
		n *= s
	}
	if n != d.size() {
		return nil, fmt.Errorf("got %d elements for shape %v, want %d", d.size(), shape, n)
	}
	return &Tensor{append([]int{}, shape...), d}, nil
}

func dataOf(elements any) data {
	switch v := elements.(type) {
	case []float32:
		return list[float32](v)
	case []float64:
		return list[float64](v)
	case []Float16:
		return list[Float16](v)
	case []BFloat16:
		return list[BFloat16](v)
	case []int8:
		return list[int8](v)
	case []int16:
		return list[int16](v)
	case []int32:
		return list[int32](v)
	case []int64:
		return list[int64](v)
	case []uint8:
		return list[uint8](v)
	case []uint16:
		return list[uint16](v)
	case []uint32:
		return list[uint32](v)
	case []uint64:
		return list[uint64](v)
	case []bool:
		return list[bool](v)
	}
	return nil
}

// Elements returns the elements, a slice that must not be changed.
func (t *Tensor) Elements() any { return t.data.value() }

// Type returns the type of the elements.
func (t *Tensor) Type() proto.ElementType { return t.data.kind() }

// Size returns the number of elements.
func (t *Tensor) Size() int { return t.data.size() }

func (t *Tensor) bytes() int { return t.Size() * t.Type().Bytes() }

// of returns a tensor of these elements.
func of[T element](shape []int, elements []T) *Tensor { return &Tensor{shape, list[T](elements)} }

func scalar[T element](v T) *Tensor { return of([]int{}, []T{v}) }

func vector[T element](v ...T) *Tensor { return of([]int{len(v)}, v) }

// reshaped returns the elements in another shape.
func (t *Tensor) reshaped(shape ...int) *Tensor { return &Tensor{slices.Clone(shape), t.data} }

func sizeOf(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// strides returns the row-major strides of a shape.
func strides(shape []int) []int {
	list := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		list[i] = n
		n *= shape[i]
	}
	return list
}

// Copy returns a copy of the elements.
func (t *Tensor) Copy() any { return t.clone().Elements() }

// clone returns the tensor with elements of its own.
func (t *Tensor) clone() *Tensor {
	out := t.data.empty(t.Size())
	out.copyAt(0, t.data, 0, t.Size())
	return &Tensor{t.Shape, out}
}
