package expression

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// A Step is a node of the graph with its value, in the order in which it is computed.
type Step struct {
	ID       int       `json:"id"`
	Op       string    `json:"op"`    // "" for a variable
	Label    string    `json:"label"` // the variable's name, ∂/∂x of a derivative, or ""
	Operands []int     `json:"operands"`
	Shape    []int     `json:"shape"`
	Backward bool      `json:"backward"` // it belongs to the derivative
	Value    []float64 `json:"-"`
	Text     []string  `json:"value"`    // the value, with four digits
	Gradient int       `json:"gradient"` // the node that is the derivative of the result by this one; -1 for none
	Rule     []string  `json:"rule"`     // how the operation is differentiated, a line for each operand; see rule
}

// A trace is the graph of an expression and of its derivatives by every variable.
type trace struct {
	steps  []Step
	nodes  []graph.Node
	number map[graph.Node]int
}

// walk adds a node after its operands.
func (t *trace) walk(n graph.Node, backward bool) int {
	if id, ok := t.number[n]; ok {
		return id
	}
	op, operands := n.Op()
	s := Step{Op: op, Shape: n.Shape(), Backward: backward, Gradient: -1, Operands: []int{}}
	for _, o := range operands {
		s.Operands = append(s.Operands, t.walk(o, backward))
	}
	s.ID = len(t.steps)
	t.number[n] = s.ID
	t.steps, t.nodes = append(t.steps, s), append(t.nodes, n)
	return s.ID
}

// emit builds the nodes of a term.
func emit(s *graph.Scope, t *term, vars map[string]graph.Node) graph.Node {
	if t.op == "" {
		if t.name == "" {
			return s.Scalar(t.num)
		}
		return vars[t.name]
	}
	args := make([]graph.Node, len(t.args))
	for i, a := range t.args {
		args[i] = emit(s, a, vars)
	}
	if last := args[len(args)-1]; t.op == "pow" && t.args[1].op == "" && t.args[1].name == "" {
		return args[0].PowScalar(t.args[1].num)
	} else if last.Err() != nil {
		return last
	}
	return operations[t.op].do(args)
}

// build emits the expression and its derivatives, and notes all nodes.
func (t *trace) build(s *graph.Scope, e *term, vars []variable, inputs []graph.Node) []graph.Node {
	*t = trace{number: map[graph.Node]int{}}
	byName := map[string]graph.Node{}
	for i, v := range vars {
		byName[v.name] = inputs[i]
		t.steps[t.walk(inputs[i], false)].Label = v.name
	}
	y := emit(s, e, byName)
	if y.Err() != nil {
		return []graph.Node{y}
	}
	if elements(y.Shape()) > 1 {
		y = y.Sum()
	}
	t.walk(y, false)
	forward := slices.Clone(t.nodes)
	gradients := graph.Grad(y, forward...)
	needed := t.depend(len(vars))
	for i := len(forward) - 1; i >= 0; i-- { // in the order of the backward pass
		g := gradients[i]
		if g.Err() != nil {
			return []graph.Node{g}
		}
		if needed[i] {
			id := t.walk(g, true)
			t.steps[i].Gradient = id
			if i < len(vars) {
				d := &t.steps[id]
				d.Label = strings.TrimPrefix(d.Label+", ∂/∂"+vars[i].name, ", ")
			}
		}
	}
	return t.nodes
}

// depend reports for each forward node whether it depends on a variable.
func (t *trace) depend(vars int) []bool {
	needed := make([]bool, len(t.steps))
	for i, s := range t.steps {
		needed[i] = i < vars || slices.ContainsFunc(s.Operands, func(o int) bool { return needed[o] })
	}
	return needed
}

func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// names returns the variables of a term.
func (t *term) names(into map[string]bool) {
	if t.name != "" {
		into[t.name] = true
	}
	for _, a := range t.args {
		a.names(into)
	}
}

// compute returns the steps of an expression, with the values that the library computes.
func compute(text, values string) (*term, []variable, []Step, error) {
	e, err := parse(text)
	if err != nil {
		return nil, nil, nil, err
	}
	all, err := variables(values)
	if err != nil {
		return nil, nil, nil, err
	}
	used := map[string]bool{}
	e.names(used)
	var vars []variable
	for _, v := range all {
		if used[v.name] {
			vars = append(vars, v)
			delete(used, v.name)
		}
	}
	for name := range used {
		return nil, nil, nil, fmt.Errorf("expression: got no value of %s, want a line %s = 1", name, name)
	}
	if len(vars) == 0 {
		return nil, nil, nil, fmt.Errorf("expression: got no variable, want one such as x")
	}
	var t trace
	var shapes [][]int
	var inputs []*graph.Tensor
	for _, v := range vars {
		shapes, inputs = append(shapes, v.shape), append(inputs, v.tensor())
	}
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return t.build(s, e, vars, x) }, shapes...)
	if err != nil {
		return nil, nil, nil, err
	}
	out, err := f.Call(context.Background(), inputs...)
	if err != nil {
		return nil, nil, nil, err
	}
	for i, o := range out {
		switch v := o.Data().(type) {
		case []float64:
			t.steps[i].Value = v
		case float64:
			t.steps[i].Value = []float64{v}
		}
	}
	for i := range t.steps {
		t.steps[i].Rule = rule(t.steps, i)
	}
	return e, vars, t.steps, nil
}
