package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// maxSteps is the largest number of steps of loops inside each other.
const maxSteps = 1 << 24

// loop counts the steps of a loop, and returns how often its nodes are computed.
func (c *call) loop(steps int) int {
	if !c.trusted && steps > maxSteps/c.steps {
		c.fail("got a loop of %d steps that runs %d times, want at most %d steps in all; %s", steps, c.steps, maxSteps, trustIt)
		return c.steps
	}
	return c.steps * max(steps, 1)
}

const scanAttributes = "body num_scan_inputs scan_input_axes scan_input_directions scan_output_axes scan_output_directions"

// A scanning is a Scan with its inputs. The graph body has the states and the elements of the sequences at one time as its inputs, and
// the new states and the elements of the outputs as its outputs.
type scanning struct {
	body                                 *proto.Graph
	init, xs                             []graph.Node
	kinds                                []kind // of the body's inputs
	outAxes, inDirections, outDirections []int
	backward                             bool
}

// scan is a loop over an axis of some inputs.
func scan(c *call) []*value {
	s := c.scanning()
	if c.err != nil {
		return nil
	}
	var kinds []kind
	steps := c.loop(s.xs[0].Dim(0))
	final, outs := graph.Loop{Reverse: s.backward}.Scan(c.s, s.init, s.xs, func(scope *graph.Scope, state, x []graph.Node) (next, out []graph.Node) {
		var in []*value
		for i, n := range slices.Concat(state, x) {
			in = append(in, &value{node: n, made: true, kind: s.kinds[i]})
		}
		results := c.inside(scope, s.body, in, steps)
		for i := range s.body.Outputs {
			n, k := results.numeric(i)
			if kinds = append(kinds, k); i < len(state) {
				next = append(next, n)
			} else {
				out = append(out, n)
			}
		}
		if c.err == nil {
			c.err = results.err
		}
		return next, out
	})
	var list []*value
	for i, n := range slices.Concat(final, outs) {
		if k := i - len(final); k >= 0 && c.err == nil {
			n = s.placed(n, k)
		}
		list = append(list, &value{node: n, made: true, kind: kinds[i]})
	}
	return list[:min(len(list), len(c.node.Outputs))]
}

// placed moves the time of output k, its first axis, to where the attributes say.
func (s *scanning) placed(n graph.Node, k int) graph.Node {
	if s.outDirections[k] == 1 && !s.backward {
		n = n.Reverse(0)
	}
	axis := s.outAxes[k]
	if axis < 0 {
		axis += n.Rank()
	}
	if axis < 0 || axis >= n.Rank() {
		return n.Errorf("attribute scan_output_axes: got %d for shape %v, want one of its axes", s.outAxes[k], n.Shape())
	}
	perm := slices.Insert(span(1, n.Rank()), axis, 0)
	return n.Transpose(perm...)
}

// scanning returns the node with checked inputs and attributes.
func (c *call) scanning() *scanning {
	s := &scanning{body: c.body("body")}
	count := c.int("num_scan_inputs", 0)
	states := len(c.node.Inputs) - count
	outputs := len(s.body.Outputs) - states
	switch {
	case c.err != nil:
		return nil
	case c.opset < 9:
		c.fail("got opset %d, want 9 or more", c.opset)
	case count < 1 || states < 0:
		c.fail("attribute num_scan_inputs: got %d for %d inputs, want at least 1 and at most as many", count, len(c.node.Inputs))
	case len(s.body.Inputs) != len(c.node.Inputs):
		c.fail("attribute body: got a graph of %d inputs, want %d", len(s.body.Inputs), len(c.node.Inputs))
	case outputs < 0 || len(c.node.Outputs) > len(s.body.Outputs):
		c.fail("attribute body: got a graph of %d outputs, want at least %d", len(s.body.Outputs), max(states, len(c.node.Outputs)))
	}
	if c.err != nil {
		return nil
	}
	axes := c.perSequence("scan_input_axes", count)
	s.outAxes = c.perSequence("scan_output_axes", outputs)
	s.inDirections, s.outDirections = c.directions("scan_input_directions", count), c.directions("scan_output_directions", outputs)
	if c.err != nil {
		return nil
	}
	s.backward = !slices.Contains(slices.Concat(s.inDirections, s.outDirections), 0)
	for i := range c.node.Inputs {
		n, k := c.numeric(i)
		s.kinds = append(s.kinds, k)
		if c.err != nil {
			return nil
		}
		if i < states {
			s.init = append(s.init, n)
			continue
		}
		axis := axes[i-states]
		if axis < 0 {
			axis += n.Rank()
		}
		if axis < 0 || axis >= n.Rank() {
			c.fail("attribute scan_input_axes: got %d for shape %v, want one of its axes", axes[i-states], n.Shape())
			return nil
		}
		perm := slices.Insert(slices.Delete(span(0, n.Rank()), axis, axis+1), 0, axis)
		if n = n.Transpose(perm...); s.inDirections[i-states] == 1 && !s.backward {
			n = n.Reverse(0)
		}
		s.xs = append(s.xs, n)
	}
	return s
}

// perSequence returns an attribute with a number for each of count sequences, 0 by default.
func (c *call) perSequence(name string, count int) []int {
	list := c.ints(name)
	switch {
	case list == nil:
		return make([]int, count)
	case len(list) != count:
		c.fail("attribute %s: got %v, want %d numbers", name, list, count)
		return make([]int, count)
	}
	return list
}

// directions is perSequence for numbers that are 0 or 1.
func (c *call) directions(name string, count int) []int {
	list := c.perSequence(name, count)
	if slices.ContainsFunc(list, func(v int) bool { return v != 0 && v != 1 }) {
		c.fail("attribute %s: got %v, want 0 or 1 for each sequence", name, list)
	}
	return list
}
