package datasets

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// An npyScanner reads a header's text, a dictionary as Python writes it; after an error it does nothing.
type npyScanner struct {
	text string
	at   int
	err  error
}

func (s *npyScanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf("header: "+format, args...)
	}
}

// next tells whether the next text is token, and goes behind it if so. Spaces before it do not count.
func (s *npyScanner) next(token string) bool {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t' || s.text[s.at] == '\n') {
		s.at++
	}
	if s.err != nil || !strings.HasPrefix(s.text[s.at:], token) {
		return false
	}
	s.at += len(token)
	return true
}

// want is next where nothing else will do.
func (s *npyScanner) want(token string) {
	if !s.next(token) {
		s.fail("got %.16q, want %q", s.text[s.at:], token)
	}
}

// header reads the dictionary of descr, fortran_order and shape.
func (s *npyScanner) header() *npyHeader {
	h := &npyHeader{}
	seen := map[string]bool{}
	s.want("{")
	for !s.next("}") && s.err == nil {
		key := s.quoted()
		s.want(":")
		switch {
		case seen[key]:
			s.fail("got a second %q, want each key once", key)
		case key == "descr":
			s.descr(h)
		case key == "fortran_order":
			if h.fortran = s.next("True"); !h.fortran {
				s.want("False")
			}
		case key == "shape":
			h.shape = s.shape()
		default:
			s.fail("got the key %.32q, want descr, fortran_order and shape", key)
		}
		seen[key] = true
		if !s.next(",") {
			s.want("}")
			break
		}
	}
	if s.next(""); s.at < len(s.text) {
		s.fail("got %.16q after the dictionary, want nothing", s.text[s.at:])
	}
	if len(seen) < 3 {
		s.fail("got %d keys, want descr, fortran_order and shape", len(seen))
	}
	return h
}

// quoted reads a text, which has no escapes in what is understood here.
func (s *npyScanner) quoted() string {
	for _, quote := range []string{"'", `"`} {
		if !s.next(quote) {
			continue
		}
		text, _, ok := strings.Cut(s.text[s.at:], quote)
		if !ok || strings.ContainsAny(text, "\\\n") {
			s.fail("got %.16q, want a string in quotes", s.text[s.at-1:])
			return ""
		}
		s.at += len(text) + 1
		return text
	}
	s.fail("got %.16q, want a string in quotes", s.text[s.at:])
	return ""
}

// descr reads the element type: the byte order and the code.
func (s *npyScanner) descr(h *npyHeader) {
	if s.next("[") {
		s.fail("descr: got a list of fields, want an array of numbers")
		return
	}
	text := s.quoted()
	if s.err != nil {
		return
	}
	code := strings.TrimLeft(text, "<>|")
	order := text[:len(text)-len(code)]
	kind, ok := npyKinds[code]
	if !ok || len(order) > 1 || (order == "" || order == "|") && kind.size > 1 {
		s.fail("descr: got %.32q, want b1, i1 to i8, u1 to u8, f4 or f8, after < or >", text)
		return
	}
	h.kind, h.order = kind, binary.LittleEndian
	if order == ">" {
		h.order = binary.BigEndian
	}
}

// shape reads a tuple of integers.
func (s *npyScanner) shape() (shape []int) {
	s.want("(")
	for !s.next(")") && s.err == nil {
		digits := s.text[s.at:]
		digits = digits[:len(digits)-len(strings.TrimLeft(digits, "0123456789"))]
		n, err := strconv.Atoi(digits)
		if err != nil {
			s.fail("shape: got %.24q, want an integer that fits in %d bits", s.text[s.at:], strconv.IntSize)
			return nil
		}
		if shape = append(shape, n); len(shape) > maxNPYRank {
			s.fail("shape: got %d dimensions or more, want at most %d", len(shape), maxNPYRank)
		}
		s.at += len(digits)
		s.next("L") // as Python 2 wrote it
		if !s.next(",") {
			if len(shape) == 1 { // (3) is no tuple
				s.want(",")
			}
			s.want(")")
			break
		}
	}
	return shape
}
