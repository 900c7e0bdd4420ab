package eval

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// convert returns a list of numbers as another type of numbers. Floating-point numbers are truncated, and NaN and numbers beyond
// the range of an integer become what Go's conversion on amd64 gives for int64, cut to size.
func convert[R, T number](x []T) list[R] {
	out := make(list[R], len(x))
	var r R
	_, float := any(x).([]float32)
	_, double := any(x).([]float64)
	if isInteger(r) && (float || double) {
		for i, v := range x {
			out[i] = fromFloat[R](float64(v))
		}
		return out
	}
	for i, v := range x {
		out[i] = R(v)
	}
	return out
}

// fromFloat truncates to an integer, with the same result on all machines.
func fromFloat[R number](v float64) R {
	switch {
	case math.IsNaN(v) || v < -0x1p63 || v >= 0x1p64:
		var r R
		if isInteger(r) {
			least := int64(math.MinInt64)
			return R(least)
		}
		return R(v)
	case v >= 0x1p63:
		return R(uint64(v))
	}
	return R(int64(v))
}

func isInteger(v any) bool {
	switch v.(type) {
	case float32, float64:
		return false
	}
	return true
}

// A table has a function for each element type that an operator supports; pick takes the one for a tensor.
type table[F any] map[proto.ElementType]F

// castTo converts any list to numbers.
func castTo[R number](d data) list[R] {
	switch x := d.(type) {
	case list[float32]:
		return convert[R](x)
	case list[float64]:
		return convert[R](x)
	case list[int8]:
		return convert[R](x)
	case list[int16]:
		return convert[R](x)
	case list[int32]:
		return convert[R](x)
	case list[int64]:
		return convert[R](x)
	case list[uint8]:
		return convert[R](x)
	case list[uint16]:
		return convert[R](x)
	case list[uint32]:
		return convert[R](x)
	case list[uint64]:
		return convert[R](x)
	case list[Float16]:
		wide := make(list[float32], len(x))
		for i, v := range x {
			wide[i] = v.Float()
		}
		return castTo[R](wide)
	case list[BFloat16]:
		wide := make(list[float32], len(x))
		for i, v := range x {
			wide[i] = v.Float()
		}
		return castTo[R](wide)
	}
	bools := d.(list[bool])
	out := make(list[R], len(bools))
	for i, v := range bools {
		if v {
			out[i] = 1
		}
	}
	return out
}

// cast converts a list to any element type. A number other than 0 is true, NaN too.
func cast(d data, to proto.ElementType) data {
	if d.kind() == to {
		return d
	}
	switch to {
	case proto.Float32:
		return castTo[float32](d)
	case proto.Float64:
		return castTo[float64](d)
	case proto.Int8:
		return castTo[int8](d)
	case proto.Int16:
		return castTo[int16](d)
	case proto.Int32:
		return castTo[int32](d)
	case proto.Int64:
		return castTo[int64](d)
	case proto.Uint8:
		return castTo[uint8](d)
	case proto.Uint16:
		return castTo[uint16](d)
	case proto.Uint32:
		return castTo[uint32](d)
	case proto.Uint64:
		return castTo[uint64](d)
	case proto.Float16:
		return mapped(castTo[float32](d), ToFloat16)
	case proto.BFloat16:
		return mapped(castTo[float32](d), ToBFloat16)
	}
	return mapped(castTo[float64](d), func(v float64) bool { return v != 0 })
}

func mapped[R, T element](x list[T], f func(T) R) list[R] {
	out := make(list[R], len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}

// as returns the tensor with its elements converted.
func (t *Tensor) as(to proto.ElementType) *Tensor { return &Tensor{t.Shape, cast(t.data, to)} }

// Doubles returns the elements as float64, which may round large integers.
func (t *Tensor) Doubles() []float64 { return castTo[float64](t.data) }

// Decode returns the tensor of a file. Its elements must have been read, if they are in another file. Those of a mapped file are not
// copied if their form in memory is that of the file.
func Decode(t *proto.Tensor) (*Tensor, error) {
	blank, ok := blanks[t.Type]
	if !ok {
		return nil, fmt.Errorf("got elements of %v, want numbers or bools", t.Type)
	}
	shape := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		shape[i] = int(d)
	}
	n := len(t.Raw) / t.Type.Bytes()
	if n != sizeOf(shape) {
		return nil, fmt.Errorf("got %d elements for shape %v, want %d", n, shape, sizeOf(shape))
	}
	if d := blank.view(t.Raw); t.Keep != nil && d != nil {
		return &Tensor{shape, d}, nil
	}
	d := blank.empty(n)
	if b, ok := d.(list[bool]); ok {
		for i := range b {
			b[i] = t.Raw[i] != 0
		}
		return &Tensor{shape, b}, nil
	}
	if _, err := binary.Decode(t.Raw, binary.LittleEndian, d.value()); err != nil {
		return nil, err
	}
	return &Tensor{shape, d}, nil
}
