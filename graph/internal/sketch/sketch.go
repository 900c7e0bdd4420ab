// Package sketch draws diagrams of networks: Layers draws the layers, Operations the operations.
package sketch

import (
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Batch is the batch size of an expression to draw: a prime that is unlikely to be another size. Diagrams show it as n.
const Batch = 1009

// Varies marks the dimensions of nodes that vary apart from the batch.
type Varies map[*ops.Node][]bool

// Add marks the dimensions of an expression's nodes that differ from those of the same network for other sizes. It marks nothing if
// the two consist of different operations.
func (v Varies) Add(e, other *ops.Expression) {
	a, b := e.Nodes(), other.Nodes()
	if len(a) != len(b) {
		return
	}
	for i, n := range a {
		s, t := ops.Shape(n), ops.Shape(b[i])
		if v[n] == nil {
			v[n] = make([]bool, len(s))
		}
		for d := 0; d < min(len(s), len(t)); d++ {
			v[n][d] = v[n][d] || s[d] != t[d]
		}
	}
}

// shape returns a node's shape for a diagram, such as "[n 3 3]".
func (v Varies) shape(n *ops.Node) string {
	var dims []string
	for i, d := range ops.Shape(n) {
		switch {
		case i < len(v[n]) && v[n][i] && d%Batch == 0:
			dims = append(dims, "any·n")
		case i < len(v[n]) && v[n][i]:
			dims = append(dims, "any")
		case d == Batch:
			dims = append(dims, "n")
		case d%Batch == 0 && d > 0:
			dims = append(dims, fmt.Sprintf("%dn", d/Batch))
		default:
			dims = append(dims, fmt.Sprint(d))
		}
	}
	return "[" + strings.Join(dims, " ") + "]"
}

// paramLine describes a parameter in the box of the layer with the path within.
func paramLine(p ops.Named, within string) string {
	name := p.Name
	if within != "" {
		name = strings.TrimPrefix(name, within+"/")
	}
	line := fmt.Sprint(name, " ", ops.Shape(p.Node))
	if !p.Trained {
		line += ", not trained"
	}
	return line
}
