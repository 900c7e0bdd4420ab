// Package sketch draws diagrams of networks: Layers draws the layers, Operations the operations.
package sketch

import (
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Batch is the batch size of an expression to draw: a prime that is unlikely to be another size. Diagrams show it as n.
const Batch = 1009

// shape returns a node's shape for a diagram, such as "[n 3 3]".
func shape(n *ops.Node) string {
	var dims []string
	for _, d := range ops.Shape(n) {
		switch {
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
