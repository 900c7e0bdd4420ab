package picture

import "unicode/utf8"

// Sizes in pixels. The font is monospaced, so the width of a string is known without the font.
const (
	charWidth  = 7.3
	lineHeight = 16.0
	margin     = 20.0
	padding    = 10.0
	gapX       = 28.0
	gapY       = 44.0
	minWidth   = 60.0
)

// A box is a placed node, or a point at which an edge passes through a row.
type box struct {
	node   int // -1 for a point
	row    int
	w, h   float64
	x, y   float64 // middle of the upper side
	up     []int   // boxes with an edge to this one
	down   []int   // boxes with an edge from this one
	wanted float64 // x, while boxes are placed
}

// A layout is a graph's boxes in rows.
type layout struct {
	boxes []box
	rows  [][]int
	paths [][]int // for each edge, the boxes from its start to its end
	w, h  float64
}

// newLayout returns the layout of a graph.
func newLayout(g *Graph) *layout {
	l := &layout{}
	for i, n := range g.Nodes {
		width := utf8.RuneCountInString(n.Title)
		for _, line := range n.Lines {
			width = max(width, utf8.RuneCountInString(line))
		}
		l.boxes = append(l.boxes, box{
			node: i, w: max(minWidth, float64(width)*charWidth+2*padding), h: float64(1+len(n.Lines))*lineHeight + padding,
		})
	}
	l.rank(g)
	for _, e := range g.Edges {
		l.connect(e)
	}
	for i, b := range l.boxes {
		for len(l.rows) <= b.row {
			l.rows = append(l.rows, nil)
		}
		l.rows[b.row] = append(l.rows[b.row], i)
	}
	l.sort()
	l.place()
	return l
}

// rank puts each node in the row below the lowest of its sources, and a node without sources directly above the highest of its
// targets.
func (l *layout) rank(g *Graph) {
	source := make([]bool, len(g.Nodes))
	for i := range source {
		source[i] = true
	}
	for i := range g.Nodes { // sources come first, so a node's row is final when its edges are visited
		for _, e := range g.Edges {
			if e.From == i {
				l.boxes[e.To].row = max(l.boxes[e.To].row, l.boxes[i].row+1)
				source[e.To] = false
			}
		}
	}
	for i := range g.Nodes {
		nearest := -1
		for _, e := range g.Edges {
			if row := l.boxes[e.To].row; e.From == i && (nearest < 0 || row < nearest) {
				nearest = row
			}
		}
		if source[i] && nearest > 0 {
			l.boxes[i].row = nearest - 1
		}
	}
}

// connect joins the two boxes of an edge by points in the rows between them.
func (l *layout) connect(e Edge) {
	path := []int{e.From}
	for row := l.boxes[e.From].row + 1; row < l.boxes[e.To].row; row++ {
		path = append(path, len(l.boxes))
		l.boxes = append(l.boxes, box{node: -1, row: row})
	}
	path = append(path, e.To)
	for i := range len(path) - 1 {
		a, b := &l.boxes[path[i]], &l.boxes[path[i+1]]
		a.down, b.up = append(a.down, path[i+1]), append(b.up, path[i])
	}
	l.paths = append(l.paths, path)
}
