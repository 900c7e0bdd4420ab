package safetensors

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// raw returns a file with the given header, valid or not, and the given data.
func raw(header string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

// counting returns n bytes: 0, 1, 2, ...
func counting(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// written returns what Write writes.
func written(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, f))
	return b.Bytes()
}

// sample returns a file with tensors of several types and ranks, a type that is not known, an empty tensor, and names that JSON must escape.
func sample() *File {
	return &File{
		Metadata: map[string]string{"format": "pt", "": "an \"é\" \\ \n\t\x01<&> 😀 "},
		Tensors: []Tensor{
			{"scalar", F64, []int{}, counting(8)},
			{"a/bytes", U8, []int{3}, counting(3)},
			{"half \"quoted\" \\", F16, []int{2, 1}, counting(4)},
			{"bhalf/é😀", BF16, []int{1, 1, 3}, counting(6)},
			{"ints", I32, []int{2}, counting(8)},
			{"floats", F32, []int{2, 3}, counting(24)},
			{"", I64, []int{1}, counting(8)},
			{"packed", "F4 \"of the future\"", []int{3}, counting(2)},
			{"empty", F32, []int{0, 1 << 30}, counting(0)},
		},
	}
}
