package datasets

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
)

// A csvScanner splits text into records and their fields. Unlike a csv.Reader, it bounds the memory for a record, and copies only
// fields with doubled quotes.
type csvScanner struct {
	in      io.Reader
	comma   string
	comment string // "" for none
	lines   int    // number of lines to leave out before the next
	most    int    // maximum number of bytes of a record
	columns int    // maximum number of fields of a record
	bound   string // which field says so

	buf     []byte // buf[from:] is the text not yet split
	from    int
	started bool
	eof     bool

	line    int // number of lines before buf[from]
	at      int // line in which the last record begins
	fields  [][]byte
	scratch []byte // fields with doubled quotes
}

// next returns the fields of the next record, which are valid until the next call, and io.EOF at the end.
func (s *csvScanner) next() ([][]byte, error) {
	if !s.started {
		s.started = true
		if err := s.fill(); err != nil {
			return nil, err
		}
		if bytes.HasPrefix(s.buf, []byte("\ufeff")) { // the byte order mark that some programs write before UTF-8
			s.from = 3
		}
	}
	for {
		length, err := s.lineLength(0)
		if err != nil {
			return nil, err
		}
		if length == 0 {
			return nil, io.EOF
		}
		text := s.buf[s.from : s.from+length]
		content := trimBreak(text)
		s.at = s.line + 1
		switch {
		case s.lines > 0:
			s.lines--
		case len(content) == 0:
		case s.comment != "" && bytes.HasPrefix(content, []byte(s.comment)):
		case bytes.IndexByte(content, '"') >= 0:
			return s.quoted()
		default:
			s.from += length
			s.line++
			return s.fields, s.split(content)
		}
		s.from += length
		s.line++
	}
}

// lineLength returns the length of the line, with its break, that begins at offset at of the text not yet split.
func (s *csvScanner) lineLength(at int) (int, error) {
	for seen := at; ; {
		rest := s.buf[s.from:]
		if i := bytes.IndexByte(rest[seen:], '\n'); i >= 0 {
			return seen + i + 1 - at, nil
		}
		if s.eof {
			return len(rest) - at, nil
		}
		seen = len(rest)
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// fill reads more text.
func (s *csvScanner) fill() error {
	rest := len(s.buf) - s.from
	if rest > s.most {
		return fmt.Errorf("line %d: got more than %d bytes, want at most that, a sixteenth of MaxBytes", s.line+1, s.most)
	}
	size := max(64<<10, 2*rest)
	if cap(s.buf) < size {
		s.buf = append(make([]byte, 0, size), s.buf[s.from:]...)
	} else {
		s.buf = s.buf[:copy(s.buf[:cap(s.buf)], s.buf[s.from:])]
	}
	s.from = 0
	for empty := 0; len(s.buf) < cap(s.buf); {
		n, err := s.in.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if empty++; n > 0 {
			empty = 0
		}
		switch {
		case err == io.EOF:
			s.eof = true
			return nil
		case err == nil && empty > 100:
			err = io.ErrNoProgress
		}
		if err != nil {
			return fmt.Errorf("after line %d: %w", s.line, err)
		}
	}
	return nil
}

// trimBreak returns a line without its break.
func trimBreak(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// split sets the fields to those of a line without quotes.
func (s *csvScanner) split(line []byte) error {
	s.fields = s.fields[:0]
	if len(s.comma) > 1 {
		for {
			field, rest, more := bytes.Cut(line, []byte(s.comma))
			s.fields = append(s.fields, trim(field))
			if !more || len(s.fields) > s.columns {
				return s.checkColumns()
			}
			line = rest
		}
	}
	comma, begin := s.comma[0], 0
	for i, b := range line {
		if b == comma {
			s.fields = append(s.fields, trim(line[begin:i]))
			if begin = i + 1; len(s.fields) > s.columns {
				break
			}
		}
	}
	s.fields = append(s.fields, trim(line[begin:]))
	return s.checkColumns()
}

func (s *csvScanner) checkColumns() error {
	if len(s.fields) > s.columns {
		return fmt.Errorf("line %d: got more than %d columns, want at most that, %s", s.at, s.columns, s.bound)
	}
	return nil
}

// trim returns a field without the spaces around it.
func trim(f []byte) []byte {
	if n := len(f); n > 0 && (f[0] <= ' ' || f[n-1] <= ' ' || f[0] >= 0x80 || f[n-1] >= 0x80) {
		return bytes.TrimSpace(f)
	}
	return f
}

// quoted splits a record some of whose fields are quoted, and which may have several lines.
func (s *csvScanner) quoted() ([][]byte, error) {
	s.fields, s.scratch = s.fields[:0], s.scratch[:0]
	size, err := s.lineLength(0) // of the record so far
	p := 0                       // in the record
	lines, begin := 1, 0         // number of lines so far, and the offset of the last
	fail := func(err error) ([][]byte, error) {
		return nil, &csv.ParseError{StartLine: s.at, Line: s.line + lines, Column: p - begin + 1, Err: err}
	}
	for err == nil {
		record := s.buf[s.from : s.from+size]
		end := len(trimBreak(record))
		if p >= end || record[p] != '"' {
			field, _, more := bytes.Cut(record[p:end], []byte(s.comma))
			if i := bytes.IndexByte(field, '"'); i >= 0 {
				p += i
				return fail(csv.ErrBareQuote)
			}
			s.fields = append(s.fields, trim(s.keep(field)))
			if p += len(field) + len(s.comma); !more {
				break
			}
			if err = s.checkColumns(); err != nil {
				return nil, err
			}
			continue
		}
		p++
		mark := len(s.scratch)
		for {
			i := bytes.IndexByte(record[p:], '"')
			if i < 0 { // the field has another line
				s.scratch, p = append(s.scratch, record[p:]...), size
				var more int
				if more, err = s.lineLength(size); err != nil {
					return nil, err
				}
				if more == 0 {
					return fail(csv.ErrQuote)
				}
				begin, lines, size = size, lines+1, size+more
				record = s.buf[s.from : s.from+size]
				continue
			}
			s.scratch, p = append(s.scratch, record[p:p+i]...), p+i+1
			if p < size && record[p] == '"' {
				s.scratch, p = append(s.scratch, '"'), p+1
				continue
			}
			break
		}
		field := s.scratch[mark:len(s.scratch):len(s.scratch)]
		s.fields = append(s.fields, field)
		if err = s.checkColumns(); err != nil {
			return nil, err
		}
		rest := trimBreak(record)
		if p >= len(rest) {
			break
		}
		if !bytes.HasPrefix(rest[p:], []byte(s.comma)) {
			return fail(csv.ErrQuote)
		}
		p += len(s.comma)
	}
	s.from, s.line = s.from+size, s.line+lines
	return s.fields, err
}

// keep returns a copy of a field in the scratch memory.
func (s *csvScanner) keep(field []byte) []byte {
	mark := len(s.scratch)
	s.scratch = append(s.scratch, field...)
	return s.scratch[mark:len(s.scratch):len(s.scratch)]
}
