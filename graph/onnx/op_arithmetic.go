package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// arithmetic returns an operator that applies f to two inputs; for known integers it computes the result now.
func arithmetic(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value {
		if c.hasIntegers(0) && c.hasIntegers(1) {
			return c.integerValue(c.foldArithmetic())
		}
		if c.hasDoubles(0) && c.hasDoubles(1) {
			return c.foldDoubles(map[string]func(a, b float64) float64{
				"Add": func(a, b float64) float64 { return a + b }, "Sub": func(a, b float64) float64 { return a - b },
				"Mul": func(a, b float64) float64 { return a * b }, "Div": func(a, b float64) float64 { return a / b },
			}[c.node.Operator])
		}
		return nodes(f(c.x(0), c.x(1)))
	}}
}

// several returns an operator that combines all its inputs by f, from first to last.
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

// pow raises to a power; a constant exponent of one number has an operation of its own in graph.
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

// bools returns a value of bools, 1 or 0 in the graph.
func bools(n graph.Node) []*value { return []*value{{node: n, made: true, kind: boolKind}} }

func comparison(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value {
		if c.hasIntegers(0) && c.hasIntegers(1) {
			return c.integerValue(c.foldArithmetic())
		}
		x, k := c.numeric(0)
		y, l := c.numeric(1)
		if k == castKind || l == castKind {
			return bools(c.fail("got numbers cast to integers, want none: it would round"))
		}
		return bools(f(x, y))
	}}
}

func less(x, y graph.Node) graph.Node           { return y.Greater(x) }
func greaterOrEqual(x, y graph.Node) graph.Node { return x.Greater(y).Maximum(x.Equal(y)) }
func lessOrEqual(x, y graph.Node) graph.Node    { return greaterOrEqual(y, x) }

// bools returns input i, which must be bools.
func (c *call) bools(i int) graph.Node {
	if c.hasIntegers(i) { // a mask
		return c.table(c.integers(i), func(v int64) float64 { return float64(min(max(v, -v), 1)) })
	}
	n, k := c.any(i)
	if n.Err() == nil && k != boolKind {
		return c.fail("input %d: got numbers, want bools", i+1)
	}
	return n
}

// table returns a node with the elements f(v) for the known integers v.
func (c *call) table(w *integers, f func(v int64) float64) graph.Node {
	switch {
	case len(w.data) == 0:
		return c.fail("got an empty tensor, want at least one element")
	case !c.spend(len(w.data)):
		return c.input.Errorf("%w", c.err)
	}
	return c.s.Table(func(i int) float64 { return f(w.data[i]) }, w.shape...)
}

func logic(f func(x, y graph.Node) graph.Node) operator {
	return operator{least: 2, most: 2, emit: func(c *call) []*value { return bools(f(c.bools(0), c.bools(1))) }}
}

func not(c *call) []*value { return bools(c.bools(0).Neg().Shift(1)) }

// where takes the elements of input 2 where input 1 is true, else those of input 3.
func where(c *call) []*value {
	if c.hasIntegers(0) && c.hasIntegers(1) && c.hasIntegers(2) {
		return c.integerValue(c.foldWhere())
	}
	if c.hasIntegers(0) && c.hasDoubles(1) && c.hasDoubles(2) {
		return c.chooseDoubles()
	}
	return nodes(c.x(1).Where(c.bools(0), c.x(2)))
}

// cast changes the kind of the elements. It computes nothing, since all nodes of a graph have one floating-point type.
func cast(c *call) []*value {
	to := proto.ElementType(c.int("to", 0))
	_, float := floatTypes[to]
	known := c.value(0)
	switch {
	case c.err != nil:
		return nil
	case !float && !slices.Contains([]proto.ElementType{proto.Int64, proto.Int32, proto.Bool}, to):
		c.fail("attribute to: got %v, want a floating-point type, int64, int32 or bool", to)
		return nil
	case known.integers != nil && float:
		if !c.spend(len(known.integers.data)) {
			return nil
		}
		out := &value{dims: known.integers.shape, numbers: make([]float64, len(known.integers.data)), double: to == proto.Float64}
		for i, v := range known.integers.data {
			out.numbers[i] = float64(v)
		}
		out.numbers = rounded(out.numbers, to)
		return []*value{out}
	case known.integers != nil:
		return c.integerValue(c.castIntegers(known.integers, to))
	case known.numbers != nil && float:
		out := &value{numbers: known.numbers, dims: known.dims, double: to == proto.Float64, waves: known.waves}
		if _, half := halves[to]; half {
			out.numbers, out.waves = rounded(known.numbers, to), nil
		}
		return []*value{out}
	case known.numbers != nil && to != proto.Bool:
		out := &integers{known.dims, make([]int64, len(known.numbers))}
		for i, v := range known.numbers {
			if math.IsNaN(v) || math.Abs(v) > maxElements {
				c.fail("got a cast of %v to an integer, want at most %d in magnitude", v, maxElements)
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
		c.fail("got a cast to integers and back, want none: it would round")
	case float:
		out.kind = floatKind
		if code, ok := halves[to]; ok {
			out.node = unaryNode(x, code)
		}
	case to == proto.Bool && k != boolKind:
		c.fail("got a cast of numbers to bools, want bools")
	case to == proto.Bool:
	case k == floatKind:
		out.kind = castKind
	case k == boolKind:
		out.kind = integerKind
	}
	return []*value{out}
}

// halves are the functions that round to an element type with less precision than float32.
var halves = map[proto.ElementType]ops.Code{proto.Float16: ops.Half, proto.BFloat16: ops.BFloat}

// rounded returns numbers rounded to an element type, if it has less precision than float32.
func rounded(list []float64, to proto.ElementType) []float64 {
	out := slices.Clone(list)
	switch to {
	case proto.Float16:
		kernels.RoundHalf(out, list)
	case proto.BFloat16:
		kernels.RoundBFloat(out, list)
	}
	return out
}
