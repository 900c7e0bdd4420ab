package safetensors

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A scanner reads JSON as strictly as a header needs. Package encoding/json is not strict enough: it accepts duplicate names,
// ignores their case, and repairs invalid strings.
type scanner struct {
	src []byte
	at  int
}

// fail returns an error that quotes the next bytes.
func (s *scanner) fail(want string) error {
	got := "the end of the header"
	if rest := s.src[s.at:]; len(rest) > 0 {
		got = fmt.Sprintf("%q", rest[:min(len(rest), 16)])
	}
	return s.errorf("got %s, want %s", got, want)
}

// errorf returns an error that names the position in the file.
func (s *scanner) errorf(format string, args ...any) error {
	return fmt.Errorf("byte %d: %w", lengthSize+s.at, fmt.Errorf(format, args...))
}

// space skips white space.
func (s *scanner) space() {
	for s.at < len(s.src) && strings.IndexByte(" \t\r\n", s.src[s.at]) >= 0 {
		s.at++
	}
}

// take skips white space and then the character c, and reports whether c was there.
func (s *scanner) take(c byte) bool {
	s.space()
	if s.at == len(s.src) || s.src[s.at] != c {
		return false
	}
	s.at++
	return true
}

// items reads a list of items, separated by commas, between two brackets.
func (s *scanner) items(open, end byte, item func() error) error {
	if !s.take(open) {
		return s.fail(fmt.Sprintf("%q", open))
	}
	if s.take(end) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.take(end) {
			return nil
		}
		if !s.take(',') {
			return s.fail(fmt.Sprintf("',' or %q", end))
		}
	}
}

// object reads an object; field reads the value of a key.
func (s *scanner) object(field func(key string) error) error {
	return s.items('{', '}', func() error {
		key, err := s.text()
		if err != nil {
			return err
		}
		if !s.take(':') {
			return s.fail("':'")
		}
		return field(key)
	})
}

// integer reads an integer of 0 or more.
func (s *scanner) integer() (int64, error) {
	s.space()
	begin, n := s.at, int64(0)
	for ; s.at < len(s.src) && s.src[s.at] >= '0' && s.src[s.at] <= '9'; s.at++ {
		digit := int64(s.src[s.at] - '0')
		if n > (math.MaxInt64-digit)/10 {
			s.at = begin
			return 0, s.fail("an integer of at most 63 bits")
		}
		n = 10*n + digit
	}
	if length := s.at - begin; length == 0 || length > 1 && s.src[begin] == '0' {
		s.at = begin
		return 0, s.fail("an integer of 0 or more")
	}
	return n, nil
}

// text reads a string.
func (s *scanner) text() (string, error) {
	if !s.take('"') {
		return "", s.fail("a string")
	}
	var out []byte // the string up to begin
	for begin := s.at; s.at < len(s.src); {
		switch c := s.src[s.at]; {
		case c == '"':
			out = append(out, s.src[begin:s.at]...)
			s.at++
			return string(out), nil
		case c < ' ':
			return "", s.fail("a string without control characters")
		case c == '\\':
			out = append(out, s.src[begin:s.at]...)
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out, begin = utf8.AppendRune(out, r), s.at
		default:
			s.at++
		}
	}
	return "", s.fail("'\"' at the end of a string")
}

// escape reads an escaped character.
func (s *scanner) escape() (rune, error) {
	begin := s.at
	if rest := s.src[s.at+1:]; len(rest) > 0 {
		if i := strings.IndexByte(`"\/bfnrt`, rest[0]); i >= 0 {
			s.at += 2
			return rune("\"\\/\b\f\n\r\t"[i]), nil
		}
	}
	r := s.unicode()
	if utf16.IsSurrogate(r) {
		if r = utf16.DecodeRune(r, s.unicode()); r == utf8.RuneError { // not a pair of surrogates
			r = -1
		}
	}
	if r < 0 {
		s.at = begin
		return 0, s.fail("a whole escape sequence")
	}
	return r, nil
}

// unicode reads \u and four digits, and returns -1 if they are not there.
func (s *scanner) unicode() rune {
	if len(s.src)-s.at < 6 || s.src[s.at] != '\\' || s.src[s.at+1] != 'u' {
		return -1
	}
	r := rune(0)
	for _, c := range s.src[s.at+2 : s.at+6] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return -1
		}
		r = r<<4 | rune(digit)
	}
	s.at += 6
	return r
}
