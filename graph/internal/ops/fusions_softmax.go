package ops

import "slices"

// softmaxGrad matches y·(g - Σ g·y) and, for the logarithm, g - exp(y)·Σ g, with sums along the axis of the Softmax y, if dimensions follow
// that and nothing else uses what is inside.
func (l *lowering) softmaxGrad(n *Node) *fusion {
	switch mapOf(n).Code {
	case Mul:
		for i, y := range Of(n).In {
			d := Of(n).In[1-i]
			if s, ok := defOf(y).(Softmax); ok && !s.Log && mapOf(d).Code == Sub {
				if f := l.softmaxGradOf(n, s, Of(d).In[0], y, d, Of(d).In[1]); f != nil {
					return f
				}
			}
		}
	case Sub:
		q := Of(n).In[1]
		if mapOf(q).Code != Mul {
			return nil
		}
		for i, e := range Of(q).In {
			if mapOf(e).Code != Exp {
				continue
			}
			y := Of(e).In[0]
			if s, ok := defOf(y).(Softmax); ok && s.Log && l.usedOnce(e) {
				if f := l.softmaxGradOf(n, s, Of(n).In[0], y, q, Of(q).In[1-i]); f != nil {
					f.inside = append(f.inside, e)
					return f
				}
			}
		}
	}
	return nil
}

// softmaxGradOf returns the fusion of the derivative n of the Softmax y, if sum is the right one for the gradient; d is the other
// element-wise node inside.
func (l *lowering) softmaxGradOf(n *Node, s Softmax, grad, y, d, sum *Node) *fusion {
	f := &fusion{def: SoftmaxGrad{s}, in: []*Node{grad, y}}
	if s.Behind == 0 || l.inside[grad] || l.inside[y] || !slices.Equal(Shape(grad), Shape(y)) || !slices.Equal(Shape(n), Shape(y)) || !l.takes(f, d) {
		return nil
	}
	axis := s.Axis(len(Shape(y)))
	if r, ok := defOf(sum).(Reduce); !ok || r != (Reduce{From: axis, To: axis + 1}) || !l.takes(f, sum) || l.pairs[sum] != nil {
		return nil
	}
	of := Of(sum).In[0]
	if s.Log && of == grad {
		return f
	}
	if in := Of(of); s.Log || mapOf(of).Code != Mul || !l.takes(f, of) || !(in.In[0] == grad && in.In[1] == y || in.In[0] == y && in.In[1] == grad) {
		return nil
	}
	return f
}
