package graph

import "github.com/nndiy/nndiy/graph/internal/ops"

// StopGradient returns x, and passes no gradient back to it (PyTorch's detach).
func (x Node) StopGradient() Node { return x.apply("StopGradient", ops.Stop{}) }

// Grad returns the derivatives of y by each of the nodes, as nodes of their shapes, which can be differentiated again. y
// must have one element. The derivative by a node that y does not depend on is zero.
//
// At NaN, infinities, zeros and ties derivatives are those of PyTorch, with these exceptions. At NaN, Abs, ReLU, LeakyReLU, Clip,
// Maximum, Minimum and PNorm have the derivative NaN, so that it does not stay unseen. At infinities GELU and Pow have the limit,
// and LogSumExp has 0 if all elements are -Inf. Of equal elements, TopK, BottomK and MaxPool take the first.
func Grad(y Node, wrt ...Node) []Node {
	out := make([]Node, len(wrt))
	nodes := make([]*ops.Node, len(wrt))
	bad := y
	for i, w := range wrt {
		if bad.err != nil {
			break
		}
		if w.b != y.b {
			w = y.fail("Grad", errTwoGraphs)
		}
		bad, nodes[i] = w, w.n
	}
	if bad.err == nil && y.b == nil {
		bad = y.fail("Grad", errNoNode)
	}
	if bad.err == nil {
		grads, err := ops.Safely(func() ([]*ops.Node, error) { return y.b.g.Grad(y.n, nodes) })
		if err == nil {
			for i, n := range grads {
				out[i] = Node{b: y.b, n: n}
			}
			return out
		}
		bad = y.fail("Grad", err)
	}
	for i := range out {
		out[i] = bad
	}
	return out
}

// Logits returns the input of the Sigmoid or Softmax that x is the result of, in the shape of x, and the operation's name,
// "Sigmoid" or "Softmax" along the last dimension. For any other node it returns x and "". A Reshape is ignored, after a Softmax if it
// keeps the last dimension.
func (x Node) Logits() (Node, string) {
	if x.err != nil || x.b == nil {
		return x, ""
	}
	n := x.n
	for o := ops.Of(n); o != nil; o = ops.Of(n) {
		name := o.Def.String()
		switch d := o.Def.(type) {
		case ops.Reshape:
			n = o.In[0]
			continue
		case ops.Map:
			if d.Code != ops.Sigmoid {
				return x, ""
			}
		case ops.Softmax:
			if from := ops.Shape(n); d.Log || d.Behind > 0 || x.Rank() == 0 || from[len(from)-1] != x.Dim(-1) {
				return x, ""
			}
		default:
			return x, ""
		}
		z := Node{b: x.b, n: o.In[0]}.Reshape(x.Shape()...)
		z.mask = x.mask
		return z, name
	}
	return x, ""
}

// Bounds returns limits for the elements of x, derived from the operations that compute it: 0 and 1 for a Sigmoid, -Inf and
// +Inf for a matrix product. ok is false if nothing is known, as for an input.
func (x Node) Bounds() (lo, hi float64, ok bool) {
	if x.err != nil || x.b == nil {
		return 0, 0, false
	}
	return ops.Bounds(x.n)
}
