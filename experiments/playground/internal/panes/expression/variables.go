package expression

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A variable is a name with its value: a number has the shape (1), a list (n), a list of lists (m, n).
type variable struct {
	name   string
	shape  []int
	values []float64
	text   string
}

// variables reads lines such as w = [[1, 2], [3, 4]].
func variables(text string) (list []variable, err error) {
	for line := range strings.Lines(strings.ReplaceAll(text, ";", "\n")) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		v := variable{name: strings.TrimSpace(name), text: strings.TrimSpace(value)}
		if !ok || !isName(v.name) {
			return nil, fmt.Errorf("expression: got the line %.40q, want name = value", strings.TrimSpace(line))
		}
		if slices.ContainsFunc(list, func(o variable) bool { return o.name == v.name }) {
			return nil, fmt.Errorf("expression: got two values of %s, want one", v.name)
		}
		if err := v.read(); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func isName(s string) bool {
	for i := range len(s) {
		if !letter(s[i]) && (i == 0 || !digit(s[i]) || s[i] == '.') {
			return false
		}
	}
	return s != ""
}

// read sets the shape and the values from the text.
func (v *variable) read() error {
	var number float64
	var row []float64
	var rows [][]float64
	switch {
	case json.Unmarshal([]byte(v.text), &number) == nil:
		v.shape, v.values = []int{1}, []float64{number}
	case json.Unmarshal([]byte(v.text), &row) == nil:
		v.shape, v.values = []int{len(row)}, row
	case json.Unmarshal([]byte(v.text), &rows) == nil && len(rows) > 0:
		v.shape = []int{len(rows), len(rows[0])}
		for _, r := range rows {
			if len(r) != len(rows[0]) {
				return fmt.Errorf("expression: %s: got rows of %d and %d numbers, want equal ones", v.name, len(rows[0]), len(r))
			}
			v.values = append(v.values, r...)
		}
	default:
		return fmt.Errorf("expression: %s: got %.40q, want a number, [1, 2] or [[1, 2], [3, 4]]", v.name, v.text)
	}
	if n := len(v.values); n < 1 || n > 64 {
		return fmt.Errorf("expression: %s: got %d numbers, want 1 to 64", v.name, n)
	}
	return nil
}

func (v variable) tensor() *graph.Tensor {
	return tensor.New(tensor.WithShape(v.shape...), tensor.WithBacking(slices.Clone(v.values)))
}
