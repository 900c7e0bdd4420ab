package eval

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A graph is the main one, or one in an attribute. Its values have slots in a frame.
type graph struct {
	nodes    []*node
	inputs   []int // their slots
	outputs  []ref
	declared []proto.Value // of outputs
	initial  []*Tensor     // for each slot, its initializer or nil
	slots    map[string]int
	free     map[string]bool // names of values of the graphs around it
	needed   []bool          // whether a node is needed for the graph's outputs
}

// A node is a node of a file with its names resolved.
type node struct {
	*proto.Node
	operator
	in       []ref
	out      []int // slots, -1 for an output that is not used
	captures []ref // what its nested graphs use of this graph and those around it
	last     []int // the slots of the graph's own values that are not used after it
	fixed    bool  // its outputs depend on constants alone
	saved    atomic.Pointer[[]*Tensor]
	kept     []atomic.Pointer[any] // by input, what was made of constants
	constant []bool                // by input, whether it is the same in all runs
	index    int                   // in the file
	group    *group                // that it stands for, nil if it is a node of the file
	owned    []int                 // slots of its outputs whose elements are used again when they are spent
	spent    []int                 // slots whose elements are spent after it
	window   atomic.Pointer[window]
}

// A ref is a value of a graph, or of one around it: up counts the graphs in between. The slot is -1 if there is no value.
type ref struct{ up, slot int }

// A scope is the names known in a graph and those around it.
type scope struct {
	slots map[string]int
	fixed map[int]bool // slots whose values are the same in all runs
	outer *scope
	used  map[string]bool // names of outer scopes that were looked up
}

// find returns the value of a name. The slot is -1 if there is none.
func (s *scope) find(name string) ref {
	if s == nil {
		return ref{0, -1}
	}
	if slot, ok := s.slots[name]; ok {
		return ref{0, slot}
	}
	r := s.outer.find(name)
	if r.slot >= 0 {
		s.used[name] = true
		r.up++
	}
	return r
}

// isFixed reports whether a value is the same in all runs.
func (s *scope) isFixed(r ref) bool {
	for range r.up {
		s = s.outer
	}
	return s.fixed[r.slot]
}

func (s *scope) add(name string) int {
	slot := len(s.slots)
	s.slots[name] = slot
	return slot
}

func (p *Program) compile(source *proto.Graph, outer *scope) (*graph, error) {
	s := &scope{map[string]int{}, map[int]bool{}, outer, map[string]bool{}}
	g := &graph{nodes: make([]*node, len(source.Nodes)), declared: source.Outputs, slots: s.slots, free: s.used}
	for i := range source.Initializers {
		t := &source.Initializers[i]
		v, err := Decode(t)
		if _, twice := s.slots[t.Name]; err == nil && (t.Name == "" || twice) {
			err = fmt.Errorf("got this name twice or an empty one, want unique names")
		}
		if err != nil {
			return nil, fmt.Errorf("initializer %.64q: %w", t.Name, err)
		}
		g.initial = append(g.initial, v)
		if t.Keep != nil {
			p.keep = append(p.keep, t.Keep)
		}
		s.fixed[s.add(t.Name)] = true
	}
	for _, v := range source.Inputs {
		slot, ok := s.slots[v.Name]
		if ok && !s.fixed[slot] {
			return nil, fmt.Errorf("input %.64q: got this name twice, want unique names", v.Name)
		}
		if !ok {
			slot = s.add(v.Name)
		}
		g.inputs = append(g.inputs, slot)
		s.fixed[slot] = false // it may replace an initializer
	}
	for i := range g.nodes {
		n := &node{Node: &source.Nodes[i], index: i}
		g.nodes[i] = n
		if err := p.check(n, s); err != nil {
			return nil, fmt.Errorf("%s: %w", place(n.Node), err)
		}
		for _, name := range n.Outputs {
			slot := -1
			if _, twice := s.slots[name]; twice && name != "" {
				return nil, fmt.Errorf("%s: got output %.64q twice, want unique names", place(n.Node), name)
			}
			if name != "" {
				slot = s.add(name)
				s.fixed[slot] = n.fixed
			}
			n.out = append(n.out, slot)
		}
	}
	for _, v := range source.Outputs {
		r := s.find(v.Name)
		if r.slot < 0 {
			return nil, fmt.Errorf("output %.64q: got no node that computes it, want one", v.Name)
		}
		g.outputs = append(g.outputs, r)
	}
	g.initial = append(g.initial, make([]*Tensor, len(s.slots)-len(g.initial))...)
	g.finish()
	return g, nil
}

// finish finds what depends on the order of the nodes.
func (g *graph) finish() {
	for _, n := range g.nodes {
		n.last, n.owned, n.spent = nil, nil, nil
	}
	g.setLast()
	g.setSpent()
	g.needed = g.need(g.outputs)
}

// setLast finds where each value of the graph's own nodes is used last.
func (g *graph) setLast() {
	made := make([]bool, len(g.initial))
	for i := range g.nodes {
		for _, slot := range g.nodes[i].results() {
			if slot >= 0 {
				made[slot] = true
			}
		}
	}
	for _, r := range g.outputs {
		if r.up == 0 {
			made[r.slot] = false
		}
	}
	for i := len(g.nodes) - 1; i >= 0; i-- {
		n := g.nodes[i]
		for _, r := range slices.Concat(n.in, n.captures) {
			n.end(r, made)
		}
		for _, slot := range n.results() {
			n.end(ref{0, slot}, made)
		}
	}
}

// results returns the slots of all values that the node makes, also of those inside a group.
func (n *node) results() []int {
	if n.group == nil {
		return n.out
	}
	return slices.Concat(n.group.inside, n.out)
}

// end notes that a value is used no more after the node, unless it is used later.
func (n *node) end(r ref, made []bool) {
	if r.up == 0 && r.slot >= 0 && made[r.slot] {
		made[r.slot] = false
		n.last = append(n.last, r.slot)
	}
}

// need returns the nodes that some values need.
func (g *graph) need(values []ref) []bool {
	uses, needed := make([]bool, len(g.initial)), make([]bool, len(g.nodes))
	use := func(list []ref) {
		for _, r := range list {
			if r.up == 0 && r.slot >= 0 {
				uses[r.slot] = true
			}
		}
	}
	use(values)
	for i := len(g.nodes) - 1; i >= 0; i-- {
		n := g.nodes[i]
		if needed[i] = slices.ContainsFunc(n.results(), func(slot int) bool { return slot >= 0 && uses[slot] }); needed[i] {
			use(n.in)
			use(n.captures)
		}
	}
	return needed
}
