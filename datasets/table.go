package datasets

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A Table holds rows of named columns: numbers, categories, texts and times, some of them missing. CSV, SQL and Structs make one.
// String returns a summary, layers.Columns prepares a table for a network, and Arrays takes its numbers as they are.
//
// A column of numbers takes one to eight bytes for each row, a column of up to 65,535 different strings takes two, and another
// one takes the size of its text and eight bytes for each row.
type Table struct {
	columns []*column
	targets []*column // in the order of CSV.Target
	rows    []int     // the rows, for a part of a table; nil means all in order
	n       int       // number of rows
	dtype   tensor.Dtype
}

var _ graph.Rows = (*Table)(nil)

// table returns the table of all records.
func (b *builder) table() *Table {
	for _, c := range b.columns {
		if !c.fixed && !c.Target && c.Kind == graph.KindCategory && c.words.isText() {
			c.Kind = graph.KindText
		}
	}
	t := &Table{columns: b.columns, n: b.rows, dtype: b.dtype}
	for _, name := range b.target {
		c, _ := t.column(name) // setColumns has checked it
		t.targets = append(t.targets, c)
	}
	return t
}

// Len returns the number of rows.
func (t *Table) Len() int { return t.n }

// Fields implements graph.Rows.
func (t *Table) Fields() []graph.Field {
	list := make([]graph.Field, len(t.columns))
	for i, c := range t.columns {
		list[i] = c.Field
	}
	return list
}

// Rows implements graph.Rows.
func (t *Table) Rows() iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		row := make(map[string]any, len(t.columns))
		for i := range t.n {
			for _, c := range t.columns {
				row[c.Name] = c.value(t.row(i))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// row returns the index in the columns of row i.
func (t *Table) row(i int) int {
	if t.rows == nil {
		return i
	}
	return t.rows[i]
}

// value returns the value in a row, nil if it is missing.
func (c *column) value(row int) any {
	if c.Kind == graph.KindNumber || c.Kind == graph.KindTime {
		return c.boxed(c.numbers.at(row))
	}
	if s, ok := c.words.at(row); ok {
		return s
	}
	return nil
}

// boxed returns a value of a column of numbers or times; nil for a column of strings.
func (c *column) boxed(v float64) any {
	switch {
	case v != v:
		return nil
	case c.Kind == graph.KindNumber:
		return v
	case c.Kind == graph.KindTime:
		return timeOf(v)
	}
	return nil
}

// timeOf returns the time of a number of seconds since 1970, to the microsecond.
func timeOf(seconds float64) time.Time {
	whole := math.Floor(seconds)
	return time.Unix(int64(whole), 1000*int64(math.Round((seconds-whole)*1e6))).UTC()
}

// Take returns the table of the given rows, in this order. Both tables share their memory. A number that is not that of a row is
// an error.
func (t *Table) Take(rows []int) (*Table, error) {
	part := &Table{columns: t.columns, targets: t.targets, rows: make([]int, len(rows)), n: len(rows), dtype: t.dtype}
	for i, r := range rows {
		if r < 0 || r >= t.n {
			return nil, fmt.Errorf("datasets: Table.Take: got row %d, want 0 to %d", r, t.n-1)
		}
		part.rows[i] = t.row(r)
	}
	return part, nil
}

// Strings returns the values of a column as strings, "" for a missing one: what a label or a group is, for Splitter.Labels and
// Splitter.Groups. An unknown name is an error.
func (t *Table) Strings(name string) ([]string, error) {
	c, err := t.column(name)
	if err != nil {
		return nil, fmt.Errorf("datasets: Table.Strings: %w", err)
	}
	list := make([]string, t.n)
	for i := range list {
		switch v := c.value(t.row(i)).(type) {
		case float64:
			list[i] = strconv.FormatFloat(v, 'g', -1, 64)
		case string:
			list[i] = v
		case time.Time:
			list[i] = v.Format(time.RFC3339Nano)
		}
	}
	return list, nil
}

func (t *Table) column(name string) (*column, error) {
	i := slices.IndexFunc(t.columns, func(c *column) bool { return c.Name == name })
	if i < 0 {
		names := make([]string, len(t.columns))
		for i, c := range t.columns {
			names[i] = c.Name
		}
		return nil, fmt.Errorf("got the column %.64q, want one of %s", name, some(names))
	}
	return t.columns[i], nil
}
