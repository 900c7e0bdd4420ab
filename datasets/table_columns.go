package datasets

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
)

// columnBytes is the memory that a column takes without its values.
const columnBytes = 1 << 10

// setColumns sets the columns that the table has.
func (b *builder) setColumns(names []string, strings map[string]bool) error {
	if b.classes && len(b.target) == 0 {
		return errors.New("Target: got no columns, want at least 1, since Classes is set")
	}
	index := make(map[string]int, len(names))
	for i, name := range names {
		if j, ok := index[name]; ok {
			return fmt.Errorf("column %d: got the name %.64q of column %d again, want another name", i+1, name, j+1)
		}
		index[name] = i
	}
	known := func(option string, list []string) error {
		seen := map[string]bool{}
		for _, name := range list {
			if _, ok := index[name]; !ok {
				return fmt.Errorf("%s: got %.64q, want names of the columns %s", option, name, some(names))
			}
			if seen[name] {
				return fmt.Errorf("%s: got column %.64q twice, want it once", option, name)
			}
			seen[name] = true
		}
		return nil
	}
	if err := errors.Join(known("Use", b.use), known("Skip", b.skip), known("Target", b.target),
		known("Kinds", slices.Sorted(maps.Keys(b.kinds)))); err != nil {
		return err
	}
	set := func(list []string) map[string]bool {
		m := make(map[string]bool, len(list))
		for _, name := range list {
			m[name] = true
		}
		return m
	}
	use, skip, target := set(b.use), set(b.skip), set(b.target)
	for _, name := range b.target {
		if skip[name] || b.use != nil && !use[name] {
			return fmt.Errorf("Target: got column %.64q, which Skip or Use leave out, want it in the table", name)
		}
	}
	for i, name := range names {
		if skip[name] || b.use != nil && !use[name] {
			continue
		}
		if !utf8.ValidString(name) {
			return fmt.Errorf("column %d: got the name %.64q, %w", i+1, name, errUTF8)
		}
		c := &column{Field: graph.Field{Name: name, Target: target[name]}, from: i}
		c.Kind, c.fixed = b.kinds[name]
		switch c.Kind {
		case "", graph.KindNumber, graph.KindCategory, graph.KindText, graph.KindTime:
		default:
			return fmt.Errorf("Kinds: %.64q: got %.64q, want number, category, text or time", name, c.Kind)
		}
		if !c.fixed && c.Target && b.classes {
			c.Kind, c.fixed = graph.KindCategory, true
		} else if strings[name] {
			c.Kind = graph.KindCategory
		}
		b.columns = append(b.columns, c)
		b.used += columnBytes
	}
	if !slices.ContainsFunc(b.columns, func(c *column) bool { return !c.Target }) {
		return errors.New("Target, Use and Skip: got no other columns, want at least one besides the targets")
	}
	return nil
}

// some lists names for an error.
func some(names []string) string {
	if len(names) > 20 {
		return fmt.Sprintf("%.64q and %d more", names[:20], len(names)-20)
	}
	return fmt.Sprintf("%.64q", names)
}
