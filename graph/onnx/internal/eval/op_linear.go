package eval

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

func init() {
	register(map[string]operator{
		"MatMul": op(2, 2, "", func(c *call) *Tensor { c.sameType(c.in(0), c.in(1)); return c.byWeights(c.in(0), false) }),
		"Gemm":   op(2, 3, "alpha beta transA transB broadcast", gemm),
	})
}

var products = table[func(y, a, b data, m, k, n int)]{
	proto.Float32: quick[float32], proto.Float64: quick[float64], proto.Int32: slow[int32], proto.Int64: slow[int64], proto.Uint32: slow[uint32], proto.Uint64: slow[uint64],
}

// quick sets y, (m, n), to the product of a and b.
func quick[T kernels.Float](y, a, b data, m, k, n int) {
	if m*n*k != 0 {
		kernels.MatMul(pool(), kernels.Dense([]T(y.(list[T])), m, n), kernels.Dense([]T(a.(list[T])), m, k), kernels.Dense([]T(b.(list[T])), k, n), 1, 0, nil)
	}
}

func slow[T number](y, a, b data, m, k, n int) {
	out, left, right := y.(list[T]), a.(list[T]), b.(list[T])
	for i := range m {
		for l := range k {
			v := left[i*k+l]
			for j := range n {
				out[i*n+j] += v * right[l*n+j]
			}
		}
	}
}

// matMul multiplies matrices, whose leading axes are broadcast; a vector is a row or a column.
func (c *call) matMul(a, b *Tensor) *Tensor {
	c.want(len(a.Shape) > 0 && len(b.Shape) > 0, "got shapes %v and %v, want vectors or matrices", a.Shape, b.Shape)
	row, column := len(a.Shape) == 1, len(b.Shape) == 1
	if row {
		a = a.reshaped(1, a.Shape[0])
	}
	if column {
		b = b.reshaped(b.Shape[0], 1)
	}
	la, lb := a.Shape[:len(a.Shape)-2], b.Shape[:len(b.Shape)-2]
	m, k, n := a.Shape[len(la)], a.Shape[len(la)+1], b.Shape[len(lb)+1]
	c.want(k == b.Shape[len(lb)], "got shapes %v and %v, want equal inner dimensions", a.Shape, b.Shape)
	lead := c.broadcast(la, lb)
	multiply := pick(c, a, products)
	out := c.made(a.Type(), append(append([]int{}, lead...), m, n)...)
	c.spend(product(sizeOf(lead), m, k, n))
	if len(lb) == 0 || sizeOf(lb) == 1 { // one product
		multiply(out.data, a.data, b.data, sizeOf(lead)*m, k, n)
	} else {
		pairs(lead, la, lb, func(o, ia, ib, count, da, db int) {
			for i := range count {
				multiply(out.data.slice((o+i)*m*n, (o+i+1)*m*n), a.data.slice((ia+i*da)*m*k, (ia+i*da+1)*m*k), b.data.slice((ib+i*db)*k*n, (ib+i*db+1)*k*n), m, k, n)
			}
		})
	}
	shape := append([]int{}, lead...)
	if !row {
		shape = append(shape, m)
	}
	if !column {
		shape = append(shape, n)
	}
	return out.reshaped(shape...)
}

// byWeights returns the product of a and input 2, or the transpose of that if it is a matrix. A constant matrix is packed once.
func (c *call) byWeights(a *Tensor, transposed bool) *Tensor {
	b := c.in(1)
	if c.node.constant[1] && len(b.Shape) == 2 && len(a.Shape) > 0 && a.Size()*b.Size() > 0 {
		switch {
		case a.Type() == proto.Float32 && b.Type() == proto.Float32:
			return byPacked[float32](c, a, transposed)
		case a.Type() == proto.Float64 && b.Type() == proto.Float64:
			return byPacked[float64](c, a, transposed)
		}
	}
	if transposed {
		b = c.permuted(b, []int{1, 0})
	}
	return c.matMul(a, b)
}

// byPacked is byWeights for a constant matrix.
func byPacked[T kernels.Float](c *call, a *Tensor, transposed bool) *Tensor {
	b := packed[T](c, 1, c.in(1).Shape[0], c.in(1).Shape[1], transposed)[0]
	k, n := b.Shape()
	last := len(a.Shape) - 1
	if a.Shape[last] != k {
		c.fail("got shapes %v and %v, want equal inner dimensions", a.Shape, c.in(1).Shape)
	}
	out := c.made(a.Type(), append(slices.Clone(a.Shape[:last]), n)...)
	m := a.Size() / k
	c.spend(product(m, k, n))
	kernels.MatMulPacked(pool(), kernels.Dense([]T(out.data.(list[T])), m, n), kernels.Dense([]T(a.data.(list[T])), m, k), b, 1, 0, nil)
	return out
}

// gemm is alpha·a·b + beta·c.
func gemm(c *call) *Tensor {
	a, b := c.in(0), c.in(1)
	c.sameType(a, b)
	c.want(len(a.Shape) == 2 && len(b.Shape) == 2, "got shapes %v and %v, want matrices", a.Shape, b.Shape)
	if c.flag("transA") {
		a = c.permuted(a, []int{1, 0})
	}
	y := c.scaled(c.byWeights(a, c.flag("transB")), c.float("alpha", 1))
	if c.opt(2) == nil {
		return y
	}
	bias := c.scaled(c.in(2), c.float("beta", 1))
	c.sameType(y, bias)
	shape := c.broadcast(y.Shape, bias.Shape)
	c.want(sizeOf(shape) == y.Size() && len(shape) == 2, "input 3: got shape %v, want one that broadcasts to %v", bias.Shape, y.Shape)
	return pick(c, y, everySum)(c, y, bias)
}

var everySum = table[func(c *call, a, b *Tensor) *Tensor]{
	proto.Float32: sum[float32], proto.Float64: sum[float64], proto.Int32: sum[int32], proto.Int64: sum[int64], proto.Uint32: sum[uint32], proto.Uint64: sum[uint64],
}

// scaled multiplies by a factor.
func (c *call) scaled(t *Tensor, by float64) *Tensor {
	if by == 1 {
		return t
	}
	if isFloat(t) {
		return unaryFloat(c, t, func(v float64) float64 { return v * by })
	}
	c.fail("got a factor of %v for integers, want 1", by)
	return nil
}
