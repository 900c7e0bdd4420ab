package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A chainBuilder collects a node and the element-wise nodes that are fused into it.
type chainBuilder struct {
	l      *lowering
	inputs []*Node
	links  []*Node
	number map[*Node]int // of inputs and of links, each counted by itself
}

// build takes in the root, its fused arguments first, so that links come in the order in which they run.
func (c *chainBuilder) build(n *Node) {
	for _, in := range Of(n).In {
		in = c.l.source(in)
		if _, seen := c.number[in]; seen {
			continue
		}
		if c.l.fused[in] {
			c.build(in)
			continue
		}
		c.number[in] = len(c.inputs)
		c.inputs = append(c.inputs, in)
	}
	c.number[n] = len(c.links)
	c.links = append(c.links, n)
}

// source skips the repetitions that are fused: a chain reads broadcast inputs by itself.
func (l *lowering) source(n *Node) *Node {
	for l.fused[n] {
		o := Of(n)
		if _, repeat := o.Def.(Broadcast); !repeat {
			break
		}
		n = o.In[0]
	}
	return n
}

func (c *chainBuilder) chain() Chain {
	ch := Chain{Inputs: len(c.inputs)}
	for _, n := range c.links {
		o := Of(n)
		l := Link{Map: Map{Code: Copy}}
		if m, ok := o.Def.(Map); ok {
			l.Map = m
		}
		for i, in := range o.In {
			in = c.l.source(in)
			l.Args[i] = c.number[in]
			if slices.Contains(c.links, in) {
				l.Args[i] += ch.Inputs
			}
		}
		ch.Links = append(ch.Links, l)
	}
	return ch
}

var activations = map[Code]kernels.Activation{
	ReLU: kernels.ActReLU, LeakyReLU: kernels.ActLeakyReLU, Tanh: kernels.ActTanh, Sigmoid: kernels.ActSigmoid,
	ReLUGrad: kernels.ActReLU, LeakyReLUGrad: kernels.ActLeakyReLU, TanhGrad: kernels.ActTanh, SigmoidGrad: kernels.ActSigmoid,
}

// affine returns node n as a matrix product or a convolution with an epilogue, and the inputs of that: act(A·B + bias), or
// A·B times the derivative of act.
func (l *lowering) affine(n *Node) (Def, []*Node, bool) {
	p := l.product(n)
	if p == nil {
		return nil, nil, false
	}
	in := slices.Clone(Of(unshaped(p)).In)
	var e Epilogue
	with := func(in []*Node) (Def, []*Node, bool) {
		if c, ok := Of(unshaped(p)).Def.(Conv); ok {
			return ConvAffine{c, e}, in, true
		}
		return Affine{Of(p).Def.(MatMul), e}, in, true
	}
	m := Of(n).Def.(Map)
	if act, ok := activations[m.Code]; ok {
		e.Act, e.Slope = act, m.A
		if m.Code.Arity() == 2 {
			e.Deriv = true
			return with(append(in, Of(n).In[1]))
		}
		if n = Of(n).In[0]; n == p {
			return with(in)
		}
	}
	e.Bias = true
	for _, x := range Of(n).In {
		if x != p {
			in = append(in, l.source(x))
		}
	}
	return with(in)
}

// alone tells whether n is of use to one node only, and no output.
func (l *lowering) alone(n *Node) bool { return Of(n) != nil && l.uses[n] == 1 && !l.keep[n] }

// product returns the product that node n can be the epilogue of, nil if there is none: a MatMul of matrices, a convolution,
// or the Reshape of a convolution that leaves the batch and the channels as they are.
func (l *lowering) product(n *Node) *Node {
	alone := func(p *Node) *Node {
		if !l.alone(p) || !l.alone(unshaped(p)) {
			return nil
		}
		switch d := Of(unshaped(p)).Def.(type) {
		case MatMul:
			if p == unshaped(p) && len(Shape(p)) == 2 {
				return p
			}
		case Conv:
			if s := Shape(p); d.Part != ConvWeights && len(s) > 2 && slices.Equal(s[:2], Shape(unshaped(p))[:2]) {
				return p
			}
		}
		return nil
	}
	o := Of(n)
	m, ok := o.Def.(Map)
	if !ok {
		return nil
	}
	if _, ok := activations[m.Code]; ok {
		if m.Code.Arity() == 2 {
			if p := alone(o.In[0]); p != nil && slices.Equal(Shape(o.In[1]), o.Shape) && !l.fused[o.In[1]] {
				return p
			}
			return nil
		}
		if p := alone(o.In[0]); p != nil {
			return p
		}
		if !l.fused[o.In[0]] { // the sum with the bias has to be of use here alone
			return nil
		}
		if o = Of(o.In[0]); o == nil {
			return nil
		}
		if m, ok = o.Def.(Map); !ok {
			return nil
		}
	}
	if m.Code != Add {
		return nil
	}
	for i, x := range o.In {
		bias := l.source(o.In[1-i])
		if p := alone(x); p != nil && Size(Shape(bias)) == o.Shape[1] && dimFromEnd(Shape(bias), len(o.Shape)-1) == o.Shape[1] && !l.fused[bias] {
			return p
		}
	}
	return nil
}
