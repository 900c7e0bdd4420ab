package datasets

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// npyMagic is the beginning of an .npy file. The format is described at
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
const npyMagic = "\x93NUMPY"

const (
	maxNPYHeader = 1 << 16 // bytes; by default, NumPy accepts at most 10,000
	maxNPYRank   = 64      // NumPy's limit
)

// An npyHeader is the header of an .npy file.
type npyHeader struct {
	kind    npyKind
	order   binary.ByteOrder
	fortran bool
	shape   []int
	count   int // number of elements
}

// header reads the file up to the elements.
func (d *npyReader) header() (*npyHeader, error) {
	begin := make([]byte, len(npyMagic)+2)
	if err := d.fill(begin, "magic string and version"); err != nil {
		return nil, err
	}
	if got := string(begin[:len(npyMagic)]); got != npyMagic {
		return nil, d.fail(0, "got %q, want %q: is this an .npy file?", got, npyMagic)
	}
	length := make([]byte, 4)
	switch version := begin[len(npyMagic)]; version {
	case 1:
		length = length[:2]
	case 2, 3: // in version 3 the header is UTF-8, which matters only for names of fields
	default:
		return nil, d.fail(6, "got version %d of the format, want 1, 2 or 3", version)
	}
	at := d.at
	if err := d.fill(length, "length of the header"); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(append(length, 0, 0)) // with the zeros, two bytes are enough
	if n > maxNPYHeader {
		return nil, d.fail(at, "got a header of %d bytes, want at most %d", n, maxNPYHeader)
	}
	at = d.at
	dict := make([]byte, n)
	if err := d.fill(dict, "header"); err != nil {
		return nil, err
	}
	s := npyScanner{text: string(dict)}
	h := s.header()
	if s.err == nil {
		h.measure(&s)
	}
	if s.err != nil {
		return nil, d.fail(at+int64(s.at), "%w", s.err)
	}
	return h, nil
}

// measure computes the number of elements.
func (h *npyHeader) measure(s *npyScanner) {
	total := uint64(1)
	for _, n := range h.shape {
		hi, lo := bits.Mul64(total, uint64(n))
		if hi != 0 || lo > math.MaxInt/8 {
			s.fail("shape: got %v, want one that fits in memory", h.shape)
			return
		}
		if n == 0 {
			s.fail("shape: got %v, want dimensions of 1 or more", h.shape)
			return
		}
		total = lo
	}
	h.count = int(total)
}
