package sketch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
)

// Operations draws the operations of an expression.
func Operations(e *ops.Expression, varies Varies) *picture.Graph {
	titles := map[*ops.Node]picture.Node{}
	for _, in := range e.Inputs {
		titles[in.Node] = picture.Node{Title: in.Name, Kind: picture.Port}
	}
	for _, p := range e.Params {
		titles[p.Node] = picture.Node{Title: p.Name, Kind: picture.Data}
	}
	g, number, frames := &picture.Graph{}, map[*ops.Node]int{}, frames{}
	for _, n := range e.Nodes() {
		number[n] = len(g.Nodes)
		o := ops.Of(n)
		if o == nil {
			box := titles[n]
			box.Lines = []string{varies.shape(n)}
			g.Nodes = append(g.Nodes, box)
			continue
		}
		kind := picture.Small
		if len(o.In) == 0 {
			kind = picture.Data
		}
		g.Nodes = append(g.Nodes, picture.Node{Title: Title(o), Kind: kind, Group: frames.of(g, o.Where)})
		for _, in := range o.In {
			g.Edges = append(g.Edges, picture.Edge{From: number[in], To: number[n], Label: varies.shape(in)})
		}
	}
	for _, out := range e.Outputs {
		g.Nodes = append(g.Nodes, picture.Node{Title: out.Name, Kind: picture.Port})
		g.Edges = append(g.Edges, picture.Edge{From: number[out.Node], To: len(g.Nodes) - 1, Label: varies.shape(out.Node)})
	}
	return g
}

// frames are the groups of a diagram by the paths of their layers.
type frames map[string]int

// of returns the group of a path, which is inside the group of the path up to the last slash; it adds groups that are
// missing.
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

// moves reports whether an operation only reorders or repeats elements.
func moves(o *ops.Op) bool {
	switch o.Def.(type) {
	case ops.Reshape, ops.Transpose, ops.Broadcast:
		return true
	}
	return false
}

// opName returns an operation's name without its settings.
func opName(o *ops.Op) string {
	name := o.Def.String()
	if end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }); end > 0 {
		name = name[:end]
	}
	return strings.TrimRight(name, "ᵀ")
}

// Title returns an operation's name and its settings, except shapes, which the arrows show.
func Title(o *ops.Op) string {
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
