package datasets

import (
	"fmt"
	"io"
	"iter"

	"github.com/nndiy/nndiy/graph"
)

// Stream reads the file at path as rows that need not fit in memory: each pass over the rows reads the file once. The kinds are
// inferred from the first 16,384 rows; a later value of another kind is an error of the pass, which an entry in Kinds avoids. MaxBytes
// bounds the memory of a line and of those first rows.
func (c CSV) Stream(path string) (graph.Rows, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("datasets: CSV: %w", err)
	}
	if once(path) {
		return nil, fmt.Errorf("datasets: %s: got a pipe or a device, want a file, which each pass reads again; Open reads a pipe", path)
	}
	s := &stream{csv: c, path: path}
	first := true
	for _, err := range s.pass(&first) {
		if err != nil {
			return nil, err
		}
		break
	}
	return s, nil
}

// A stream is the rows of a file.
type stream struct {
	csv    CSV
	path   string
	fields []graph.Field
}

func (s *stream) Fields() []graph.Field { return s.fields }

func (s *stream) Rows() iter.Seq2[map[string]any, error] { return s.pass(nil) }

// pass returns an iterator over the rows. The first pass sets the fields.
func (s *stream) pass(first *bool) iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		fail := func(err error) { yield(nil, fmt.Errorf("datasets: %s: %w", s.path, err)) }
		r, err := s.csv.openRecords(s.path)
		if err != nil {
			fail(err)
			return
		}
		defer r.close()
		b := newBuilder(s.csv.plan())
		if err = b.setColumns(r.columns(), nil); err == nil {
			err = b.begin(r)
		}
		if err == nil && b.rows == 0 {
			err = r.empty()
		}
		if err != nil {
			fail(err)
			return
		}
		if part := b.table(); first != nil {
			s.fields = part.Fields()
			return
		} else {
			for row := range part.Rows() {
				if !yield(row, nil) {
					return
				}
			}
		}
		row := make(map[string]any, len(b.columns))
		for {
			fields, err := r.next()
			if err == io.EOF {
				return
			}
			for _, c := range b.columns {
				if err == nil {
					row[c.Name], err = b.single(c, fields[c.from], r)
				}
			}
			if err != nil {
				fail(err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// single returns the value of a field of a column, which does not keep it.
func (b *builder) single(c *column, field []byte, r records) (any, error) {
	v, word, err := b.parse(c, field, r)
	switch {
	case err != nil && !c.fixed:
		return nil, fmt.Errorf("%w as in the rows before; Kinds can make the column a category", err)
	case err != nil:
		return nil, err
	case word != nil:
		return string(word), nil
	}
	return c.boxed(v), nil
}
