package picture

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// svgStyle is the style sheet; labels have a white outline, which keeps them readable on a line.
const svgStyle = `text { font: 12px monospace; text-anchor: middle; fill: #202124 }
.title { font-weight: bold }
.label { font-size: 11px; fill: #5f6368; paint-order: stroke; stroke: #fff; stroke-width: 3px }
rect { stroke: #5f6368 }
path { fill: none; stroke: #5f6368 }
.plain { fill: #e8f0fe }
.small { fill: #f4f4f4 }
.port { fill: #e6f4ea }
.data { fill: #fef7e0 }
`

var svgClasses = map[Kind]string{Plain: "plain", Small: "small", Port: "port", Data: "data"}

// WriteSVG writes the graph as SVG. Groups are not shown.
func WriteSVG(w io.Writer, g *Graph) error {
	l := newLayout(g)
	b := bufio.NewWriter(w) // it keeps an error for Flush
	fmt.Fprintf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n", l.w, l.h, l.w, l.h)
	fmt.Fprintf(b, "<style>%s</style>\n", svgStyle)
	b.WriteString("<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">" +
		"<polygon points=\"0,0 8,4 0,8\" fill=\"#5f6368\"/></marker></defs>\n<rect width=\"100%\" height=\"100%\" style=\"fill: #fff; stroke: none\"/>\n")
	for _, path := range l.paths {
		l.writePath(b, path)
	}
	for _, box := range l.boxes {
		if box.node >= 0 {
			box.write(b, g.Nodes[box.node])
		}
	}
	l.writeLabels(b, g)
	b.WriteString("</svg>\n")
	return b.Flush()
}

// writePath draws an edge: straight through the rows that it passes, and curved from each row to the next.
func (l *layout) writePath(b *bufio.Writer, path []int) {
	from := l.boxes[path[0]]
	x, y := from.x, from.y+from.h
	fmt.Fprintf(b, "<path d=\"M%.1f %.1f", x, y)
	for _, i := range path[1:] {
		to := l.boxes[i]
		half := (y + to.y) / 2
		fmt.Fprintf(b, " C%.1f %.1f %.1f %.1f %.1f %.1f", x, half, to.x, half, to.x, to.y)
		if x, y = to.x, to.y; to.node < 0 {
			y += to.h
			fmt.Fprintf(b, " V%.1f", y)
		}
	}
	b.WriteString("\" marker-end=\"url(#arrow)\"/>\n")
}

// write draws a box and its text.
func (p box) write(b *bufio.Writer, n Node) {
	radius := 3
	if n.Kind == Port || n.Kind == Small {
		radius = 10
	}
	fmt.Fprintf(b, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>\n",
		svgClasses[n.Kind], p.x-p.w/2, p.y, p.w, p.h, radius)
	y := p.y + lineHeight
	fmt.Fprintf(b, "<text class=\"title\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", p.x, y, svgText(n.Title))
	for _, line := range n.Lines {
		y += lineHeight
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", p.x, y, svgText(line))
	}
}

// writeLabels writes the edges' labels: once below a box if all edges from it have the same label, otherwise above the target of
// each edge.
func (l *layout) writeLabels(b *bufio.Writer, g *Graph) {
	first, differ := map[int]string{}, map[int]bool{}
	for _, e := range g.Edges {
		if label, ok := first[e.From]; ok && label != e.Label {
			differ[e.From] = true
		}
		first[e.From] = e.Label
	}
	for i, e := range g.Edges {
		at, below := l.boxes[e.From], true
		switch {
		case differ[e.From]:
			at, below = l.boxes[e.To], false
		case first[e.From] == "": // written already
			continue
		}
		first[e.From] = ""
		x, y, anchor := at.x+6, at.y-lineHeight/2, "start"
		if below {
			y = at.y + at.h + lineHeight
			if len(at.down) == 1 && l.boxes[l.paths[i][1]].x > at.x+1 { // the line goes to the right
				x, anchor = at.x-6, "end"
			}
		}
		fmt.Fprintf(b, "<text class=\"label\" style=\"text-anchor: %s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", anchor, x, y, svgText(e.Label))
	}
}

// svgText escapes characters that are special in XML, and replaces those that XML does not allow.
func svgText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
