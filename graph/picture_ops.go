package graph

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
)

// expression draws the operations of a prediction.
func (m *Model) expression() (*picture.Graph, error) {
	e, err := m.emit(pictureBatch, false)
	if err != nil {
		return nil, err
	}
	roots, err := m.roots(e)
	if err != nil {
		return nil, err
	}
	titles := map[*ops.Node]picture.Node{}
	for i, x := range e.x {
		titles[x.n] = picture.Node{Title: m.ins[i].name, Kind: picture.Port}
	}
	for name, n := range e.b.params {
		titles[n.n] = picture.Node{Title: name, Kind: picture.Data}
	}
	g, number, frames := &picture.Graph{}, map[*ops.Node]int{}, frames{}
	for _, n := range ops.Needed(roots...) {
		number[n] = len(g.Nodes)
		o := ops.Of(n)
		if o == nil {
			box := titles[n]
			box.Lines = []string{pictured(ops.Shape(n))}
			g.Nodes = append(g.Nodes, box)
			continue
		}
		kind := picture.Small
		if len(o.In) == 0 {
			kind = picture.Data
		}
		g.Nodes = append(g.Nodes, picture.Node{Title: opTitle(o), Kind: kind, Group: frames.of(g, o.Where)})
		for _, in := range o.In {
			g.Edges = append(g.Edges, picture.Edge{From: number[in], To: number[n], Label: pictured(ops.Shape(in))})
		}
	}
	for i, n := range roots {
		g.Nodes = append(g.Nodes, picture.Node{Title: m.outs[i].name, Kind: picture.Port})
		g.Edges = append(g.Edges, picture.Edge{From: number[n], To: len(g.Nodes) - 1, Label: pictured(ops.Shape(n))})
	}
	return g, nil
}

// frames are the groups of layers, by their paths.
type frames map[string]int

// of returns the group of a path, which is in that of the path up to the last slash.
func (f frames) of(g *picture.Graph, path string) int {
	if path == "" {
		return 0
	}
	if _, ok := f[path]; !ok {
		outer := ""
		if at := strings.LastIndex(path, "/"); at >= 0 {
			outer = path[:at]
		}
		in := f.of(g, outer)
		g.Groups = append(g.Groups, picture.Group{Title: path, In: in})
		f[path] = len(g.Groups)
	}
	return f[path]
}

// moves tells whether an operation changes the order or the number of elements alone.
func moves(o *ops.Op) bool {
	switch o.Def.(type) {
	case ops.Reshape, ops.Transpose, ops.Broadcast:
		return true
	}
	return false
}

// opName returns an operation's name without its parameters.
func opName(o *ops.Op) string {
	name := o.Def.String()
	if end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }); end > 0 {
		name = name[:end]
	}
	return strings.TrimRight(name, "ᵀ")
}

// opTitle returns an operation's name and its parameters, but for shapes, which arrows have.
func opTitle(o *ops.Op) string {
	const most = 60
	switch d := o.Def.(type) {
	case ops.Reshape, ops.Broadcast, ops.Random, *ops.Constant:
		return opName(o)
	case ops.Fill:
		return fmt.Sprintf("Fill(%v)", d.Value)
	}
	title := []rune(o.Def.String())
	if len(title) > most {
		title = append(slices.Clone(title[:most]), '…')
	}
	return string(title)
}
