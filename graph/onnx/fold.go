package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// hasIntegers reports whether input i is known integers.
func (c *call) hasIntegers(i int) bool {
	if !c.has(i) {
		return false
	}
	v := c.value(i)
	return v != nil && v.integers != nil
}

// integerValue returns known integers as the only output.
func (c *call) integerValue(v *integers) []*value { return []*value{{integers: c.known(v)}} }

// foldArithmetic applies the operator to two tensors of known integers, which are broadcast.
func (c *call) foldArithmetic() *integers {
	return c.fold(c.integers(0), c.integers(1), func(a, b int64) int64 {
		asInt := map[bool]int64{true: 1}
		switch c.node.Operator {
		case "Add":
			return a + b
		case "Sub":
			return a - b
		case "Mul":
			return a * b
		case "Div":
			if b == 0 || a == math.MinInt64 && b == -1 {
				c.fail("got %d / %d, want an int64 quotient", a, b)
				return 0
			}
			return a / b
		case "Mod": // with the sign of b, unless fmod is set
			if b == 0 || a == math.MinInt64 && b == -1 {
				c.fail("got %d mod %d, want an int64 remainder", a, b)
				return 0
			}
			if r := a % b; r == 0 || (r < 0) == (b < 0) || c.int("fmod", 0) != 0 {
				return r
			}
			return a%b + b
		case "Equal":
			return asInt[a == b]
		case "Greater":
			return asInt[a > b]
		case "Less":
			return asInt[a < b]
		}
		c.fail("got constant integers, want floating-point numbers")
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
			c.fail("got shapes %v and %v, want shapes that broadcast", a.shape, b.shape)
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

// spread broadcasts a tensor to a shape.
func (c *call) spread(w *integers, shape []int) *integers {
	if slices.Equal(w.shape, shape) {
		return w
	}
	by := strides(w.shape)
	return c.pick(w, shape, func(pos []int) int {
		n := 0
		for i, d := range w.shape {
			if d > 1 {
				n += pos[len(pos)-len(by)+i] * by[i]
			}
		}
		return n
	})
}

// foldWhere is Where of known integers.
func (c *call) foldWhere() *integers {
	t := c.integers(0)
	yes := c.fold(t, c.integers(1), func(t, v int64) int64 { return t * v })
	no := c.fold(t, c.integers(2), func(t, v int64) int64 { return (1 - t) * v })
	return c.fold(yes, no, func(a, b int64) int64 { return a + b })
}

// castIntegers converts known integers to int64, int32 or bool.
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

// pick returns a tensor of the given shape. at returns the index in v.data of the element for a position in that shape.
func (c *call) pick(v *integers, shape []int, at func(pos []int) int) *integers {
	size, ok := sizeOf(shape, c.left)
	if !ok {
		c.fail("got shape %v of constant numbers, %s", shape, wantFewer)
		return &integers{}
	}
	out := &integers{shape, make([]int64, size)}
	pos := make([]int, len(shape))
	for i := range out.data {
		out.data[i] = v.data[at(pos)]
		for k := len(shape) - 1; k >= 0; k-- {
			if pos[k]++; pos[k] < shape[k] {
				break
			}
			pos[k] = 0
		}
	}
	return out
}

// strides returns the row-major strides of a shape.
func strides(shape []int) []int {
	list := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		list[i] = n
		n *= shape[i]
	}
	return list
}

// dot returns the index of the element at a position, given the strides.
func dot(pos, strides []int) int {
	n := 0
	for i, p := range pos {
		n += p * strides[i]
	}
	return n
}
