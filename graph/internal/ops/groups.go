package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Groups divide a tensor: dimensions [From, To) number the groups, and the dimensions before and after them number the elements
// of each group.
type Groups struct{ From, To int }

// String names the groups.
func (d Groups) String() string { return fmt.Sprintf("[%d:%d]", d.From, d.To) }

// sizes returns a shape as (outer, groups, inner).
func (d Groups) sizes(shape []int) (outer, groups, inner int) {
	return tensors.Size(shape[:d.From]), tensors.Size(shape[d.From:d.To]), tensors.Size(shape[d.To:])
}

// Shape returns the shape of a tensor with one number for each group, which broadcasts to the given shape.
func (d Groups) Shape(shape []int) []int {
	s := make([]int, len(shape)-d.From)
	for i := range s {
		if s[i] = 1; d.From+i < d.To {
			s[i] = shape[d.From+i]
		}
	}
	return s
}

// inside returns the dimensions after those of the groups.
func (d Groups) inside(shape []int) []int { return shape[d.To:] }

// check returns an error if a shape does not have the groups' dimensions.
func (d Groups) check(shape []int) error {
	if d.From < 0 || d.To < d.From || d.To > len(shape) {
		return fmt.Errorf("got groups %v of shape %v, want dimensions within [0:%d]", d, shape, len(shape))
	}
	return nil
}

// statistic returns row i of n, which has two rows, in the given shape.
func (g *Graph) statistic(n *Node, i int, shape []int) *Node {
	return g.Reshaped(g.Must(Slice{Axis: 0, From: i, To: i + 1}, n), shape)
}

// grain returns the number of groups for which one more worker pays. Groups that are columns, with inner = 1, need more of them,
// so that a worker reads long pieces of rows.
func grain(outer, inner int) int {
	n := max(1, perWorker/(outer*inner))
	if inner == 1 {
		n = max(n, 128)
	}
	return n
}
