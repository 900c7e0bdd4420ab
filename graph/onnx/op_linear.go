package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// matMul is NumPy's matmul: a vector is a row on the left and a column on the right.
func matMul(c *call) []*value {
	a, b := c.x(0), c.x(1)
	if a.Rank() > 1 && b.Rank() > 1 || a.Err() != nil || b.Err() != nil {
		return nodes(a.MatMul(b))
	}
	row, column := a.Rank() == 1, b.Rank() == 1
	if row {
		a = a.Expand(0)
	}
	if column {
		b = b.Expand(-1)
	}
	y := a.MatMul(b)
	if y.Err() != nil {
		return nodes(y)
	}
	s := y.Shape()
	if column {
		s = s[:len(s)-1]
	}
	if row {
		s = slices.Delete(s, y.Rank()-2, y.Rank()-1)
	}
	return nodes(y.Reshape(s...))
}

// gemm is alpha·a·b + beta·c; a or b may be transposed.
func gemm(c *call) []*value {
	a, b := c.x(0), c.x(1)
	if c.int("transA", 0) != 0 {
		a = a.Transpose()
	}
	if c.int("transB", 0) != 0 {
		b = b.Transpose()
	}
	if a.Rank() != 2 || b.Rank() != 2 {
		return nodes(c.fail("got shapes %v and %v, want matrices", a.Shape(), b.Shape()))
	}
	y := scaled(a.MatMul(b), c.float("alpha", 1))
	if c.has(2) {
		shape := y.Shape()
		if y = y.Add(scaled(c.x(2), c.float("beta", 1))); !slices.Equal(y.Shape(), shape) {
			return nodes(c.fail("got shape %v of the sum, want %v, the shape of the product", y.Shape(), shape))
		}
	}
	return nodes(y)
}

func scaled(x graph.Node, f float64) graph.Node {
	if f == 1 {
		return x
	}
	return x.Scale(f)
}

// softmax and logSoftmax normalize along one axis; before opset 13, over all dimensions from axis on.
func softmax(c *call, x graph.Node) graph.Node    { return c.alongAxis(x, graph.Node.Softmax) }
func logSoftmax(c *call, x graph.Node) graph.Node { return c.alongAxis(x, graph.Node.LogSoftmax) }

func (c *call) alongAxis(x graph.Node, f func(x graph.Node, axis ...int) graph.Node) graph.Node {
	if c.opset >= 13 {
		return f(x, c.int("axis", -1))
	}
	axis := c.int("axis", 1)
	if axis < 0 {
		axis += x.Rank()
	}
	if x.Err() != nil || axis < 0 || axis >= x.Rank() {
		return c.fail("attribute axis: got %d for shape %v, want one of its axes", axis, x.Shape())
	}
	n := 1
	for _, d := range x.Shape()[axis:] {
		n *= d
	}
	return f(x.Reshape(-1, n)).Reshape(x.Shape()...)
}
