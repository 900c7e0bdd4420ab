package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// files holds the tables that come with the program; NOTICE has their licences.
//
//go:embed data
var files embed.FS

// A source is a table that comes with the program.
type source struct{ name, file, target string }

var sources = []source{{"iris", "iris.csv", "species"}, {"wine", "wine.csv", "cultivar"}, {"cancer", "breast_cancer.csv", "diagnosis"},
	{"digits", "digits.csv.gz", "digit"}, {"diabetes", "diabetes.csv", "progression"}}

// sourceNames lists the names for the flag -data.
func sourceNames() []string {
	var names []string
	for _, s := range sources {
		names = append(names, s.name)
	}
	return names
}

// sourceNamed returns the source of a name.
func sourceNamed(name string) (source, error) {
	i := slices.Index(sourceNames(), name)
	if i < 0 {
		return source{}, fmt.Errorf("-data: got %q, want one of %s", name, strings.Join(sourceNames(), ", "))
	}
	return sources[i], nil
}

// embedded returns the table of a name.
func embedded(name string) (*datasets.Table, error) {
	s, err := sourceNamed(name)
	if err != nil {
		return nil, err
	}
	data, err := files.ReadFile("data/" + s.file)
	if err != nil {
		return nil, err
	}
	r := io.Reader(bytes.NewReader(data))
	if strings.HasSuffix(s.file, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, err
		}
	}
	return datasets.CSV{Target: []string{s.target}, Classes: name == "digits"}.Read(r, s.file)
}

// load returns the table that the flags name, and the name of its target.
func (s settings) load() (*datasets.Table, string, error) {
	if s.CSV == "" {
		table, err := embedded(s.Data)
		if err != nil {
			return nil, "", err
		}
		return table, targetOf(table).Name, nil
	}
	c := datasets.CSV{Target: []string{s.Target}, Comma: []rune(s.Comma)[0], Decimal: []rune(s.Decimal)[0], Classes: s.Task == "classes"}
	if s.Task == "number" {
		c.Kinds = map[string]graph.Kind{s.Target: graph.KindNumber}
	}
	table, err := c.Open(s.CSV)
	if err == nil && s.Task == "auto" && few(table) {
		c.Classes = true
		table, err = c.Open(s.CSV)
	}
	if err == nil {
		err = checkTarget(table)
	}
	return table, s.Target, err
}

// checkTarget returns an error unless each row has a target, which is a number or one of two classes or more.
func checkTarget(table *datasets.Table) error {
	target := targetOf(table)
	if target.Kind == graph.KindTime {
		return fmt.Errorf("-target: got times in column %q, want numbers or classes; -task classes takes them as such", target.Name)
	}
	row, seen := 0, map[any]bool{}
	for values := range table.Rows() {
		row++
		v := values[target.Name]
		if v == nil {
			return fmt.Errorf("-target: row %d of the data: got no value in column %q, want one in each row", row, target.Name)
		}
		seen[v] = true
	}
	if len(seen) < 2 && target.Kind != graph.KindNumber {
		return fmt.Errorf("-target: got one class in column %q, want two or more", target.Name)
	}
	return nil
}

// targetOf returns the target of a table.
func targetOf(table *datasets.Table) graph.Field {
	list := table.Fields()
	return list[slices.IndexFunc(list, func(f graph.Field) bool { return f.Target })]
}

// few reports whether the target is a number that looks like a class: an integer of at most 20 different ones.
func few(table *datasets.Table) bool {
	target := targetOf(table)
	if target.Kind != graph.KindNumber {
		return false
	}
	seen := map[float64]bool{}
	for row := range table.Rows() {
		v, ok := row[target.Name].(float64)
		if seen[v] = true; !ok || v != math.Floor(v) || len(seen) > 20 {
			return false
		}
	}
	return true
}

// split divides rows into two parts, the second with a fraction of them, each with all classes in proportion.
func split(table *datasets.Table, fraction float64, seed uint64) (a, b *datasets.Table, err error) {
	parts, err := splitter(table, seed).Parts(table.Len(), 1-fraction, fraction)
	if err != nil {
		return nil, nil, err
	}
	if a, err = table.Take(parts[0]); err == nil {
		b, err = table.Take(parts[1])
	}
	return a, b, err
}

func splitter(table *datasets.Table, seed uint64) datasets.Splitter {
	s := datasets.Splitter{Seed: seed}
	if target := targetOf(table); target.Kind == graph.KindCategory {
		s.Labels, _ = table.Strings(target.Name)
	}
	return s
}
