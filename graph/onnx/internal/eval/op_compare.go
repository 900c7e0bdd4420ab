package eval

import (
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

var comparisons = table[func(c *call, a, b *Tensor) *Tensor]{
	proto.Float32: compare[float32], proto.Float64: compare[float64], proto.Int8: compare[int8], proto.Int16: compare[int16], proto.Int32: compare[int32],
	proto.Int64: compare[int64], proto.Uint8: compare[uint8], proto.Uint16: compare[uint16], proto.Uint32: compare[uint32], proto.Uint64: compare[uint64],
}

func comparison(c *call) *Tensor {
	a, b := c.operands()
	c.sameType(a, b)
	if a.Type() == proto.Bool && c.node.Operator == "Equal" {
		return combine(c, a, b, func(x, y bool) bool { return x == y })
	}
	return pick(c, a, comparisons)(c, a, b)
}

// compare compares numbers; a comparison with NaN is false.
func compare[T number](c *call, a, b *Tensor) *Tensor {
	switch c.node.Operator {
	case "Equal":
		return combine(c, a, b, func(x, y T) bool { return x == y })
	case "Greater":
		return combine(c, a, b, func(x, y T) bool { return x > y })
	case "Less":
		return combine(c, a, b, func(x, y T) bool { return x < y })
	case "GreaterOrEqual":
		return combine(c, a, b, func(x, y T) bool { return x >= y })
	}
	return combine(c, a, b, func(x, y T) bool { return x <= y })
}

// bools returns a tensor whose elements must be bools.
func (c *call) bools(t *Tensor) list[bool] {
	l, ok := t.data.(list[bool])
	c.want(ok, "got elements of %v, want bools", t.Type())
	return l
}

func logic(c *call) *Tensor {
	a, b := c.operands()
	c.bools(a)
	c.bools(b)
	switch c.node.Operator {
	case "And":
		return combine(c, a, b, func(x, y bool) bool { return x && y })
	case "Or":
		return combine(c, a, b, func(x, y bool) bool { return x || y })
	}
	return combine(c, a, b, func(x, y bool) bool { return x != y })
}

func not(c *call) *Tensor {
	return &Tensor{c.shape(c.in(0).Shape...), mapped(c.bools(c.in(0)), func(v bool) bool { return !v })}
}

// where chooses elements by a condition, all three broadcast.
func where(c *call) *Tensor {
	cond, a, b := c.in(0), c.in(1), c.in(2)
	c.sameType(a, b)
	c.bools(cond)
	shape := c.broadcast(cond.Shape, a.Shape, b.Shape)
	cond, a, b = c.expanded(cond, shape), c.expanded(a, shape), c.expanded(b, shape)
	both := &Tensor{[]int{2 * a.Size()}, a.data.empty(2 * a.Size())}
	both.data.copyAt(0, a.data, 0, a.Size())
	both.data.copyAt(a.Size(), b.data, 0, a.Size())
	index := c.index(shape...)
	for i, yes := range cond.data.(list[bool]) {
		if index[i] = i; !yes {
			index[i] += a.Size()
		}
	}
	return &Tensor{shape, both.data.take(index, nil)}
}
