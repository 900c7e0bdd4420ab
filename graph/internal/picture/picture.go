// Package picture draws directed graphs without cycles: as DOT, the language of Graphviz, and as SVG, laid out in layers from
// top to bottom by the method of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
// Structures" (1981). The same graph always gives the same bytes.
package picture

// A Graph is a graph to draw.
type Graph struct {
	Nodes  []Node // an edge leads from an earlier node to a later one
	Edges  []Edge
	Groups []Group // a group comes before the groups inside it
}

// A Node is a box with lines of text.
type Node struct {
	Title string
	Lines []string // under the title
	Kind  Kind
	Group int // number of the group around it, from 1; 0 means none
}

// A Kind selects how a node looks.
type Kind int

// The kinds of nodes.
const (
	Plain Kind = iota
	Small      // a single operation
	Port       // an input or an output
	Data       // a parameter or a constant
)

// An Edge leads from one node to another; From and To are indices into Nodes.
type Edge struct {
	From, To int
	Label    string
}

// A Group is a box around nodes.
type Group struct {
	Title string
	In    int // number of the group around it, from 1; 0 means none
}
