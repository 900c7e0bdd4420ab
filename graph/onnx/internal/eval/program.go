package eval

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

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
	least, most int     // number of inputs
	attributes  string  // names of the supported attributes, separated by spaces
	raw         bool    // it gets float16 and bfloat16 as they are
	random      bool    // it draws random numbers
	shares      sharing // what its outputs may share elements with
	run         func(c *call) []*Tensor
}

const many = 1 << 20 // inputs

var operators = map[string]operator{}

// register adds a family of operators. The functions refer to operators through nested graphs, hence init functions call it.
func register(family map[string]operator) {
	for name, o := range family {
		for s, names := range sharings {
			if slices.Contains(names, name) {
				o.shares = s
			}
		}
		operators[name] = o
	}
}

// op returns an operator of one output.
func op(least, most int, attributes string, f func(c *call) *Tensor) operator {
	return operator{least: least, most: most, attributes: attributes, run: func(c *call) []*Tensor {
		c.result[0] = f(c)
		return c.result[:]
	}}
}

// A Program is a checked graph. It is safe for concurrent use.
type Program struct {
	opset   int
	main    *graph
	nested  map[*proto.Graph]*graph
	inputs  []proto.Value
	outputs []proto.Value
	Bytes   int          // of the file
	spare   atomic.Int64 // bytes that values which are the same in all runs may still take
	keep    []any        // what keeps constants in memory

	chain    Chain     // of groups
	memories sync.Pool // of *memory, for runs
}

// Compile checks a model. An error names the operator, the attribute and the node that cannot be run.
func Compile(m *proto.Model, size int) (*Program, error) {
	p := &Program{nested: map[*proto.Graph]*graph{}, inputs: m.Graph.Inputs, outputs: m.Graph.Outputs, Bytes: size}
	p.spare.Store(2*int64(size) + 1<<20)
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

// check checks a node, compiles its nested graphs, and resolves the names that it reads.
func (p *Program) check(node *node, s *scope) error {
	o, ok := operators[node.Operator]
	node.operator, node.fixed = o, !o.random
	switch {
	case !standard(node.Domain):
		return fmt.Errorf("got domain %.64q, want an operator of the standard domain ai.onnx or a function of the file", node.Domain)
	case !ok:
		return fmt.Errorf("got an unsupported operator")
	case len(node.Inputs) < o.least || len(node.Inputs) > o.most:
		return fmt.Errorf("got %d inputs, want %d to %d", len(node.Inputs), o.least, o.most)
	}
	for _, name := range node.Inputs {
		r := ref{0, -1}
		if name != "" {
			if r = s.find(name); r.slot < 0 {
				return fmt.Errorf("got input %.64q, want an output of an earlier node, an initializer or an input", name)
			}
		}
		node.in = append(node.in, r)
		node.constant = append(node.constant, r.slot >= 0 && s.isFixed(r))
		node.fixed = node.fixed && (r.slot < 0 || s.isFixed(r))
	}
	node.kept = make([]atomic.Pointer[any], len(node.in))
	settings := strings.Fields(o.attributes)
	seen := map[string]bool{}
	for i := range node.Attributes {
		a := &node.Attributes[i]
		known := p.opset < 7 && (a.Name == "consumed_inputs" || a.Name == "is_test")
		for _, name := range settings {
			known = known || a.Name == name
		}
		if !known {
			return fmt.Errorf("got unsupported attribute %.64q", a.Name)
		}
		if a.Reference != "" {
			return fmt.Errorf("attribute %.64s: got a reference to an attribute of a function, want a value", a.Name)
		}
		if seen[a.Name] {
			return fmt.Errorf("got attribute %.64q twice, want it once", a.Name)
		}
		seen[a.Name] = true
		if a.Graph == nil {
			continue
		}
		g, err := p.compile(a.Graph, s)
		if err != nil {
			return fmt.Errorf("attribute %.64s: %w", a.Name, err)
		}
		p.nested[a.Graph], node.fixed = g, false
		for name := range g.free {
			node.captures = append(node.captures, s.find(name))
		}
	}
	return nil
}

// place returns the name of a node for errors.
func place(node *proto.Node) string {
	name := node.Name
	for i := 0; name == "" && i < len(node.Outputs); i++ {
		name = node.Outputs[i]
	}
	return fmt.Sprintf("%.64s (%.64s)", name, node.Operator)
}
