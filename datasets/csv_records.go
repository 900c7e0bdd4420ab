package datasets

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// csvRecords are the records of a CSV file below its line of names.
type csvRecords struct {
	*csvScanner
	names  []string
	header bool // there is a line of names
	again  bool // the first record, which has been read, is the next one
	first  int  // line of the first record
	end    func() error
}

var _ records = (*csvRecords)(nil)

// newCSVRecords reads the names of the columns.
func newCSVRecords(s *csvScanner, noHeader bool, end func() error) (*csvRecords, error) {
	r := &csvRecords{csvScanner: s, header: !noHeader, again: noHeader, end: end}
	first, err := s.next()
	if err == io.EOF {
		err = fmt.Errorf("line %d: got the end of the file, want a line of fields", s.line+1)
	}
	if err != nil {
		return nil, err
	}
	r.first = s.at
	for i, f := range first {
		if noHeader {
			r.names = append(r.names, fmt.Sprint(i+1))
		} else {
			r.names = append(r.names, strings.TrimSpace(string(f)))
		}
	}
	return r, nil
}

func (r *csvRecords) columns() []string { return r.names }
func (r *csvRecords) close() error      { return r.end() }

func (r *csvRecords) next() ([][]byte, error) {
	fields, err := r.fields, error(nil)
	if !r.again {
		fields, err = r.csvScanner.next()
	}
	r.again = false
	if err == nil && len(fields) != len(r.names) {
		err = fmt.Errorf("line %d: got %d fields, want %d as in line %d", r.at, len(fields), len(r.names), r.first)
	}
	return fields, err
}

func (r *csvRecords) where(i int) string {
	if r.header && i >= 0 {
		return fmt.Sprintf("line %d, column %d (%s)", r.at, i+1, r.names[i])
	}
	if i >= 0 {
		return fmt.Sprintf("line %d, column %d", r.at, i+1)
	}
	return fmt.Sprintf("line %d", r.at)
}

func (r *csvRecords) empty() error {
	return fmt.Errorf("line %d: got the end of the file, want a line of data after the names", r.line+1)
}

// decompressed returns a reader of a file's contents: decompressed if its name ends in .gz or .zst. most bounds the memory of
// the decompressor.
func decompressed(r io.Reader, name string, most int64) (io.Reader, func() error, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	case strings.HasSuffix(name, ".zst"):
		window := uint64(min(max(most/4, 1<<20), 1<<27))
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window))
		if err != nil {
			return nil, nil, err
		}
		return zstdReader{z, window}, func() error { z.Close(); return nil }, nil
	}
	return r, func() error { return nil }, nil
}

// A zstdReader says in its error for a window that is too large what allows one.
type zstdReader struct {
	*zstd.Decoder
	window uint64
}

func (z zstdReader) Read(p []byte) (int, error) {
	n, err := z.Decoder.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = fmt.Errorf("%w: got one of more than %d bytes, want at most that, a quarter of MaxBytes", err, z.window)
	}
	return n, err
}
