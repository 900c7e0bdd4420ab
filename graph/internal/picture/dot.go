package picture

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// dotStyles are the attributes of each kind of node.
var dotStyles = map[Kind]string{
	Plain: `shape=box, style=filled, fillcolor="#e8f0fe"`,
	Small: `shape=box, style="rounded,filled", fillcolor="#f4f4f4"`,
	Port:  `shape=box, style="rounded,filled", fillcolor="#e6f4ea"`,
	Data:  `shape=box, style=filled, fillcolor="#fef7e0"`,
}

// WriteDOT writes the graph in the DOT language; groups are clusters.
func WriteDOT(w io.Writer, g *Graph) error {
	b := bufio.NewWriter(w) // it keeps an error for Flush
	b.WriteString("digraph model {\n\tnode [fontname=\"monospace\", fontsize=11];\n\tedge [fontname=\"monospace\", fontsize=10];\n")
	writeGroup(b, g, 0, "\t")
	for _, e := range g.Edges {
		fmt.Fprintf(b, "\tn%d -> n%d", e.From, e.To)
		if e.Label != "" {
			fmt.Fprintf(b, " [label=\" %s\"]", dotText(e.Label))
		}
		b.WriteString(";\n")
	}
	b.WriteString("}\n")
	return b.Flush()
}

// writeGroup writes the nodes and the groups directly inside a group.
func writeGroup(b *bufio.Writer, g *Graph, group int, indent string) {
	for i, n := range g.Nodes {
		if n.Group == group {
			label := dotText(n.Title)
			for _, line := range n.Lines {
				label += `\n` + dotText(line)
			}
			fmt.Fprintf(b, "%sn%d [label=\"%s\", %s];\n", indent, i, label, dotStyles[n.Kind])
		}
	}
	for i, inner := range g.Groups {
		if inner.In == group {
			fmt.Fprintf(b, "%ssubgraph cluster%d {\n%s\tlabel=\"%s\"; color=\"#9aa0a6\"; fontname=\"monospace\"; fontsize=11;\n",
				indent, i+1, indent, dotText(inner.Title))
			writeGroup(b, g, i+1, indent+"\t")
			fmt.Fprintf(b, "%s}\n", indent)
		}
	}
}

// dotText escapes characters that are special within quotes.
func dotText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", "", "\x00", "").Replace(s)
}
