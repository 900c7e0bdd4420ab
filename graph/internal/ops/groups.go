package ops

import "fmt"

// Groups divide a tensor: the dimensions from From up to To number the groups, and those before and after them are the
// elements of each.
type Groups struct{ From, To int }

// String names the groups.
func (d Groups) String() string { return fmt.Sprintf("[%d:%d]", d.From, d.To) }

// sizes returns a shape as (outer, groups, inner).
func (d Groups) sizes(shape []int) (outer, groups, inner int) {
	return Size(shape[:d.From]), Size(shape[d.From:d.To]), Size(shape[d.To:])
}

// Shape returns the shape of a number for each group, which broadcasts to the shape of the tensor.
func (d Groups) Shape(shape []int) []int {
	s := make([]int, len(shape)-d.From)
	for i := range s {
		if s[i] = 1; d.From+i < d.To {
			s[i] = shape[d.From+i]
		}
	}
	return s
}

// inside returns the shape of an element of a group.
func (d Groups) inside(shape []int) []int { return shape[d.To:] }

// check returns an error if a shape has no such dimensions.
func (d Groups) check(shape []int) error {
	if d.From < 0 || d.To < d.From || d.To > len(shape) {
		return fmt.Errorf("got groups of dimensions %d to %d of shape %v", d.From, d.To, shape)
	}
	return nil
}

// statistic returns row i of a node of two numbers for each group of a tensor of the given shape.
func (g *Graph) statistic(n *Node, i int, shape []int) *Node {
	return g.Reshaped(g.Must(Slice{Axis: 0, From: i, To: i + 1}, n), shape)
}

// grain returns how many groups are worth another worker; where they are columns, enough for rows of some length.
func grain(outer, inner int) int {
	n := max(1, perWorker/(outer*inner))
	if inner == 1 {
		n = max(n, 128)
	}
	return n
}
