package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// A FormatError is an error in the contents of a file, with its position.
type FormatError struct {
	File   string
	Offset int64 // in bytes from the beginning of the file, after decompression if the name ends in .gz
	Err    error // what was read and what is wanted
}

// Error implements error.
func (e *FormatError) Error() string {
	return fmt.Sprintf("datasets: %s: byte %d: %v", e.File, e.Offset, e.Err)
}

// Unwrap returns e.Err.
func (e *FormatError) Unwrap() error { return e.Err }

// The first word of an IDX file of unsigned bytes is idxMagic plus the number of dimensions.
const idxMagic = 0x0800

// decodeIDX returns the dimensions and the elements of an IDX file of unsigned bytes, compressed with gzip if its name ends in
// .gz. Y. LeCun, C. Cortes and C. Burges describe the format in "The MNIST database of handwritten digits": a magic number, the
// sizes as big-endian 32-bit words, and the elements.
func decodeIDX(name string, file []byte, rank int) (dims []int, data []byte, err error) {
	var r io.Reader = bytes.NewReader(file)
	hint := len(file)
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			err = fmt.Errorf("got no gzip file, want one, since the name ends in .gz: %w", endIsUnexpected(err))
			return nil, nil, &FormatError{name, 0, err}
		}
		hint *= 8
	}
	d := idxDecoder{name: name, r: r}
	dims, want := d.header(rank)
	data = d.body(want, hint)
	d.end()
	if d.err != nil {
		return nil, nil, d.err
	}
	return dims, data, nil
}

// An idxDecoder reads the parts of an IDX file in order; after an error its methods do nothing.
type idxDecoder struct {
	name string
	r    io.Reader
	at   int64 // number of bytes read
	err  error
}

// fail records an error at an offset, unless there was one before.
func (d *idxDecoder) fail(offset int64, format string, args ...any) {
	if d.err == nil {
		d.err = &FormatError{d.name, offset, fmt.Errorf(format, args...)}
	}
}

// header reads the magic number and rank sizes, and returns the sizes and their product.
func (d *idxDecoder) header(rank int) (dims []int, size int) {
	if magic, want := d.word("magic number"), uint32(idxMagic+rank); magic != want {
		d.fail(0, "got magic number %#08x, want %#08x (%d-dimensional, unsigned bytes)", magic, want, rank)
	}
	total := uint64(1)
	for i := range rank {
		n := d.word("size")
		if n == 0 {
			d.fail(d.at-4, "size %d of %d: got 0, want 1 or more", i+1, rank)
		}
		over, product := bits.Mul64(total, uint64(n))
		if over != 0 || product > math.MaxInt {
			d.fail(d.at-4, "size %d of %d: got %d, want sizes that fit in memory", i+1, rank, n)
		}
		dims, total = append(dims, int(n)), product
	}
	return dims, int(total)
}

// word reads 32 bits, which errors call what.
func (d *idxDecoder) word(what string) uint32 {
	var b [4]byte
	if d.err != nil {
		return 0
	}
	n, err := io.ReadFull(d.r, b[:])
	if err != nil {
		d.fail(d.at, "%s: got %d bytes, want 4: %w", what, n, endIsUnexpected(err))
	}
	d.at += int64(n)
	return binary.BigEndian.Uint32(b[:])
}

// body reads size bytes. It does not trust size: it first allocates at most hint bytes, or 512, and more as it reads.
func (d *idxDecoder) body(size, hint int) []byte {
	if d.err != nil {
		return nil
	}
	data := make([]byte, 0, min(size, max(hint, 512)))
	for len(data) < size {
		if len(data) == cap(data) {
			data = slices.Grow(data, min(len(data), size-len(data)))
		}
		n, err := d.r.Read(data[len(data):min(cap(data), size)])
		data = data[:len(data)+n]
		if err != nil && len(data) < size {
			d.fail(d.at+int64(len(data)), "data: got %d bytes, want %d: %w", len(data), size, endIsUnexpected(err))
			return nil
		}
	}
	d.at += int64(size)
	return data
}

// end checks that the file ends here, and with it the checksum of a .gz file.
func (d *idxDecoder) end() {
	if d.err != nil {
		return
	}
	var b [1]byte
	if n, err := io.ReadFull(d.r, b[:]); n > 0 {
		d.fail(d.at, "got more bytes, want the end of the file after %d bytes", d.at)
	} else if err != io.EOF {
		d.fail(d.at, "%w", err)
	}
}

// endIsUnexpected converts io.EOF, which is an error in the middle of a file, to io.ErrUnexpectedEOF.
func endIsUnexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
