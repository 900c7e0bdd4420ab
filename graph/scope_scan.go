package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Scan is a loop over time as one operation. The sequences xs have the time as their first axis, (time, ...), and one length.
// Scan calls step once, with nodes for the states, in the shapes of init, and for the elements of xs at one time, without the
// time axis. step returns the states after that time, as many as init and in the same shapes, and any number of outputs. Scan
// returns the final states, and each output stacked over time, (time, ...). Without xs, see Loop.
//
// step may use nodes from outside, parameters and layers. What does not depend on the states and xs is computed once, and
// products of elements of xs with parameters are computed for all times at once. That also holds for Noise, and so for layers
// such as Dropout: the numbers are drawn once and are the same at all times. For other numbers at each time, add a node
// s.Noise(d, time, ...) to xs. Nodes that step makes must not be used outside: return them as outputs. That includes arguments
// of Update, Penalty and Output.
//
// The derivative of a Scan is a Scan in the reverse direction, so it can be differentiated again. In it, a final state that is not used
// has the gradient 0, which all steps multiply by their derivatives: if one of the last step is infinite, as of x⁴ at x = ±Inf, the
// gradient is NaN, where that of the same steps without Scan is not.
//
// In a Stream, a Scan over the time of the stream begins with the states that it had after the call before.
func (s *Scope) Scan(init, xs []Node, step func(s *Scope, state, x []Node) (next, out []Node)) (final, outs []Node) {
	return Loop{}.Scan(s, init, xs, step)
}

// A Loop has the settings of a Scan.
type Loop struct {
	Steps   int  // number of steps; 0 means the length of xs, from which it must not differ
	Reverse bool // from the last time to the first; outputs keep the order of xs
	// Recompute makes the derivative compute the values of each step again, from the states before it. That takes one more
	// forward pass and saves memory: only the states are stored for all times, and not the other values.
	Recompute bool
}

// Scan is Scope.Scan with the settings of the Loop.
func (l Loop) Scan(s *Scope, init, xs []Node, step func(s *Scope, state, x []Node) (next, out []Node)) (final, outs []Node) {
	s.begin()
	b := s.b
	if step == nil {
		bad := b.fail("Scan", errors.New("got no step, want a function"))
		return same(bad, len(init)), nil
	}
	time, err := l.check(b, init, xs)
	fail := func(err error) Node {
		if err == nil {
			return Node{err: b.err}
		}
		return b.fail("Scan", err)
	}
	if err != nil || b.err != nil {
		return unscanned(s, fail(err), init, xs, step)
	}
	carried, firstState := b.stream.loop(xs), 0
	if carried {
		firstState, init = b.stream.carry(b, init)
	}
	loop := ops.Loop{Steps: time, Reverse: l.Reverse, Recompute: l.Recompute, Init: unwrap(init), Stacks: unwrap(xs)}
	input := func(list []Node, skip int, into *[]*ops.Node) (nodes []Node) {
		for _, x := range list {
			n := b.input("Scan", x.Shape()[skip:])
			b.scanned[n.n] = b.g.Where
			nodes, *into = append(nodes, n), append(*into, n.n)
		}
		return nodes
	}
	states, elements := input(init, 0, &loop.States), input(xs, 1, &loop.Xs)
	if b.err != nil {
		return unscanned(s, fail(nil), init, xs, step)
	}
	next, out := step(s, states, elements)
	for i, x := range slices.Concat(next, out) {
		switch {
		case x.err != nil:
			b.keep(x.err)
		case x.b != b:
			b.fail("Scan", fmt.Errorf("result %d of step: %w", i, errNoNode))
		}
	}
	if b.err == nil && len(next) != len(init) {
		b.fail("Scan", fmt.Errorf("got %d states from step, want %d as in init", len(next), len(init)))
	}
	if b.err != nil {
		return same(fail(nil), len(init)), same(fail(nil), len(out))
	}
	loop.Next, loop.Outs = unwrap(next), unwrap(out)
	last, stacks, err := b.g.Loop(loop)
	if err != nil {
		return same(fail(err), len(init)), same(fail(err), len(out))
	}
	if carried {
		b.stream.keep(firstState, b.wrap(last))
	}
	return b.wrap(last), b.wrap(stacks)
}

// check returns the number of steps, or an error about the arguments.
func (l Loop) check(b *builder, init, xs []Node) (time int, err error) {
	for i, x := range slices.Concat(init, xs) {
		switch {
		case x.err != nil:
			return 0, x.err
		case x.b != b:
			return 0, errNoNode
		case i >= len(init) && x.Rank() == 0:
			return 0, fmt.Errorf("xs: got a scalar, want (time, ...)")
		case i > len(init) && x.Dim(0) != xs[0].Dim(0):
			return 0, fmt.Errorf("xs: got the lengths %d and %d, want equal ones", xs[0].Dim(0), x.Dim(0))
		}
	}
	switch {
	case l.Steps < 0:
		return 0, fmt.Errorf("Steps: got %d, want 0 or more", l.Steps)
	case len(xs) == 0 && l.Steps == 0:
		return 0, errors.New("got no xs, want at least one, or Loop.Steps")
	case len(xs) > 0 && l.Steps > 0 && xs[0].Dim(0) != l.Steps:
		return 0, fmt.Errorf("xs: got length %d, want %d as in Loop.Steps", xs[0].Dim(0), l.Steps)
	case len(xs) > 0:
		return xs[0].Dim(0), nil
	}
	return l.Steps, nil
}

// unscanned returns as many nodes with the error of bad as Scan would return without an error: step shows how many these are.
func unscanned(s *Scope, bad Node, init, xs []Node, step func(s *Scope, state, x []Node) (next, out []Node)) (final, outs []Node) {
	_, out := step(s, same(bad, len(init)), same(bad, len(xs)))
	return same(bad, len(init)), same(bad, len(out))
}

func same(x Node, n int) []Node { return slices.Repeat([]Node{x}, n) }

func unwrap(list []Node) (nodes []*ops.Node) {
	for _, x := range list {
		nodes = append(nodes, x.n)
	}
	return nodes
}

func (b *builder) wrap(nodes []*ops.Node) (list []Node) {
	for _, n := range nodes {
		list = append(list, Node{b: b, n: n})
	}
	return list
}

// checkScanned returns an error if an output, a penalty or a new value of a state is computed from a value of one step of a Scan.
func (b *builder) checkScanned(outputs ...Node) error {
	if len(b.scanned) == 0 {
		return nil
	}
	outputs = slices.Concat(outputs, b.penalties, slices.Collect(maps.Values(b.outputs)))
	for _, u := range b.states.updates {
		outputs = append(outputs, u.value)
	}
	for _, n := range ops.Needed(unwrap(outputs)...) {
		if where, ok := b.scanned[n]; ok {
			return b.failAt(where, "Scan", errors.New("got a node of step in use outside of it, want step to return it as an output")).err
		}
	}
	return nil
}
