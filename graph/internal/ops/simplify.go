package ops

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// simplify returns a cheaper node with the value of d applied to in, nil if there is none. It folds constants, since derivative
// rules make many of them: a gradient starts as ones.
func (g *Graph) simplify(d Def, shape []int, in []*Node) *Node {
	switch d := d.(type) {
	case Map:
		if d.Code.Arity() == 1 {
			return g.simplifyUnary(d, in[0])
		}
		return g.simplifyBinary(d, shape, in[0], in[1])
	case Transpose:
		return g.simplifyTranspose(d, in[0])
	case MatMul:
		return g.simplifyProduct(d, in[0], in[1])
	case Slice:
		return joined(d, in[0])
	case Reduce:
		if c, ok := constant(in[0]); ok {
			if !d.Max {
				c *= float64(tensors.Size(Shape(in[0])[d.From:d.To]))
			}
			return g.Fill(c, shape)
		}
		if slices.Equal(shape, Shape(in[0])) { // it reduces only dimensions of size 1
			return in[0]
		}
		return g.pooledSum(d, shape, in[0])
	}
	return nil
}

// joined returns the input of a Concat that a Slice takes out again, nil for any other slice.
func joined(s Slice, x *Node) *Node {
	o := Of(x)
	if o == nil || o.Def != (Concat{s.Axis}) {
		return nil
	}
	at := 0
	for _, in := range o.In {
		if n := Shape(in)[s.Axis]; at == s.From && at+n == s.To {
			return in
		}
		at += Shape(in)[s.Axis]
	}
	return nil
}

func (g *Graph) simplifyUnary(m Map, x *Node) *Node {
	if c, ok := constant(x); ok {
		v := []float64{c}
		unary[float64](m)(v, v)
		return g.Fill(v[0], Shape(x))
	}
	switch {
	case m.Code == Copy, m.Code == Scale && m.A == 1, m.Code == Shift && m.A == 0, m.Code == Power && m.A == 1:
		return x
	case m.Code == Scale:
		if o := Of(x); o != nil {
			inner, ok := o.Def.(Map)
			if c := math.Abs(m.A * inner.A); ok && inner.Code == Scale && 1e-37 < c && c < 1e38 { // a factor of float32
				return g.mc(Scale, o.In[0], m.A*inner.A)
			}
		}
	}
	return nil
}

// mapOf returns the Map that makes n, a Copy if n is not the result of a Map.
func mapOf(n *Node) Map {
	if o := Of(n); o != nil {
		if m, ok := o.Def.(Map); ok {
			return m
		}
	}
	return Map{Code: Copy}
}

func (g *Graph) simplifyBinary(m Map, shape []int, a, b *Node) *Node {
	if e := mapOf(b); m.Code == Xlogy && e.Code == Exp {
		return g.m2(Xmul, a, Of(b).In[0])
	} else if m.Code == Sub && e.Code == Mul && mapOf(a).Code == Softplus {
		z, product := Of(a).In[0], Of(b).In
		for i, t := range product {
			if product[1-i] == z && slices.Equal(Shape(t), Shape(z)) {
				return g.m2(Logistic, z, t)
			}
		}
	}
	x, y := a, b
	c, ok := constant(y)
	if !ok && (m.Code == Add || m.Code == Mul) { // these commute
		x, y = b, a
		c, ok = constant(y)
	}
	if !ok || !slices.Equal(shape, Shape(x)) {
		return nil
	}
	switch m.Code {
	case Mul:
		return g.mc(Scale, x, c)
	case Add:
		return g.mc(Shift, x, c)
	case Sub:
		return g.mc(Shift, x, -c)
	}
	return nil
}

// pooledSum simplifies the sum over height and width of a max pooling's gradient, with or without the derivative of a ReLU
// whose output was pooled, to a sum over the pooling's output; it returns nil if x is anything else. Each window passes its
// whole gradient to one element, its maximum, whose sign decides whether the ReLU passes it on. The windows must cover every
// element once, so that no NaN is left out.
func (g *Graph) pooledSum(r Reduce, shape []int, x *Node) *Node {
	if r.Max || r.From != 2 || r.To != len(Shape(x)) || Of(x) == nil {
		return nil
	}
	var y *Node
	if m, ok := Of(x).Def.(Map); ok && m.Code == ReLUGrad {
		x, y = Of(x).In[0], Of(x).In[1]
	}
	o := Of(unshaped(x))
	if o == nil {
		return nil
	}
	p, ok := o.Def.(Pool)
	if !ok || p.Part != MaxPoolGrad || !p.Y.Tiles() || !p.X.Tiles() || !slices.Equal(o.Shape[:2], Shape(x)[:2]) {
		return nil
	}
	grad := o.In[1]
	if y != nil {
		if g.original(unshaped(y)) != g.original(unshaped(o.In[0])) {
			return nil
		}
		grad = g.m2(ReLUGrad, grad, g.Must(Pool{Part: MaxPool, Padded: p.Padded, Y: p.Y, X: p.X}, o.In[0]))
	}
	return g.Reshaped(g.Must(Reduce{From: 2, To: 4}, grad), shape)
}
