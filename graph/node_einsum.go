package graph

import (
	"errors"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Einsum returns a sum of products in Einstein's notation, as NumPy's einsum. The equation names the dimensions of each node by
// letters, and those of the result: "ij,jk->ik" is a matrix product, "bij,bjk->bik" one for each b, "ii->i" a diagonal, "ij->"
// the sum. Dimensions of one letter must be equal or 1; those that the result does not have are summed over. "..." stands for any
// other dimensions, which broadcast. Without "->" the result has the dimensions of "..." and then the letters that appear
// once, in alphabetical order. The nodes are combined from left to right. The result has a node's mask if it has the letters of that
// node's batch and time.
func Einsum(equation string, nodes ...Node) Node {
	if len(nodes) == 0 {
		return Node{err: errors.New("graph: Einsum: got no nodes, want at least one")}
	}
	for _, x := range nodes {
		if x.err != nil {
			return x
		}
	}
	e, err := newEinsum(equation, nodes)
	if err != nil {
		return nodes[0].fail("Einsum", err)
	}
	y := e.reduced(e.terms[0], e.terms[1:])
	for i, t := range e.terms[1:] {
		rest := e.terms[2+i:]
		y = e.combine(y, e.reduced(t, append([]einsumTerm{y}, rest...)), rest)
	}
	return e.masked(e.ordered(y, e.out))
}

// masked returns the result y with the masks of the terms. The operations that y is made of merge dimensions, and so would keep a
// mask for some sizes only.
func (e *einsum) masked(y Node) Node {
	if y.err != nil {
		return y
	}
	y.mask = nil
	for _, t := range e.terms {
		m := t.x.mask
		if m == nil {
			continue
		}
		batch, time := slices.Index(e.out, t.labels[m.batch]), slices.Index(e.out, t.labels[m.time])
		if batch < 0 || time < 0 || batch == time {
			continue
		}
		m, err := y.b.repeatedMask(&stepMask{m.n, batch, time}, y.Shape())
		if err == nil {
			y.mask, err = y.b.both(y.mask, m)
		}
		if err != nil {
			return Node{err: err}
		}
	}
	return y
}

// needed reports whether the result or one of the terms has a label.
func (e *einsum) needed(label int, rest []einsumTerm) bool {
	return slices.Contains(e.out, label) || slices.ContainsFunc(rest, func(t einsumTerm) bool { return slices.Contains(t.labels, label) })
}

// reduced returns a term with the diagonals of repeated labels, without the labels that nothing else needs, which are summed over,
// and with dimensions of 1 repeated to the size of their label.
func (e *einsum) reduced(t einsumTerm, rest []einsumTerm) einsumTerm {
	shape := t.x.Shape()
	for i, l := range t.labels {
		shape[i] = e.sizes[l]
	}
	t.x = t.x.BroadcastTo(shape...)
	for i := 0; i < len(t.labels); i++ {
		for j := len(t.labels) - 1; j > i; j-- {
			if t.labels[j] == t.labels[i] {
				t = t.diagonal(i, j)
			}
		}
	}
	var labels, axes []int
	for i, l := range t.labels {
		if e.needed(l, rest) {
			labels = append(labels, l)
		} else {
			axes = append(axes, i)
		}
	}
	if len(axes) > 0 {
		t.x = t.x.Sum(axes...)
	}
	return einsumTerm{t.x, labels}
}

// diagonal returns the elements of a term whose positions in dimensions i < j are equal; i is kept.
func (t einsumTerm) diagonal(i, j int) einsumTerm {
	labels := slices.Delete(slices.Clone(t.labels), j, j+1)
	var perm []int
	for k := range t.labels {
		if k != i && k != j {
			perm = append(perm, k)
		}
	}
	shape := t.x.Shape()
	n, outer := shape[i], tensors.Size(shape)/(shape[i]*shape[j])
	// The n elements are n+1 apart in a row of n·n, so they are a column of a matrix of n+1 columns.
	x := t.x.Transpose(append(slices.Clone(perm), i, j)...).Reshape(outer, n*n).Pad(1, 0, n).Reshape(outer, n, n+1).Slice(2, 0, 1)
	var to []int
	for _, k := range perm {
		to = append(to, shape[k])
	}
	back := make([]int, len(labels)) // dimension i is the last one
	for k, at := range perm {
		back[at-b2i(at > j)] = k
	}
	back[i] = len(perm)
	return einsumTerm{x.Reshape(append(to, n)...).Transpose(back...), labels}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// combine returns the product of two terms, summed over the labels that neither the rest nor the result needs.
func (e *einsum) combine(a, b einsumTerm, rest []einsumTerm) einsumTerm {
	var both, sum, onlyA, onlyB []int
	for _, l := range a.labels {
		switch {
		case !slices.Contains(b.labels, l):
			onlyA = append(onlyA, l)
		case e.needed(l, rest):
			both = append(both, l)
		default:
			sum = append(sum, l)
		}
	}
	for _, l := range b.labels {
		if !slices.Contains(a.labels, l) {
			onlyB = append(onlyB, l)
		}
	}
	labels := slices.Concat(both, onlyA, onlyB)
	batch, rows, depth, columns := e.size(both), e.size(onlyA), e.size(sum), e.size(onlyB)
	x, y := e.ordered(a, slices.Concat(both, onlyA, sum)), e.ordered(b, slices.Concat(both, sum, onlyB))
	var product Node
	switch {
	case len(sum) == 0:
		product = x.Reshape(batch, rows, 1).Mul(y.Reshape(batch, 1, columns))
	case len(both) == 0:
		product = x.Reshape(rows, depth).MatMul(y.Reshape(depth, columns))
	default:
		product = x.Reshape(batch, rows, depth).MatMul(y.Reshape(batch, depth, columns))
	}
	shape := make([]int, len(labels))
	for i, l := range labels {
		shape[i] = e.sizes[l]
	}
	return einsumTerm{product.Reshape(shape...), labels}
}

// size returns the number of elements of dimensions with the given labels.
func (e *einsum) size(labels []int) int {
	n := 1
	for _, l := range labels {
		n *= e.sizes[l]
	}
	return n
}

// ordered returns a term's node with its dimensions in the order of the labels.
func (e *einsum) ordered(t einsumTerm, labels []int) Node {
	if len(labels) == 0 {
		return t.x
	}
	perm := make([]int, len(labels))
	for i, l := range labels {
		perm[i] = slices.Index(t.labels, l)
	}
	return t.x.Transpose(perm...)
}
