// Package digits reads the subset of MNIST that the page trains on. It does not contain the data: the page fetches the file, so
// that the program stays small.
package digits

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/nndiy/nndiy/datasets"
)

//go:generate go run ./gen -o ../../site/data/digits.gz

// Side is the height and width of an image in pixels, and Pixels the number of its pixels.
const (
	Side   = 28
	Pixels = Side * Side
)

// Train and Test are the numbers of images in the subset: the first ones of MNIST's two sets.
const (
	Train = 4500
	Test  = 1000
)

// A Set is the subset: images to train on and images to test on.
type Set struct {
	Train, Test *datasets.Images
}

// magic is the first word of a file, after decompression.
const magic = "nndigits"

// Read reads a file that Write wrote.
func Read(file []byte) (*Set, error) {
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("digits: Read: %w", err)
	}
	limit := int64(len(magic) + 8 + 1<<17*(Pixels+1)) // more than all of MNIST
	data, err := io.ReadAll(io.LimitReader(z, limit))
	if err != nil {
		return nil, fmt.Errorf("digits: Read: %w", err)
	}
	return Decode(data)
}

// Decode reads the decompressed file: the magic word, the two numbers of images as big-endian words of 32 bits, the classes of
// all images, and their pixels.
func Decode(data []byte) (*Set, error) {
	head := len(magic) + 8
	if len(data) < head || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("digits: Decode: got %d bytes that do not begin with %q, want a file of digits", len(data), magic)
	}
	train := int(binary.BigEndian.Uint32(data[len(magic):]))
	test := int(binary.BigEndian.Uint32(data[len(magic)+4:]))
	if got, want := len(data)-head, (train+test)*(Pixels+1); got != want || train == 0 || test == 0 {
		return nil, fmt.Errorf("digits: Decode: got %d bytes for %d and %d images, want %d", got, train, test, want)
	}
	classes, pixels := data[head:head+train+test], data[head+train+test:]
	for i, c := range classes {
		if c > 9 {
			return nil, fmt.Errorf("digits: Decode: class of image %d: got %d, want 0 to 9", i, c)
		}
	}
	return &Set{
		Train: &datasets.Images{Rows: Side, Cols: Side, Pixels: pixels[:train*Pixels], Labels: classes[:train]},
		Test:  &datasets.Images{Rows: Side, Cols: Side, Pixels: pixels[train*Pixels:], Labels: classes[train:]},
	}, nil
}

// Encode is the reverse of Decode.
func Encode(s *Set) []byte {
	data := append([]byte(magic), make([]byte, 8)...)
	binary.BigEndian.PutUint32(data[len(magic):], uint32(s.Train.Len()))
	binary.BigEndian.PutUint32(data[len(magic)+4:], uint32(s.Test.Len()))
	for _, part := range [][]byte{s.Train.Labels, s.Test.Labels, s.Train.Pixels, s.Test.Pixels} {
		data = append(data, part...)
	}
	return data
}

// Write writes the set, compressed.
func Write(w io.Writer, s *Set) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(Encode(s)); err != nil {
		return err
	}
	return z.Close()
}
