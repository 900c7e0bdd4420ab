package ops

import "slices"

// A region is a part of a graph whose values derivatives compute again: the nodes with the numbers from <= n < to.
type region struct{ from, to int64 }

// Again calls f. Derivatives do not read the values of the nodes that f adds, but compute them again (Chen et al. 2016, Training
// Deep Nets with Sublinear Memory Cost): so a value does not need its memory until the derivative comes.
func (g *Graph) Again(f func()) {
	from := int64(len(g.G.AllNodes()))
	f()
	if to := int64(len(g.G.AllNodes())); from < to {
		g.regions = append(g.regions, region{from, to}) // a region follows those inside it
	}
}

// A recomputation makes the copies of the nodes of regions that one derivative reads. A copy is made when the derivative has come
// to the end of its region, and ops run in the order in which they are made. So a region is computed again just before its
// gradients, from its inputs; for a region inside another one, some of them are copies, and it is copied twice.
type recomputation struct {
	g     *Graph
	order []*Node // of the derivative, inputs before outputs
	done  []bool  // regions that have been copied
	copy  map[*Node]*Node
}

func (g *Graph) newRecomputation(order []*Node) *recomputation {
	return &recomputation{g: g, order: order, done: make([]bool, len(g.regions)), copy: map[*Node]*Node{}}
}

// of returns the node that a derivative reads in place of n. The derivative comes from the newest node to the oldest.
func (r *recomputation) of(n *Node) *Node {
	for i, at := range slices.Backward(r.g.regions[:len(r.done)]) {
		if !r.done[i] && at.from <= n.ID() && n.ID() < at.to {
			r.done[i] = true
			r.compute(at)
		}
	}
	return r.now(n)
}

func (r *recomputation) now(n *Node) *Node {
	if c, ok := r.copy[n]; ok {
		return c
	}
	return n
}

// compute copies the nodes of a region. It does not look for equal ones, which would find the nodes themselves.
func (r *recomputation) compute(at region) {
	g := r.g
	defer func(where string, p Phase) { g.Where, g.phase = where, p }(g.Where, g.phase)
	g.phase = Again
	number := func(n *Node, id int64) int { return int(n.ID() - id) }
	from, _ := slices.BinarySearchFunc(r.order, at.from, number)
	to, _ := slices.BinarySearchFunc(r.order, at.to, number)
	for _, n := range r.order[from:to] {
		o := Of(n)
		if o == nil {
			continue
		}
		in := make([]*Node, len(o.In))
		for i, x := range o.In {
			in[i] = r.now(x)
		}
		d := o.Def
		if s, ok := d.(*Scan); ok { // lowering computes loops of one Body and the same inputs once
			loop, body := *s, *s.Body
			loop.Body = &body
			d = &loop
		}
		g.Where = o.Where
		c := g.add(d, o.Shape, in)
		r.copy[n], g.origin[c] = c, g.original(n)
	}
}

// original returns the node that n is a copy of, or n.
func (g *Graph) original(n *Node) *Node {
	if o, ok := g.origin[n]; ok {
		return o
	}
	return n
}

// countCopies sets readers and kept as if each node and its copies were one. So ops are fused as they would be without copies, and
// compute the same bits.
func (l *lowering) countCopies(order []*Node) {
	l.readers, l.kept = map[*Node][]*Node{}, map[*Node]bool{}
	class := map[*Node][]*Node{} // the users of a node and its copies, one of each user and its copies
	for _, n := range order {
		from := l.from.original(n)
		l.kept[from] = l.kept[from] || l.keep[n]
		seen := map[*Node]bool{} // users of other copies
		for _, u := range class[from] {
			seen[l.from.original(u)] = true
		}
		for _, u := range l.users[n] {
			if !seen[l.from.original(u)] {
				class[from] = append(class[from], u)
			}
		}
	}
	for _, n := range order {
		from := l.from.original(n)
		l.readers[n], l.kept[n] = class[from], l.kept[from]
	}
}
