package onnx

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
)

// mapFrom is the size from which on a file is mapped into memory instead of being read, where the system can. Its pages are then read
// when they are needed, and the system can drop them. A test changes it.
var mapFrom int64 = 1 << 30

// A mapped is a file that is mapped into memory while something refers to it.
type mapped struct{ b []byte }

// mapFile maps a file of this size.
func mapFile(f *os.File, size int64) (*mapped, error) {
	if size > math.MaxInt {
		return nil, fmt.Errorf("got a file of %d bytes, want at most %d", size, math.MaxInt)
	}
	b, err := mapBytes(f, int(size))
	if err != nil {
		return nil, fmt.Errorf("mapping the file: %w", err)
	}
	m := &mapped{b}
	runtime.AddCleanup(m, unmapBytes, b)
	return m, nil
}

// readFile returns the content of a file, and what keeps it in memory if it is mapped.
func readFile(path string) (b []byte, keep any, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }() // it is only read
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if canMap && info.Mode().IsRegular() && info.Size() >= mapFrom {
		m, err := mapFile(f, info.Size())
		if err != nil {
			return nil, nil, err
		}
		return m.b, m, nil
	}
	b, err = io.ReadAll(f)
	return b, nil, err
}
