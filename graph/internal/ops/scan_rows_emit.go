package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// countUses fills uses.
func (b *rowBuilder[T]) countUses(results []*Node) {
	b.uses = map[*Node]int{}
	for _, n := range b.order {
		for _, in := range Of(n).In {
			b.uses[b.root[in]]++
		}
	}
	for _, n := range results {
		b.uses[b.root[n]]++
	}
}

// emit fills the phases.
func (b *rowBuilder[T]) emit(results []*Node) {
	b.phases = make([]rowPhase[T], b.last+1)
	b.done = map[*Node]bool{}
	for p := range b.phases {
		b.free = map[int][]rowRef{}
		left := slices.DeleteFunc(slices.Clone(b.order), func(n *Node) bool { return b.phase[n] != p })
		for len(left) > 0 {
			for _, n := range left {
				b.emitReady(n, &b.phases[p])
			}
			before := len(left)
			left = slices.DeleteFunc(left, func(n *Node) bool { return b.done[n] })
			if len(left) == before { // cells that wait for each other
				for _, n := range left {
					delete(b.groups, n)
				}
			}
		}
	}
	final := &b.phases[b.last]
	for i, n := range results {
		w := Shape(n)[1]
		if r := (rowRef{base: b.resultBase(i), stride: w, width: w}); b.ref(n) != r {
			final.copy(r, b.ref(n))
		}
	}
}

// emitReady adds what computes n, if all that it reads is there.
func (b *rowBuilder[T]) emitReady(n *Node, p *rowPhase[T]) {
	nodes, in, g := []*Node{n}, Of(n).In, b.groups[n]
	if g != nil {
		nodes, in = g.inside(), g.nodes[:g.inputs]
	}
	if b.done[n] || slices.ContainsFunc(in, func(n *Node) bool { return b.isOwner(b.root[n]) && !b.done[b.root[n]] }) {
		return
	}
	for _, n := range nodes {
		b.done[n] = true
	}
	if g != nil {
		b.emitCell(g, p)
	} else {
		b.emitNode(n, p)
	}
}

// emitCell adds the link of a cell.
func (b *rowBuilder[T]) emitCell(g *rowGroup[T], p *rowPhase[T]) {
	l := rowLink[T]{cell: g.f}
	for _, n := range g.nodes[:g.inputs] {
		l.values = append(l.values, b.ref(n))
	}
	for _, k := range g.outputs {
		n := g.nodes[k]
		if _, placed := b.refs[n]; !placed {
			b.refs[n] = b.takeTemp(Shape(n)[1])
		}
		l.values = append(l.values, b.refs[n])
	}
	for _, n := range g.inside() {
		for _, in := range Of(n).In {
			b.used(in)
		}
	}
	p.links = append(p.links, l)
}

func (b *rowBuilder[T]) emitNode(n *Node, p *rowPhase[T]) {
	o := Of(n)
	switch d := o.Def.(type) {
	case MatMul:
		s := o.InShape(1)
		var right int
		for i, c := range b.Captures {
			if c == o.In[1] {
				right = i
			}
		}
		p.products = append(p.products, rowProduct[T]{dst: b.refs[n], a: b.ref(o.In[0]), right: right, rows: s[0], cols: s[1], t: d.TB})
	case Concat:
		at := 0
		for _, in := range o.In {
			at += b.join(n, in, at, p)
		}
	case Pad:
		r := b.refs[n]
		zero := b.zero()
		if d.Before > 0 {
			p.copy(rowRef{r.base, r.at, r.stride, d.Before}, zero)
		}
		if d.After > 0 {
			p.copy(rowRef{r.base, r.at + r.width - d.After, r.stride, d.After}, zero)
		}
		b.join(n, o.In[0], d.Before, p)
	case Map:
		b.link(n, o, d, p)
	}
}

// zero returns a constant 0.
func (b *rowBuilder[T]) zero() rowRef {
	b.numbers = append(b.numbers, 0)
	return rowRef{base: numberBase, at: len(b.numbers) - 1, width: 1}
}

// join copies a value to columns of the node n, unless it is there, and returns its width.
func (b *rowBuilder[T]) join(n, in *Node, at int, p *rowPhase[T]) int {
	r, w := b.refs[n], Shape(in)[1]
	dst := rowRef{r.base, r.at + at, r.stride, w}
	if from := b.ref(in); from != dst {
		p.copy(dst, from)
	}
	b.used(in)
	return w
}

// copy adds a link that copies a value, or repeats a number.
func (p *rowPhase[T]) copy(dst, from rowRef) {
	link := rowLink[T]{dst: dst, a: from, b: from, f: func(dst, a, _ []T) { copy(dst, a) }, code: Copy}
	if from.width < dst.width {
		link.f = func(dst, a, _ []T) { kernels.Fill(dst, a[0]) }
	}
	p.links = append(p.links, link)
}

// link adds the link of an element-wise function.
func (b *rowBuilder[T]) link(n *Node, o *Op, m Map, p *rowPhase[T]) {
	w := o.Shape[1]
	l := rowLink[T]{a: b.ref(o.In[0]), f: function[T](m), code: m.Code}
	l.b = l.a
	if m.Code.Arity() == 2 {
		l.b = b.ref(o.In[1])
	}
	two := m.Code.Arity() == 2
	repeatA, repeatB := l.a.width < w, l.b.width < w && two
	if repeatA != repeatB && two {
		if f := withNumber[T](m.Code, repeatA); f != nil {
			l.f, repeatA, repeatB = f, false, false
		}
	}
	if repeatA {
		l.spareA = b.takeTemp(w)
	}
	if repeatB {
		l.spareB = b.takeTemp(w)
	}
	for _, in := range o.In {
		b.used(in)
	}
	if _, placed := b.refs[n]; !placed {
		b.refs[n] = b.takeTemp(w)
	}
	l.dst = b.refs[n]
	for _, r := range []rowRef{l.spareA, l.spareB} {
		if r.width > 0 {
			b.free[w] = append(b.free[w], r)
		}
	}
	p.links = append(p.links, l)
}

// takeTemp returns memory for one row. It may be that of an argument which nothing else reads: functions may write to that.
func (b *rowBuilder[T]) takeTemp(w int) rowRef {
	if list := b.free[w]; len(list) > 0 {
		b.free[w] = list[:len(list)-1]
		return list[len(list)-1]
	}
	r := rowRef{base: tempBase, at: b.temps, width: w}
	b.temps += (w + scanAlign - 1) / scanAlign * scanAlign
	return r
}

// used counts a use of a value, after whose last one its temp is free.
func (b *rowBuilder[T]) used(n *Node) {
	m := b.root[n]
	b.uses[m]--
	if r, ok := b.refs[m]; ok && r.base == tempBase && b.uses[m] == 0 {
		b.free[r.width] = append(b.free[r.width], r)
	}
}
