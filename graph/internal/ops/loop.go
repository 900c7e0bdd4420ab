package ops

import (
	"fmt"
	"math"
	"slices"
)

// A Loop describes a loop by one of its steps, whose nodes belong to the graph that the loop is for. States and Xs are inputs
// of that graph which stand for values of one time. Nodes of a step that depend on none of them are computed once.
type Loop struct {
	Steps     int
	Reverse   bool // see Scan
	Recompute bool // see Scan

	Init, States, Next []*Node // the states before the loop, before a step and after it
	Stacks, Xs         []*Node // the sequences, (time, ...), and the values at one time
	Outs               []*Node // values of a step to stack

	captures map[*Node]*Node // inputs of the step that stand for nodes outside
}

// Loop adds a loop and returns the final states and the stacks of Outs, (time, ...).
func (g *Graph) Loop(l Loop) (final, outs []*Node, err error) {
	b := &loopBuilder{
		Loop: l, g: g, kinds: map[*Node]timing{}, outside: map[*Node]*Node{}, stacks: map[*Node]*Node{},
		body: &Body{Graph: NewGraph(g.DType)}, inside: map[*Node]*Node{},
	}
	for i, n := range l.Next {
		if !slices.Equal(Shape(n), Shape(l.States[i])) {
			return nil, nil, fmt.Errorf("state %d: got shape %v after a step, want %v as before it", i, Shape(n), Shape(l.States[i]))
		}
	}
	b.classify()
	b.lift()
	if err := b.buildBody(); err != nil {
		return nil, nil, err
	}
	return b.results()
}

// A timing says what a value of a step depends on.
type timing uint8

const (
	constantInTime timing = iota // neither the states nor the sequences
	timed                        // the sequences
	looped                       // the states
)

// A loopBuilder makes the body of a loop from the nodes of a step.
type loopBuilder struct {
	Loop
	g       *Graph
	order   []*Node // of the step: inputs before outputs
	kinds   map[*Node]timing
	outside map[*Node]*Node // the nodes of g that have the values of those that are constant in time
	stacks  map[*Node]*Node // the nodes of g that have the values of timed ones at all times
	body    *Body
	inside  map[*Node]*Node // nodes of the body
	inputs  struct{ xs, captures []*Node }
}

// classify finds out what the nodes of the step depend on.
func (b *loopBuilder) classify() {
	stop := map[*Node]bool{}
	for i, n := range b.Xs {
		b.kinds[n], b.stacks[n], stop[n] = timed, b.Stacks[i], true
	}
	for _, n := range b.States {
		b.kinds[n], stop[n] = looped, true
	}
	for n := range b.captures {
		stop[n] = true
	}
	b.order = b.needed(stop)
	for _, n := range b.order {
		if o := Of(n); o != nil && !stop[n] {
			for _, in := range o.In {
				b.kinds[n] = max(b.kinds[n], b.kinds[in])
			}
		}
	}
}

// constant returns the node outside the loop that has the value of n, which is constant in time.
func (b *loopBuilder) constant(n *Node) *Node {
	if m, ok := b.outside[n]; ok {
		return m
	}
	m := n
	if c, ok := b.captures[n]; ok {
		m = c
	} else if o := Of(n); o != nil && len(b.captures) > 0 {
		in := make([]*Node, len(o.In))
		for i, x := range o.In {
			in[i] = b.constant(x)
		}
		if !slices.Equal(in, o.In) {
			m = b.g.Must(o.Def, in...)
		}
	}
	b.outside[n] = m
	return m
}

// buildBody copies the nodes that must be computed in each step.
func (b *loopBuilder) buildBody() error {
	g, body := b.body.Graph, b.body
	for _, n := range b.States {
		in := g.Input("state", Shape(n))
		body.States, b.inside[n] = append(body.States, in), in
	}
	for _, n := range b.toCopy() {
		o := Of(n)
		in := make([]*Node, len(o.In))
		for i, x := range o.In {
			in[i] = b.input(x)
		}
		g.Where, g.phase = o.Where, o.Phase
		m, err := g.Apply(o.Def, in...)
		if err != nil {
			return err
		}
		b.inside[n] = m
	}
	for _, n := range b.Next {
		body.Next = append(body.Next, b.input(n))
	}
	return nil
}

// toCopy returns the ops that must be computed in each step, inputs before outputs.
func (b *loopBuilder) toCopy() []*Node {
	needed := map[*Node]bool{}
	need := func(n *Node) {
		if b.kinds[n] != constantInTime && b.stacks[n] == nil {
			needed[n] = true
		}
	}
	for _, n := range slices.Concat(b.Next, b.Outs) {
		need(n)
	}
	var list []*Node
	for _, n := range slices.Backward(b.order) {
		if !needed[n] || slices.Contains(b.States, n) {
			continue
		}
		list = append(list, n)
		for _, in := range Of(n).In {
			need(in)
		}
	}
	slices.Reverse(list)
	return list
}

// input returns the node of the body that has the value of n. It adds inputs to the body as necessary.
func (b *loopBuilder) input(n *Node) *Node {
	if m, ok := b.inside[n]; ok {
		return m
	}
	g := b.body.Graph
	var in *Node
	switch stack := b.stacks[n]; {
	case stack != nil:
		if i := slices.Index(b.inputs.xs, stack); i >= 0 {
			in = b.body.Xs[i]
			break
		}
		in = g.Input("x", Shape(n))
		b.body.Xs, b.inputs.xs = append(b.body.Xs, in), append(b.inputs.xs, stack)
	default:
		outer := b.constant(n)
		if c, ok := constant(outer); ok {
			in = g.Fill(c, Shape(outer))
			break
		}
		if i := slices.Index(b.inputs.captures, outer); i >= 0 {
			in = b.body.Captures[i]
			break
		}
		in = g.Input("capture", Shape(n))
		b.body.Captures, b.inputs.captures = append(b.body.Captures, in), append(b.inputs.captures, outer)
	}
	b.inside[n] = in
	return in
}

// needed returns the nodes of a step that results are computed from, and the nodes outside that it reads.
func (b *loopBuilder) needed(stop map[*Node]bool) []*Node {
	first := int64(math.MaxInt64) // an older node than all of stop does not depend on them
	for n := range stop {
		first = min(first, n.ID())
	}
	seen := map[*Node]bool{}
	var order []*Node
	stack := slices.Concat(b.Next, b.Outs)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		order = append(order, n)
		if o := Of(n); o != nil && !stop[n] && n.ID() > first {
			stack = append(stack, o.In...)
		}
	}
	slices.SortFunc(order, func(a, b *Node) int { return int(a.ID() - b.ID()) })
	return order
}
