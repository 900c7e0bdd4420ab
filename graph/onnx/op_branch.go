package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// branch is If: the nodes of one branch if the condition is known. A condition that is computed chooses between the values of both
// branches, which then must have the same shapes.
func branch(c *call) []*value {
	if !c.hasIntegers(0) {
		return c.chosen()
	}
	cond := c.integers(0)
	if len(cond.data) != 1 {
		c.fail("input 1: got a condition of shape %v, want one element", cond.shape)
	}
	if c.err != nil {
		return nil
	}
	name, other := "else_branch", "then_branch"
	if cond.data[0] != 0 {
		name, other = other, name
	}
	out := c.branchValues(name)
	c.declare(c.body(other))
	return out
}

// declare makes the parameters that a graph uses, for sizes for which its nodes are not added: a model has the same parameters for all.
func (c *call) declare(g *proto.Graph) {
	use := func(name string) {
		if t := c.tensors[name]; t != nil && c.parametric(t) && !slices.Contains(t.Dims, 0) && c.err == nil {
			_, c.err = c.parameter(t)
		}
	}
	each(g.Nodes, func(node *proto.Node) {
		for _, name := range node.Inputs {
			use(name)
		}
	})
	for _, v := range g.Outputs {
		use(v.Name)
	}
}

// branchValues returns the outputs of a branch.
func (c *call) branchValues(name string) (out []*value) {
	body := c.body(name)
	results := c.inside(c.s, body, nil, c.steps)
	for i := range body.Outputs {
		v := results.value(i)
		if c.err == nil {
			c.err = results.err
		}
		out = append(out, v)
	}
	return out
}

// chosen returns the outputs of the branch that a computed condition names, out of those of both.
func (c *call) chosen() []*value {
	cond := c.bools(0)
	if n, ok := sizeOf(cond.Shape(), 1); c.err == nil && (!ok || n != 1) {
		c.fail("input 1: got a condition of shape %v, want one element", cond.Shape())
	}
	if c.err != nil {
		return nil
	}
	var sides [2][]graph.Node
	var kinds [2][]kind
	for side, name := range []string{"then_branch", "else_branch"} {
		body := c.body(name)
		results := c.inside(c.s, body, nil, c.steps)
		for i := range body.Outputs {
			n, k := results.numeric(i)
			sides[side], kinds[side] = append(sides[side], n), append(kinds[side], k)
		}
		if c.err == nil {
			c.err = results.err
		}
	}
	if c.err == nil && (len(sides[0]) != len(sides[1]) || !slices.Equal(kinds[0], kinds[1])) {
		c.fail("got branches of %d and %d outputs, want the same number, of the same kinds", len(sides[0]), len(sides[1]))
	}
	if c.err != nil {
		return nil
	}
	var out []*value
	for i, n := range sides[0] {
		other := sides[1][i]
		if !slices.Equal(n.Shape(), other.Shape()) {
			c.fail("input 1: got a condition that is computed, and branches of shapes %v and %v, want equal shapes", n.Shape(), other.Shape())
			return nil
		}
		ones := make([]int, n.Rank())
		for k := range ones {
			ones[k] = 1
		}
		out = append(out, &value{node: n.Where(cond.Reshape(ones...), other), made: true, kind: kinds[0][i]})
	}
	return out
}
