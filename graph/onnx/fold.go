package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// hasIntegers tells whether input i is whole numbers that are known.
func (c *call) hasIntegers(i int) bool {
	if !c.has(i) {
		return false
	}
	v := c.value(i)
	return v != nil && v.integers != nil
}

// integerValue returns a value of known whole numbers.
func (c *call) integerValue(v *integers) []*value { return []*value{{integers: c.known(v)}} }

// foldArithmetic applies the operator to two tensors of known numbers, of equal shapes or one of them of one element.
func (c *call) foldArithmetic() *integers {
	return c.fold(c.integers(0), c.integers(1), func(a, b int64) int64 {
		truth := map[bool]int64{true: 1}
		switch c.node.Operator {
		case "Add":
			return a + b
		case "Sub":
			return a - b
		case "Mul":
			return a * b
		case "Div":
			if b == 0 || a == math.MinInt64 && b == -1 {
				c.fail("got %d / %d", a, b)
				return 0
			}
			return a / b
		case "Equal":
			return truth[a == b]
		case "Greater":
			return truth[a > b]
		case "Less":
			return truth[a < b]
		}
		c.fail("the operator is not supported for whole numbers that are known")
		return 0
	})
}

// fold applies f to the elements of two tensors, which are broadcast.
func (c *call) fold(a, b *integers, f func(a, b int64) int64) *integers {
	shape := make([]int, max(len(a.shape), len(b.shape)))
	for i := range shape {
		m, n := fromEnd(a.shape, len(shape)-i), fromEnd(b.shape, len(shape)-i)
		if shape[i] = m; m == 1 {
			shape[i] = n
		} else if n != m && n != 1 {
			c.fail("shapes %v and %v do not fit", a.shape, b.shape)
			return &integers{}
		}
	}
	a, b = c.spread(a, shape), c.spread(b, shape)
	if c.err != nil {
		return &integers{}
	}
	out := &integers{shape, make([]int64, len(a.data))}
	for i := range out.data {
		out.data[i] = f(a.data[i], b.data[i])
	}
	return out
}

// spread broadcasts a tensor to a shape that it fits.
func (c *call) spread(w *integers, shape []int) *integers {
	if slices.Equal(w.shape, shape) {
		return w
	}
	by := strides(w.shape)
	return c.pick(w, shape, func(place []int) int {
		n := 0
		for i, d := range w.shape {
			if d > 1 {
				n += place[len(place)-len(by)+i] * by[i]
			}
		}
		return n
	})
}

// foldWhere takes elements of two tensors, as a third one says.
func (c *call) foldWhere() *integers {
	t := c.integers(0)
	yes := c.fold(t, c.integers(1), func(t, v int64) int64 { return t * v })
	no := c.fold(t, c.integers(2), func(t, v int64) int64 { return (1 - t) * v })
	return c.fold(yes, no, func(a, b int64) int64 { return a + b })
}

// castIntegers converts known whole numbers to another type of them.
func (c *call) castIntegers(v *integers, to proto.ElementType) *integers {
	out := &integers{v.shape, slices.Clone(v.data)}
	for i, n := range out.data {
		switch to {
		case proto.Int32:
			out.data[i] = int64(int32(n))
		case proto.Bool:
			out.data[i] = map[bool]int64{true: 1}[n != 0]
		}
	}
	return out
}

// pick returns the tensor of the given shape whose elements are where at says, given their places.
func (c *call) pick(v *integers, shape []int, at func(place []int) int) *integers {
	size, ok := sizeOf(shape, c.left)
	if !ok {
		c.fail("got shape %v of known numbers: with them there are %s", shape, wantFewer)
		return &integers{}
	}
	out := &integers{shape, make([]int64, size)}
	place := make([]int, len(shape))
	for i := range out.data {
		out.data[i] = v.data[at(place)]
		for k := len(shape) - 1; k >= 0; k-- {
			if place[k]++; place[k] < shape[k] {
				break
			}
			place[k] = 0
		}
	}
	return out
}

// strides returns how far apart the neighbours in each dimension are.
func strides(shape []int) []int {
	list := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		list[i] = n
		n *= shape[i]
	}
	return list
}

// dot returns the place of an element in row-major order.
func dot(place, strides []int) int {
	n := 0
	for i, p := range place {
		n += p * strides[i]
	}
	return n
}
