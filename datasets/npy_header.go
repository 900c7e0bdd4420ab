package datasets

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// npyMagic is what an .npy file begins with. Its format is described in
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
const npyMagic = "\x93NUMPY"

const (
	maxNPYHeader = 1 << 16 // bytes; NumPy itself takes at most 10,000 unless it is told to
	maxNPYRank   = 64      // NumPy's limit
)

// An npyHeader is what an .npy file says of its array.
type npyHeader struct {
	kind    npyKind
	order   binary.ByteOrder
	fortran bool
	shape   []int
	count   int // of elements
}

// header reads everything before the elements.
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
	case 2, 3: // the latter's text is UTF-8, which only names of fields need
	default:
		return nil, d.fail(6, "got version %d of the format, want 1, 2 or 3", version)
	}
	at := d.at
	if err := d.fill(length, "length of the header"); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(append(length, 0, 0)) // the zeros are read if there are two bytes
	if n > maxNPYHeader {
		return nil, d.fail(at, "got a header of %d bytes, want at most %d", n, maxNPYHeader)
	}
	at = d.at
	text := make([]byte, n)
	if err := d.fill(text, "header"); err != nil {
		return nil, err
	}
	s := npyScanner{text: string(text)}
	h := s.header()
	if s.err == nil {
		h.measure(&s)
	}
	if s.err != nil {
		return nil, d.fail(at+int64(s.at), "%w", s.err)
	}
	return h, nil
}

// measure counts the elements.
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
