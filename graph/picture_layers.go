package graph

import (
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
)

// sketch draws the layers, in training, where none of them is missing.
func (m *Model) sketch() (*picture.Graph, error) {
	e, err := m.emit(pictureBatch, true)
	if err != nil {
		return nil, err
	}
	roots, err := m.roots(e)
	if err != nil {
		return nil, err
	}
	s := &sketcher{m: m, b: e.b, unit: map[*ops.Node]int{}, params: map[*ops.Node]string{}, loose: map[*ops.Node][]string{}}
	for name, n := range e.b.params {
		s.params[n.n] = name
	}
	for i, x := range e.x {
		s.unit[x.n] = s.add(picture.Node{Title: m.ins[i].name, Kind: picture.Port})
	}
	all := slices.Clone(roots)
	for _, u := range e.b.updates { // which show that a layer has state
		all = append(all, u.value.n)
	}
	s.walk(ops.Needed(all...))
	for i, n := range roots {
		s.connect(n, s.add(picture.Node{Title: m.outs[i].name, Kind: picture.Port}))
	}
	return &s.g, nil
}

// A sketcher goes through a graph in the order in which it was emitted. A unit is a node of the picture: a layer without layers
// in it, or operations between layers.
type sketcher struct {
	m      *Model
	b      *builder
	g      picture.Graph
	unit   map[*ops.Node]int      // where a value comes from
	params map[*ops.Node]string   // names
	loose  map[*ops.Node][]string // parameters behind values that depend on nothing else
	open   []open
}

// An open is a layer that is emitting: in walk, the layers that are within each other.
type open struct {
	layer, group, unit int // unit is -1 for a layer that has layers in it
}

func (s *sketcher) add(n picture.Node) int {
	if len(s.open) > 0 {
		n.Group = s.open[len(s.open)-1].group
	}
	s.g.Nodes = append(s.g.Nodes, n)
	return len(s.g.Nodes) - 1
}

// walk draws the nodes, whose numbers rise.
func (s *sketcher) walk(nodes []*ops.Node) {
	until := func(number int64) {
		for ; len(nodes) > 0 && nodes[0].ID() < number; nodes = nodes[1:] {
			if o := ops.Of(nodes[0]); o != nil {
				s.op(nodes[0], o)
			}
		}
	}
	closeTo := func(depth int) {
		for n := len(s.open); n > 0 && s.b.layers[s.open[n-1].layer].depth >= depth; n-- {
			top := s.open[n-1]
			sp := s.b.spans[top.layer]
			until(sp.to)
			if top.unit >= 0 {
				s.unit[sp.out] = top.unit
			}
			s.open = s.open[:n-1]
		}
	}
	for i, r := range s.b.layers {
		closeTo(r.depth)
		until(s.b.spans[i].from)
		s.begin(i, r)
	}
	closeTo(0)
	if len(nodes) > 0 {
		until(nodes[len(nodes)-1].ID() + 1)
	}
}

// begin opens a layer.
func (s *sketcher) begin(i int, r *layerRecord) {
	if i+1 < len(s.b.layers) && s.b.layers[i+1].depth > r.depth {
		in := 0
		if len(s.open) > 0 {
			in = s.open[len(s.open)-1].group
		}
		s.g.Groups = append(s.g.Groups, picture.Group{Title: r.path, In: in})
		s.open = append(s.open, open{i, len(s.g.Groups), -1})
		return
	}
	u := s.add(picture.Node{Title: r.path})
	s.connect(s.b.spans[i].in, u)
	s.open = append(s.open, open{i, s.g.Nodes[u].Group, u})
}

// connect draws an arrow from where a value comes from, once, and notes the parameters that it is made of.
func (s *sketcher) connect(n *ops.Node, to int) {
	names := s.loose[n]
	if name, ok := s.params[n]; ok {
		names = []string{name}
	}
	within := ""
	if s.g.Nodes[to].Kind == picture.Plain {
		within = s.g.Nodes[to].Title
	}
	for _, name := range names {
		if line := s.m.paramLine(name, within); !slices.Contains(s.g.Nodes[to].Lines, line) {
			s.g.Nodes[to].Lines = append(s.g.Nodes[to].Lines, line)
		}
	}
	e := picture.Edge{To: to, Label: pictured(ops.Shape(n))}
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
	case len(from) == 0: // of parameters and constants alone
		for _, in := range o.In {
			s.loose[n] = append(s.loose[n], s.loose[in]...)
			if name, ok := s.params[in]; ok {
				s.loose[n] = append(s.loose[n], name)
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

// continues tells whether a unit is operations of the layer that is emitting, so that another may join them.
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
