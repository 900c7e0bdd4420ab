package onnx

import (
	"fmt"
	"math"
	"strconv"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A call is a node of a file that is being added to a graph. What it is asked for and does not have is its error, and then
// what it returns is of no use.
type call struct {
	*emitter
	node *proto.Node
	err  error // the first one
}

// fail remembers an error and returns a node with it.
func (c *call) fail(format string, args ...any) graph.Node {
	const most = 16 // numbers of a list
	for i, a := range args {
		if l, ok := a.([]int); ok && len(l) > most {
			args[i] = fmt.Sprintf("%v and %d more", l[:most], len(l)-most)
		}
	}
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
	return c.input.Errorf("%w", c.err)
}

// check finds the error that a node carries, and nodes of too many elements.
func (c *call) check(n graph.Node) {
	if n.Err() != nil {
		if c.err == nil {
			c.err = n.Err()
		}
	} else if _, ok := sizeOf(n.Shape(), maxElements); !ok {
		c.fail("got a result of shape %v, want at most %d elements", n.Shape(), maxElements)
	}
}

// has tells whether the node has input i.
func (c *call) has(i int) bool { return i < len(c.node.Inputs) && c.node.Inputs[i] != "" }

// value returns input i, nil if it is not there.
func (c *call) value(i int) *value {
	if !c.has(i) {
		c.fail("got no input %d", i+1)
		return nil
	}
	v := c.lookup(c.node.Inputs[i])
	if v == nil {
		c.fail("input %d: got no value", i+1)
	} else if v.tensor != nil && !c.parametric(v.tensor) {
		k, err := constantOf(v.tensor)
		if err != nil {
			c.fail("input %d: %w", i+1, err)
			return nil
		}
		if v.integers, v.numbers, v.dims, v.tensor = k.integers, k.numbers, k.dims, nil; v.integers != nil {
			c.known(v.integers)
		}
	}
	return v
}

// parametric tells whether an initializer is a parameter.
func (n *Network) parametric(t *proto.Tensor) bool {
	_, float := floatTypes[t.Type]
	return float && !n.fixed[t.Name]
}

// x returns input i as a node of floating-point numbers.
func (c *call) x(i int) graph.Node {
	n, k := c.any(i)
	if n.Err() == nil && k != floatKind {
		return c.fail("input %d: got whole numbers or truth, want floating-point numbers", i+1)
	}
	return n
}

// any returns input i as a node, and what its elements stand for.
func (c *call) any(i int) (graph.Node, kind) {
	v := c.value(i)
	if c.err != nil {
		return c.input.Errorf("%w", c.err), floatKind
	}
	if v.made {
		return v.node, v.kind
	}
	var err error
	switch {
	case v.integers != nil:
		return c.fail("input %d: got whole numbers that are known, want floating-point numbers", i+1), floatKind
	case v.tensor != nil:
		v.node, err = c.parameter(v.tensor)
	default:
		v.node, err = c.constant(v)
	}
	if err != nil {
		return c.fail("input %d: %w", i+1, err), floatKind
	}
	v.made = true
	c.check(v.node)
	return v.node, floatKind
}

// whole returns input i as whole numbers that are known.
func (c *call) integers(i int) *integers {
	v := c.value(i)
	if c.err == nil && v.integers == nil {
		c.fail("input %d: got numbers that are known only when the network runs, want constants", i+1)
	}
	if c.err != nil {
		return &integers{}
	}
	return v.integers
}

// sizes returns input i as a list of numbers that may be sizes, or places counted from the end.
func (c *call) sizes(i int) []int {
	data := c.integers(i).data
	if len(data) > maxSizes {
		c.fail("input %d: got %d numbers, want at most %d", i+1, len(data), maxSizes)
		return nil
	}
	list := make([]int, len(data))
	for i, v := range data {
		list[i] = c.size(v)
	}
	return list
}

// size returns a number as a dimension or a place. What is larger than any is the largest, as files write "up to the end".
func (c *call) size(v int64) int { return int(min(max(v, -maxDim), maxDim)) }

// numbers returns the numbers of input i, if they are known floating-point numbers.
func (c *call) numbers(i int) ([]float64, bool) {
	if !c.has(i) {
		return nil, false
	}
	v := c.value(i)
	if v == nil {
		return nil, false
	}
	return v.numbers, v.numbers != nil
}

// known counts whole numbers that are known.
func (c *call) known(v *integers) *integers {
	if c.spend(len(v.data)); len(v.shape) > maxRank {
		c.fail("got known numbers of %d dimensions, want at most %d", len(v.shape), maxRank)
	}
	return v
}

const wantFewer = "more known numbers than a file of this size may ask for; " + trustIt

// spend counts numbers that are known, and tells whether there may be so many.
func (c *call) spend(n int) bool {
	if n > c.left {
		c.fail("got %s", wantFewer)
		return false
	}
	c.left -= n
	return true
}

// attribute returns an attribute of the given kind, nil if it is not there.
func (c *call) attribute(name string, k proto.AttributeKind) *proto.Attribute {
	for i := range c.node.Attributes {
		if a := &c.node.Attributes[i]; a.Name == name {
			if a.Kind != k {
				c.fail("attribute %s: got kind %d, want %d", name, a.Kind, k)
				return nil
			}
			return a
		}
	}
	return nil
}

// int returns an attribute's whole number.
func (c *call) int(name string, otherwise int) int {
	if a := c.attribute(name, proto.Int); a != nil {
		return c.size(a.Int)
	}
	return otherwise
}

// ints returns an attribute's whole numbers, nil if it is not there.
func (c *call) ints(name string) []int {
	a := c.attribute(name, proto.Ints)
	if a == nil {
		return nil
	}
	list := make([]int, len(a.Ints))
	for i, v := range a.Ints {
		list[i] = c.size(v)
	}
	return list
}

// float returns an attribute's number: the shortest decimal number that is nearest to it, which is what was meant where
// more than float32 is computed with.
func (c *call) float(name string, otherwise float64) float64 {
	a := c.attribute(name, proto.Float)
	if a == nil {
		return otherwise
	}
	v, err := strconv.ParseFloat(strconv.FormatFloat(float64(a.Float), 'g', -1, 32), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		c.fail("attribute %s: got %v, want a finite number", name, a.Float)
	}
	return v
}

// text returns an attribute's text.
func (c *call) string(name, otherwise string) string {
	if a := c.attribute(name, proto.String); a != nil {
		return a.String
	}
	return otherwise
}

// texts returns an attribute's list of texts, nil if it is not there.
func (c *call) strings(name string) []string {
	if a := c.attribute(name, proto.Strings); a != nil {
		return a.Strings[:min(len(a.Strings), 8)]
	}
	return nil
}
