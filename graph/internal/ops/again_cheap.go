package ops

import "slices"

// againLimit is the memory in words from which on a program computes cheap values again: 128 MB. Smaller programs gain little by
// it, and their values stay in caches.
const againLimit = 128 << 20 / 8

// A thrift finds values that derivatives read and that take one pass over memory to compute from values that are kept anyway, such
// as the output of a ReLU from the input of the normalization before it. Derivatives compute them again, so they need no memory in
// between (Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost, section 4).
type thrift struct {
	g     *Graph
	least int            // words of the values that count
	keep  map[*Node]bool // outputs, and nodes that outputs are views of
	read  map[*Node]bool // a derivative reads the node or a view of it
	loops map[*Node]bool // a Scan reads the node or a view of it
	again map[*Node]bool // derivatives compute the node again
	now   map[*Node]*Node
	later map[*Node]*Node   // what derivatives read instead
	pairs map[*Node][]*Node // what the products beside a sum read, see sumsPair
	order []*Node
}

// thrifty returns a graph's nodes and outputs so that derivatives compute again what they can, of values of at least a number of
// words. The bits of the outputs stay the same. ok is false if there is nothing to gain.
func (g *Graph) thrifty(order, outputs []*Node, least int) (changed, out []*Node, ok bool) {
	t := &thrift{g: g, least: least, keep: map[*Node]bool{}, read: map[*Node]bool{}, loops: map[*Node]bool{}, again: map[*Node]bool{},
		now: map[*Node]*Node{}, later: map[*Node]*Node{}, pairs: map[*Node][]*Node{}}
	for _, n := range outputs {
		t.keep[n] = true
	}
	if t.choose(order); len(t.again) == 0 {
		return nil, nil, false
	}
	defer func(where string, p Phase) { g.Where, g.phase = where, p }(g.Where, g.phase)
	for _, n := range order {
		t.add(n)
	}
	for _, n := range outputs {
		out = append(out, renamed(t.now, n))
	}
	return t.order, out, true
}

// choose sets again for the nodes in order, inputs before outputs.
func (t *thrift) choose(order []*Node) {
	for _, n := range slices.Backward(order) {
		o := Of(n)
		if o == nil {
			continue
		}
		_, loop := o.Def.(*Scan)
		for _, in := range o.In {
			t.loops[in] = t.loops[in] || loop || isAlias(n) && t.loops[n]
			t.read[in] = t.read[in] || o.Phase != Forward && !loop || isAlias(n) && t.read[n]
			t.keep[in] = t.keep[in] || isAlias(n) && t.keep[n]
		}
	}
	t.findPairs(order)
	for _, n := range order {
		if t.read[n] && !t.loops[n] && !t.keep[n] && isPass(n) && Words(sizeOf(n), t.g.DType) >= t.least && t.reach(Of(n).In, sizeOf(n)) && t.reads(Of(n).In, sizeOf(n)) <= 1 {
			t.again[n] = true
		}
	}
}

// findPairs sets pairs for the nodes in order. A pair may have other bits than its two nodes apart, and needs what both read when the
// first of them runs. So a value that a product reads is computed again before the sum beside the product.
func (t *thrift) findPairs(order []*Node) {
	products := map[*Node][]*Node{} // by their right factors
	for _, n := range order {
		if o := Of(n); o != nil && o.Phase != Forward && o.Def == Def(MatMul{TA: true}) {
			b := unshaped(o.In[1])
			products[b] = append(products[b], n)
		}
	}
	for _, n := range order {
		if _, sum := defOf(n).(Reduce); !sum || Of(n).Phase == Forward {
			continue
		}
		for _, m := range products[Of(n).In[0]] {
			if x := Of(m).In[0]; x.ID() < n.ID() {
				t.pairs[n] = append(t.pairs[n], x)
			}
		}
	}
}

// reach reports whether nodes can be computed from values that are kept, for a node of the given size.
func (t *thrift) reach(nodes []*Node, size int) bool {
	for _, n := range nodes {
		if !t.kept(n, size) && (t.again[n] || !isAlias(n) && !isPass(n) || !t.reach(Of(n).In, size)) {
			return false
		}
	}
	return true
}

// reads returns the number of large values that are read to compute nodes again. With more than one, such as the two terms of a
// residual block, memory is too slow: the step would take longer than if it kept the node.
func (t *thrift) reads(nodes []*Node, size int) (count int) {
	for _, n := range nodes {
		switch {
		case isSmall(n, size):
		case t.kept(n, size):
			count++
		default:
			count += t.reads(Of(n).In, size)
		}
	}
	return count
}

// isSmall reports whether a node is so small that it can be kept to compute one of the given size.
func isSmall(n *Node, size int) bool { return sizeOf(n) <= size/16 }

// kept reports whether a node has its value when derivatives are computed, or is so small that it can be kept for that.
func (t *thrift) kept(n *Node, size int) bool {
	return Of(n) == nil || t.keep[n] || isSmall(n, size) || t.read[n] && !t.again[n] && !isAlias(n)
}

// isPass reports whether a node of the forward pass takes one pass over memory, without sums.
func isPass(n *Node) bool {
	if o := Of(n); o != nil && o.Phase == Forward {
		switch o.Def.(type) {
		case Map, Broadcast, Normalize, GroupNorm, Random:
			return true
		}
	}
	return false
}

// isAlias reports whether a node of the forward pass is its input with another shape.
func isAlias(n *Node) bool {
	_, ok := defOf(n).(Reshape)
	return ok && Of(n).Phase == Forward
}

// add adds a node, or a copy of it if its inputs have changed, after the values that it needs to have computed again.
func (t *thrift) add(n *Node) {
	o := Of(n)
	if o == nil {
		t.order = append(t.order, n)
		return
	}
	for _, x := range t.pairs[n] {
		t.of(x)
	}
	in := make([]*Node, len(o.In))
	for i, x := range o.In {
		if o.Phase == Forward {
			in[i] = renamed(t.now, x)
		} else {
			in[i] = t.of(x)
		}
	}
	if slices.Equal(in, o.In) {
		t.order = append(t.order, n)
		return
	}
	t.now[n] = t.copy(n, in, o.Phase)
}

// copy adds a copy of a node with other inputs.
func (t *thrift) copy(n *Node, in []*Node, p Phase) *Node {
	o := Of(n)
	t.g.Where, t.g.phase = o.Where, p
	c := t.g.add(o.Def, o.Shape, in)
	t.g.origin[c] = t.g.original(n)
	t.order = append(t.order, c)
	return c
}

// of returns the node that derivatives read in place of n.
func (t *thrift) of(n *Node) *Node {
	if c := t.later[n]; c != nil {
		return c
	}
	c := renamed(t.now, n)
	switch {
	case Of(n) == nil:
	case t.again[n]:
		c = t.compute(n, sizeOf(n), map[*Node]*Node{})
	case isAlias(n):
		if x := t.of(Of(n).In[0]); x != Of(n).In[0] {
			c = t.copy(n, []*Node{x}, Again)
		}
	}
	t.later[n] = c
	return c
}

// compute copies a node, with those of the nodes before it that are not kept. done has the copies that it has made.
func (t *thrift) compute(n *Node, size int, done map[*Node]*Node) *Node {
	if c := done[n]; c != nil {
		return c
	}
	in := slices.Clone(Of(n).In)
	for i, x := range in {
		if t.kept(x, size) {
			in[i] = renamed(t.now, x)
		} else {
			in[i] = t.compute(x, size, done)
		}
	}
	done[n] = t.copy(n, in, Again)
	return done[n]
}

// renamed returns what takes the place of n.
func renamed(by map[*Node]*Node, n *Node) *Node {
	if c := by[n]; c != nil {
		return c
	}
	return n
}
