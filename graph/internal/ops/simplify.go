package ops

import "slices"

// simplify returns a cheaper node of the same value as d applied to in, or nil. It folds constants, which derivative rules
// make many of: a gradient begins as ones.
func (g *Graph) simplify(d Def, shape []int, in []*Node) *Node {
	switch d := d.(type) {
	case Map:
		if d.Code.Arity() == 1 {
			return g.simplifyUnary(d, in[0])
		}
		return g.simplifyBinary(d, shape, in[0], in[1])
	case Reduce:
		if c, ok := constant(in[0]); ok {
			if !d.Max {
				c *= float64(Size(Shape(in[0])[d.From:d.To]))
			}
			return g.Fill(c, shape)
		}
		if slices.Equal(shape, Shape(in[0])) { // only dimensions of one element
			return in[0]
		}
		return g.pooledSum(d, shape, in[0])
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
			if inner, ok := o.Def.(Map); ok && inner.Code == Scale {
				return g.mc(Scale, o.In[0], m.A*inner.A)
			}
		}
	}
	return nil
}

func (g *Graph) simplifyBinary(m Map, shape []int, a, b *Node) *Node {
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
