package graph

import (
	"errors"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Slice returns elements from up to, not including, to of one axis. Negative numbers count from the end, and a to of 0
// means the end.
func (x Node) Slice(axis, from, to int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Slice", err)
	}
	if from < 0 {
		from += x.Dim(a)
	}
	if to <= 0 {
		to += x.Dim(a)
	}
	return x.apply("Slice", ops.Slice{Axis: a, From: from, To: to})
}

// Reverse returns x with the elements of one axis turned round.
func (x Node) Reverse(axis int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Reverse", err)
	}
	return x.apply("Reverse", ops.Reverse{Axis: a})
}

// Pad returns x with zeros before and after the elements of one axis.
func (x Node) Pad(axis, before, after int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Pad", err)
	}
	if before == 0 && after == 0 {
		return x
	}
	return x.apply("Pad", ops.Pad{Axis: a, Before: before, After: after})
}

// Concat joins nodes along an axis; their other dimensions are equal.
func Concat(axis int, nodes ...Node) Node {
	if len(nodes) == 0 {
		return Node{err: errors.New("graph: Concat: got no nodes, want at least one")}
	}
	x := nodes[0]
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Concat", err)
	}
	return x.apply("Concat", ops.Concat{Axis: a}, nodes[1:]...)
}

// OneHot returns x, whose elements are class numbers from 0 to classes-1, with a new last dimension that is 1 at the
// element's class and 0 elsewhere. Any other number is an error when the graph runs.
func (x Node) OneHot(classes int) Node { return x.apply("OneHot", ops.OneHot{Classes: classes}) }

// Gather returns rows of x, (rows, columns), by the numbers in index, from 0 to rows-1: index's shape with a new last
// dimension. Any other number is an error when the graph runs. The derivative by index is zero.
func (x Node) Gather(index Node) Node { return x.apply("Gather", ops.Gather{}, index) }

// StopGradient returns x as a constant: its derivative is zero.
func (x Node) StopGradient() Node { return x.apply("StopGradient", ops.Stop{}) }

// Gorgonia applies any function of gorgonia's to nodes of one graph: the way out when an operation is missing. The function
// is given gorgonia nodes of the same shapes and returns one; it must not keep state. Derivatives are gorgonia's own, of
// any order that its rules allow.
func Gorgonia(f func(x ...*gorgonia.Node) (*gorgonia.Node, error), nodes ...Node) Node {
	if len(nodes) == 0 {
		return Node{err: errors.New("graph: Gorgonia: got no nodes, want at least one")}
	}
	x := nodes[0]
	return x.emit("Gorgonia", func(in []*ops.Node) (*ops.Node, error) {
		return x.b.g.Foreign(func(in []*ops.Node) (*ops.Node, error) { return f(in...) }, in...)
	}, nodes[1:]...)
}

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
