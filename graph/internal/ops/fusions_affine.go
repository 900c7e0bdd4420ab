package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// activations are the functions that an epilogue computes, of one argument, and those of a gradient and an output.
var activations = map[Code]kernels.Activation{
	ReLU: kernels.ActReLU, LeakyReLU: kernels.ActLeakyReLU, Tanh: kernels.ActTanh, Sigmoid: kernels.ActSigmoid, GELU: kernels.ActGELU,
	Clip: kernels.ActClip, ReLUGrad: kernels.ActReLU, LeakyReLUGrad: kernels.ActLeakyReLU, TanhGrad: kernels.ActTanh, SigmoidGrad: kernels.ActSigmoid,
	Mul: kernels.ActFactor,
}

// affine matches a product with what follows it: act(A·B + bias), where the bias or act may be absent, A·B times the derivative of
// act or another value, or A·B + bias + another value.
func (l *lowering) affine(n *Node) *fusion {
	o := Of(n)
	m, ok := o.Def.(Map)
	if !ok {
		return nil
	}
	var e Epilogue
	if act, ok := activations[m.Code]; ok {
		e.Act, e.A, e.B = act, m.A, m.B
		if m.Code.Arity() == 2 {
			e.Deriv = true
			f := l.withWhole(o.In[0], o.In[1], e)
			if f == nil && m.Code == Mul {
				f = l.withWhole(o.In[1], o.In[0], e)
			}
			return f
		}
		if l.isProduct(o.In[0]) {
			return withEpilogue(o.In[0], e)
		}
		if !l.inside[o.In[0]] || mapOf(o.In[0]).Code != Add { // only n may use the sum of the product and the bias
			return nil
		}
		return l.biased(o.In[0], e)
	}
	if m.Code != Add {
		return nil
	}
	if f := l.biased(n, e); f != nil {
		return f
	}
	for i, x := range o.In {
		if f := l.withWhole(x, o.In[1-i], Epilogue{Plus: true}); f != nil {
			return f
		}
		if l.inside[x] && mapOf(x).Code == Add && l.isWhole(o.In[1-i], x) {
			if f := l.biased(x, Epilogue{Plus: true}); f != nil && isAffine(f) {
				f.in, f.inside = append(f.in, o.In[1-i]), append(f.inside, x)
				return f
			}
		}
	}
	return nil
}

// withWhole returns the product p with an epilogue that reads a value of its size, nil if that does not fit. Convolutions take only
// derivatives of activations.
func (l *lowering) withWhole(p, whole *Node, e Epilogue) *fusion {
	if !l.isProduct(p) || !l.isWhole(whole, p) {
		return nil
	}
	f := withEpilogue(p, e, whole)
	if (e.Plus || e.Act == kernels.ActFactor) && !isAffine(f) {
		return nil
	}
	return f
}

// isWhole reports whether an epilogue of p can read a value: it is in memory, and has p's shape.
func (l *lowering) isWhole(n, p *Node) bool { return !l.inside[n] && slices.Equal(Shape(n), Shape(p)) }

func isAffine(f *fusion) bool {
	_, ok := f.def.(Affine)
	return ok
}

// biased matches the sum n of a product and a bias, which gets the other parts of e too.
func (l *lowering) biased(n *Node, e Epilogue) *fusion {
	o := Of(n)
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
	return l.usedOnce(p) && l.usedOnce(unshaped(p)) && takesEpilogue(p)
}

// takesEpilogue reports whether p is an op that can have an epilogue, or a Reshape of it.
func takesEpilogue(p *Node) bool {
	root := unshaped(p)
	if Of(root) == nil {
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
