package datasets

import (
	"bytes"
	"encoding/binary"
	"unsafe"

	"gorgonia.org/tensor"
)

// ParseNPY reads the array of an .npy file that is in memory, as ReadNPY does, and wants nothing behind it. Where the elements
// are as this machine has them, row-major and at a place that suits it, nothing is copied: the tensor's memory is b's.
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

// view returns the elements that are all of b as a slice of them, nil if that can't be.
func (h *npyHeader) view(b []byte) any {
	if h.kind.view == nil || len(b) != h.count*h.kind.size || len(h.shape) == 0 || h.fortran && len(h.shape) > 1 ||
		h.kind.size > 1 && h.order.Uint16([]byte{1, 2}) != binary.NativeEndian.Uint16([]byte{1, 2}) {
		return nil
	}
	return h.kind.view(b)
}

// viewNPY returns b as a slice of T, nil if it does not begin where one can.
func viewNPY[T any](b []byte) any {
	p := unsafe.Pointer(unsafe.SliceData(b))
	if uintptr(p)%unsafe.Alignof(*new(T)) != 0 {
		return nil
	}
	return unsafe.Slice((*T)(p), len(b)/int(unsafe.Sizeof(*new(T))))
}
