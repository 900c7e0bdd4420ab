package eval

import (
	"fmt"
	"math"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// The opsets that are run.
const (
	oldestOpset = 1
	newestOpset = 22
)

// maxElements is the largest number of elements of a value, and the largest size or position that a node may name.
const maxElements = min(1<<40, math.MaxInt/16)

// An operator describes the nodes of one kind, and runs them.
type operator struct {
	least, most int    // number of inputs
	attributes  string // names of the supported attributes, separated by spaces
	raw         bool   // it gets float16 and bfloat16 as they are
	run         func(c *call) []*Tensor
}

const many = 1 << 20 // inputs

var operators = map[string]operator{}

// register adds a family of operators. The functions refer to operators through nested graphs, hence init functions call it.
func register(family map[string]operator) {
	for name, o := range family {
		operators[name] = o
	}
}

// op returns an operator of one output.
func op(least, most int, attributes string, f func(c *call) *Tensor) operator {
	return operator{least: least, most: most, attributes: attributes, run: func(c *call) []*Tensor { return []*Tensor{f(c)} }}
}

// A Program is a checked graph. It is safe for concurrent use.
type Program struct {
	opset   int
	main    *graph
	nested  map[*proto.Graph]*graph
	inputs  []proto.Value
	outputs []proto.Value
	Bytes   int   // of the file
	keep    []any // what keeps constants in memory
}

// A graph is the main one, or one in an attribute.
type graph struct {
	nodes     []proto.Node
	inputs    []string
	outputs   []string
	declared  []proto.Value // of outputs
	constants map[string]*Tensor
	last      [][]string // for each node, the names that are not used after it
	captures  [][]string // for each node, the names of outer values that its nested graphs use
	program   *Program
}

// Compile checks a model. An error names the operator, the attribute and the node that cannot be run.
func Compile(m *proto.Model, size int) (*Program, error) {
	p := &Program{nested: map[*proto.Graph]*graph{}, inputs: m.Graph.Inputs, outputs: m.Graph.Outputs, Bytes: size}
	for _, o := range m.Opsets {
		if standard(o.Domain) {
			p.opset = int(min(max(o.Version, 0), math.MaxInt32))
		}
	}
	if p.opset < oldestOpset || p.opset > newestOpset {
		return nil, fmt.Errorf("got opset %d, want one from %d to %d", p.opset, oldestOpset, newestOpset)
	}
	if len(m.Graph.Outputs) == 0 {
		return nil, fmt.Errorf("got no output, want at least one")
	}
	g, err := p.compile(&m.Graph, nil)
	p.main = g
	return p, err
}

func standard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// A scope is the names known in a graph and those around it.
type scope struct {
	names map[string]bool
	outer *scope
	used  map[string]bool // names of outer scopes that were looked up
}

func (s *scope) knows(name string) bool {
	if s == nil {
		return false
	}
	if s.names[name] {
		return true
	}
	if s.outer.knows(name) {
		s.used[name] = true
		return true
	}
	return false
}

func (p *Program) compile(source *proto.Graph, outer *scope) (*graph, error) {
	g := &graph{nodes: source.Nodes, constants: map[string]*Tensor{}, program: p}
	s := &scope{map[string]bool{}, outer, map[string]bool{}}
	for i := range source.Initializers {
		t := &source.Initializers[i]
		v, err := Decode(t)
		if err == nil && (t.Name == "" || g.constants[t.Name] != nil) {
			err = fmt.Errorf("got this name twice or an empty one, want unique names")
		}
		if err != nil {
			return nil, fmt.Errorf("initializer %.64q: %w", t.Name, err)
		}
		g.constants[t.Name] = v
		if t.Keep != nil {
			p.keep = append(p.keep, t.Keep)
		}
		s.names[t.Name] = true
	}
	for _, v := range source.Inputs {
		if s.names[v.Name] && g.constants[v.Name] == nil {
			return nil, fmt.Errorf("input %.64q: got this name twice, want unique names", v.Name)
		}
		g.inputs = append(g.inputs, v.Name)
		s.names[v.Name] = true
	}
	for _, v := range source.Outputs {
		g.outputs = append(g.outputs, v.Name)
	}
	g.declared = source.Outputs
	for i := range g.nodes {
		node := &g.nodes[i]
		captured, err := p.check(node, s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place(node), err)
		}
		g.captures = append(g.captures, captured)
		for _, name := range node.Outputs {
			if name != "" && s.names[name] {
				return nil, fmt.Errorf("%s: got output %.64q twice, want unique names", place(node), name)
			}
			s.names[name] = name != ""
		}
	}
	for _, name := range g.outputs {
		if !s.knows(name) {
			return nil, fmt.Errorf("output %.64q: got no node that computes it, want one", name)
		}
	}
	g.setLast()
	if outer != nil {
		for name := range s.used {
			outer.knows(name) // a graph around this one may have to capture it too
		}
	}
	return g, nil
}

// check checks a node, and compiles its nested graphs. It returns the outer names that these use.
func (p *Program) check(node *proto.Node, s *scope) (captured []string, err error) {
	o, ok := operators[node.Operator]
	switch {
	case !standard(node.Domain):
		return nil, fmt.Errorf("got domain %.64q, want an operator of the standard domain ai.onnx or a function of the file", node.Domain)
	case !ok:
		return nil, fmt.Errorf("got an unsupported operator")
	case len(node.Inputs) < o.least || len(node.Inputs) > o.most:
		return nil, fmt.Errorf("got %d inputs, want %d to %d", len(node.Inputs), o.least, o.most)
	}
	for _, name := range node.Inputs {
		if name != "" && !s.knows(name) {
			return nil, fmt.Errorf("got input %.64q, want an output of an earlier node, an initializer or an input", name)
		}
	}
	settings := strings.Fields(o.attributes)
	seen := map[string]bool{}
	for i := range node.Attributes {
		a := &node.Attributes[i]
		known := p.opset < 7 && (a.Name == "consumed_inputs" || a.Name == "is_test")
		for _, name := range settings {
			known = known || a.Name == name
		}
		if !known {
			return nil, fmt.Errorf("got unsupported attribute %.64q", a.Name)
		}
		if a.Reference != "" {
			return nil, fmt.Errorf("attribute %.64s: got a reference to an attribute of a function, want a value", a.Name)
		}
		if seen[a.Name] {
			return nil, fmt.Errorf("got attribute %.64q twice, want it once", a.Name)
		}
		seen[a.Name] = true
		if a.Graph == nil {
			continue
		}
		inner := &scope{map[string]bool{}, s, map[string]bool{}} // collects what the graph uses of s and beyond
		if p.nested[a.Graph], err = p.compile(a.Graph, inner); err != nil {
			return nil, fmt.Errorf("attribute %.64s: %w", a.Name, err)
		}
		for name := range inner.used {
			captured = append(captured, name)
		}
	}
	return captured, nil
}

// setLast finds where each value of the graph's own nodes is used last.
func (g *graph) setLast() {
	made := map[string]bool{}
	for i := range g.nodes {
		for _, name := range g.nodes[i].Outputs {
			made[name] = name != ""
		}
	}
	for _, name := range g.outputs {
		delete(made, name)
	}
	g.last = make([][]string, len(g.nodes))
	for i := len(g.nodes) - 1; i >= 0; i-- {
		for _, names := range [][]string{g.nodes[i].Inputs, g.nodes[i].Outputs, g.captures[i]} {
			for _, name := range names {
				if made[name] {
					g.last[i] = append(g.last[i], name)
					delete(made, name)
				}
			}
		}
	}
}

// place returns the name of a node for errors.
func place(node *proto.Node) string {
	name := node.Name
	for i := 0; name == "" && i < len(node.Outputs); i++ {
		name = node.Outputs[i]
	}
	return fmt.Sprintf("%.64s (%.64s)", name, node.Operator)
}
