package onnx

import "fmt"

// reshapeTo returns the value of a shape for Reshape of a value of the shape from. A single dimension that is not constant becomes
// -1. If there are several, a dimension that is at the same place in from becomes 0, which keeps it.
func (w *writer) reshapeTo(s, from shape) string {
	list := make([]int, len(s))
	open, kept := 0, 0
	for i, d := range s {
		if list[i] = d.size; d.vars == "" {
			continue
		}
		list[i] = -1
		open++
		if i < len(from) && from[i] == d {
			kept++
		}
	}
	if open >= 2 && kept >= open-1 {
		kept = 0
		for i, d := range s {
			if kept < open-1 && d.vars != "" && i < len(from) && from[i] == d {
				list[i] = 0
				kept++
			}
		}
	} else if open >= 2 {
		return w.dims(s)
	}
	return w.integers(list...)
}

// dims returns the value of a list of dimensions: a constant, or a Concat of constants and sizes.
func (w *writer) dims(s shape) string {
	list := make([]int, len(s))
	parts := make([]string, len(s))
	depends := false
	for i, d := range s {
		list[i] = d.size
		depends = depends || d.vars != ""
	}
	if !depends {
		return w.integers(list...)
	}
	for i, d := range s {
		parts[i] = w.size(d)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return w.node("Concat", parts, intAttribute("axis", 0))
}

// size returns the value of a dimension, as a list of one integer.
func (w *writer) size(d dim) string {
	size := w.integers(d.size)
	v := ""
	for _, s := range d.vars {
		if v == "" {
			v = w.symbol(int(s))
		} else {
			v = w.node("Mul", []string{v, w.symbol(int(s))})
		}
	}
	switch {
	case v == "":
		return size
	case d.size != 1:
		return w.node("Mul", []string{v, size})
	}
	return v
}

// symbol returns the value of a symbol, as a list of one integer.
func (w *writer) symbol(n int) string {
	v, ok := w.findSymbol(n)
	if !ok && w.err == nil {
		w.err = fmt.Errorf("%s: got a size that is neither one of a value before it nor a multiple of one, plus a constant", w.where)
	}
	return v
}

// findSymbol returns the value of a symbol, and whether there is one: a dimension of an input, a dimension of a value that is written,
// or a number computed from another symbol. In the body of a loop, values outside come first, which are computed once.
func (w *writer) findSymbol(n int) (v string, ok bool) {
	if w.outer != nil {
		if v, ok := w.outer.findSymbol(n); ok {
			return v, ok
		}
	}
	s := w.symbols.list[n]
	key := "batch"
	if n > 0 {
		key = fmt.Sprint("symbol ", n)
	}
	if v, ok := w.consts[key]; ok {
		return v, ok
	}
	part := func(value string, axis int) string {
		shape := w.node("Shape", []string{value})
		return w.node("Slice", []string{shape, w.integers(axis), w.integers(axis + 1), w.integers(0)})
	}
	if s.input >= 0 && w.outer == nil {
		v = part(w.graph.Inputs[s.input].Name, s.axis)
	}
	for _, m := range w.made {
		for axis, d := range m.shape {
			if v == "" && d == (dim{1, string(rune(n))}) {
				v = part(m.value, axis)
			}
		}
	}
	if v == "" && s.of >= 0 {
		if _, ok := w.findSymbol(s.of); ok {
			v = w.size(dim{s.by, string(rune(s.of))})
			if s.add != 0 {
				v = w.node("Add", []string{v, w.integers(s.add)})
			}
		}
	}
	if v != "" {
		w.consts[key] = v
	}
	return v, v != ""
}
