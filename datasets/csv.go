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

// CSV reads tables of comma-separated values. The zero value reads float32 numbers below a line of column names, all of them
// into X.
type CSV struct {
	NoHeader bool         // the first line is data, and the columns are named "1", "2" and so on
	Comma    rune         // separator of the fields; 0 means ','
	Target   []string     // names of the target columns, in their order in Y
	Skip     []string     // names of the columns to leave out
	Classes  bool         // the only target column contains class names, which may be numbers
	DType    tensor.Dtype // element type of X and Y, tensor.Float32 or tensor.Float64; zero means tensor.Float32
}

// A Table is the contents of a CSV file.
type Table struct {
	X       *tensor.Dense // of shape (lines, len(Columns))
	Y       *tensor.Dense // of shape (lines, targets), or (lines) with class numbers; nil without a target
	Columns []string      // names of the columns of X
	Classes []string      // names of classes 0, 1, ...: in numerical order if all are numbers, else in alphabetical order
}

// Open reads the file at path, as Read does.
func (c CSV) Open(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	return c.Read(f, path)
}

// Read reads a table from r; name stands for r in errors. Errors also name the line and the column, and wrap a *csv.ParseError
// if the input is not valid CSV. Empty, infinite and NaN numbers, and numbers outside the range of DType, are errors.
func (c CSV) Read(r io.Reader, name string) (*Table, error) {
	t := tableReader{CSV: c, in: csv.NewReader(skipByteOrderMark(r))}
	t.in.ReuseRecord = true
	t.in.FieldsPerRecord = -1 // line returns a better error
	if c.Comma != 0 {
		t.in.Comma = c.Comma
	}
	table, err := t.read()
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	return table, nil
}

// skipByteOrderMark returns r without the byte order mark that some programs write before UTF-8.
func skipByteOrderMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		b.Discard(3)
	}
	return b
}

// A tableReader reads one table.
type tableReader struct {
	CSV
	in      *csv.Reader
	columns []column // all columns of the file
	targets []int    // indices of the target columns, in the order of Target
	x, y    []float64
	classes []string // class names, one for each line, if Classes is set
	lines   int      // number of lines of data
}

// A column is a column of the file.
type column struct {
	name string
	use  columnUse
}

// A columnUse is the use of a column.
type columnUse int

const (
	useX columnUse = iota
	useY
	useClass
	useSkip
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

// setColumns sets the use of each column; fields are the first line.
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
	if _, err = t.mark("Skip", t.Skip, useSkip); err != nil {
		return err
	}
	if !slices.ContainsFunc(t.columns, func(c column) bool { return c.use == useX }) {
		return errors.New("Target and Skip: got every column, want at least one left for X")
	}
	return nil
}

// mark sets the use of the columns with the given names, and returns their indices.
func (t *tableReader) mark(option string, names []string, use columnUse) (index []int, err error) {
	for _, name := range names {
		i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("%s: got %q, want names of the columns %q", option, name, t.names(useX, useY, useClass, useSkip))
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
