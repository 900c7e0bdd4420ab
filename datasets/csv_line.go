package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gorgonia.org/tensor"
)

// line adds a line of data.
func (t *tableReader) line(fields []string) error {
	if len(fields) != len(t.columns) {
		line, _ := t.in.FieldPos(0)
		return fmt.Errorf("line %d: got %d fields, want %d as in line 1", line, len(fields), len(t.columns))
	}
	t.lines++
	for _, i := range t.targets {
		if t.columns[i].use == useClass {
			name := strings.TrimSpace(fields[i])
			if name == "" {
				return t.wrong(i, "the name of a class", fields[i])
			}
			t.classes = append(t.classes, strings.Clone(name))
			continue
		}
		v, err := t.number(i, fields[i])
		if err != nil {
			return err
		}
		t.y = append(t.y, v)
	}
	for i, f := range fields {
		if t.columns[i].use != useX {
			continue
		}
		v, err := t.number(i, f)
		if err != nil {
			return err
		}
		t.x = append(t.x, v)
	}
	return nil
}

// number parses field i.
func (t *tableReader) number(i int, field string) (float64, error) {
	bits := 32
	if t.DType == tensor.Float64 {
		bits = 64
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(field), bits)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, t.wrong(i, fmt.Sprintf("a number in the range of float%d", bits), field)
	case err != nil:
		return 0, t.wrong(i, "a number", field)
	case math.IsInf(v, 0) || math.IsNaN(v):
		return 0, t.wrong(i, "a finite number", field)
	}
	return v, nil
}

// wrong returns an error about field i of the current line.
func (t *tableReader) wrong(i int, want, got string) error {
	line, _ := t.in.FieldPos(i)
	if t.NoHeader {
		return fmt.Errorf("line %d, column %d: got %q, want %s", line, i+1, got, want)
	}
	return fmt.Errorf("line %d, column %d (%s): got %q, want %s", line, i+1, t.columns[i].name, got, want)
}

// table returns the table of all lines.
func (t *tableReader) table() (*Table, error) {
	table := &Table{Columns: t.names(useX)}
	if t.Classes {
		table.Classes = classNames(t.classes)
		for _, name := range t.classes {
			i, _ := slices.BinarySearchFunc(table.Classes, name, classOrder(table.Classes))
			t.y = append(t.y, float64(i))
		}
	}
	var err error
	if table.X, err = t.tensor(t.x, t.lines, len(table.Columns)); err != nil {
		return nil, err
	}
	switch {
	case t.Classes:
		table.Y, err = t.tensor(t.y, t.lines)
	case len(t.Target) > 0:
		table.Y, err = t.tensor(t.y, t.lines, len(t.Target))
	}
	return table, err
}

// tensor returns values as a tensor with elements of type DType.
func (t *tableReader) tensor(values []float64, shape ...int) (*tensor.Dense, error) {
	switch t.DType {
	case tensor.Dtype{}, tensor.Float32:
		single := make([]float32, len(values))
		for i, v := range values {
			single[i] = float32(v)
		}
		return dense(single, shape...), nil
	case tensor.Float64:
		return dense(values, shape...), nil
	}
	return nil, fmt.Errorf("DType: got %v, want float32 or float64", t.DType)
}

// classNames returns the distinct names, in order.
func classNames(names []string) []string {
	names = slices.Clone(names)
	slices.SortFunc(names, classOrder(names))
	return slices.Compact(names)
}

// classOrder returns a comparison of names: numerical if all names are numbers, else alphabetical.
func classOrder(names []string) func(a, b string) int {
	for _, name := range names {
		if _, err := strconv.ParseFloat(name, 64); err != nil {
			return cmp.Compare[string]
		}
	}
	return func(a, b string) int {
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	}
}
