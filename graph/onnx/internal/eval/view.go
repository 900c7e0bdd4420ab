package eval

import (
	"encoding/binary"
	"unsafe"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// view returns the elements in raw, little-endian, without copying them. It returns nil if they do not have that form in memory: on a
// big-endian machine, at an address that is no multiple of their size, and for bools, of which other bytes than 0 and 1 are true.
func (l list[T]) view(raw []byte) data {
	size := int(unsafe.Sizeof(*new(T)))
	if len(raw) < size || l.kind() == proto.Bool || binary.NativeEndian.Uint16([]byte{1, 0}) != 1 || uintptr(unsafe.Pointer(&raw[0]))%uintptr(size) != 0 {
		return nil
	}
	return list[T](unsafe.Slice((*T)(unsafe.Pointer(&raw[0])), len(raw)/size))
}
