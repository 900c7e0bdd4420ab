package eval

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A call is one execution of a node.
type call struct {
	*frame
	node   *node
	inputs []*Tensor
	opset  int
	steps  uint64     // that have run a nested graph
	after  after      // of a convolution
	result [1]*Tensor // of an operator of one output
}

// A failure is the panic that call.fail raises, and that the frame turns into an error.
type failure struct{ error }

// fail ends the node with an error.
func (c *call) fail(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// want fails unless ok. Its arguments are copied to the heap even if ok, so what runs for most nodes calls fail by itself.
func (c *call) want(ok bool, format string, args ...any) {
	if !ok {
		c.fail(format, args...)
	}
}

// in returns input i.
func (c *call) in(i int) *Tensor {
	if t := c.opt(i); t != nil {
		return t
	}
	c.fail("got no input %d, want one", i+1)
	return nil
}

// opt returns input i, nil if it is omitted.
func (c *call) opt(i int) *Tensor {
	if i < len(c.inputs) {
		return c.inputs[i]
	}
	return nil
}

// ints64 returns input i, which must be integers or bools.
func (c *call) ints64(i int) []int64 {
	t := c.in(i)
	switch t.Type() {
	case proto.Float32, proto.Float64, proto.Float16, proto.BFloat16:
		c.fail("input %d: got elements of %v, want integers", i+1, t.Type())
	}
	return castTo[int64](t.data)
}

// sizes returns input i, integers, limited to ±maxElements, since files write huge numbers for "up to the end".
func (c *call) sizes(i int) []int { return clampAll(c.ints64(i)) }

func clampAll(v []int64) []int {
	out := make([]int, len(v))
	for i, x := range v {
		out[i] = clamp(x)
	}
	return out
}

func clamp(v int64) int { return int(min(max(v, -maxElements), maxElements)) }

// one returns the only element of input i, an integer.
func (c *call) one(i int) int {
	v := c.sizes(i)
	c.want(len(v) == 1, "input %d: got %d elements, want 1", i+1, len(v))
	return v[0]
}

// real returns the only element of input i.
func (c *call) real(i int) float64 {
	v := c.in(i).Doubles()
	c.want(len(v) == 1, "input %d: got %d elements, want 1", i+1, len(v))
	return v[0]
}

// attribute returns an attribute, nil if there is none.
func (c *call) attribute(name string) *proto.Attribute {
	for i := range c.node.Attributes {
		if c.node.Attributes[i].Name == name {
			return &c.node.Attributes[i]
		}
	}
	return nil
}

func (c *call) typed(name string, k proto.AttributeKind) *proto.Attribute {
	a := c.attribute(name)
	if a != nil && a.Kind != k && a.Kind != 0 {
		c.fail("attribute %s: got kind %d, want %d", name, a.Kind, k)
	}
	return a
}

func (c *call) int(name string, otherwise int) int {
	if a := c.typed(name, proto.Int); a != nil {
		return clamp(a.Int)
	}
	return otherwise
}

func (c *call) flag(name string) bool { return c.int(name, 0) != 0 }

// ints returns a list of integers, nil if there is none.
func (c *call) ints(name string) []int {
	if a := c.typed(name, proto.Ints); a != nil {
		return clampAll(a.Ints)
	}
	return nil
}

func (c *call) float(name string, otherwise float32) float64 {
	if a := c.typed(name, proto.Float); a != nil {
		otherwise = a.Float
	}
	return float64(otherwise)
}

func (c *call) floats(name string) []float64 {
	a := c.typed(name, proto.Floats)
	if a == nil {
		return nil
	}
	return convert[float64](a.Floats)
}

func (c *call) str(name, otherwise string) string {
	if a := c.typed(name, proto.String); a != nil {
		return a.String
	}
	return otherwise
}

func (c *call) strs(name string) []string {
	if a := c.typed(name, proto.Strings); a != nil {
		return a.Strings
	}
	return nil
}

// body returns the graph in an attribute.
func (c *call) body(name string) *graph {
	a := c.typed(name, proto.Nested)
	if a == nil {
		c.fail("got no attribute %s, want a graph", name)
	}
	return c.program.nested[a.Graph]
}

// axis returns an axis of n dimensions; a negative one counts from the end.
func (c *call) axis(a, n int) int {
	if a < -n || a >= n {
		c.fail("got axis %d, want one of %d dimensions", a, n)
	}
	return (a + n) % max(n, 1)
}

// axes returns distinct axes of n dimensions.
func (c *call) axes(list []int, n int) []int {
	out := make([]int, len(list))
	for i, a := range list {
		out[i] = c.axis(a, n)
		if slices.Contains(out[:i], out[i]) {
			c.fail("got axis %d twice in %v, want different axes", a, list)
		}
	}
	return out
}

// axisAttribute is the attribute axis, for n dimensions.
func (c *call) axisAttribute(otherwise, n int) int { return c.axis(c.int("axis", otherwise), n) }

// shape checks a shape of a result, and counts it as work and against the memory.
func (c *call) shape(shape ...int) []int {
	c.count(shape)
	return shape
}

// count is shape, and returns the number of elements.
func (c *call) count(shape []int) int {
	n := 1
	for _, d := range shape {
		switch {
		case d < 0:
			c.fail("got a result of shape %v, want dimensions of 0 or more", slices.Clone(shape))
		case d > 0 && n > maxElements/d:
			c.fail("got a result of shape %v, want at most %d elements", slices.Clone(shape), maxElements)
		}
		n *= d
	}
	c.reserve(8 * n)
	return n
}

// index returns a list of n positions, to be filled.
func (c *call) index(shape ...int) []int { return make([]int, sizeOf(c.shape(shape...))) }

// sameType fails unless two inputs have the same element type.
func (c *call) sameType(a, b *Tensor) {
	c.want(a.Type() == b.Type(), "got elements of %v and %v, want the same type", a.Type(), b.Type())
}

// unsupported fails for an element type.
func (c *call) unsupported(t *Tensor) {
	c.fail("got elements of %v, want another type", t.Type())
}

// pick returns the entry of a table for a tensor's element type.
func pick[F any](c *call, t *Tensor, list table[F]) F {
	f, ok := list[t.Type()]
	if !ok {
		c.unsupported(t)
	}
	return f
}

// product multiplies counts, up to the largest int.
func product(list ...int) int {
	n := 1
	for _, v := range list {
		if v > 0 && n > math.MaxInt/v {
			return math.MaxInt
		}
		n *= v
	}
	return n
}
