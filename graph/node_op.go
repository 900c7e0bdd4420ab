package graph

import (
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/sketch"
)

// Op returns the operation that x is the result of, with its settings, such as "MatMul" or "Scale(2)", and the nodes that it is
// applied to, so that a program can walk through an expression, or through its derivative, and show it. It is the expression
// that was emitted, before operations are fused. An input, a parameter, and a node with an error have no operation: "" and nil.
// Nodes of the same value are equal (==) if neither has a mask; the operands are returned without theirs.
func (x Node) Op() (name string, operands []Node) {
	if x.err != nil || x.n == nil {
		return "", nil
	}
	o := ops.Of(x.n)
	if o == nil {
		return "", nil
	}
	for _, in := range o.In {
		operands = append(operands, Node{b: x.b, n: in})
	}
	return sketch.Title(o), operands
}
