package proto

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// The wire types.
const (
	varintType  = 0
	fixed64Type = 1
	bytesType   = 2
	fixed32Type = 5
)

// A field is one field of a message, as encoded.
type field struct {
	number int
	kind   int
	value  uint64 // the number, if kind is a number
	data   []byte // the bytes, if kind is bytesType: a part of the file
}

var errShort = errors.New("got bytes that end within a field")

// each calls f with each field of a message.
func each(b []byte, f func(field) error) error {
	for len(b) > 0 {
		v, n, err := next(b)
		if err == nil {
			err = f(v)
		}
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// next returns the first field and the number of bytes it takes.
func next(b []byte) (field, int, error) {
	key, n, err := varint(b)
	if err != nil {
		return field{}, 0, err
	}
	if key>>3 == 0 || key>>3 > 1<<29-1 {
		return field{}, 0, fmt.Errorf("got field number %d, want 1 to %d", key>>3, 1<<29-1)
	}
	f := field{number: int(key >> 3), kind: int(key & 7)}
	rest := b[n:]
	switch f.kind {
	case varintType:
		var size int
		f.value, size, err = varint(rest)
		return f, n + size, err
	case fixed64Type:
		if len(rest) < 8 {
			return f, 0, errShort
		}
		f.value = binary.LittleEndian.Uint64(rest)
		return f, n + 8, nil
	case fixed32Type:
		if len(rest) < 4 {
			return f, 0, errShort
		}
		f.value = uint64(binary.LittleEndian.Uint32(rest))
		return f, n + 4, nil
	case bytesType:
		size, m, err := varint(rest)
		if err != nil {
			return f, 0, err
		}
		if size > uint64(len(rest)-m) {
			return f, 0, fmt.Errorf("field %d: got a length of %d bytes, want at most the %d that are left", f.number, size, len(rest)-m)
		}
		f.data = rest[m:][:size:size]
		return f, n + m + int(size), nil
	}
	return f, 0, fmt.Errorf("field %d: got wire type %d, want 0, 1, 2 or 5", f.number, f.kind)
}

// varint returns the number at the start of b and the number of bytes it takes.
func varint(b []byte) (v uint64, n int, err error) {
	v, n = binary.Uvarint(b)
	switch {
	case n == 0:
		return 0, 0, errShort
	case n < 0:
		return 0, 0, errors.New("got a number of more than 64 bits, want at most 64")
	}
	return v, n, nil
}

// want returns an error unless the field has the given kind, the one in onnx.proto.
func (f field) want(kind int) error {
	if f.kind != kind {
		return fmt.Errorf("field %d: got wire type %d, want %d", f.number, f.kind, kind)
	}
	return nil
}

// string sets s to the field's string.
func (f field) string(s *string) error {
	if err := f.want(bytesType); err != nil {
		return err
	}
	if !utf8.Valid(f.data) {
		return fmt.Errorf("field %d: got %.16q, want UTF-8", f.number, f.data)
	}
	*s = string(f.data)
	return nil
}

// integer sets v to the field's integer.
func (f field) integer(v *int64) error {
	*v = int64(f.value)
	return f.want(varintType)
}

// integers appends the field's integers, which may be packed, to a list.
func (f field) integers(list *[]int64) error {
	if f.kind == varintType {
		*list = append(*list, int64(f.value))
		return nil
	}
	if err := f.want(bytesType); err != nil {
		return err
	}
	for b := f.data; len(b) > 0; {
		v, n, err := varint(b)
		if err != nil {
			return fmt.Errorf("field %d: %w", f.number, err)
		}
		*list = append(*list, int64(v))
		b = b[n:]
	}
	return nil
}

// fixed appends the bytes of the field's numbers, which may be packed, to raw; each has size bytes, 4 or 8. The bytes of a
// single packed field are not copied.
func (f field) fixed(raw *[]byte, size int) error {
	switch {
	case f.kind == fixed32Type && size == 4:
		*raw = binary.LittleEndian.AppendUint32(*raw, uint32(f.value))
		return nil
	case f.kind == fixed64Type && size == 8:
		*raw = binary.LittleEndian.AppendUint64(*raw, f.value)
		return nil
	case f.kind != bytesType:
		return f.want(bytesType)
	case len(f.data)%size != 0:
		return fmt.Errorf("field %d: got %d bytes, want a multiple of %d", f.number, len(f.data), size)
	}
	if len(*raw) == 0 {
		*raw = f.data
	} else {
		*raw = append(*raw, f.data...)
	}
	return nil
}
