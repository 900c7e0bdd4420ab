package graph

import (
	"errors"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// StopGradient returns x as a constant: its derivative is zero.
func (x Node) StopGradient() Node { return x.apply("StopGradient", ops.Stop{}) }

// Grad returns the derivatives of y, which has one element, by each of the nodes, as nodes that can be differentiated
// again.
func Grad(y Node, wrt ...Node) []Node {
	out := make([]Node, len(wrt))
	nodes := make([]*ops.Node, len(wrt))
	bad := y
	for i, w := range wrt {
		if bad.err != nil {
			break
		}
		if w.b != y.b {
			w = y.fail("Grad", errors.New("got nodes of two graphs"))
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

// Logits looks behind a final Sigmoid or Softmax: it returns that operation's input, in the node's shape, and the
// operation's name. For any other node it returns the node and "".
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
			if d.Log || !slices.Equal(ops.Shape(n), x.Shape()) {
				return x, ""
			}
		default:
			return x, ""
		}
		z := Node{b: x.b, n: o.In[0]}
		return z.Reshape(x.Shape()...), name
	}
	return x, ""
}

// Bounds returns limits of the node's elements that follow from the operations it is made of: a Sigmoid's are 0 and 1, a
// matrix product's are infinite. ok is false if nothing is known, as for an input.
func (x Node) Bounds() (lo, hi float64, ok bool) {
	if x.err != nil || x.b == nil {
		return 0, 0, false
	}
	return ops.Bounds(x.n)
}
