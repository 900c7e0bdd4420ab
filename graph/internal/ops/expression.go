package ops

// An Expression is a part of a graph, with its named inputs, parameters and outputs.
type Expression struct {
	Inputs, Params, Outputs []Named
}

// Named is a node with a name.
type Named struct {
	Name    string
	Node    *Node
	Trained bool // only of a parameter: training changes it
}

// Nodes returns the outputs and all nodes that they are computed from, in the order in which they were made: inputs before
// outputs.
func (e *Expression) Nodes() []*Node {
	roots := make([]*Node, len(e.Outputs))
	for i, out := range e.Outputs {
		roots[i] = out.Node
	}
	return Needed(roots...)
}
