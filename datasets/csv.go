package datasets

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"gorgonia.org/tensor"
)

// CSV says how a table is read from comma-separated values. The zero value reads float32 numbers under a line of column names,
// none of them a target.
type CSV struct {
	NoHeader bool         // the first line is data; the columns are named "1", "2" and so on
	Comma    rune         // between the fields; 0 means ','
	Target   []string     // names of the columns that are the target
	Skip     []string     // names of the columns that are left out
	Classes  bool         // the one target column holds names of classes, as text or as numbers
	DType    tensor.Dtype // of X and Y; zero means tensor.Float32
}

// A Table is what a CSV file holds.
type Table struct {
	X       *tensor.Dense // of shape (lines, columns)
	Y       *tensor.Dense // of shape (lines, targets), or (lines) for classes; nil without a target
	Columns []string      // names of the columns of X
	Classes []string      // names of the classes that Y numbers, in numerical or else in alphabetical order
}

// Open reads a file.
func (c CSV) Open(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	return c.Read(f, path)
}

// Read reads a table from r, which errors call name. Errors also name line and column, and wrap a *csv.ParseError where the
// text is not in the form of a CSV file. Empty, infinite and NaN fields are errors.
func (c CSV) Read(r io.Reader, name string) (*Table, error) {
	t := tableReader{CSV: c, in: csv.NewReader(skipByteOrderMark(r))}
	t.in.ReuseRecord = true
	t.in.FieldsPerRecord = -1 // the check here says more
	if c.Comma != 0 {
		t.in.Comma = c.Comma
	}
	table, err := t.read()
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	return table, nil
}

// skipByteOrderMark returns r without the mark that some programs put before UTF-8 text.
func skipByteOrderMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		b.Discard(3)
	}
	return b
}

// A tableReader is the state of reading a table.
type tableReader struct {
	CSV
	in      *csv.Reader
	columns []column // of the file
	targets []int    // numbers of the target columns, in the order of Target
	x, y    []float64
	classes []string // names in y's place
	lines   int      // of data
}

// A column is a column of the file.
type column struct {
	name string
	use  columnUse
}

// A columnUse is what becomes of a column.
type columnUse int

const (
	useX columnUse = iota
	useY
	useClass
	useNot
)

// read reads the header and all lines.
func (t *tableReader) read() (*Table, error) {
	fields, err := t.in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: got the end of the file, want a line of fields")
	}
	if err != nil {
		return nil, err
	}
	if err := t.setColumns(fields); err != nil {
		return nil, err
	}
	if !t.NoHeader {
		fields, err = t.in.Read()
	}
	for ; err == nil; fields, err = t.in.Read() {
		if err := t.line(fields); err != nil {
			return nil, err
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if t.lines == 0 {
		return nil, errors.New("line 2: got the end of the file, want a line of data after the names")
	}
	return t.table()
}

// setColumns decides what becomes of each column; fields are the first line.
func (t *tableReader) setColumns(fields []string) error {
	if t.Classes && len(t.Target) != 1 {
		return fmt.Errorf("Target: got %d columns, want 1, since Classes is set", len(t.Target))
	}
	for i, f := range fields {
		f = strings.TrimSpace(f)
		if t.NoHeader {
			f = strconv.Itoa(i + 1)
		} else if j := slices.IndexFunc(t.columns, func(c column) bool { return c.name == f }); j >= 0 {
			return fmt.Errorf("line 1, column %d: got the name %q of column %d again, want another name", i+1, f, j+1)
		}
		t.columns = append(t.columns, column{name: f})
	}
	target := useY
	if t.Classes {
		target = useClass
	}
	var err error
	if t.targets, err = t.mark("Target", t.Target, target); err != nil {
		return err
	}
	if _, err = t.mark("Skip", t.Skip, useNot); err != nil {
		return err
	}
	if !slices.ContainsFunc(t.columns, func(c column) bool { return c.use == useX }) {
		return errors.New("Target and Skip: got every column, want at least one left for X")
	}
	return nil
}

// mark notes the use of the columns with the given names, and returns their numbers.
func (t *tableReader) mark(option string, names []string, use columnUse) (index []int, err error) {
	for _, name := range names {
		i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("%s: got %q, want names of the columns %q", option, name, t.names(useX, useY, useClass, useNot))
		}
		if t.columns[i].use != useX {
			return nil, fmt.Errorf("Target and Skip: got column %d, %q, twice, want it once", i+1, name)
		}
		t.columns[i].use = use
		index = append(index, i)
	}
	return index, nil
}

// names returns the names of the columns with the given uses.
func (t *tableReader) names(uses ...columnUse) (names []string) {
	for _, c := range t.columns {
		if slices.Contains(uses, c.use) {
			names = append(names, c.name)
		}
	}
	return names
}
