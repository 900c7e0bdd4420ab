package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Reshape gives its input another shape, row-major. It shares its input's memory.
type Reshape struct{ To string }

// Reshaped returns x with another shape of the same size.
func (g *Graph) Reshaped(x *Node, shape []int) *Node {
	if slices.Equal(Shape(x), shape) {
		return x
	}
	if c, ok := constant(x); ok {
		return g.Fill(c, shape)
	}
	if inner := unshaped(x); inner != x {
		return g.Reshaped(inner, shape)
	}
	return g.Must(Reshape{Encode(shape)}, x)
}

// String implements Def.
func (r Reshape) String() string { return "Reshape" + r.To }

// Infer implements Def.
func (r Reshape) Infer(in [][]int) ([]int, error) {
	to := Decode(r.To)
	if tensors.Size(to) != tensors.Size(in[0]) {
		return nil, fmt.Errorf("got shape %v of %d elements, want %d elements for %v", in[0], tensors.Size(in[0]), tensors.Size(to), to)
	}
	return to, nil
}

// Diff implements Def.
func (r Reshape) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Reshaped(grad, Of(n).InShape(0))}
}

// Bind implements Def: there is nothing to compute.
func (r Reshape) Bind(o *Op) Kernel {
	o.view = true
	return Kernel{}
}

// unshaped returns the input of a Reshape, and any other node itself.
func unshaped(n *Node) *Node {
	if o := Of(n); o != nil {
		if _, ok := o.Def.(Reshape); ok {
			return o.In[0]
		}
	}
	return n
}
