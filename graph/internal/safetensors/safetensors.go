// Package safetensors reads and writes the safetensors format of named arrays, as described at
// https://huggingface.co/docs/safetensors: the length of the header in 8 bytes, little-endian; the header, a JSON object
// that gives each tensor's element type, shape and place in the data; the data, little-endian and in row-major order.
//
// The reader does not trust its input: it returns an error, or a file whose tensors are all complete and whose data has neither
// gaps nor overlaps. It uses memory proportional to the bytes that it has read.
package safetensors

import (
	"fmt"
	"math"
	"math/bits"
)

// A File is the content of a file.
type File struct {
	Tensors  []Tensor          // Read returns them in the order of their data; Write takes any order
	Metadata map[string]string // any strings; nil if the file has none
}

// A Tensor is a named array.
type Tensor struct {
	Name  string
	DType DType
	Shape []int  // empty for a scalar
	Data  []byte // the elements, little-endian, in row-major order
}

const (
	// metadataName is the key of the metadata in the header. No tensor can have this name.
	metadataName = "__metadata__"
	// lengthSize is the size in bytes of the header's length, at the start of a file.
	lengthSize = 8
	// maxHeader is the largest header in bytes, the limit of the format's reference library.
	maxHeader = 100_000_000
	// maxRank is the largest number of dimensions, the limit of NumPy.
	maxRank = 64
)

// byteSize returns the size of a tensor in bytes; the element type must be known.
func byteSize(d DType, shape []int) (uint64, error) {
	size := uint64(d.size())
	for _, n := range shape {
		if n < 0 {
			return 0, fmt.Errorf("got shape %v, want dimensions of 0 or more", shape)
		}
		hi, lo := bits.Mul64(size, uint64(n))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, fmt.Errorf("got shape %v of %v, want at most %d bytes", shape, d, int64(math.MaxInt64))
		}
		size = lo
	}
	return size, nil
}
