package safetensors

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"slices"
)

// Checksum returns the CRC-32C of a file's content, except for the metadata under the given key, where the sum can be stored. It
// does not depend on the order of the tensors.
func (f *File) Checksum(except string) uint32 {
	sum, castagnoli := uint32(0), crc32.MakeTable(crc32.Castagnoli) // here, as the first call takes 0.1 ms of a program's start
	add := func(b []byte) {                                         // the length comes first, so that different lists of strings add different bytes
		sum = crc32.Update(sum, castagnoli, binary.LittleEndian.AppendUint64(nil, uint64(len(b))))
		sum = crc32.Update(sum, castagnoli, b)
	}
	for _, key := range slices.Sorted(maps.Keys(f.Metadata)) {
		if key != except {
			add([]byte(key))
			add([]byte(f.Metadata[key]))
		}
	}
	byName := slices.SortedFunc(slices.Values(f.Tensors), func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	for _, t := range byName {
		add([]byte(t.Name))
		add([]byte(t.DType))
		shape := make([]byte, 0, 8*len(t.Shape))
		for _, n := range t.Shape {
			shape = binary.LittleEndian.AppendUint64(shape, uint64(n))
		}
		add(shape)
		add(t.Data)
	}
	return sum
}
