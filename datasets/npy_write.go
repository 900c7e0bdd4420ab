package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// WriteNPY writes x in NumPy's .npy format, version 1, row-major and little-endian. It supports the element types of ReadNPY, and
// int and uint, which it writes as 64-bit integers. Other element types, masked tensors and those without elements are errors.
func WriteNPY(w io.Writer, x *tensor.Dense) error {
	if err := writeNPY(w, x); err != nil {
		return fmt.Errorf("datasets: WriteNPY: %w", err)
	}
	return nil
}

func writeNPY(w io.Writer, x *tensor.Dense) error {
	if x == nil {
		return errors.New("got no tensor, want one")
	}
	if err := notEmpty(x); err != nil { // ReadNPY does not take one
		return err
	}
	if x.IsMasked() {
		return errors.New("got a masked tensor, want one without a mask: the format has none")
	}
	code, err := npyCode(x.Dtype())
	if err != nil {
		return err
	}
	if x, err = tensors.RowMajor(x); err != nil {
		return err
	}
	if _, err := w.Write(newNPYHeader(code, x.Shape())); err != nil {
		return err
	}
	return writeElements(w, x.Data())
}

// newNPYHeader returns the file up to the elements, padded so that they begin at a multiple of 64 bytes.
func newNPYHeader(code string, shape []int) []byte {
	const before = len(npyMagic) + 4
	b := append(make([]byte, 0, 128), npyMagic+"\x01\x00\x00\x00{'descr': '"+code+"', 'fortran_order': False, 'shape': ("...)
	for i, n := range shape {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(strconv.AppendInt(b, int64(n), 10), ',')
	}
	if len(shape) > 1 {
		b = b[:len(b)-1] // (3,) and (3, 4)
	}
	b = append(b, "), }"...)
	for len(b)%64 < 63 {
		b = append(b, ' ')
	}
	b = append(b, '\n')
	binary.LittleEndian.PutUint16(b[before-2:], uint16(len(b)-before))
	return b
}

// writeElements writes a slice of numbers, or one number.
func writeElements(w io.Writer, data any) error {
	v := reflect.ValueOf(data)
	if v.Kind() != reflect.Slice {
		v = reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v)
	}
	kind, size := v.Type().Elem().Kind(), int(v.Type().Elem().Size())
	if kind != reflect.Int && kind != reflect.Uint && binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		_, err := w.Write(unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*size)) // memory has the format of the file
		return err
	}
	step := npyPiece / size
	piece := make([]byte, 0, min(step, v.Len())*size)
	for at := 0; at < v.Len(); at += step {
		var err error
		part := sized(v.Slice(at, min(at+step, v.Len())).Interface())
		if piece, err = binary.Append(piece[:0], binary.LittleEndian, part); err != nil {
			return err
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// sized converts int and uint, whose size depends on the machine, to 64 bits.
func sized(data any) any {
	switch data := data.(type) {
	case []int:
		return convertAll[int64](data)
	case []uint:
		return convertAll[uint64](data)
	}
	return data
}

func convertAll[D int64 | uint64, S int | uint](data []S) []D {
	out := make([]D, len(data))
	for i, v := range data {
		out[i] = D(v)
	}
	return out
}
