package graph

import (
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// The sizes of the batch of the two graphs that are analyzed: primes that no layer is likely to have as a size.
const (
	firstRows  = 1009
	secondRows = 1013
)

// rows analyzes the graph for inference. Whatever is not known of it counts as rows that mix.
func (m *Model) rows() ops.Rows {
	s := m.programs
	s.once.Do(func() {
		e, _, err := m.expression(firstRows, false)
		if err != nil {
			return
		}
		other, _, err := m.expression(secondRows, false)
		if err != nil {
			return
		}
		nodes := func(list []ops.Named) (nodes []*ops.Node) {
			for _, n := range list {
				nodes = append(nodes, n.Node)
			}
			return nodes
		}
		s.rows = ops.RowsOf(firstRows, nodes(e.Inputs), nodes(e.Outputs))
		s.rows.Independent = s.rows.Independent && ops.SameValues(firstRows, secondRows, nodes(e.Outputs), nodes(other.Outputs))
	})
	return s.rows
}
