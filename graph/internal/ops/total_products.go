package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// joinProducts replaces the parts of a sum that are products Aᵀ·B with few rows by one product, of the As stacked on each other
// and the Bs stacked on each other; it comes last. The gradient of a recurrent weight is such a sum, with a product for each
// step in time.
func (g *Graph) joinProducts(parts []*Node) []*Node {
	var a, b, rest []*Node
	for _, n := range slices.Backward(parts) { // the newest comes first, so this is the order of the steps
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

// thin returns the factors of a product Aᵀ·B that has at least as many elements as A and B together: to copy the factors is
// cheaper than to add such products.
func thin(n *Node) (a, b *Node, ok bool) {
	o := Of(n)
	if o == nil || len(o.Shape) != 2 {
		return nil, nil, false
	}
	if m, is := o.Def.(MatMul); !is || m != (MatMul{TA: true}) {
		return nil, nil, false
	}
	a, b = o.In[0], o.In[1]
	return a, b, tensors.Size(Shape(a))+tensors.Size(Shape(b)) <= tensors.Size(o.Shape)
}
