package datasets

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/times"
)

var nan = math.NaN()

// parseTime parses a date or a time.
func parseTime(text []byte, last *int) (t time.Time, ok bool) {
	if len(text) > 64 {
		return t, false
	}
	return times.Parse(strings.TrimSpace(string(text)), last)
}

// begin reads the first block of rows, and infers the kinds of the columns from it.
func (b *builder) begin(r records) error {
	first := map[*column]*words{}
	for _, c := range b.columns {
		if c.Kind == "" {
			first[c] = &words{many: true}
		}
	}
	for size := int64(0); b.rows < blockRows; b.rows++ {
		fields, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for _, c := range b.columns {
			f, field := first[c], fields[c.from]
			switch {
			case f == nil:
				err = b.append(c, field, r)
			case utf8.Valid(field):
				size += int64(f.appendText(field))
			default:
				err = fmt.Errorf("%s: got %.64q, want UTF-8", r.where(c.from), field)
			}
			if err != nil {
				return err
			}
		}
		if b.used+size > b.limit {
			return b.tooLarge(r)
		}
	}
	for _, c := range b.columns {
		f := first[c]
		if f == nil {
			continue
		}
		c.Kind = b.infer(f, b.rows)
		for row := range b.rows {
			var field []byte
			if s, ok := f.at(row); ok {
				field = []byte(s)
			}
			if err := b.append(c, field, r); err != nil {
				return err
			}
		}
		delete(first, c)
	}
	return nil
}

// infer returns the kind of the first n values of a column.
func (b *builder) infer(f *words, n int) graph.Kind {
	kind, layout := graph.Kind(""), 0
	for row := range n {
		s, ok := f.at(row)
		if !ok || b.missing[s] {
			continue
		}
		is := graph.KindCategory
		if _, ok := parseNumber([]byte(s), b.decimal); ok {
			is = graph.KindNumber
		} else if _, ok := parseTime([]byte(s), &layout); ok {
			is = graph.KindTime
		}
		if is == graph.KindCategory || kind != "" && kind != is {
			return graph.KindCategory
		}
		kind = is
	}
	return cmp.Or(kind, graph.KindNumber)
}

// isText reports whether the strings of a column are text: most differ, and they have several words.
func (w *words) isText() bool {
	n := min(w.len(), blockRows)
	spaces, present, different := 0, 0, map[string]bool{}
	for i := range n {
		if s, ok := w.at(i); ok {
			present++
			different[s] = true
			spaces += strings.Count(s, " ")
		}
	}
	return present > 0 && 2*len(different) > present && spaces >= 2*present && len(different) > 5
}
