package ops

import "slices"

// Diff implements Def. The gradient of a loop is a loop in the other direction, whose states are the gradients of the states;
// its body is the gradient of the body. The values of the body that it needs are stacked by the loop itself, which becomes a
// loop with more Outs, or computed again.
func (s *Scan) Diff(g *Graph, n, grad *Node) []*Node {
	d := s.unfold(g, n)
	d.seed(grad)
	wrt := slices.Concat(d.states, d.xs, d.captures)
	grads, err := g.pull(d.ys, d.seeds, wrt)
	if err != nil {
		panic(err)
	}
	ofStates, ofXs, ofCaptures := grads[:len(d.states)], grads[len(d.states):][:len(d.xs)], grads[len(d.states)+len(d.xs):]
	for i, x := range ofStates {
		if x == nil {
			x = g.Fill(0, Shape(d.states[i]))
		}
		d.loop.Next = append(d.loop.Next, x)
	}
	return d.finish(ofXs, ofCaptures)
}

// A scanDiff makes the gradient of a Scan. It holds a copy of the body, and the gradient's step, as nodes of the graph.
type scanDiff struct {
	*Scan
	g                    *Graph
	n                    *Node
	states, xs, captures []*Node         // inputs that stand for those of the body
	next, outs           []*Node         // copies of Next and Outs
	from                 map[*Node]*Node // the body's nodes by their copies
	ys, seeds            []*Node         // results of a step and their gradients
	initial              []*Node         // gradients of the initial states, apart from those through the loop; nil for none
	loop                 Loop
	gradient             map[*Node]bool // whether a node of the gradient's step depends on the results' gradients
	varies               map[*Node]bool // whether it depends on the time
}

// unfold copies the body into the graph.
func (s *Scan) unfold(g *Graph, n *Node) *scanDiff {
	d := &scanDiff{Scan: s, g: g, n: n, from: map[*Node]*Node{}, initial: make([]*Node, len(s.States)),
		gradient: map[*Node]bool{}, varies: map[*Node]bool{}}
	d.loop = Loop{Steps: s.Steps, Reverse: !s.Reverse, Recompute: s.Recompute, captures: map[*Node]*Node{}}
	to := map[*Node]*Node{}
	defer func(where string) { g.Where = where }(g.Where)
	inputs := func(name string, list []*Node) (copies []*Node) {
		for _, m := range list {
			to[m] = g.Input(name, Shape(m))
			d.from[to[m]] = m
			copies = append(copies, to[m])
		}
		return copies
	}
	d.states, d.xs, d.captures = inputs("state", s.States), inputs("x", s.Xs), inputs("capture", s.Captures)
	for i, c := range d.captures {
		d.loop.captures[c] = Of(n).In[len(d.states)+len(d.xs)+i]
	}
	for _, m := range Needed(s.roots()...) {
		o := Of(m)
		if o == nil {
			continue
		}
		in := make([]*Node, len(o.In))
		for i, x := range o.In {
			in[i] = to[x]
		}
		g.Where = o.Where
		to[m] = g.Must(o.Def, in...)
		if d.from[to[m]] == nil {
			d.from[to[m]] = m
		}
	}
	for _, m := range s.Next {
		d.next = append(d.next, to[m])
	}
	for _, m := range s.Outs {
		d.outs = append(d.outs, to[m])
	}
	return d
}

// seed makes the inputs that stand for the gradients of a step's results, from the gradient of the Scan's output.
func (d *scanDiff) seed(grad *Node) {
	g := d.g
	finals, outs, _ := d.layout()
	seed := func(y, grad *Node) {
		d.gradient[grad] = true
		d.ys, d.seeds = append(d.ys, y), append(d.seeds, grad)
	}
	for i, x := range d.states {
		in := g.Input("state gradient", Shape(x))
		d.loop.States = append(d.loop.States, in)
		d.loop.Init = append(d.loop.Init, g.Reshaped(g.cut(grad, finals[i].at, finals[i].end()), Shape(x)))
		seed(d.next[i], in)
	}
	for j, y := range d.outs {
		p, first := outs[j], 0
		if i := slices.Index(d.states, y); i >= 0 {
			y, first = d.next[i], d.after()
			at := p.at + d.Scan.initial()*p.slot
			if x := g.cut(grad, at, at+p.slot); !IsZero(x) {
				d.initial[i] = g.Reshaped(x, Shape(d.states[i]))
			}
		}
		stack := g.cut(grad, p.at+first*p.slot, p.at+(first+d.Steps)*p.slot)
		if IsZero(stack) {
			continue
		}
		in := g.Input("gradient", Shape(y))
		d.loop.Xs, d.loop.Stacks = append(d.loop.Xs, in), append(d.loop.Stacks, g.Reshaped(stack, d.stacked(y)))
		seed(y, in)
	}
}

// finish adds the gradient's loop, and returns the gradients of the Scan's inputs.
func (d *scanDiff) finish(ofXs, ofCaptures []*Node) []*Node {
	loop := &d.loop
	sums := make([]func(r loopResults) *Node, len(ofCaptures))
	roots := slices.Concat(loop.Next, ofXs, ofCaptures)
	roots = slices.DeleteFunc(roots, func(n *Node) bool { return n == nil })
	d.mark(roots)
	for i, n := range ofCaptures {
		if n != nil {
			sums[i] = d.sum(n)
		}
	}
	at := len(loop.Outs)
	for _, n := range ofXs {
		if n != nil {
			loop.Outs = append(loop.Outs, n)
		}
	}
	d.remember()
	final, outs, err := d.g.Loop(*loop)
	if err != nil {
		panic(err)
	}
	var grads []*Node
	for i := range d.states {
		x := final[i]
		if d.initial[i] != nil {
			x = d.g.m2(Add, x, d.initial[i])
		}
		grads = append(grads, x)
	}
	for _, n := range ofXs {
		if n == nil {
			grads = append(grads, nil)
			continue
		}
		grads = append(grads, outs[at])
		at++
	}
	for _, f := range sums {
		if f == nil {
			grads = append(grads, nil)
		} else {
			grads = append(grads, f(loopResults{final, outs}))
		}
	}
	return grads
}

// mark finds out what the nodes of the gradient's step depend on.
func (d *scanDiff) mark(roots []*Node) {
	for _, n := range slices.Concat(d.states, d.xs) {
		d.varies[n] = true
	}
	for _, n := range Needed(roots...) {
		if o := Of(n); o != nil {
			d.gradient[n] = slices.ContainsFunc(o.In, func(in *Node) bool { return d.gradient[in] })
			d.varies[n] = slices.ContainsFunc(o.In, func(in *Node) bool { return d.varies[in] })
		}
		d.varies[n] = d.varies[n] || d.gradient[n]
	}
}

// cut returns elements [from, to) of n, which has one dimension. It looks into sums and concatenations.
func (g *Graph) cut(n *Node, from, to int) *Node {
	if from == 0 && to == sizeOf(n) {
		return n
	}
	if c, ok := constant(n); ok {
		return g.Fill(c, []int{to - from})
	}
	switch o := Of(n); d := defOf(n).(type) {
	case Pad:
		lo, hi := d.Before, d.Before+sizeOf(o.In[0])
		switch {
		case to <= lo || from >= hi:
			return g.Fill(0, []int{to - from})
		case lo <= from && to <= hi:
			return g.cut(o.In[0], from-lo, to-lo)
		}
	case Concat:
		at := 0
		var pieces []*Node
		for _, in := range o.In {
			if lo, hi := max(from, at), min(to, at+sizeOf(in)); lo < hi {
				pieces = append(pieces, g.cut(in, lo-at, hi-at))
			}
			at += sizeOf(in)
		}
		if len(pieces) == 1 {
			return pieces[0]
		}
		return g.Must(d, pieces...)
	case Map:
		if a, b := o.In[0], o.In[len(o.In)-1]; d.Code == Add && sizeOf(a) == sizeOf(b) {
			a, b := g.cut(a, from, to), g.cut(b, from, to)
			switch {
			case IsZero(a):
				return b
			case IsZero(b):
				return a
			}
			return g.m2(Add, a, b)
		}
	}
	return g.Must(Slice{0, from, to}, n)
}

// defOf returns the Def of a node's op, nil for an input.
func defOf(n *Node) Def {
	if o := Of(n); o != nil {
		return o.Def
	}
	return nil
}

// IsZero reports whether all elements are known to be zero.
func IsZero(n *Node) bool {
	c, ok := constant(n)
	return ok && c == 0
}
