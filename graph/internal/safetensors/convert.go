package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unsafe"
)

// FromFloats returns a tensor with a copy of the values: F32 for float32, F64 for float64.
func FromFloats[T float32 | float64](name string, shape []int, values []T) (Tensor, error) {
	t := Tensor{Name: name, DType: F64, Shape: slices.Clone(shape)}
	if _, ok := any(values).([]float32); ok {
		t.DType = F32
	}
	if native := bytesOf(values); native != nil {
		t.Data = slices.Clone(native)
		return t, nil
	}
	var err error
	t.Data, err = binary.Append(nil, binary.LittleEndian, values)
	return t, err
}

// littleEndian reports whether this machine stores numbers in the byte order of the format.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// bytesOf returns the memory of the values if it has the byte order of the format, otherwise nil.
func bytesOf[T float32 | float64](values []T) []byte {
	if !littleEndian || len(values) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*int(unsafe.Sizeof(values[0])))
}

// Floats sets dst to the elements of t; their numbers must be equal. An element that T cannot represent is rounded; an element
// beyond the range of T becomes infinite. A bool is 1 or 0. The types of 8 bits are those of PyTorch and OCP: F8_E4M3 has no
// infinity (float8_e4m3fn), F8_E8M0 is a power of 2, and the types with FNUZ have neither an infinity nor a negative zero.
func Floats[T float32 | float64](dst []T, t Tensor) error {
	if !t.DType.Known() || len(t.Data) != len(dst)*t.DType.size() {
		return fmt.Errorf("safetensors: tensor %.64q: got %d bytes of %v, want %d elements", t.Name, len(t.Data), t.DType, len(dst))
	}
	le, data := binary.LittleEndian, t.Data
	switch t.DType {
	case F32:
		if same, ok := any(dst).([]float32); ok {
			return decode(same, data)
		}
		for i := range dst {
			dst[i] = T(math.Float32frombits(le.Uint32(data[4*i:])))
		}
	case F64:
		if same, ok := any(dst).([]float64); ok {
			return decode(same, data)
		}
		for i := range dst {
			dst[i] = T(math.Float64frombits(le.Uint64(data[8*i:])))
		}
	case F16:
		for i := range dst {
			dst[i] = T(fromHalf(le.Uint16(data[2*i:])))
		}
	case BF16: // the upper half of a float32
		for i := range dst {
			dst[i] = T(math.Float32frombits(uint32(le.Uint16(data[2*i:])) << 16))
		}
	case I16:
		for i := range dst {
			dst[i] = T(int16(le.Uint16(data[2*i:])))
		}
	case U16:
		for i := range dst {
			dst[i] = T(le.Uint16(data[2*i:]))
		}
	case I32:
		for i := range dst {
			dst[i] = T(int32(le.Uint32(data[4*i:])))
		}
	case U32:
		for i := range dst {
			dst[i] = T(le.Uint32(data[4*i:]))
		}
	case I64:
		for i := range dst {
			dst[i] = T(int64(le.Uint64(data[8*i:])))
		}
	case U64:
		for i := range dst {
			dst[i] = T(le.Uint64(data[8*i:]))
		}
	default:
		table := bytesAs(t.DType)
		for i := range dst {
			dst[i] = T(table[data[i]])
		}
	}
	return nil
}

// Exact returns an error that names an integer of t that float64 cannot represent, nil if there is none.
func (t *Tensor) Exact() error {
	if t.DType != I64 && t.DType != U64 {
		return nil
	}
	for i := 0; i+8 <= len(t.Data); i += 8 {
		n := binary.LittleEndian.Uint64(t.Data[i:])
		size := n // without the sign
		if t.DType == I64 && int64(n) < 0 {
			size = -n
		}
		if bits.Len64(size)-bits.TrailingZeros64(size) <= 53 {
			continue
		}
		got := strconv.FormatUint(n, 10)
		if t.DType == I64 {
			got = strconv.FormatInt(int64(n), 10)
		}
		return fmt.Errorf("element %d: got %s, want an integer that float64 represents", i/8, got)
	}
	return nil
}

// decode sets dst to data of its own element type.
func decode[T float32 | float64](dst []T, data []byte) error {
	if native := bytesOf(dst); native != nil {
		copy(native, data)
		return nil
	}
	_, err := binary.Decode(data, binary.LittleEndian, dst)
	return err
}

// fromHalf returns the number with the given bits in IEEE 754 half precision: a sign, 5 bits of exponent, 10 bits of fraction. A
// NaN keeps its sign and fraction.
func fromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // zero or denormal: a multiple of the smallest number, which is exact
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31: // infinite or NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
