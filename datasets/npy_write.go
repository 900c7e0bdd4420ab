package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"gorgonia.org/tensor"
)

// WriteNPY writes an array in NumPy's .npy format, of version 1, row-major and little-endian. Elements are as ReadNPY has them;
// int and uint are written as 64 bits.
func WriteNPY(w io.Writer, x *tensor.Dense) error {
	if err := writeNPY(w, x); err != nil {
		return fmt.Errorf("datasets: WriteNPY: %w", err)
	}
	return nil
}

func writeNPY(w io.Writer, x *tensor.Dense) error {
	if x == nil {
		return errors.New("no tensor")
	}
	if x.IsMasked() {
		return errors.New("a masked tensor, and the format has no masks")
	}
	code, err := npyCode(x.Dtype())
	if err != nil {
		return err
	}
	if x.RequiresIterator() || x.DataOrder().IsColMajor() {
		x = x.Materialize().(*tensor.Dense)
	}
	if x.DataOrder().IsColMajor() {
		return errors.New("a column-major tensor, want a row-major one")
	}
	if _, err := io.WriteString(w, newNPYHeader(code, x.Shape())); err != nil {
		return err
	}
	return writeElements(w, x.Data())
}

// newNPYHeader returns everything before the elements, padded so that they begin at a multiple of 64 bytes.
func newNPYHeader(code string, shape []int) string {
	var dims strings.Builder
	for _, n := range shape {
		fmt.Fprintf(&dims, "%d, ", n)
	}
	tuple := strings.TrimSuffix(dims.String(), " ")
	if len(shape) > 1 {
		tuple = strings.TrimSuffix(tuple, ",")
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", code, tuple)
	const before = len(npyMagic) + 4
	text += strings.Repeat(" ", 63-(before+len(text))%64) + "\n"
	return npyMagic + "\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, uint16(len(text)))) + text
}

// writeElements writes a slice of numbers, or one number.
func writeElements(w io.Writer, data any) error {
	v := reflect.ValueOf(data)
	if v.Kind() != reflect.Slice {
		v = reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v)
	}
	step := npyPiece / int(v.Type().Elem().Size())
	piece := make([]byte, 0, min(step, v.Len())*int(v.Type().Elem().Size()))
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

// sized returns a slice whose elements have a size that does not depend on the machine.
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
