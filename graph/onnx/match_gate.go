package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A term is a summand of a gate's argument: the columns of an item from one on.
type term struct{ item, from int }

// terms returns the summands of item i's columns from the given one on.
func (net *network) terms(i, from int) (list []term) {
	it := &net.items[i]
	last := len(it.shape) - 1
	d, ok := defOf(it).(ops.Slice)
	switch {
	case ok && d.Axis == last && net.same(i):
		return net.terms(it.in[0], from+d.From)
	case net.code(i) == ops.Add && net.width(it.in[0]) == net.width(i) && net.width(it.in[1]) == net.width(i):
		return append(net.terms(it.in[0], from), net.terms(it.in[1], from)...)
	}
	return []term{{i, from}}
}

// width returns the last dimension of item i.
func (net *network) width(i int) dim {
	s := net.items[i].shape
	if len(s) == 0 {
		return dim{size: 1}
	}
	return s[len(s)-1]
}

// A gateMatcher collects the summands of a gate's argument.
type gateMatcher struct {
	*matcher
	gate
	xs, products int
	outside      []columns // biases of the product of x, which are outside the loop
	inside, deep []columns // biases inside the loop; deep ones are within what the reset gate is applied to
	reset        int       // the argument of the reset gate
}

// gate adds the gate whose argument is item i: the sum of columns of a product of x, of a product of h, and of biases. If reset is not
// nil, a reset gate is applied to h or to its product, and reset becomes its argument.
func (m *matcher) gate(i int, reset *int) bool {
	g := gateMatcher{matcher: m, reset: -1}
	for _, t := range m.terms(i, 0) {
		if !g.term(t, reset != nil, &g.inside) {
			return false
		}
	}
	apart := reset != nil && !m.f.before
	g.biases = [2][]columns{g.outside, g.inside}
	if apart {
		g.biases = [2][]columns{append(g.outside, g.inside...), g.deep}
	}
	if all := slices.Concat(g.biases[0], g.biases[1]); !apart && len(all) == 2 {
		g.biases = [2][]columns{all[:1], all[1:]}
	}
	if reset != nil {
		*reset = g.reset
	}
	m.f.gates = append(m.f.gates, g.gate)
	return g.xs == 1 && g.products == 1 && len(g.biases[0]) <= 1 && len(g.biases[1]) <= 1
}

// term adds a summand. gated says that the product of h has a reset gate.
func (g *gateMatcher) term(t term, gated bool, biases *[]columns) bool {
	it := &g.items[t.item]
	if k := slices.Index(g.body.xs, t.item); k >= 0 {
		g.xs++
		return biases == &g.inside && g.features(g.scan.in[len(g.states)+k], t.from)
	}
	if it.capture {
		*biases = append(*biases, g.outer.columns(columns{item: it.outer, from: t.from}))
		return true
	}
	if d, ok := defOf(it).(ops.MatMul); ok {
		h, r := it.in[0], &g.items[it.in[1]]
		if g.products++; d.TA || !r.capture || len(r.shape) != 2 {
			return false
		}
		g.r = g.outer.columns(columns{r.outer, t.from, d.TB})
		if !gated || biases == &g.deep {
			return h == g.states[g.f.h]
		}
		g.f.before = true
		return g.pair(h, ops.Mul, func(a, b int) bool { g.reset = g.of(a, ops.Sigmoid); return g.reset >= 0 && b == g.states[g.f.h] })
	}
	if !gated || biases == &g.deep || t.from != 0 {
		return false
	}
	return g.pair(t.item, ops.Mul, func(a, b int) bool {
		if g.reset = g.of(a, ops.Sigmoid); g.reset < 0 {
			return false
		}
		for _, t := range g.terms(b, 0) {
			if !g.term(t, true, &g.deep) {
				return false
			}
		}
		return true
	})
}

// features finds the product that a sequence of the loop is: at item i of the network outside, columns from one on.
func (g *gateMatcher) features(i, from int) bool {
	net := g.outer
	batch, time := g.items[g.states[g.f.h]].shape[0], g.steps
	products, view := 0, i
	if i = net.base(i); net.width(i) != net.width(view) {
		return false
	}
	for _, t := range net.terms(i, from) {
		i := net.base(t.item)
		it := &net.items[i]
		d, ok := defOf(it).(ops.MatMul)
		if !ok && net.isVector(t.item) {
			g.outside = append(g.outside, net.columns(columns{item: t.item, from: t.from}))
			continue
		}
		products++
		if i != t.item { // a view of a product, or of a sum with one
			if !g.features(t.item, t.from) {
				return false
			}
			continue
		}
		if !ok {
			return false
		}
		w := &net.items[it.in[1]]
		rows, n := it.shape[:len(it.shape)-1], net.width(it.in[0])
		if d.TA || len(w.shape) != 2 || n.vars != "" || !sameSize(rows, shape{time, batch}) {
			return false
		}
		x := net.base(it.in[0])
		if g.f.x >= 0 && (x != g.f.x || n != g.f.features) {
			return false
		}
		g.f.x, g.f.features = x, n
		g.w = net.columns(columns{it.in[1], t.from, d.TB})
	}
	return products == 1
}

// isVector reports whether item i has only one row.
func (net *network) isVector(i int) bool {
	s := net.items[i].shape
	return len(s) > 0 && net.width(i).vars == "" && sameSize(s[:len(s)-1], nil)
}

// columns looks through what only takes columns.
func (net *network) columns(c columns) columns {
	for {
		it := &net.items[c.item]
		if len(it.in) == 0 {
			return c
		}
		axis := len(it.shape) - 1
		if c.turned {
			axis--
		}
		switch d := defOf(it).(type) {
		case ops.Slice:
			if d.Axis != axis || !net.same(c.item) {
				return c
			}
			c.from += d.From
		case ops.Reshape:
			if !net.isVector(c.item) || !net.isVector(it.in[0]) || net.width(c.item) != net.width(it.in[0]) {
				return c
			}
		default:
			return c
		}
		c.item = it.in[0]
	}
}

// sameSize reports whether two shapes have as many elements, for any sizes.
func sameSize(a, b shape) bool { return count(a) == count(b) }

// count returns the number of elements of a shape.
func count(s shape) dim {
	n := dim{size: 1}
	for _, d := range s {
		n.size *= d.size
		n.vars += d.vars
	}
	vars := []rune(n.vars)
	slices.Sort(vars)
	n.vars = string(vars)
	return n
}
