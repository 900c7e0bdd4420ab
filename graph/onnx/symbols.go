package onnx

import (
	"fmt"
	"slices"
	"strings"
)

// A dim is a dimension: size, times the product of symbols. vars lists these by their numbers, as runes in ascending order.
type dim struct {
	size int
	vars string
}

type shape []dim

// batchSymbol is the vars of the batch.
const batchSymbol = "\x00"

// A symbol is a size that is not known when a file is written: the batch, a dimension of an input that is graph.Any, or one that is
// computed from these.
type symbol struct {
	name  string
	sizes []int // at each point

	input, axis int // the dimension of an input; input is -1 if it is not one

	of, by, add int // if it is not: it is the symbol of, times by, plus add, if of is not -1
}

// symbols are the symbols of a network, the batch first.
type symbols struct {
	list  []symbol
	found map[string]dim // of sizes
	grow  bool           // there may be more than the batch
}

// newSymbols returns the batch, and a symbol for each dimension of the inputs that is graph.Any. Those that have the same size at
// all points are one symbol.
func newSymbols(points []point, names []string) *symbols {
	t := &symbols{found: map[string]dim{}}
	batch := symbol{name: "batch", of: -1}
	for _, p := range points {
		batch.sizes = append(batch.sizes, p.batch)
	}
	t.list = []symbol{batch}
	for i, s := range points[0].shapes {
		for axis := range s {
			sizes := make([]int, len(points))
			for k, p := range points {
				sizes[k] = p.shapes[i][axis]
			}
			if _, ok := t.dimOf(sizes); ok {
				continue
			}
			name := dimName(len(s), axis)
			if i > 0 {
				name = names[i] + "_" + name
			}
			t.add(symbol{name: t.unique(name), sizes: sizes, input: i, axis: axis + 1, of: -1})
		}
	}
	t.grow = len(t.list) > 1
	return t
}

// dimName returns the usual name of a dimension of a sample of the given rank.
func dimName(rank, axis int) string {
	switch {
	case rank <= 2 && axis == 0:
		return "time"
	case rank == 2:
		return "length"
	case rank == 3 && axis > 0:
		return []string{"height", "width"}[axis-1]
	}
	return fmt.Sprint("dim", axis+1)
}

func (t *symbols) unique(name string) string {
	for n, base := 2, name; slices.ContainsFunc(t.list, func(s symbol) bool { return s.name == name }); n++ {
		name = fmt.Sprint(base, "_", n)
	}
	return name
}

func (t *symbols) add(s symbol) {
	t.list = append(t.list, s)
	clear(t.found)
}

// dimOf returns the dimension with the given sizes at the points, and whether there is one.
func (t *symbols) dimOf(sizes []int) (dim, bool) {
	if !varies(sizes) {
		return dim{size: sizes[0]}, true
	}
	key := fmt.Sprint(sizes)
	if d, ok := t.found[key]; ok {
		return d, true
	}
	const most = 3 // symbols in a product
	for depth := 1; depth <= most && slices.Min(sizes) > 0; depth++ {
		if d, ok := t.factor(sizes, depth, 0); ok {
			t.found[key] = d
			return d, true
		}
	}
	return dim{}, false
}

// factor returns sizes as a number times depth symbols, whose numbers are at least from.
func (t *symbols) factor(sizes []int, depth, from int) (dim, bool) {
	if depth == 0 {
		return dim{size: sizes[0]}, !varies(sizes)
	}
	rest := make([]int, len(sizes))
next:
	for s := from; s < len(t.list); s++ {
		for i, n := range t.list[s].sizes {
			if sizes[i]%n != 0 {
				continue next
			}
			rest[i] = sizes[i] / n
		}
		if d, ok := t.factor(rest, depth-1, s); ok {
			d.vars = string(rune(s)) + d.vars
			return d, true
		}
	}
	return dim{}, false
}

func varies(sizes []int) bool {
	return slices.ContainsFunc(sizes, func(n int) bool { return n != sizes[0] })
}

// define is dimOf, but makes a new symbol of sizes that no others make up.
func (t *symbols) define(sizes []int) (dim, bool) {
	d, ok := t.dimOf(sizes)
	if ok || !t.grow || slices.Min(sizes) < 1 {
		return d, ok
	}
	s := symbol{name: t.unique(fmt.Sprint("size", len(t.list))), sizes: slices.Clone(sizes), input: -1, of: -1}
	for of, other := range t.list {
		if by, add, ok := line(other.sizes, sizes); ok {
			s.of, s.by, s.add = of, by, add
			break
		}
	}
	t.add(s)
	return t.dimOf(sizes)
}

// line returns by and add such that b is a·by + add, where by is 1 or more.
func line(a, b []int) (by, add int, ok bool) {
	last := len(a) - 1
	if d := a[last] - a[0]; d == 0 || (b[last]-b[0])%d != 0 {
		return 0, 0, false
	} else if by = (b[last] - b[0]) / d; by < 1 {
		return 0, 0, false
	}
	add = b[0] - a[0]*by
	for i := range a {
		ok = a[i]*by+add == b[i]
		if !ok {
			break
		}
	}
	return by, add, ok
}

// text returns the name of a dimension in a file.
func (t *symbols) text(d dim) string {
	var parts []string
	if d.size != 1 {
		parts = append(parts, fmt.Sprint(d.size))
	}
	for _, s := range d.vars {
		parts = append(parts, t.list[s].name)
	}
	return strings.Join(parts, "*")
}
