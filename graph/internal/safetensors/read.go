package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// Read reads a file to its end. The tensors' data share one array.
func Read(r io.Reader) (*File, error) {
	f, err := read(r)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

func read(r io.Reader) (*File, error) {
	src, err := readExactly(r, lengthSize, "the header's length")
	if err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint64(src)
	if length > maxHeader {
		return nil, fmt.Errorf("header: got a length of %d bytes, want at most %d: is this a safetensors file?", length, maxHeader)
	}
	if src, err = readExactly(r, int64(length), "the header"); err != nil {
		return nil, err
	}
	h, err := parseHeader(src)
	if err != nil {
		return nil, err
	}
	data, err := readExactly(r, h.size, "the data")
	if err != nil {
		return nil, err
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); {
	case err == nil:
		return nil, fmt.Errorf("the data: got more than %d bytes, want the size in the header", h.size)
	case err != io.EOF:
		return nil, fmt.Errorf("after the data: %w", err)
	}
	f := &File{Tensors: make([]Tensor, len(h.entries)), Metadata: h.metadata}
	for i, e := range h.entries {
		e.Data = data[e.begin:e.end:e.end]
		f.Tensors[i] = e.Tensor
	}
	return f, nil
}

const (
	// firstPiece is the size of the first allocation, in bytes, before anything is read.
	firstPiece = 64 << 10
	// largestPiece limits it if a file seems to have more bytes, of which some may be a hole in the file.
	largestPiece = 16 << 30
)

// left returns the number of bytes that a reader still has, if it is a file or in memory; else 0.
func left(r io.Reader) int64 {
	switch r := r.(type) {
	case *bytes.Reader:
		return int64(r.Len())
	case *bytes.Buffer:
		return int64(r.Len())
	case *os.File:
		info, err := r.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		if at, err := r.Seek(0, io.SeekCurrent); err == nil {
			return info.Size() - at
		}
	}
	return 0
}

// readExactly reads n bytes. It allocates memory as they arrive, since n is not trusted, or at once if they are there.
func readExactly(r io.Reader, n int64, what string) ([]byte, error) {
	if n > math.MaxInt {
		return nil, fmt.Errorf("%s: got a size of %d bytes, want at most %d", what, n, math.MaxInt)
	}
	buf, got := make([]byte, min(n, max(firstPiece, min(left(r), largestPiece)))), 0
	for {
		m, err := io.ReadFull(r, buf[got:])
		got += m
		switch {
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			return nil, fmt.Errorf("%s: got %d bytes, want %d: %w", what, got, n, io.ErrUnexpectedEOF)
		case err != nil:
			return nil, fmt.Errorf("%s: after %d of %d bytes: %w", what, got, n, err)
		case got == int(n):
			return buf, nil
		}
		buf = append(buf, make([]byte, min(int(n)-got, got))...)
	}
}
