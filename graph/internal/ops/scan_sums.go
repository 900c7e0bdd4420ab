package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// loopResults are the results of a gradient's loop.
type loopResults struct{ final, outs []*Node }

// sum arranges that the values of a node of the gradient's step are summed over all times, and returns a function that makes
// the sum from the loop's results. A product Aᵀ·B becomes one product of all A stacked on each other and all B, and a sum over
// rows one sum over the rows of all times. What is left is added up in a state.
func (d *scanDiff) sum(n *Node) func(r loopResults) *Node {
	g, o := d.g, Of(n)
	switch def := defOf(n).(type) {
	case Map:
		switch {
		case def.Code == Add && slices.Equal(Shape(o.In[0]), o.Shape) && slices.Equal(Shape(o.In[1]), o.Shape):
			a, b := d.sum(o.In[0]), d.sum(o.In[1])
			return func(r loopResults) *Node { return g.m2(Add, a(r), b(r)) }
		case def.Code == Neg || def.Code == Scale:
			x := d.sum(o.In[0])
			return func(r loopResults) *Node { return g.Must(def, x(r)) }
		}
	case Reshape:
		x := d.sum(o.In[0])
		return func(r loopResults) *Node { return g.Reshaped(x(r), o.Shape) }
	case Reduce:
		if def.Max || !d.varies[o.In[0]] {
			break
		}
		x := d.stackOf(o.In[0])
		return func(r loopResults) *Node {
			axes := []int{0}
			for axis := def.From; axis < def.To; axis++ {
				axes = append(axes, axis+1)
			}
			return g.Reshaped(g.Reduced(x(r), axes, false, true), o.Shape)
		}
	case MatMul:
		if def != (MatMul{TA: true}) || len(o.Shape) != 2 || !d.varies[o.In[0]] || !d.varies[o.In[1]] {
			break
		}
		a, b := d.stackOf(o.In[0]), d.stackOf(o.In[1])
		return func(r loopResults) *Node {
			rows := func(x *Node) *Node {
				s := Shape(x)
				return g.Reshaped(x, []int{s[0] * s[1], s[2]})
			}
			return g.Must(def, rows(a(r)), rows(b(r)))
		}
	}
	i := len(d.loop.States)
	in := g.Input("sum", Shape(n))
	next := g.m2(Add, in, n)
	d.gradient[in], d.gradient[next] = true, true
	d.loop.States = append(d.loop.States, in)
	d.loop.Init = append(d.loop.Init, g.Fill(0, Shape(n)))
	d.loop.Next = append(d.loop.Next, next)
	return func(r loopResults) *Node { return r.final[i] }
}

// stackOf arranges that the values of a node are stacked, and returns a function that returns the stack.
func (d *scanDiff) stackOf(n *Node) func(r loopResults) *Node {
	i := slices.Index(d.loop.Outs, n)
	if i < 0 {
		i = len(d.loop.Outs)
		d.loop.Outs = append(d.loop.Outs, n)
	}
	return func(r loopResults) *Node { return r.outs[i] }
}

// remember chooses the values of the forward body that the gradient's step reads from stacks, and adds them to its sequences.
func (d *scanDiff) remember() {
	e := &Scan{Body: d.Body, Steps: d.Steps, Reverse: d.Reverse, Recompute: d.Recompute, Outs: slices.Clone(d.Outs)}
	inputs := Of(d.n).In
	at := map[*Node]func(n *Node) *Node{} // makes the stack from the node of e
	var list []*Node
	add := func(n *Node, stack func(n *Node) *Node) { list, at[n] = append(list, n), stack }
	for _, n := range d.read() {
		m := d.from[n]
		if j := slices.Index(d.xs, n); j >= 0 {
			add(n, func(*Node) *Node { return inputs[len(d.states)+j] })
		} else if i := slices.Index(d.states, n); i >= 0 {
			e.stackOf(m)
			add(n, func(en *Node) *Node { return e.trail(d.g, en, i, e.before()) })
		} else if i := slices.Index(d.Next, m); i >= 0 {
			e.stackOf(e.States[i])
			add(n, func(en *Node) *Node { return e.trail(d.g, en, i, e.after()) })
		} else {
			j := e.stackOf(m)
			add(n, func(en *Node) *Node { return e.stack(d.g, en, j) })
		}
	}
	en := d.g.Must(e, inputs...)
	e = Of(en).Def.(*Scan)
	for _, n := range list {
		d.loop.Xs, d.loop.Stacks = append(d.loop.Xs, n), append(d.loop.Stacks, at[n](en))
	}
}

// read returns the values of the forward body that the gradient's step reads from stacks: states, elements of sequences, and,
// unless they are computed again, the results of ops.
func (d *scanDiff) read() []*Node {
	input := func(n *Node) bool { return slices.Contains(d.states, n) || slices.Contains(d.xs, n) }
	var stack []*Node
	all := slices.Concat(d.loop.Next, d.loop.Outs)
	for _, n := range Needed(all...) {
		if o := Of(n); o != nil && d.gradient[n] {
			all = append(all, o.In...)
		}
	}
	for _, n := range all {
		if !d.gradient[n] {
			stack = append(stack, n)
		}
	}
	seen, found := map[*Node]bool{}, map[*Node]bool{}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		o := Of(n)
		switch {
		case input(n):
			found[n] = true
		case o == nil: // a capture, or a node outside
		case d.Recompute || d.from[n] == nil || len(o.In) == 0 || !d.varies[n]:
			stack = append(stack, o.In...)
		default:
			found[n] = true
		}
	}
	return d.frugal(found, input)
}

// frugal replaces results of cheap ops by their inputs, if these are read anyway, and the tanh of a state after a step by that
// state, if the values before the steps are read, which are the same ones.
func (d *scanDiff) frugal(found map[*Node]bool, input func(*Node) bool) []*Node {
	var list []*Node
	for n := range found {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *Node) int { return int(a.ID() - b.ID()) })
	known, trails := map[*Node]bool{}, map[*Node]bool{}
	for i, n := range d.states {
		trails[d.next[i]] = found[n]
	}
	var kept []*Node
	for _, n := range list {
		o := Of(n)
		known[n] = true
		if !input(n) && isCheap(o) && !slices.ContainsFunc(o.In, func(in *Node) bool { return d.varies[in] && !known[in] }) {
			continue
		}
		if m, ok := defOf(n).(Map); ok && m.Code == Tanh && trails[o.In[0]] {
			if n = o.In[0]; slices.Contains(kept, n) {
				continue
			}
		}
		kept = append(kept, n)
	}
	return kept
}

// isCheap reports whether to compute an op again costs no more than to read its output.
func isCheap(o *Op) bool {
	switch d := o.Def.(type) {
	case Reshape, Stop, Broadcast:
		return true
	case Map:
		switch d.Code {
		case Copy, Neg, Square, Abs, ReLU, Sign, Step, ZeroNaN, Scale, Shift, LeakyReLU, Clip, InRange, Add, Sub, Mul, Max, Min, Greater, GreaterEqual, Equal:
			return tensors.Size(o.Shape) > 0
		}
	}
	return false
}
