package datasets

import (
	"bytes"
	"encoding/binary"
	"unsafe"

	"gorgonia.org/tensor"
)

// ParseNPY reads an array in the .npy format from b as ReadNPY does; name stands for b in errors. Bytes after the array are an
// error. If the elements are row-major, in the machine's byte order and suitably aligned, the tensor shares the memory of b
// without a copy.
func ParseNPY(b []byte, name string) (*tensor.Dense, error) {
	d := npyReader{name: name, r: bytes.NewReader(b)}
	h, err := d.header()
	if err != nil {
		return nil, err
	}
	if data := h.view(b[d.at:]); data != nil {
		return tensor.New(tensor.WithShape(h.shape...), tensor.WithBacking(data)), nil
	}
	x, err := h.kind.read(&d, h)
	if err != nil {
		return nil, err
	}
	return x, d.end()
}

// view returns b as a slice of elements without a copy, or nil if that is not possible.
func (h *npyHeader) view(b []byte) any {
	if h.kind.view == nil || len(b) != h.count*h.kind.size || len(h.shape) == 0 || h.fortran && len(h.shape) > 1 ||
		h.kind.size > 1 && h.order.Uint16([]byte{1, 2}) != binary.NativeEndian.Uint16([]byte{1, 2}) {
		return nil
	}
	return h.kind.view(b)
}

// viewNPY returns b as a slice of T, or nil if b is not aligned for it.
func viewNPY[T any](b []byte) any {
	p := unsafe.Pointer(unsafe.SliceData(b))
	if uintptr(p)%unsafe.Alignof(*new(T)) != 0 {
		return nil
	}
	return unsafe.Slice((*T)(p), len(b)/int(unsafe.Sizeof(*new(T))))
}
