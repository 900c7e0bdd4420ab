package ops

import (
	"cmp"
	"slices"
)

// total returns the sum of parts of one shape, added in their order, but of three and more the first one last: that comes from the
// newest user, such as the addition at the end of a residual branch, and the others, such as those of the norm at its beginning,
// are then one kernel. The gradients of slices are Pads, one for each slice; those that do not overlap are joined, so that a
// sequence sliced step by step costs time linear in its length, not quadratic. Products are joined by joinProducts.
func (g *Graph) total(parts []*Node) *Node {
	if parts = g.joinProducts(parts); len(parts) > 2 {
		parts = append(slices.Clone(parts[1:]), parts[0])
	}
	var sum *Node
	add := func(n *Node) {
		if sum == nil {
			sum = n
		} else {
			sum = g.Must(Map{Code: Add}, sum, n)
		}
	}
	var padded []*Node
	for _, n := range parts {
		if isPad(n) && (len(padded) == 0 || Of(n).Def.(Pad).Axis == Of(padded[0]).Def.(Pad).Axis) {
			padded = append(padded, n)
		} else {
			add(n)
		}
	}
	for len(padded) > 0 {
		var joined *Node
		joined, padded = g.join(padded)
		add(joined)
	}
	return sum
}

func isPad(n *Node) bool {
	o := Of(n)
	if o == nil {
		return false
	}
	_, ok := o.Def.(Pad)
	return ok
}

// join joins Pads of one axis that do not overlap into one node, and returns the rest as left.
func (g *Graph) join(padded []*Node) (joined *Node, left []*Node) {
	if len(padded) == 1 {
		return padded[0], nil
	}
	slices.SortStableFunc(padded, func(a, b *Node) int { return cmp.Compare(Of(a).Def.(Pad).Before, Of(b).Def.(Pad).Before) })
	axis := Of(padded[0]).Def.(Pad).Axis
	shape := slices.Clone(Shape(padded[0]))
	size, at := shape[axis], 0
	var pieces []*Node
	zeros := func(n int) {
		if n > 0 {
			shape[axis] = n
			pieces = append(pieces, g.Fill(0, shape))
		}
	}
	for _, n := range padded {
		p := Of(n).Def.(Pad)
		if p.Before < at {
			left = append(left, n)
			continue
		}
		zeros(p.Before - at)
		pieces = append(pieces, Of(n).In[0])
		at = size - p.After
	}
	zeros(size - at)
	if len(pieces) == 1 {
		return pieces[0], left
	}
	return g.Must(Concat{Axis: axis}, pieces...), left
}
