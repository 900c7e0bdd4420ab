package sketch

import (
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
)

// A Layer is one application of a layer. It emitted the nodes with numbers from From to To-1.
type Layer struct {
	Path     string
	Depth    int // number of layers around it
	In, Out  *ops.Node
	From, To int64
}

// Layers draws the layers of a network, which are in the order in which they began to emit. states are the new values of
// states; they are drawn although no output needs them.
func Layers(e *ops.Expression, layers []Layer, states []*ops.Node, varies Varies) *picture.Graph {
	s := &sketcher{layers: layers, varies: varies, unit: map[*ops.Node]int{}, params: map[*ops.Node]ops.Named{}, loose: map[*ops.Node][]ops.Named{}}
	for _, p := range e.Params {
		s.params[p.Node] = p
	}
	for _, in := range e.Inputs {
		s.unit[in.Node] = s.add(picture.Node{Title: in.Name, Kind: picture.Port})
	}
	roots := slices.Clone(states)
	for _, out := range e.Outputs {
		roots = append(roots, out.Node)
	}
	s.walk(ops.Needed(roots...))
	for _, out := range e.Outputs {
		s.connect(out.Node, s.add(picture.Node{Title: out.Name, Kind: picture.Port}))
	}
	return &s.g
}

// A sketcher walks through a graph in the order in which it was emitted. A unit is a node of the diagram: a layer without
// layers inside it, or operations between layers.
type sketcher struct {
	layers []Layer
	varies Varies
	g      picture.Graph
	unit   map[*ops.Node]int // the unit that computes a value
	params map[*ops.Node]ops.Named
	loose  map[*ops.Node][]ops.Named // parameters of values that depend only on parameters and constants
	open   []open                    // the layers that are emitting, the outermost first
}

// An open is a layer that is emitting.
type open struct {
	layer, group, unit int // unit is -1 for a layer that contains layers
}

// add adds a node to the diagram, inside the innermost open layer, and returns its index.
func (s *sketcher) add(n picture.Node) int {
	if len(s.open) > 0 {
		n.Group = s.open[len(s.open)-1].group
	}
	s.g.Nodes = append(s.g.Nodes, n)
	return len(s.g.Nodes) - 1
}

// walk draws the nodes, which are in ascending order of their numbers.
func (s *sketcher) walk(nodes []*ops.Node) {
	until := func(number int64) {
		for ; len(nodes) > 0 && nodes[0].ID() < number; nodes = nodes[1:] {
			if o := ops.Of(nodes[0]); o != nil {
				s.op(nodes[0], o)
			}
		}
	}
	closeTo := func(depth int) {
		for n := len(s.open); n > 0 && s.layers[s.open[n-1].layer].Depth >= depth; n-- {
			top := s.open[n-1]
			until(s.layers[top.layer].To)
			if top.unit >= 0 {
				s.unit[s.layers[top.layer].Out] = top.unit
			}
			s.open = s.open[:n-1]
		}
	}
	for i, l := range s.layers {
		closeTo(l.Depth)
		until(l.From)
		s.begin(i)
	}
	closeTo(0)
	if len(nodes) > 0 {
		until(nodes[len(nodes)-1].ID() + 1)
	}
}

// begin opens a layer.
func (s *sketcher) begin(i int) {
	l := s.layers[i]
	if i+1 < len(s.layers) && s.layers[i+1].Depth > l.Depth {
		in := 0
		if len(s.open) > 0 {
			in = s.open[len(s.open)-1].group
		}
		s.g.Groups = append(s.g.Groups, picture.Group{Title: l.Path, In: in})
		s.open = append(s.open, open{i, len(s.g.Groups), -1})
		return
	}
	u := s.add(picture.Node{Title: l.Path})
	s.connect(l.In, u)
	s.open = append(s.open, open{i, s.g.Nodes[u].Group, u})
}

// connect draws an arrow, once, from the unit that computes n to the unit to. Parameters that n is made of are listed in to.
func (s *sketcher) connect(n *ops.Node, to int) {
	params := s.loose[n]
	if p, ok := s.params[n]; ok {
		params = []ops.Named{p}
	}
	within := ""
	if s.g.Nodes[to].Kind == picture.Plain {
		within = s.g.Nodes[to].Title
	}
	for _, p := range params {
		if line := paramLine(p, within); !slices.Contains(s.g.Nodes[to].Lines, line) {
			s.g.Nodes[to].Lines = append(s.g.Nodes[to].Lines, line)
		}
	}
	e := picture.Edge{To: to, Label: s.varies.shape(n)}
	var ok bool
	if e.From, ok = s.unit[n]; ok && e.From != to && !slices.Contains(s.g.Edges, e) {
		s.g.Edges = append(s.g.Edges, e)
	}
}

// op draws an operation.
func (s *sketcher) op(n *ops.Node, o *ops.Op) {
	if len(s.open) > 0 {
		if u := s.open[len(s.open)-1].unit; u >= 0 {
			s.unit[n] = u
			for _, in := range o.In {
				s.connect(in, u)
			}
			return
		}
	}
	var from []int
	for _, in := range o.In {
		if u, ok := s.unit[in]; ok && !slices.Contains(from, u) {
			from = append(from, u)
		}
	}
	switch {
	case len(from) == 0: // depends on parameters and constants only
		for _, in := range o.In {
			s.loose[n] = append(s.loose[n], s.loose[in]...)
			if p, ok := s.params[in]; ok {
				s.loose[n] = append(s.loose[n], p)
			}
		}
	case len(from) == 1 && moves(o):
		s.unit[n] = from[0]
	case len(from) == 1 && s.continues(from[0]):
		s.join(n, o, from[0])
	default:
		s.join(n, o, s.add(picture.Node{Kind: picture.Small}))
	}
}

// continues reports whether a unit consists of operations of the layer that is emitting, so that another one may join it.
func (s *sketcher) continues(unit int) bool {
	group := 0
	if len(s.open) > 0 {
		group = s.open[len(s.open)-1].group
	}
	return s.g.Nodes[unit].Kind == picture.Small && s.g.Nodes[unit].Group == group
}

// join makes an operation part of a unit.
func (s *sketcher) join(n *ops.Node, o *ops.Op, unit int) {
	for _, in := range o.In {
		s.connect(in, unit)
	}
	s.unit[n] = unit
	title := &s.g.Nodes[unit].Title
	switch {
	case *title == "":
		*title = opName(o)
	case strings.Count(*title, ", ") < 2:
		*title += ", " + opName(o)
	case !strings.HasSuffix(*title, "…"):
		*title += ", …"
	}
}
