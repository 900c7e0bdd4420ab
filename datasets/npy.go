package datasets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"gorgonia.org/tensor"
)

// OpenNPY reads the .npy file at path as ReadNPY does. Bytes after the array are an error.
func OpenNPY(path string) (*tensor.Dense, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	return readOneNPY(bufio.NewReader(f), path, nil)
}

// ReadNPY reads one array in NumPy's .npy format, version 1, 2 or 3, from r, and no byte after it; name stands for r in errors.
// The elements are signed or unsigned integers of 1 to 8 bytes, float32, float64 or bool, in either byte order; the tensor has
// the same element type. It is row-major, even if the file is in Fortran order. An array without dimensions becomes a scalar; an
// array with a dimension of 0 is an error, since tensors have none.
//
// The size in the header is not trusted: memory is allocated as data arrive. An error in the contents wraps a *FormatError.
func ReadNPY(r io.Reader, name string) (*tensor.Dense, error) {
	d := npyReader{name: name, r: r}
	return d.read()
}

// readOneNPY reads an array and checks that r ends after it.
func readOneNPY(r io.Reader, name string, budget func(uint64) error) (*tensor.Dense, error) {
	d := npyReader{name: name, r: r, budget: budget}
	x, err := d.read()
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return nil, err
	}
	return x, nil
}

// An npyReader reads an array.
type npyReader struct {
	name   string
	r      io.Reader
	at     int64              // number of bytes read
	budget func(uint64) error // called with the number of bytes of the elements before they are read; may be nil
}

// fail returns an error about the contents at an offset.
func (d *npyReader) fail(offset int64, format string, args ...any) error {
	return &FormatError{d.name, offset, fmt.Errorf(format, args...)}
}

// fill reads len(b) bytes, which errors call what.
func (d *npyReader) fill(b []byte, what string) error {
	n, err := io.ReadFull(d.r, b)
	d.at += int64(n)
	if err != nil {
		return d.fail(d.at, "%s: got %d bytes, want %d: %w", what, n, len(b), endIsUnexpected(err))
	}
	return nil
}

func (d *npyReader) read() (*tensor.Dense, error) {
	h, err := d.header()
	if err != nil {
		return nil, err
	}
	if d.budget != nil {
		if err := d.budget(uint64(h.count) * uint64(h.kind.size)); err != nil {
			return nil, d.fail(d.at, "shape %v of %s: %w", h.shape, h.kind.code, err)
		}
	}
	return h.kind.read(d, h)
}

// end checks that the file ends here.
func (d *npyReader) end() error {
	switch n, err := io.ReadFull(d.r, make([]byte, 1)); {
	case n > 0:
		return d.fail(d.at, "got more bytes, want the end of the file after the array")
	case !errors.Is(err, io.EOF):
		return d.fail(d.at, "%w", err)
	}
	return nil
}
