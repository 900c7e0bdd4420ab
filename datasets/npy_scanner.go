package datasets

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// An npyScanner parses a header, a dictionary in Python's syntax; after an error its methods do nothing.
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

// next reports whether token comes next, after white space, and moves past it if so.
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

// want moves past token, and fails if something else comes next.
func (s *npyScanner) want(token string) {
	if !s.next(token) {
		s.fail("got %.16q, want %q", s.text[s.at:], token)
	}
}

// header parses the dictionary with the keys descr, fortran_order and shape.
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

// quoted parses a string in quotes. Escapes are an error: no valid header has them.
func (s *npyScanner) quoted() string {
	for _, quote := range []string{"'", `"`} {
		if !s.next(quote) {
			continue
		}
		value, _, ok := strings.Cut(s.text[s.at:], quote)
		if !ok || strings.ContainsAny(value, "\\\n") {
			s.fail("got %.16q, want a string in quotes", s.text[s.at-1:])
			return ""
		}
		s.at += len(value) + 1
		return value
	}
	s.fail("got %.16q, want a string in quotes", s.text[s.at:])
	return ""
}

// descr parses the element type, a byte order and a code.
func (s *npyScanner) descr(h *npyHeader) {
	if s.next("[") {
		s.fail("descr: got a list of fields, want an array of numbers")
		return
	}
	descr := s.quoted()
	if s.err != nil {
		return
	}
	code := strings.TrimLeft(descr, "<>|")
	order := descr[:len(descr)-len(code)]
	kind, ok := npyKinds[code]
	if !ok || len(order) > 1 || (order == "" || order == "|") && kind.size > 1 {
		s.fail("descr: got %.32q, want b1, i1 to i8, u1 to u8, f4 or f8, after < or >", descr)
		return
	}
	h.kind, h.order = kind, binary.LittleEndian
	if order == ">" {
		h.order = binary.BigEndian
	}
}

// shape parses a tuple of integers.
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
		s.next("L") // suffix written by Python 2
		if !s.next(",") {
			if len(shape) == 1 { // (3) is not a tuple
				s.want(",")
			}
			s.want(")")
			break
		}
	}
	return shape
}
