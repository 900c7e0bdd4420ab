package datasets

import (
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/times"
)

// records are the rows of a table as text.
type records interface {
	columns() []string       // names
	next() ([][]byte, error) // the fields of the next record, nil for a missing value, valid until the next call; io.EOF at the end
	where(i int) string      // the place of field i of the last record, for errors; of the record, if i is negative
	empty() error            // the error of a table without rows
	close() error
}

// errOnce is the error of a source that cannot be read a second time.
var errOnce = errors.New("the source can be read only once")

// A plan says what to make of records.
type plan struct {
	use, skip, target []string
	classes           bool
	kinds             map[string]graph.Kind
	missing           []string
	dtype             tensor.Dtype
	limit             int64 // of the table's memory
	decimal           byte  // point of numbers
}

// A column is a column of a table.
type column struct {
	graph.Field
	from    int     // index in the records
	fixed   bool    // the kind is not inferred
	numbers numbers // of kinds number and time, whose numbers are seconds since 1970
	words   words   // of other kinds
	layout  int     // of the last time
	broken  error   // the first value that is not of the inferred kind
}

// A builder makes a table of records.
type builder struct {
	plan
	columns []*column
	missing map[string]bool
	values  bool  // some word in missing is also a number or a time
	used    int64 // memory
	rows    int
}

func newBuilder(p plan) *builder {
	b := &builder{plan: p, missing: map[string]bool{"": true}}
	for _, word := range p.missing {
		b.missing[word] = true
		_, number := parseNumber([]byte(word), p.decimal)
		_, date := parseTime([]byte(word), new(int))
		b.values = b.values || number || date
	}
	return b
}

// buildTable makes a table of the records that open returns. If a column turns out to be of another kind than its first values, it
// reads them once more.
func buildTable(p plan, open func() (records, error)) (*Table, error) {
	strings := map[string]bool{} // columns of which a value was not of the inferred kind
	var first error
	for {
		r, err := open()
		switch {
		case errors.Is(err, errOnce):
			return nil, fmt.Errorf("%w as in the rows before; Kinds can make the column a category", first)
		case err != nil:
			return nil, err
		}
		b := newBuilder(p)
		err = b.read(r, strings)
		if err = errors.Join(err, r.close()); err != nil {
			return nil, err
		}
		again := false
		for _, c := range b.columns {
			if c.broken != nil {
				strings[c.Name], again = true, true
				if first == nil {
					first = c.broken
				}
			}
		}
		if !again {
			return b.table(), nil
		}
	}
}

// read reads all records.
func (b *builder) read(r records, strings map[string]bool) error {
	if err := b.setColumns(r.columns(), strings); err != nil {
		return err
	}
	if err := b.begin(r); err != nil {
		return err
	}
	for {
		fields, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for _, c := range b.columns {
			if c.broken == nil {
				if err := b.append(c, fields[c.from], r); err != nil {
					return err
				}
			}
		}
		b.rows++
		if b.used > b.limit {
			return b.tooLarge(r)
		}
	}
	if b.rows == 0 {
		return r.empty()
	}
	return nil
}

func (b *builder) tooLarge(r records) error {
	return fmt.Errorf("%s: got a table that takes more than %d bytes, want at most that, as MaxBytes says", r.where(-1), b.limit)
}

// append appends a field to a column.
func (b *builder) append(c *column, field []byte, r records) error {
	v, word, err := b.parse(c, field, r)
	switch {
	case err != nil && c.fixed || errors.Is(err, errUTF8):
		return err
	case err != nil:
		c.broken, c.numbers = err, numbers{}
	case c.Kind == graph.KindNumber || c.Kind == graph.KindTime:
		b.used += int64(c.numbers.append(v))
	default:
		b.used += int64(c.words.append(word))
	}
	return nil
}

var errUTF8 = errors.New("want UTF-8")

// parse returns the number or the string in a field: NaN or nil if it is missing.
func (b *builder) parse(c *column, field []byte, r records) (v float64, word []byte, err error) {
	want := "a number"
	if b.values && (c.Kind == graph.KindNumber || c.Kind == graph.KindTime) && b.missing[string(field)] {
		return nan, nil, nil
	}
	switch c.Kind {
	case graph.KindNumber:
		if v, ok := parseNumber(field, b.decimal); ok {
			return v, nil, nil
		}
	case graph.KindTime:
		if t, ok := parseTime(field, &c.layout); ok {
			return float64(t.Unix()) + float64(t.Nanosecond())/float64(time.Second), nil, nil
		}
		want = times.Want
	default:
		if b.missing[string(field)] {
			return 0, nil, nil
		}
		if !utf8.Valid(field) {
			return 0, nil, fmt.Errorf("%s: got %.64q, %w", r.where(c.from), field, errUTF8)
		}
		return 0, field, nil
	}
	if b.missing[string(field)] {
		return nan, nil, nil
	}
	return 0, nil, fmt.Errorf("%s: got %.64q, want %s", r.where(c.from), field, want)
}
