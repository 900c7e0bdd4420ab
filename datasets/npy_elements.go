package datasets

import (
	"encoding/binary"
	"fmt"
	"slices"

	"gorgonia.org/tensor"
)

// An npyKind is an element type.
type npyKind struct {
	code  string // as in NumPy's descr, without the byte order
	dtype tensor.Dtype
	size  int
	read  func(*npyReader, *npyHeader) (*tensor.Dense, error)
	view  func([]byte) any // the elements without a copy; nil if not all bytes are valid elements
}

// npyKinds contains the element types by their codes.
var npyKinds = map[string]npyKind{
	"b1": {"b1", tensor.Bool, 1, readNPY[bool], nil},
	"i1": {"i1", tensor.Int8, 1, readNPY[int8], viewNPY[int8]},
	"i2": {"i2", tensor.Int16, 2, readNPY[int16], viewNPY[int16]},
	"i4": {"i4", tensor.Int32, 4, readNPY[int32], viewNPY[int32]},
	"i8": {"i8", tensor.Int64, 8, readNPY[int64], viewNPY[int64]},
	"u1": {"u1", tensor.Uint8, 1, readNPY[uint8], viewNPY[uint8]},
	"u2": {"u2", tensor.Uint16, 2, readNPY[uint16], viewNPY[uint16]},
	"u4": {"u4", tensor.Uint32, 4, readNPY[uint32], viewNPY[uint32]},
	"u8": {"u8", tensor.Uint64, 8, readNPY[uint64], viewNPY[uint64]},
	"f4": {"f4", tensor.Float32, 4, readNPY[float32], viewNPY[float32]},
	"f8": {"f8", tensor.Float64, 8, readNPY[float64], viewNPY[float64]},
}

// npyPiece is the number of bytes read or written at a time.
const npyPiece = 64 << 10

// readNPY reads the elements.
func readNPY[T any](d *npyReader, h *npyHeader) (*tensor.Dense, error) {
	step := npyPiece / h.kind.size
	data := make([]T, 0, min(h.count, step))
	piece := make([]byte, min(h.count, step)*h.kind.size)
	for len(data) < h.count {
		n := min(h.count-len(data), step)
		if err := d.fill(piece[:n*h.kind.size], "data"); err != nil {
			return nil, err
		}
		data = slices.Grow(data, n)[:len(data)+n]
		if _, err := binary.Decode(piece, h.order, data[len(data)-n:]); err != nil {
			return nil, d.fail(d.at, "%w", err)
		}
	}
	if len(h.shape) == 0 {
		return tensor.New(tensor.FromScalar(data[0])), nil
	}
	if h.fortran && len(h.shape) > 1 {
		data = fromFortran(data, h.shape)
	}
	return tensor.New(tensor.WithShape(h.shape...), tensor.WithBacking(data)), nil
}

// fromFortran converts elements from column-major to row-major order.
func fromFortran[T any](data []T, shape []int) []T {
	strides := make([]int, len(shape))
	size := 1
	for i, n := range shape {
		strides[i] = size
		size *= n
	}
	out := make([]T, size)
	index := make([]int, len(shape))
	last := len(shape) - 1
	for at, from := 0, 0; at < size; {
		for i := range shape[last] {
			out[at] = data[from+i*strides[last]]
			at++
		}
		for i := last - 1; i >= 0; i-- { // the next row
			index[i]++
			from += strides[i]
			if index[i] < shape[i] {
				break
			}
			from -= index[i] * strides[i]
			index[i] = 0
		}
	}
	return out
}

// npyCode returns the byte order and the code of an element type.
func npyCode(dt tensor.Dtype) (string, error) {
	switch dt {
	case tensor.Int:
		dt = tensor.Int64
	case tensor.Uint:
		dt = tensor.Uint64
	}
	for _, k := range npyKinds {
		switch {
		case k.dtype == dt && k.size == 1:
			return "|" + k.code, nil
		case k.dtype == dt:
			return "<" + k.code, nil
		}
	}
	return "", fmt.Errorf("got elements of %v, want numbers or bool", dt)
}
