package ops

import "slices"

// joinProducts returns parts of a sum in which those that are products Aᵀ·B of few rows are one: the product of the As and the
// Bs, each one below the other. It comes last. The gradient of a matrix that a sequence of steps is multiplied by is such a
// sum, of a matrix for each step.
func (g *Graph) joinProducts(parts []*Node) []*Node {
	var a, b, rest []*Node
	for _, n := range slices.Backward(parts) { // the newest comes first: the steps in their order
		if x, y, ok := thin(n); ok {
			a, b = append(a, x), append(b, y)
		} else {
			rest = append(rest, n)
		}
	}
	if len(a) < 2 {
		return parts
	}
	slices.Reverse(rest)
	return append(rest, g.Must(MatMul{TA: true}, g.Must(Concat{Axis: 0}, a...), g.Must(Concat{Axis: 0}, b...)))
}

// thin returns the factors of a product Aᵀ·B whose elements are more than those of A and B together, so that to copy these is
// cheaper than to add it up.
func thin(n *Node) (a, b *Node, ok bool) {
	o := Of(n)
	if o == nil || len(o.Shape) != 2 {
		return nil, nil, false
	}
	if m, is := o.Def.(MatMul); !is || m != (MatMul{TA: true}) {
		return nil, nil, false
	}
	a, b = o.In[0], o.In[1]
	return a, b, Size(Shape(a))+Size(Shape(b)) <= Size(o.Shape)
}
