package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func identity(c *call) []*value { return []*value{c.value(0)} }

// dropout returns its input, since a file describes inference.
func dropout(c *call) []*value {
	if c.has(2) {
		if w := c.integers(2); len(w.data) != 1 || w.data[0] != 0 {
			c.fail("input 3: got training mode, want inference")
		}
	}
	return nodes(c.x(0))
}

// constant returns the tensor, number or list in the only attribute.
func constant(c *call) []*value {
	if len(c.node.Attributes) != 1 {
		c.fail("got %d attributes, want one", len(c.node.Attributes))
		return nil
	}
	v := &value{}
	var err error
	switch a := c.node.Attributes[0]; a.Name {
	case "value":
		if t := c.attribute(a.Name, proto.Dense); t != nil {
			v, err = constantOf(t.Tensor)
		}
	case "value_float":
		if t := c.attribute(a.Name, proto.Float); t != nil { // not c.float: masks are infinite
			v = number(float64(t.Float))
		}
	case "value_floats":
		if t := c.attribute(a.Name, proto.Floats); t != nil {
			v.dims = []int{len(t.Floats)}
			v.numbers = make([]float64, len(t.Floats))
			for i, f := range t.Floats {
				v.numbers[i] = float64(f)
			}
		}
	case "value_int":
		if t := c.attribute(a.Name, proto.Int); t != nil {
			v.integers = &integers{data: []int64{t.Int}}
		}
	case "value_ints":
		if t := c.attribute(a.Name, proto.Ints); t != nil {
			v.integers = list(slices.Clone(t.Ints)...)
		}
	}
	if err != nil {
		c.fail("attribute value: %w", err)
	}
	if v.integers != nil {
		c.known(v.integers)
	}
	return []*value{v}
}

// constantOfShape fills a shape with one number, default 0.
func constantOfShape(c *call) []*value {
	shape := c.sizes(0)
	v := number(0)
	if a := c.attribute("value", proto.Dense); a != nil {
		var err error
		if v, err = constantOf(a.Tensor); err != nil || a.Tensor.Size() != 1 {
			c.fail("attribute value: got %d elements of %v, want one element of a supported type", a.Tensor.Size(), a.Tensor.Type)
		}
	}
	switch {
	case c.err != nil:
		return nil
	case v.integers != nil:
		return c.integerValue(c.pick(v.integers, shape, func([]int) int { return 0 }))
	}
	return nodes(c.broadcast(c.s.Scalar(v.numbers[0]), shape))
}

// broadcast repeats x to a shape that comes from the file.
func (c *call) broadcast(x graph.Node, shape []int) graph.Node {
	if n, ok := sizeOf(shape, maxElements); !ok || n == 0 {
		return c.fail("got shape %v, want sizes of 1 or more and at most %d elements", shape, maxElements)
	}
	return x.BroadcastTo(shape...)
}

// shapeOf returns the shape of a node, from dimension start up to end.
func shapeOf(c *call) []*value {
	var shape []int
	if c.hasIntegers(0) {
		shape = c.integers(0).shape
	} else {
		x, _ := c.any(0)
		shape = x.Shape()
	}
	rank := len(shape)
	from, to := clampIndex(c.int("start", 0), rank), clampIndex(c.int("end", rank), rank)
	out := list()
	for _, d := range shape[min(from, to):to] {
		out.data = append(out.data, int64(d))
	}
	out.shape[0] = len(out.data)
	return c.integerValue(out)
}

// clampIndex limits an index to 0…n; a negative one counts from the end.
func clampIndex(i, n int) int {
	if i < 0 {
		i += n
	}
	return min(max(i, 0), n)
}

func size(c *call) []*value {
	if c.hasIntegers(0) {
		return c.integerValue(&integers{data: []int64{int64(len(c.integers(0).data))}})
	}
	x, _ := c.any(0)
	n, _ := sizeOf(x.Shape(), maxElements)
	return c.integerValue(&integers{data: []int64{int64(n)}})
}

// numberRange returns the known integers from input 1 up to, not including, input 2, in steps of input 3.
func numberRange(c *call) []*value {
	var v [3]int64
	for i := range v {
		w := c.integers(i)
		if c.err != nil || len(w.data) != 1 {
			c.fail("input %d: got %d integers, want one", i+1, len(w.data))
			return nil
		}
		v[i] = int64(c.size(w.data[0]))
	}
	if v[2] == 0 {
		c.fail("input 3: got a step of 0, want another number")
		return nil
	}
	n := max(0, (v[1]-v[0]+v[2]-sign(v[2]))/v[2])
	return c.integerValue(c.pick(list(0), []int{int(n)}, func([]int) int { return 0 }).added(v[0], v[2]))
}

func sign(v int64) int64 {
	if v < 0 {
		return -1
	}
	return 1
}

// added sets the elements to first, first+step, … and returns v.
func (v *integers) added(first, step int64) *integers {
	for i := range v.data {
		v.data[i] = first + int64(i)*step
	}
	return v
}
