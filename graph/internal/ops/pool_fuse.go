package ops

import "slices"

// poolGrad returns the gradient of a max pooling with the derivative of the ReLU whose output that is of, and its inputs, if n
// is the product of the two.
func (l *lowering) poolGrad(n *Node) (d Def, in []*Node, grad *Node) {
	m, ok := Of(n).Def.(Map)
	if !ok || m.Code != ReLUGrad {
		return nil, nil, nil
	}
	grad = Of(n).In[0]
	root := unshaped(grad)
	if !l.alone(grad) || !l.alone(root) {
		return nil, nil, nil
	}
	p, ok := Of(root).Def.(Pool)
	if !ok || p.Part != MaxPoolGrad || unshaped(Of(root).In[0]) != unshaped(Of(n).In[1]) {
		return nil, nil, nil
	}
	p.ReLU = true
	return p, Of(root).In, grad
}

// pooledSum returns the sum over space of the gradient of a max pooling, perhaps times the derivative of a ReLU whose output
// was pooled, as a sum of what each window gets; nil if x is something else. Every window gives all of its gradient to one
// element, and that is the window's value, which tells what the ReLU lets pass. The windows must meet every element once, so
// that no NaN is left out.
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
		if unshaped(y) != unshaped(o.In[0]) {
			return nil
		}
		grad = g.m2(ReLUGrad, grad, g.Must(Pool{Part: MaxPool, Padded: p.Padded, Y: p.Y, X: p.X}, o.In[0]))
	}
	return g.Reshaped(g.Must(Reduce{From: 2, To: 4}, grad), shape)
}

// weightsPooled returns the derivative n of a convolution by its weights together with the gradient of the max pooling behind
// it, if nothing else needs that, with their inputs; root is the node that is computed inside.
func (l *lowering) weightsPooled(n *Node) (d Def, in []*Node, root *Node) {
	c, ok := Of(n).Def.(Conv)
	if !ok || c.Part != ConvWeights {
		return nil, nil, nil
	}
	grad := Of(n).In[1]
	if root = unshaped(grad); !l.alone(grad) || !l.alone(root) {
		return nil, nil, nil
	}
	d, in = Of(root).Def, Of(root).In
	if isMap(root) {
		d, in, _ = l.poolGrad(root)
	}
	if p, ok := d.(Pool); ok && p.Part == MaxPoolGrad {
		return WeightsPooled{c, p}, append([]*Node{Of(n).In[0]}, in...), root
	}
	return nil, nil, nil
}
