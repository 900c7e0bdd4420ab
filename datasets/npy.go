package datasets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"gorgonia.org/tensor"
)

// OpenNPY reads a file in NumPy's .npy format, as ReadNPY does; it holds one array and nothing else.
func OpenNPY(path string) (*tensor.Dense, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	return readOneNPY(bufio.NewReader(f), path, nil)
}

// ReadNPY reads one array in NumPy's .npy format, of version 1, 2 or 3, from r, which errors call name, and nothing behind it.
// The elements are signed and unsigned integers of 1 to 8 bytes, float32, float64 or bool, in either byte order; the tensor
// has the same type. It is row-major, also if the file is in Fortran's order. An array without dimensions is a scalar; one with
// a dimension of 0 is an error, since tensors have none such.
//
// What the file says of its size is not trusted: memory is taken as data come. An error in the contents is a *FormatError.
func ReadNPY(r io.Reader, name string) (*tensor.Dense, error) {
	d := npyReader{name: name, r: r}
	return d.read()
}

// readOneNPY reads an array after which nothing comes.
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
	at     int64              // bytes read
	budget func(uint64) error // asked for the bytes of the elements before they are read; may be nil
}

// fail returns an error about what is at an offset.
func (d *npyReader) fail(offset int64, format string, args ...any) error {
	return &FormatError{d.name, offset, fmt.Errorf(format, args...)}
}

// fill reads what fits in b.
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

// end checks that nothing is left.
func (d *npyReader) end() error {
	switch n, err := io.ReadFull(d.r, make([]byte, 1)); {
	case n > 0:
		return d.fail(d.at, "got more bytes, want the end of the file after the array")
	case !errors.Is(err, io.EOF):
		return d.fail(d.at, "%w", err)
	}
	return nil
}
