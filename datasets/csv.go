package datasets

import (
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// CSV reads tables of values that are separated by commas or by another character. The zero value reads a file with a line of
// column names and finds out the kind of each column.
//
// A quoted field may contain the separator, line breaks, and quotes, which are doubled. A field that is not quoted loses the
// spaces around it. Empty lines are left out, and so is a byte order mark. Text is UTF-8.
type CSV struct {
	NoHeader bool // the first line is data, and the columns are named "1", "2" and so on
	Comma    rune // separator of the fields; 0 means ','
	Decimal  rune // decimal point of the numbers: '.', or ','; 0 means '.'
	Comment  rune // lines that begin with it are left out; 0 means none
	Lines    int  // number of lines to leave out before the first
	// Missing are words for a missing value, beside the empty field; nil means NA, N/A, n/a, NaN, nan, NULL, null and ?. A word
	// must be the whole text of a field, and may be a number or a date: with the word -999 a field -999 is missing in every column, and
	// -999.0 is a value.
	Missing []string
	Use     []string // names of the columns to read, in the file's order; nil means all
	Skip    []string // names of the columns to leave out
	Target  []string // names of the target columns
	Classes bool     // the targets are names of classes, even if they are numbers

	// Kinds are the kinds of columns by name. Of the others, a column whose values are all numbers is of kind number, one of dates
	// or times is of kind time, and the rest are of kind category, or text if most of their values differ and have several words.
	Kinds map[string]graph.Kind

	DType      tensor.Dtype // element type of Table.Arrays, tensor.Float32 or tensor.Float64; zero means tensor.Float32
	MaxBytes   int64        // limit of the memory of the table, with 1 KiB for a column, and with a sixteenth of it of a line; 0 means 1 GiB
	MaxColumns int          // limit of the number of columns; 0 means 65,536
}

// Open reads the file at path, as Read does. A file whose name ends in .gz or .zst is decompressed.
func (c CSV) Open(path string) (*Table, error) {
	used := false
	return c.table(path, func() (records, error) {
		if used && once(path) {
			return nil, errOnce
		}
		used = true
		return c.openRecords(path)
	})
}

// once reports whether the file at path, as a pipe, gives its bytes only once.
func once(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeSocket|os.ModeCharDevice) != 0
}

// Read reads a table from r; name stands for r in errors. Errors also name the line and the column, and wrap a *csv.ParseError
// of package encoding/csv if the input is not valid CSV.
//
// The kind of a column is inferred from its first 16,384 values. If a later value does not fit, Open reads the file once more, and
// Read seeks back to where r was if r is an io.Seeker; if it is not, or a pipe, the value is an error, which an entry in Kinds avoids.
func (c CSV) Read(r io.Reader, name string) (*Table, error) {
	s, again := r.(io.Seeker)
	var start int64
	if again {
		var err error
		start, err = s.Seek(0, io.SeekCurrent)
		again = err == nil // os.Stdin may be a pipe
	}
	used := false
	return c.table(name, func() (records, error) {
		if used && !again {
			return nil, errOnce
		} else if used {
			if _, err := s.Seek(start, io.SeekStart); err != nil {
				return nil, err
			}
		}
		used = true
		return c.records(r, func() error { return nil })
	})
}

// openRecords returns the records of the file at path.
func (c CSV) openRecords(path string) (records, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, end, err := decompressed(f, path, c.maxBytes())
	if err != nil {
		f.Close()
		return nil, err
	}
	rec, err := c.records(r, func() error {
		_ = end()
		return f.Close()
	})
	if err != nil {
		_ = end()
		f.Close()
		return nil, err
	}
	return rec, nil
}

// records returns the records of r.
func (c CSV) records(r io.Reader, end func() error) (records, error) {
	s := &csvScanner{in: r, comma: ",", lines: c.Lines, most: int(max(c.maxBytes()/16, 1)),
		columns: c.maxColumns(), bound: "as MaxColumns says"}
	if n := c.maxBytes() / columnBytes; n < int64(s.columns) {
		s.columns, s.bound = int(n), fmt.Sprintf("for each takes %d of MaxBytes", columnBytes)
	}
	if c.Comma != 0 {
		s.comma = string(c.Comma)
	}
	if c.Comment != 0 {
		s.comment = string(c.Comment)
	}
	return newCSVRecords(s, c.NoHeader, end)
}

// table reads a table from the records that open returns; it may be called twice.
func (c CSV) table(name string, open func() (records, error)) (*Table, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("datasets: CSV: %w", err)
	}
	t, err := buildTable(c.plan(), open)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	return t, nil
}

// maxBytes and maxColumns are the limits.
func (c CSV) maxBytes() int64 {
	if c.MaxBytes == 0 {
		return 1 << 30
	}
	return c.MaxBytes
}

func (c CSV) maxColumns() int {
	if c.MaxColumns == 0 {
		return 1 << 16
	}
	return c.MaxColumns
}

// check returns an error that names the first wrong field.
func (c CSV) check() error {
	comma := c.Comma
	if comma == 0 {
		comma = ','
	}
	switch wrong := func(r rune) bool {
		return r == '"' || r == '\r' || r == '\n' || r < 0 || r == utf8.RuneError || !utf8.ValidRune(r)
	}; {
	case wrong(comma):
		return fmt.Errorf("Comma: got %q, want a character other than a quote and a line break", comma)
	case wrong(c.Comment) || c.Comment == comma:
		return fmt.Errorf("Comment: got %q, want a character other than a quote, a line break and Comma", c.Comment)
	case c.Decimal != 0 && c.Decimal != '.' && c.Decimal != ',':
		return fmt.Errorf("Decimal: got %q, want '.' or ','", c.Decimal)
	case c.Decimal == ',' && comma == ',':
		return fmt.Errorf("Decimal: got ',', want another Comma than that")
	case c.DType != tensor.Dtype{} && c.DType != tensor.Float32 && c.DType != tensor.Float64:
		return fmt.Errorf("DType: got %v, want float32 or float64", c.DType)
	}
	return settings.Check(settings.Count("Lines", c.Lines, 0), settings.Between("MaxBytes", float64(c.MaxBytes), 0, math.MaxInt64/4),
		settings.Between("MaxColumns", float64(c.MaxColumns), 0, 1<<24))
}

// missingWords stand for a missing value by default.
var missingWords = []string{"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?"}

// plan returns what buildTable needs.
func (c CSV) plan() plan {
	p := plan{use: c.Use, skip: c.Skip, target: c.Target, classes: c.Classes, kinds: c.Kinds, missing: c.Missing,
		dtype: c.DType, limit: c.maxBytes(), decimal: '.'}
	if c.Decimal != 0 {
		p.decimal = byte(c.Decimal)
	}
	if p.missing == nil {
		p.missing = missingWords
	}
	return p
}
