package graph

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// rowPrimes are sizes of the batch of the two graphs that are analyzed: primes that no layer is likely to have as a size.
var rowPrimes = []int{1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049}

// rows analyzes the graph for inference, for the inputs of a programKey. Whatever is not known of it counts as rows that mix.
func (m *Model) rows(inputs string) ops.Rows {
	s := m.programs
	s.rowsMu.Lock()
	defer s.rowsMu.Unlock()
	rows, ok := s.rows[inputs]
	if !ok {
		if len(s.rows) >= knownShapes {
			clear(s.rows)
		}
		rows = m.analyzeRows(m.shapesOf(inputs))
		s.rows[inputs] = rows
	}
	return rows
}

// analyzeRows is rows for samples of the given shapes.
func (m *Model) analyzeRows(shapes sampleShapes) (rows ops.Rows) {
	for i := 0; i+1 < len(rowPrimes); i += 2 {
		first, second := rowPrimes[i], rowPrimes[i+1]
		e, _, err := m.expression(first, shapes, m.training)
		if err != nil {
			return rows
		}
		other, _, err := m.expression(second, shapes, m.training)
		if err != nil {
			return rows
		}
		if m.varies && (hasSize(e, other, first) || hasSize(other, e, second)) {
			continue
		}
		nodes := func(list []ops.Named) (nodes []*ops.Node) {
			for _, n := range list {
				nodes = append(nodes, n.Node)
			}
			return nodes
		}
		rows = ops.RowsOf(first, nodes(e.Inputs), nodes(e.Outputs))
		rows.Independent = rows.Independent && ops.SameValues(first, second, nodes(e.Outputs), nodes(other.Outputs))
		return rows
	}
	return rows
}

// hasSize reports whether a node of the graph e has a multiple of the prime as a size that is not the batch: the graph for another
// batch has it too.
func hasSize(e, other *ops.Expression, prime int) bool {
	a, b := e.Nodes(), other.Nodes()
	if len(a) != len(b) {
		return false // RowsOf and SameValues find that rows mix
	}
	for i := range a {
		s, t := ops.Shape(a[i]), ops.Shape(b[i])
		if len(s) == len(t) && slices.ContainsFunc(s, func(n int) bool { return n%prime == 0 && slices.Contains(t, n) }) {
			return true
		}
	}
	return false
}
