package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// maxUnrolled is the largest number of steps of a Loop, whose nodes are added again for each step.
const maxUnrolled = 1 << 10

// unroll is Loop: the nodes of its body for each step, with the number of the step as a known integer. So the number of steps and the
// condition must be known, but may depend on shapes.
func unroll(c *call) []*value {
	body := c.body("body")
	states, on := c.loopStates(body)
	count := -1 // no limit
	if c.has(0) {
		if v := c.single(0, "number of steps"); c.err == nil {
			count = c.size(v)
		}
	}
	if c.has(1) {
		on = c.single(1, "condition") != 0
	}
	if c.err == nil && (!on || count == 0) {
		c.declare(body)
	}
	stacks := make([][]graph.Node, max(len(body.Outputs)-1-len(states), 0))
	kinds := make([]kind, len(stacks))
	for step := 0; c.err == nil && on && step != count; step++ {
		if step >= maxUnrolled && !c.trusted {
			c.fail("got a loop of more than %d steps, want at most as many; %s", maxUnrolled, trustIt)
			break
		}
		if c.left -= 1 + len(body.Nodes); c.left < 0 { // loops in loops may add nothing to the graph, and so not end for long
			c.fail("got loops of more nodes in all steps than the file's size allows, want fewer; %s", trustIt)
			break
		}
		known := func(v int64) *value { return &value{integers: &integers{[]int{}, []int64{v}}} }
		results := c.inside(c.s, body, append([]*value{known(int64(step)), known(1)}, states...), c.steps)
		if results.err == nil {
			on = results.single(0, "condition") != 0
		}
		states = slices.Clone(states)
		for i := range states {
			states[i] = results.value(1 + i)
		}
		for k := range stacks {
			var n graph.Node
			n, kinds[k] = results.numeric(1 + len(states) + k)
			stacks[k] = append(stacks[k], n.Expand(0))
		}
		c.err = results.err
	}
	for k, parts := range stacks {
		if c.err == nil && len(parts) == 0 {
			c.fail("got a loop of 0 steps, want at least one for output %d, which has an element for each", 1+len(states)+k)
		}
		if c.err != nil {
			return nil
		}
		states = append(states, &value{node: graph.Concat(0, parts...), made: true, kind: kinds[k]})
	}
	if c.err != nil {
		return nil
	}
	return states[:min(len(states), len(c.node.Outputs))]
}

// loopStates returns the first states of a Loop, and whether its body fits them.
func (c *call) loopStates(body *proto.Graph) (list []*value, ok bool) {
	n := max(len(c.node.Inputs)-2, 0)
	if c.err == nil && (len(body.Inputs) != 2+n || len(body.Outputs) < 1+n || len(c.node.Outputs) > len(body.Outputs)-1) {
		c.fail("attribute body: got a graph of %d inputs and %d outputs, want %d inputs and at least %d outputs", len(body.Inputs), len(body.Outputs), 2+n, max(1+n, len(c.node.Outputs)+1))
	}
	for i := range n {
		if c.err == nil {
			list = append(list, c.value(2+i))
		}
	}
	return list, c.err == nil
}

// single returns input i, one known integer or bool.
func (c *call) single(i int, what string) int64 {
	v := c.integers(i)
	if c.err == nil && len(v.data) != 1 {
		c.fail("input %d: got a %s of shape %v, want one element", i+1, what, v.shape)
	}
	if c.err != nil {
		return 0
	}
	return v.data[0]
}
