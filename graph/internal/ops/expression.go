package ops

// An Expression is what some nodes of a graph are made of, with the names by which others know its ends.
type Expression struct {
	Inputs, Params, Outputs []Named
}

// Named is a node that has a name.
type Named struct {
	Name    string
	Node    *Node
	Trained bool // of a parameter: training changes it
}

// Nodes returns the nodes that the outputs need, themselves included, inputs before outputs: in the order in which they
// were made.
func (e *Expression) Nodes() []*Node {
	roots := make([]*Node, len(e.Outputs))
	for i, out := range e.Outputs {
		roots[i] = out.Node
	}
	return Needed(roots...)
}
