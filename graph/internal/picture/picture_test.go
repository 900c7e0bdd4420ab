package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// random returns a graph of n nodes with random edges.
func random(rng *rand.Rand, n int) *Graph {
	g := &Graph{}
	for i := range n {
		node := Node{Title: strings.Repeat("m", 1+rng.IntN(20))}
		for range rng.IntN(3) {
			node.Lines = append(node.Lines, strings.Repeat("i", rng.IntN(25)))
		}
		g.Nodes = append(g.Nodes, node)
		for from := range i {
			if rng.IntN(i) < 2 {
				g.Edges = append(g.Edges, Edge{From: from, To: i, Label: fmt.Sprint(i % 3)})
			}
		}
	}
	return g
}

// TestLayout: boxes and points do not overlap, all are inside the picture, and every edge goes down row by row.
func TestLayout(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 30 {
		g := random(rng, n)
		l := newLayout(g)
		for i, a := range l.boxes {
			require.True(t, a.x-a.w/2 >= margin-1e-6 && a.x+a.w/2 <= l.w-margin+1e-6 && a.y >= margin && a.y+a.h <= l.h-margin+1e-6, "box %d is outside", i)
			for _, b := range l.boxes[:i] {
				apartX := max(a.x-a.w/2-b.x-b.w/2, b.x-b.w/2-a.x-a.w/2)
				apartY := max(a.y-b.y-b.h, b.y-a.y-a.h)
				require.True(t, apartX >= gapX-1e-6 || apartY >= gapY-1e-6, "%+v overlaps %+v", a, b)
			}
		}
		require.Len(t, l.paths, len(g.Edges))
		for i, path := range l.paths {
			require.Equal(t, g.Edges[i].From, path[0])
			require.Equal(t, g.Edges[i].To, path[len(path)-1])
			for k := range len(path) - 1 {
				require.Equal(t, l.boxes[path[k]].row+1, l.boxes[path[k+1]].row)
			}
		}
	}
}

// TestOrder: two chains whose nodes are given in crossed order are drawn without a crossing.
func TestOrder(t *testing.T) {
	g := &Graph{Nodes: make([]Node, 6), Edges: []Edge{{0, 1, ""}, {0, 2, ""}, {1, 4, ""}, {2, 3, ""}, {3, 5, ""}, {4, 5, ""}}}
	l := newLayout(g)
	require.Equal(t, l.boxes[1].x < l.boxes[2].x, l.boxes[4].x < l.boxes[3].x)
	require.InDelta(t, l.boxes[0].x, l.boxes[5].x, 1)
}

// TestSourceRow: a node without sources is directly above its target.
func TestSourceRow(t *testing.T) {
	g := &Graph{Nodes: make([]Node, 5), Edges: []Edge{{0, 1, ""}, {1, 2, ""}, {3, 2, ""}}}
	l := newLayout(g)
	var rows []int
	for _, b := range l.boxes {
		rows = append(rows, b.row)
	}
	require.Equal(t, []int{0, 1, 2, 1, 0}, rows)
}

// TestText: characters that are special in SVG or DOT appear as they are.
func TestText(t *testing.T) {
	const hostile = "a\"b\\n<c>&amp;\n\x01ä\xff"
	g := &Graph{Nodes: []Node{{Title: hostile, Lines: []string{hostile}, Group: 1}, {}}, Edges: []Edge{{0, 1, hostile}}, Groups: []Group{{Title: hostile}}}
	var b bytes.Buffer
	require.NoError(t, WriteSVG(&b, g))
	var texts []string
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok && strings.Contains(string(text), "ä") {
			texts = append(texts, string(text))
		}
	}
	want := "a\"b\\n<c>&amp;  ä\ufffd"
	require.Equal(t, []string{want, want, want}, texts)
	b.Reset()
	require.NoError(t, WriteDOT(&b, g))
	require.Equal(t, 4, strings.Count(b.String(), `a\"b\\n<c>&amp;\n`))
}

// TestLabels: a label that all edges from a box have in common is written once.
func TestLabels(t *testing.T) {
	g := &Graph{Nodes: make([]Node, 5), Edges: []Edge{{0, 1, "same"}, {0, 2, "same"}, {1, 3, "one"}, {1, 4, "other"}}}
	var b bytes.Buffer
	require.NoError(t, WriteSVG(&b, g))
	for label, n := range map[string]int{"same": 1, "one": 1, "other": 1} {
		require.Equal(t, n, strings.Count(b.String(), ">"+label+"<"), label)
	}
}
