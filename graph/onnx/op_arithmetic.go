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
		if c.isWhole(0) && c.isWhole(1) {
			return c.wholes(c.foldArithmetic())
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
	if c.isWhole(0) {
		w := c.whole(0)
		out := &integers{w.shape, make([]int64, len(w.data))}
		for i, v := range w.data {
			out.data[i] = -v
		}
		return c.wholes(out)
	}
	return nodes(c.x(0).Neg())
}

// pow is a power; of an exponent that is one number, its own function.
func pow(c *call) []*value {
	x := c.x(0)
	if v, ok := c.numbers(1); ok && len(v) == 1 && len(c.value(1).dims) <= x.Rank() {
		return nodes(x.PowScalar(v[0]))
	}
	if c.isWhole(1) && len(c.whole(1).data) == 1 && len(c.whole(1).shape) <= x.Rank() {
		return nodes(x.PowScalar(float64(c.whole(1).data[0])))
	}
	return nodes(x.Pow(c.x(1)))
}

// truth returns a value of ones and zeros that stand for truth.
func truth(n graph.Node) []*value { return []*value{{node: n, made: true, kind: truthKind}} }

func comparison(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value {
		if c.isWhole(0) && c.isWhole(1) {
			return c.wholes(c.foldArithmetic())
		}
		return truth(f(c.x(0), c.x(1)))
	}}
}

func less(x, y graph.Node) graph.Node           { return y.Greater(x) }
func greaterOrEqual(x, y graph.Node) graph.Node { return x.Greater(y).Maximum(x.Equal(y)) }
func lessOrEqual(x, y graph.Node) graph.Node    { return greaterOrEqual(y, x) }

// truths returns input i, whose elements stand for truth.
func (c *call) truths(i int) graph.Node {
	if c.isWhole(i) { // a mask
		return c.table(c.whole(i), func(v int64) float64 { return float64(min(max(v, -v), 1)) })
	}
	n, k := c.any(i)
	if n.Err() == nil && k != truthKind {
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
	return operator{least: 2, most: 2, emit: func(c *call) []*value { return truth(f(c.truths(0), c.truths(1))) }}
}

func not(c *call) []*value { return truth(c.truths(0).Neg().Shift(1)) }

// where takes elements of the second input where the first is true, else of the third.
func where(c *call) []*value {
	if c.isWhole(0) && c.isWhole(1) && c.isWhole(2) {
		return c.wholes(c.foldWhere())
	}
	return nodes(c.x(1).Where(c.truths(0), c.x(2)))
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
	case known.whole != nil && float:
		if !c.spend(len(known.whole.data)) {
			return nil
		}
		out := &value{dims: known.whole.shape, numbers: make([]float64, len(known.whole.data))}
		for i, v := range known.whole.data {
			out.numbers[i] = float64(v)
		}
		return []*value{out}
	case known.whole != nil:
		return c.wholes(c.castWhole(known.whole, to))
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
		return c.wholes(out)
	}
	x, k := c.any(0)
	out := &value{node: x, made: true, kind: k}
	switch {
	case float && k == castKind:
		c.fail("got a cast to whole numbers and back, which is not supported")
	case float:
		out.kind = floatKind
	case to == proto.Bool && k != truthKind:
		c.fail("got a cast of numbers to truth, which is not supported")
	case to == proto.Bool:
	case k == floatKind:
		out.kind = castKind
	case k == truthKind:
		out.kind = wholeKind
	}
	return []*value{out}
}
