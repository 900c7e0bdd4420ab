package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A rowCell is several links of one row that one kernel computes, with the same bits: the step of a recurrent network, or its
// derivative. It is found by what the links compute, not by the layer.
type rowCell[T kernels.Float] struct {
	inputs  int
	links   []Link // numbered after the inputs, as those of a Chain; each reads what comes before it
	outputs []int  // the values that the kernel writes, after the inputs
	f       func(v [][]T)
}

// rowCells are all kernels of several links. The inputs and outputs are those of the kernels, in their order.
func rowCells[T kernels.Float]() []rowCell[T] {
	return []rowCell[T]{
		{5, []Link{ // i, f, g, o, c
			link(Sigmoid, 0, 0), link(Sigmoid, 1, 1), link(Tanh, 2, 2), link(Sigmoid, 3, 3),
			link(Mul, 6, 4), link(Mul, 5, 7), link(Add, 9, 10), link(Tanh, 11, 11), link(Mul, 8, 12),
		}, []int{5, 6, 7, 8, 11, 12, 13}, kernels.LSTMCell[T]},
		{8, []Link{ // dh, dc, i, f, g, o, c', c
			link(Tanh, 6, 6), link(Mul, 0, 8), link(SigmoidGrad, 9, 5), link(Mul, 0, 5), link(TanhGrad, 11, 8), link(Add, 1, 12),
			link(Mul, 13, 4), link(SigmoidGrad, 14, 2), link(Mul, 13, 7), link(SigmoidGrad, 16, 3),
			link(Mul, 13, 2), link(TanhGrad, 18, 4), link(Mul, 13, 3),
		}, []int{15, 17, 19, 10, 20}, kernels.LSTMCellTanhGrad[T]},
		{8, []Link{ // dh, dc, i, f, g, o, tanh(c'), c
			link(Mul, 0, 6), link(SigmoidGrad, 8, 5), link(Mul, 0, 5), link(TanhGrad, 10, 6), link(Add, 1, 11),
			link(Mul, 12, 4), link(SigmoidGrad, 13, 2), link(Mul, 12, 7), link(SigmoidGrad, 15, 3),
			link(Mul, 12, 2), link(TanhGrad, 17, 4), link(Mul, 12, 3),
		}, []int{14, 16, 18, 9, 19}, kernels.LSTMCellGrad[T]},
		{7, []Link{ // r, z, n of x; r, z, n of h; h
			link(Add, 0, 3), link(Sigmoid, 7, 7), link(Add, 1, 4), link(Sigmoid, 9, 9), link(Mul, 8, 5), link(Add, 2, 11),
			link(Tanh, 12, 12), link(Sub, 6, 13), link(Mul, 10, 14), link(Add, 13, 15),
		}, []int{8, 10, 13, 16}, kernels.GRUCell[T]},
		{6, []Link{ // dh, r, z, n, the part of n's sum that h gives, h
			link(Sub, 5, 3), link(Mul, 0, 6), link(SigmoidGrad, 7, 2), link(Mul, 0, 2), link(Neg, 9, 9), link(Add, 0, 10),
			link(TanhGrad, 11, 3), link(Mul, 12, 4), link(SigmoidGrad, 13, 1), link(Mul, 12, 1),
		}, []int{14, 8, 12, 15, 9}, kernels.GRUCellGrad[T]},
	}
}

// A rowGroup is a cell with the nodes that it was found in, by the numbers of its values.
type rowGroup[T kernels.Float] struct {
	*rowCell[T]
	nodes []*Node
}

// inside returns the nodes that the cell computes.
func (g *rowGroup[T]) inside() []*Node { return g.nodes[g.inputs:] }

// largestBody is the number of ops of a body up to which it is searched for cells.
const largestBody = 400

// findCells finds the cells of the body, which share no node.
func (b *rowBuilder[T]) findCells() {
	b.groups = map[*Node]*rowGroup[T]{}
	if len(b.order) > largestBody {
		return
	}
	cells := rowCells[T]()
	for i := range cells {
		for {
			m := cellMatch[T]{rowBuilder: b, rowGroup: &rowGroup[T]{&cells[i], make([]*Node, cells[i].inputs+len(cells[i].links))}}
			if !m.match(len(cells[i].links) - 1) {
				break
			}
			for _, n := range m.inside() {
				b.groups[n] = m.rowGroup
			}
		}
	}
}

// A cellMatch is a search for the nodes of a cell. It goes from the last link to the first; what it has found is in nodes.
type cellMatch[T kernels.Float] struct {
	*rowBuilder[T]
	*rowGroup[T]
}

// match finds nodes for the links up to number i, and reports whether there are any.
func (m *cellMatch[T]) match(i int) bool {
	if i < 0 {
		return m.fits()
	}
	if n := m.nodes[m.inputs+i]; n != nil {
		return m.isLink(i, n)
	}
	return slices.ContainsFunc(m.order, func(n *Node) bool {
		if slices.Contains(m.nodes, n) {
			return false
		}
		m.nodes[m.inputs+i] = n
		if m.isLink(i, n) {
			return true
		}
		m.nodes[m.inputs+i] = nil
		return false
	})
}

// isLink reports whether n is link i, and there are nodes for the links before it.
func (m *cellMatch[T]) isLink(i int, n *Node) bool {
	l, o := m.links[i], Of(n)
	if d, ok := defOf(n).(Map); !ok || d != l.Map || m.groups[n] != nil {
		return false
	}
	a, b := o.In[0], o.In[len(o.In)-1]
	return m.bind(i, l.Args, a, b) || (l.Code == Add || l.Code == Mul) && a != b && m.bind(i, l.Args, b, a)
}

// bind makes a and b the arguments of link i, if that agrees with what is known, and goes on with the links before it.
func (m *cellMatch[T]) bind(i int, args [2]int, a, b *Node) bool {
	before := slices.Clone(m.nodes)
	set := func(k int, n *Node) bool {
		others := m.nodes
		if k < m.inputs { // two inputs may be the same
			others = m.nodes[m.inputs:]
		}
		if m.nodes[k] == nil && !slices.Contains(others, n) {
			m.nodes[k] = n
		}
		return m.nodes[k] == n
	}
	if set(args[0], a) && set(args[1], b) && m.match(i-1) {
		return true
	}
	copy(m.nodes, before)
	return false
}

// fits reports whether a kernel can compute the nodes: they have equal shapes and one phase, and nothing else needs those that
// it does not write. Its inputs do not depend on them.
func (m *cellMatch[T]) fits() bool {
	last := m.nodes[len(m.nodes)-1]
	uses := map[*Node]int{}
	for _, n := range m.inside() {
		if m.phase[n] != m.phase[last] {
			return false
		}
		for _, in := range Of(n).In {
			uses[in]++
		}
	}
	for i, n := range m.nodes {
		switch {
		case !slices.Equal(Shape(n), Shape(last)):
			return false
		case i < m.inputs:
			if m.isNumber(n) || m.dependsOn(n, m.inside()) {
				return false
			}
		case !slices.Contains(m.outputs, i) && m.uses[n] != uses[n]:
			return false
		}
	}
	return true
}

// dependsOn reports whether a value is computed from any of the given nodes.
func (b *rowBuilder[T]) dependsOn(n *Node, nodes []*Node) bool {
	all := Needed(n)
	return slices.ContainsFunc(nodes, func(m *Node) bool { return slices.Contains(all, m) })
}
