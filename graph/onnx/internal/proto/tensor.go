package proto

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// An ElementType is the type of a tensor's elements.
type ElementType int64

// The element types that are read. A tensor of another type is an error.
const (
	Float32  ElementType = 1
	Uint8    ElementType = 2
	Int8     ElementType = 3
	Uint16   ElementType = 4
	Int16    ElementType = 5
	Int32    ElementType = 6
	Int64    ElementType = 7
	Bool     ElementType = 9
	Float16  ElementType = 10
	Float64  ElementType = 11
	Uint32   ElementType = 12
	Uint64   ElementType = 13
	BFloat16 ElementType = 16
)

var elements = map[ElementType]struct {
	name string
	size int
}{
	Float32: {"float32", 4}, Uint8: {"uint8", 1}, Int8: {"int8", 1}, Int32: {"int32", 4}, Int64: {"int64", 8},
	Uint16: {"uint16", 2}, Int16: {"int16", 2}, Uint32: {"uint32", 4}, Uint64: {"uint64", 8}, Bool: {"bool", 1}, Float16: {"float16", 2}, Float64: {"float64", 8}, BFloat16: {"bfloat16", 2},
}

// Decimal returns the shortest decimal number that rounds to a float32: 0.1 in float64 too. Exporters mean that number, and dividing
// by it rounds as they expect: 2/0.4 is 5, and less with 0.4 as a float32.
func Decimal(f float32) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f)
	}
	return v
}

// String returns the type's name.
func (t ElementType) String() string {
	if e, ok := elements[t]; ok {
		return e.name
	}
	return fmt.Sprintf("type %d", int64(t))
}

// Bytes returns the number of bytes of an element, 0 if the type is not supported.
func (t ElementType) Bytes() int { return elements[t].size }

// A Tensor is a TensorProto. Raw stores the elements in row-major order, little-endian. If they are in another file, Raw is nil
// until Resolve has read it.
type Tensor struct {
	Name     string
	Type     ElementType
	Dims     []int64
	Raw      []byte
	External *External // nil if the elements are in the model's file
	Keep     any       // what keeps Raw in memory, if it is a part of a mapped file
}

// Size returns the number of elements, computed from the length of Raw.
func (t *Tensor) Size() int { return len(t.Raw) / elements[t.Type].size }

func (t *Tensor) encode(w *writer) {
	w.integers(1, t.Dims)
	w.integer(2, int64(t.Type))
	w.string(8, t.Name)
	if x := t.External; x != nil {
		for _, p := range []Property{{"location", x.Location}, {"offset", strconv.FormatInt(x.Offset, 10)}, {"length", strconv.FormatInt(x.Length, 10)}} {
			w.message(13, func() {
				w.string(1, p.Key)
				w.string(2, p.Value)
			})
		}
		w.integer(14, 1)
		return
	}
	w.bytes(9, t.Raw)
}

// decode reads a tensor. A file may store the elements in a field for their type instead of raw bytes.
func (t *Tensor) decode(b []byte) error {
	var kind int64
	var small, large []int64
	var entries []Property
	elsewhere := false
	err := each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.integers(&t.Dims)
		case 2:
			return f.integer(&kind)
		case 4:
			return f.fixed(&t.Raw, 4)
		case 5:
			return f.integers(&small)
		case 7:
			return f.integers(&large)
		case 8:
			return f.string(&t.Name)
		case 9, 10:
			size := map[int]int{9: 1, 10: 8}[f.number]
			return f.fixed(&t.Raw, size)
		case 3, 6:
			return fmt.Errorf("field %d: got segments or strings, which are not supported", f.number)
		case 11:
			return f.integers(&large)
		case 13:
			return add(f, "external data", &entries, (*Property).decodeEntry)
		case 14:
			elsewhere = f.value != 0
			return f.want(varintType)
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.Type = ElementType(kind)
	e, ok := elements[t.Type]
	if !ok {
		return fmt.Errorf("got elements of %v, want a supported type", t.Type)
	}
	t.add(small, e.size)
	t.add(large, e.size)
	if elsewhere {
		return t.setExternal(entries)
	}
	return t.check()
}

// add appends elements of the given size.
func (t *Tensor) add(values []int64, size int) {
	for _, v := range values {
		switch size {
		case 1:
			t.Raw = append(t.Raw, byte(v))
		case 2:
			t.Raw = binary.LittleEndian.AppendUint16(t.Raw, uint16(v))
		case 4:
			t.Raw = binary.LittleEndian.AppendUint32(t.Raw, uint32(v))
		case 8:
			t.Raw = binary.LittleEndian.AppendUint64(t.Raw, uint64(v))
		}
	}
}

// check compares the dimensions with the length of Raw.
func (t *Tensor) check() error {
	want, err := t.bytes()
	if err != nil {
		return err
	}
	if want != int64(len(t.Raw)) {
		return fmt.Errorf("got %d bytes, want %d for %v of %v", len(t.Raw), want, t.Type, head(t.Dims))
	}
	return nil
}

// head returns the first numbers of a list, for messages.
func head(list []int64) []int64 { return list[:min(len(list), 16)] }

// DecodeTensor reads a file that contains one tensor, as those of ONNX's tests. Its elements refer to parts of b.
func DecodeTensor(b []byte) (*Tensor, error) {
	t := &Tensor{}
	return t, t.decode(b)
}
