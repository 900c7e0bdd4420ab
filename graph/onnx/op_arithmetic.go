package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// arithmetic returns an operator of two inputs that is f; known whole numbers are computed at once.
func arithmetic(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value {
		if c.hasIntegers(0) && c.hasIntegers(1) {
			return c.integerValue(c.foldArithmetic())
		}
		return nodes(f(c.x(0), c.x(1)))
	}}
}

// several returns an operator that is f of its inputs, one after the other.
func several(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 1, most: many, emit: func(c *call) []*value {
		y := c.x(0)
		for i := range c.node.Inputs[1:] {
			if y.Err() != nil {
				break
			}
			y = f(y, c.x(1+i))
		}
		return nodes(y)
	}}
}

func neg(c *call) []*value {
	if c.hasIntegers(0) {
		w := c.integers(0)
		out := &integers{w.shape, make([]int64, len(w.data))}
		for i, v := range w.data {
			out.data[i] = -v
		}
		return c.integerValue(out)
	}
	return nodes(c.x(0).Neg())
}

// pow is a power; of an exponent that is one number, its own function.
func pow(c *call) []*value {
	x := c.x(0)
	if v, ok := c.numbers(1); ok && len(v) == 1 && len(c.value(1).dims) <= x.Rank() {
		return nodes(x.PowScalar(v[0]))
	}
	if c.hasIntegers(1) && len(c.integers(1).data) == 1 && len(c.integers(1).shape) <= x.Rank() {
		return nodes(x.PowScalar(float64(c.integers(1).data[0])))
	}
	return nodes(x.Pow(c.x(1)))
}

// truth returns a value of ones and zeros that stand for truth.
func bools(n graph.Node) []*value { return []*value{{node: n, made: true, kind: boolKind}} }

func comparison(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value {
		if c.hasIntegers(0) && c.hasIntegers(1) {
			return c.integerValue(c.foldArithmetic())
		}
		return bools(f(c.x(0), c.x(1)))
	}}
}

func less(x, y graph.Node) graph.Node           { return y.Greater(x) }
func greaterOrEqual(x, y graph.Node) graph.Node { return x.Greater(y).Maximum(x.Equal(y)) }
func lessOrEqual(x, y graph.Node) graph.Node    { return greaterOrEqual(y, x) }

// truths returns input i, whose elements stand for truth.
func (c *call) bools(i int) graph.Node {
	if c.hasIntegers(i) { // a mask
		return c.table(c.integers(i), func(v int64) float64 { return float64(min(max(v, -v), 1)) })
	}
	n, k := c.any(i)
	if n.Err() == nil && k != boolKind {
		return c.fail("input %d: got numbers, want truth", i+1)
	}
	return n
}

// table returns a node of known whole numbers, each as f says.
func (c *call) table(w *integers, f func(v int64) float64) graph.Node {
	switch {
	case len(w.data) == 0:
		return c.fail("got a tensor of no elements")
	case !c.spend(len(w.data)):
		return c.input.Errorf("%w", c.err)
	}
	return c.s.Table(func(i int) float64 { return f(w.data[i]) }, w.shape...)
}

func logic(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value { return bools(f(c.bools(0), c.bools(1))) }}
}

func not(c *call) []*value { return bools(c.bools(0).Neg().Shift(1)) }

// where takes elements of the second input where the first is true, else of the third.
func where(c *call) []*value {
	if c.hasIntegers(0) && c.hasIntegers(1) && c.hasIntegers(2) {
		return c.integerValue(c.foldWhere())
	}
	return nodes(c.x(1).Where(c.bools(0), c.x(2)))
}

// cast changes what elements stand for. A graph has one type of floating-point numbers, so there is nothing to compute.
func cast(c *call) []*value {
	to := proto.ElementType(c.int("to", 0))
	_, float := floatTypes[to]
	known := c.value(0)
	switch {
	case c.err != nil:
		return nil
	case !float && !slices.Contains([]proto.ElementType{proto.Int64, proto.Int32, proto.Bool}, to):
		c.fail("attribute to: got %v, which is not supported", to)
		return nil
	case known.integers != nil && float:
		if !c.spend(len(known.integers.data)) {
			return nil
		}
		out := &value{dims: known.integers.shape, numbers: make([]float64, len(known.integers.data))}
		for i, v := range known.integers.data {
			out.numbers[i] = float64(v)
		}
		return []*value{out}
	case known.integers != nil:
		return c.integerValue(c.castIntegers(known.integers, to))
	case known.numbers != nil && float:
		return []*value{known}
	case known.numbers != nil && to != proto.Bool:
		out := &integers{known.dims, make([]int64, len(known.numbers))}
		for i, v := range known.numbers {
			if math.IsNaN(v) || math.Abs(v) > maxElements {
				c.fail("got a cast of %v to a whole number", v)
				return nil
			}
			out.data[i] = int64(v)
		}
		return c.integerValue(out)
	}
	x, k := c.any(0)
	out := &value{node: x, made: true, kind: k}
	switch {
	case float && k == castKind:
		c.fail("got a cast to whole numbers and back, which is not supported")
	case float:
		out.kind = floatKind
	case to == proto.Bool && k != boolKind:
		c.fail("got a cast of numbers to truth, which is not supported")
	case to == proto.Bool:
	case k == floatKind:
		out.kind = castKind
	case k == boolKind:
		out.kind = integerKind
	}
	return []*value{out}
}
