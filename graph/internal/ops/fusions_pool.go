package ops

// convPool matches a max pooling of a convolution, with or without an epilogue, that nothing else uses.
func (l *lowering) convPool(n *Node) *fusion {
	p, ok := Of(n).Def.(Pool)
	if !ok || p.Part != MaxPool {
		return nil
	}
	x := Of(n).In[0]
	root := unshaped(x)
	if !l.usedOnce(x) || !l.usedOnce(root) {
		return nil
	}
	if c, ok := Of(root).Def.(Conv); ok && c.Part == ConvForward {
		return &fusion{ConvPool{ConvAffine{Conv: c}, p}, Of(root).In, []*Node{x, root}, Of(root).Where}
	}
	f := l.affine(root)
	if f == nil {
		return nil
	}
	c, ok := f.def.(ConvAffine)
	if !ok || c.Part != ConvForward || c.Deriv {
		return nil
	}
	return &fusion{ConvPool{c, p}, f.in, append(f.inside, x, root), f.where}
}

// poolGrad matches the gradient of a max pooling times the derivative of a ReLU, where the pooling's input is the ReLU's
// output.
func (l *lowering) poolGrad(n *Node) *fusion {
	m, ok := Of(n).Def.(Map)
	if !ok || m.Code != ReLUGrad {
		return nil
	}
	grad, y := Of(n).In[0], Of(n).In[1]
	root := unshaped(grad)
	if !l.usedOnce(grad) || !l.usedOnce(root) {
		return nil
	}
	p, ok := Of(root).Def.(Pool)
	if !ok || p.Part != MaxPoolGrad || l.from.original(unshaped(Of(root).In[0])) != l.from.original(unshaped(y)) {
		return nil
	}
	p.ReLU = true
	return &fusion{def: p, in: Of(root).In, inside: []*Node{grad, root}, where: Of(root).Where}
}

// weightsPooled matches the derivative of a convolution by its weights whose output gradient is the gradient of a max
// pooling, with or without a ReLU between the two.
func (l *lowering) weightsPooled(n *Node) *fusion {
	c, ok := Of(n).Def.(Conv)
	if !ok || c.Part != ConvWeights {
		return nil
	}
	x, grad := Of(n).In[0], Of(n).In[1]
	root := unshaped(grad)
	if !l.usedOnce(grad) || !l.usedOnce(root) {
		return nil
	}
	f := l.poolGrad(root)
	if f == nil {
		f = &fusion{def: Of(root).Def, in: Of(root).In}
	}
	p, ok := f.def.(Pool)
	if !ok || p.Part != MaxPoolGrad {
		return nil
	}
	return &fusion{def: WeightsPooled{c, p}, in: append([]*Node{x}, f.in...), inside: append(f.inside, grad, root)}
}
