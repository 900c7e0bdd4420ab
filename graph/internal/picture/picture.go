// Package picture draws directed graphs without cycles: as DOT, the language of Graphviz, and as SVG, laid out in layers from
// top to bottom after Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981).
// The same graph gives the same bytes.
package picture

// A Graph is what is drawn.
type Graph struct {
	Nodes  []Node // sources before what they lead to
	Edges  []Edge
	Groups []Group // outer ones before those within them
}

// A Node is a box of lines of text.
type Node struct {
	Title string
	Lines []string // under the title
	Kind  Kind
	Group int // number of the group that it is in, from 1; 0 is none
}

// A Kind is how a node looks.
type Kind int

// The kinds of nodes.
const (
	Plain Kind = iota
	Small      // a single operation
	Port       // an input or an output
	Data       // a parameter or a constant
)

// An Edge leads from one node to another, by their numbers.
type Edge struct {
	From, To int
	Label    string
}

// A Group is a box around nodes.
type Group struct {
	Title string
	In    int // number of the group around it, from 1; 0 is none
}
