package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// Arrays returns the numbers of a table as they are: X, (rows, columns), has the columns that are not targets; Y has the targets,
// (rows, targets), or the class numbers, (rows), if the target is one column of strings. Class i is Classes()[i]. Y is nil
// without a target. A column of strings or times in X, a missing number, a number outside the range of CSV.DType, and a table without
// rows, as Take(nil) is, are errors.
func (t *Table) Arrays() (graph.Arrays, error) {
	if t.n == 0 {
		return graph.Arrays{}, errors.New("datasets: Table.Arrays: got no rows, want at least one")
	}
	var x []*column
	for _, c := range t.columns {
		if !c.Target {
			x = append(x, c)
		}
	}
	y := t.targets
	var a graph.Arrays
	var err error
	if a.X, err = t.tensor(x); err == nil && len(y) > 0 {
		if len(y) == 1 && y[0].Kind == graph.KindCategory {
			a.Y, err = t.classNumbers(y[0])
		} else {
			a.Y, err = t.tensor(y)
		}
	}
	if err != nil {
		return graph.Arrays{}, fmt.Errorf("datasets: Table.Arrays: %w", err)
	}
	return a, nil
}

// tensor returns the numbers of columns as a tensor.
func (t *Table) tensor(columns []*column) (*tensor.Dense, error) {
	values, limit := make([]float64, t.n*len(columns)), math.MaxFloat64
	if t.dtype != tensor.Float64 {
		limit = math.MaxFloat32
	}
	for j, c := range columns {
		if c.Kind != graph.KindNumber {
			return nil, fmt.Errorf("column %.64q: got %s, want numbers; layers.Columns prepares other kinds", c.Name, c.Kind)
		}
		for i := range t.n {
			v := c.numbers.at(t.row(i))
			if !(math.Abs(v) <= limit) {
				got := "no value"
				if v == v {
					got = fmt.Sprint(v)
				}
				return nil, fmt.Errorf("column %.64q, row %d: got %s, want a number in the range of the element type; layers.Columns replaces missing ones",
					c.Name, i, got)
			}
			values[i*len(columns)+j] = v
		}
	}
	return t.dense(values, t.n, len(columns)), nil
}

// dense returns values as a tensor of the table's element type.
func (t *Table) dense(values []float64, shape ...int) *tensor.Dense {
	if t.dtype == tensor.Float64 {
		return dense(values, shape...)
	}
	single := make([]float32, len(values))
	for i, v := range values {
		single[i] = float32(v)
	}
	return dense(single, shape...)
}

// Classes returns the names of the classes of the target: in numerical order if all are numbers, else in alphabetical order. They
// are those of the whole table, also for a part of it. It is nil unless the target is one column of strings.
func (t *Table) Classes() []string {
	y := t.targets
	if len(y) != 1 || y[0].Kind != graph.KindCategory {
		return nil
	}
	return y[0].words.distinct()
}

// classNumbers returns the numbers of the classes of the rows.
func (t *Table) classNumbers(c *column) (*tensor.Dense, error) {
	classes := c.words.distinct()
	index := make(map[string]int, len(classes))
	for i, name := range classes {
		index[name] = i
	}
	values := make([]float64, t.n)
	for i := range values {
		name, ok := c.words.at(t.row(i))
		if !ok {
			return nil, fmt.Errorf("column %.64q, row %d: got no value, want the name of a class", c.Name, i)
		}
		values[i] = float64(index[name])
	}
	return t.dense(values, t.n), nil
}

// distinct returns the different strings, in order.
func (w *words) distinct() []string {
	if !w.many {
		if len(w.list) == 0 {
			return nil
		}
		return classNames(w.list[1:])
	}
	seen := map[string]bool{}
	for i := range w.len() {
		if s, ok := w.at(i); ok {
			seen[s] = true
		}
	}
	list := make([]string, 0, len(seen))
	for s := range seen {
		list = append(list, s)
	}
	return classNames(list)
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
