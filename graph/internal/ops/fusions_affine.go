package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

var activations = map[Code]kernels.Activation{
	ReLU: kernels.ActReLU, LeakyReLU: kernels.ActLeakyReLU, Tanh: kernels.ActTanh, Sigmoid: kernels.ActSigmoid,
	Clip: kernels.ActClip, ReLUGrad: kernels.ActReLU, LeakyReLUGrad: kernels.ActLeakyReLU, TanhGrad: kernels.ActTanh, SigmoidGrad: kernels.ActSigmoid,
}

// affine matches a product with what follows it: act(A·B + bias), where the bias or act may be absent, or A·B times the
// derivative of act.
func (l *lowering) affine(n *Node) *fusion {
	o := Of(n)
	m, ok := o.Def.(Map)
	if !ok {
		return nil
	}
	var e Epilogue
	if act, ok := activations[m.Code]; ok {
		e.Act, e.A, e.B = act, m.A, m.B
		p := l.isProduct(o.In[0])
		switch {
		case m.Code.Arity() == 2:
			if !p || l.inside[o.In[1]] || !slices.Equal(Shape(o.In[1]), o.Shape) {
				return nil
			}
			e.Deriv = true
			return withEpilogue(o.In[0], e, o.In[1])
		case p:
			return withEpilogue(o.In[0], e)
		case !l.inside[o.In[0]]: // only n may use the sum of the product and the bias
			return nil
		}
		o = Of(o.In[0])
		if m, ok = o.Def.(Map); !ok {
			return nil
		}
	}
	if m.Code != Add {
		return nil
	}
	e.Bias = true
	for i, x := range o.In {
		bias := l.source(o.In[1-i])
		if !l.isProduct(x) || l.inside[bias] || !l.isBias(bias, o.Shape) {
			continue
		}
		axis := 1 // of the channels
		if _, ok := Of(unshaped(x)).Def.(MatMul); ok {
			axis = len(o.Shape) - 1
		}
		if n := o.Shape[axis]; tensors.Size(Shape(bias)) == n && dimFromEnd(Shape(bias), len(o.Shape)-axis) == n && slices.Equal(o.Shape, Shape(x)) {
			return withEpilogue(x, e, bias)
		}
	}
	return nil
}

// isBias reports whether a summand of an output does not depend on the samples. With one sample, another value of the network can
// have the shape of a bias, but must be added as in larger batches, for the same bits.
func (l *lowering) isBias(n *Node, out []int) bool {
	if l.settled != nil {
		return l.settled[n]
	}
	return len(Shape(n)) < len(out) || out[0] != 1
}

// isProduct reports whether p can have an epilogue: a MatMul of matrices or a Reshape of it that keeps the columns, a convolution or a
// Reshape of it that keeps the batch and the channels. Only the epilogue may use it.
func (l *lowering) isProduct(p *Node) bool {
	root := unshaped(p)
	if !l.usedOnce(p) || !l.usedOnce(root) {
		return false
	}
	switch d := Of(root).Def.(type) {
	case MatMul:
		s, r := Shape(p), Shape(root)
		return len(r) == 2 && len(s) >= 2 && s[len(s)-1] == r[1]
	case Conv:
		s := Shape(p)
		return d.Part != ConvWeights && len(s) > 2 && slices.Equal(s[:2], Shape(root)[:2])
	}
	return false
}

// withEpilogue returns the product p with an epilogue, whose inputs come after the two factors.
func withEpilogue(p *Node, e Epilogue, in ...*Node) *fusion {
	root := Of(unshaped(p))
	f := fusion{in: append(slices.Clone(root.In), in...), inside: []*Node{p, unshaped(p)}, where: root.Where}
	switch d := root.Def.(type) {
	case MatMul:
		f.def = Affine{d, e}
	case Conv:
		f.def = ConvAffine{d, e}
	}
	return &f
}
