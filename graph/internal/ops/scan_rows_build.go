package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A rowBuilder makes a rowLoop. A root is a node that has memory of its own: an input, or an op that is not a view.
type rowBuilder[T kernels.Float] struct {
	*rowLoop[T]
	order  []*Node                // the roots that are ops, inputs before outputs
	root   map[*Node]*Node        // of the nodes in order and of views of them
	phase  map[*Node]int          // of the roots that are ops
	last   int                    // the last phase
	full   map[*Node]bool         // roots that need memory for all rows
	refs   map[*Node]rowRef       // where the values are
	uses   map[*Node]int          // of roots, by ops and results that are still to come
	free   map[int][]rowRef       // temps that no link uses any more, by their width
	groups map[*Node]*rowGroup[T] // cells, by the nodes that they compute
	done   map[*Node]bool         // roots whose links are there
}

// analyze finds the phases, and reports whether the body keeps rows apart.
func (b *rowBuilder[T]) analyze(results []*Node) bool {
	if len(results) == 0 || len(Shape(results[0])) != 2 || sizeOf(results[0]) == 0 {
		return false
	}
	b.rows = Shape(results[0])[0]
	for _, n := range Needed(results...) {
		o := Of(n)
		if o == nil {
			if b.root[n] = n; !slices.Contains(b.Captures, n) && !b.isRows(n) {
				return false
			}
			continue
		}
		if _, number := constant(n); number {
			b.root[n] = n
			continue
		}
		if !b.isRows(n) || !b.allowed(o) {
			return false
		}
		if b.isView(o) {
			b.root[n] = b.root[o.In[0]]
			continue
		}
		b.root[n], b.order = n, append(b.order, n)
		for _, in := range o.In {
			b.phase[n] = max(b.phase[n], b.phase[b.root[in]])
		}
		if isMatMul(o) {
			b.phase[n]++
		}
		b.last = max(b.last, b.phase[n])
		for _, in := range o.In {
			m := b.root[in]
			b.full[m] = b.full[m] || b.phase[n] > b.phase[m]
		}
	}
	for _, n := range results {
		if !b.isRows(n) {
			return false
		}
		m := b.root[n]
		b.full[m] = b.full[m] || b.phase[m] < b.last
	}
	return true
}

// isRows reports whether a node has the rows of the batch.
func (b *rowBuilder[T]) isRows(n *Node) bool { return len(Shape(n)) == 2 && Shape(n)[0] == b.rows }

// allowed reports whether an op of rows keeps them apart.
func (b *rowBuilder[T]) allowed(o *Op) bool {
	for i, in := range o.In {
		if _, number := constant(in); number || b.isRows(in) {
			continue
		}
		if s := Shape(in); len(s) > 2 || tensors.Size(s) != dimFromEnd(s, 1) && !(isMatMul(o) && i == 1) {
			return false
		}
	}
	switch d := o.Def.(type) {
	case Map, Broadcast:
		return true
	case MatMul:
		return !d.TA && b.isRows(o.In[0]) && slices.Contains(b.Captures, o.In[1]) && !b.isNumber(o.In[0])
	case Slice:
		return d.Axis == 1
	case Pad:
		return d.Axis == 1 && b.isRows(o.In[0])
	case Concat:
		return d.Axis == 1
	}
	return isPlain(o)
}

// isNumber reports whether the memory of a node has other rows than its shape: it is a constant or a Broadcast.
func (b *rowBuilder[T]) isNumber(n *Node) bool {
	for o := Of(n); o != nil; o = Of(n) {
		switch o.Def.(type) {
		case Fill, Broadcast:
			return true
		}
		if !b.isView(o) {
			return false
		}
		n = o.In[0]
	}
	return false
}

func isMatMul(o *Op) bool {
	_, ok := o.Def.(MatMul)
	return ok
}

// isView reports whether an op shares the memory of its input.
func (b *rowBuilder[T]) isView(o *Op) bool {
	switch o.Def.(type) {
	case Slice, Broadcast:
		return true
	}
	return isPlain(o)
}

// ref returns where a value is that has as many rows as the batch, or is the same in each row.
func (b *rowBuilder[T]) ref(n *Node) rowRef {
	if r, ok := b.refs[n]; ok {
		return r
	}
	r := rowRef{width: dimFromEnd(Shape(n), 1)}
	if b.isRows(n) {
		r.stride = r.width
	}
	if c, ok := constant(n); ok {
		r = rowRef{base: numberBase, at: len(b.numbers), width: 1}
		b.numbers = append(b.numbers, T(c))
	} else if o := Of(n); o != nil { // a view, for others have their place
		r = b.ref(o.In[0])
		if d, ok := o.Def.(Slice); ok && r.width > 1 {
			r.at, r.width = r.at+d.From, d.To-d.From
		}
	} else if i := slices.Index(b.States, n); i >= 0 {
		r.base = b.stateBase(i)
	} else if i := slices.Index(b.Xs, n); i >= 0 {
		r.base = b.xBase(i)
	} else {
		r.base = b.captureBase(slices.Index(b.Captures, n))
	}
	b.refs[n] = r
	return r
}

// place gives values a place: a result its own, a part of a concatenation or a pad a part of that, and others a buffer or, if
// only their phase reads them, a temp.
func (b *rowBuilder[T]) place(results []*Node) {
	for i, n := range results {
		for o := Of(n); o != nil && isPlain(o); o = Of(n) {
			n = o.In[0]
		}
		if _, placed := b.refs[n]; !placed && b.isOwner(n) {
			w := Shape(n)[1]
			b.refs[n] = rowRef{base: b.resultBase(i), stride: w, width: w}
		}
	}
	for _, n := range slices.Backward(b.order) {
		o := Of(n)
		before, join := 0, false
		switch d := o.Def.(type) {
		case Concat:
			join = true
		case Pad:
			before, join = d.Before, true
		}
		if _, placed := b.refs[n]; !placed && (join || isMatMul(o) || b.full[n]) {
			w := o.Shape[1]
			b.refs[n] = rowRef{base: b.bufferBase(len(b.buffers)), stride: w, width: w}
			b.buffers = append(b.buffers, rowBuffer[T]{width: w})
		}
		if !join {
			continue
		}
		at := before
		for _, in := range o.In {
			r, w := b.refs[n], Shape(in)[1]
			if _, placed := b.refs[in]; !placed && b.isOwner(in) {
				b.refs[in] = rowRef{r.base, r.at + at, r.stride, w}
			}
			at += w
		}
	}
}

// isOwner reports whether a node is an op with memory of its own.
func (b *rowBuilder[T]) isOwner(n *Node) bool {
	_, number := constant(n)
	return Of(n) != nil && !number && b.root[n] == n
}
