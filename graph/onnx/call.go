package onnx

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A call adds one node of the file to a graph. Asking for something it does not have sets err; later results are then
// meaningless.
type call struct {
	*emitter
	node *proto.Node
	err  error // the first one
}

// fail sets err, unless it is set, and returns a node that carries it.
func (c *call) fail(format string, args ...any) graph.Node {
	const most = 16 // numbers of a list that are printed
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

// check sets err if a node carries an error or has too many elements.
func (c *call) check(n graph.Node) {
	if n.Err() != nil {
		if c.err == nil {
			c.err = n.Err()
		}
	} else if _, ok := sizeOf(n.Shape(), maxElements); !ok {
		c.fail("got a result of shape %v, want at most %d elements", n.Shape(), maxElements)
	}
}

// has reports whether the node has input i.
func (c *call) has(i int) bool { return i < len(c.node.Inputs) && c.node.Inputs[i] != "" }

// value returns input i, nil if there is none.
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

// parametric reports whether an initializer is a parameter.
func (n *Network) parametric(t *proto.Tensor) bool {
	_, float := floatTypes[t.Type]
	return float && !n.fixed[t.Name]
}

// x returns input i as a node of floating-point numbers.
func (c *call) x(i int) graph.Node {
	n, k := c.any(i)
	if n.Err() == nil && k != floatKind {
		return c.fail("input %d: got integers or bools, want floating-point numbers", i+1)
	}
	return n
}

// any returns input i as a node, and the kind of its elements.
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
		return c.fail("input %d: got constant integers, want floating-point numbers", i+1), floatKind
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

// numeric is any that takes known integers too, as a node.
func (c *call) numeric(i int) (graph.Node, kind) {
	if c.hasIntegers(i) {
		return c.whole(i), integerKind
	}
	return c.any(i)
}

// integers returns input i as known integers.
func (c *call) integers(i int) *integers {
	v := c.value(i)
	if c.err == nil && v.integers == nil {
		c.fail("input %d: got values computed at run time, want constants", i+1)
	}
	if c.err != nil {
		return &integers{}
	}
	return v.integers
}

// sizes returns input i as a list of sizes or indices; negative indices count from the end.
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

// size returns v limited to ±maxDim, since files write huge numbers for "up to the end".
func (c *call) size(v int64) int { return int(min(max(v, -maxDim), maxDim)) }

// numbers returns the elements of input i if they are known floating-point numbers.
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

// known64 returns the elements of input i if they are known numbers, integers or not, and their kind.
func (c *call) known64(i int) ([]float64, kind) {
	if !c.hasIntegers(i) {
		list, _ := c.numbers(i)
		return list, floatKind
	}
	data := c.integers(i).data
	list := make([]float64, len(data))
	for k, v := range data {
		list[k] = float64(v)
	}
	return list, integerKind
}

// known returns v after counting its elements with spend.
func (c *call) known(v *integers) *integers {
	if c.spend(len(v.data)); len(v.shape) > maxRank {
		c.fail("got constants of %d dimensions, want at most %d", len(v.shape), maxRank)
	}
	return v
}

const wantFewer = "want no more constant numbers than the file's size allows; " + trustIt

// spend counts n known numbers, and reports whether they are within the limit.
func (c *call) spend(n int) bool {
	if n > c.left {
		c.fail("got %d constant numbers, %s", n, wantFewer)
		return false
	}
	c.left -= n
	return true
}
