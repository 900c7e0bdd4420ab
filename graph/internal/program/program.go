package program

import (
	"fmt"
	"slices"

	_ "go4.org/unsafe/assume-no-moving-gc" // gorgonia's tensors need a version that knows this Go
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Spec describes a program.
type Spec struct {
	Graph   *ops.Graph
	Inputs  []*ops.Node // in the order of Run's values
	Params  []Param
	Outputs Outputs
	Env     *ops.Env
}

// A Param is a node of a graph and the tensor that is its value in every run. The tensor's elements may change between runs.
type Param struct {
	Name  string
	Node  *ops.Node
	Value *tensor.Dense
}

// Outputs are the nodes whose values a program computes. A program for prediction has only Predictions.
type Outputs struct {
	Loss        *ops.Node   // nil for none
	Parts       []*ops.Node // the losses that are added up to Loss, if there are several
	Predictions []*ops.Node
	Gradients   []*ops.Node
	States      []ops.Named // new values of states
}

// list returns all outputs, in the order of the fields.
func (o Outputs) list() []*ops.Node {
	var list []*ops.Node
	if o.Loss != nil {
		list = append(list, o.Loss)
	}
	list = slices.Concat(list, o.Parts, o.Predictions, o.Gradients)
	for _, s := range o.States {
		list = append(list, s.Node)
	}
	return list
}

// A Program is a graph compiled for a tape machine. Only one goroutine may use it at a time.
type Program struct {
	machine machine
	lowered *ops.Lowered
	feeds   []feed
	outputs Outputs
}

// Compile lowers the part of the graph that the outputs need and makes a machine for it.
func Compile(s Spec) (*Program, error) {
	lowered, err := ops.Lower(s.Graph, s.Outputs.list(), s.Env)
	if err != nil {
		return nil, err
	}
	p := &Program{lowered: lowered, outputs: s.Outputs}
	for _, in := range s.Inputs {
		p.feeds = append(p.feeds, feed{node: lowered.Input(in), shape: ops.Shape(in)})
	}
	// A tape machine needs an input, and a graph of constants only has none.
	if err := lowered.EnsureInput(); err != nil {
		return nil, err
	}
	if p.machine, err = newMachine(lowered.G); err != nil {
		return nil, err
	}
	// Bound only now: making a machine writes to bound tensors, and other programs may be using the parameters.
	for _, param := range s.Params {
		if n := lowered.Input(param.Node); n != nil {
			if err := gorgonia.Let(n, param.Value); err != nil {
				return nil, fmt.Errorf("parameter %s: %w", param.Name, err)
			}
		}
	}
	return p, nil
}

// Run feeds the values, one for each input, and runs the machine. The random numbers depend on the seed and on draw.
func (p *Program) Run(draw int, values ...*tensor.Dense) error {
	for i, v := range values {
		if err := p.feeds[i].set(v); err != nil {
			return err
		}
	}
	env := p.lowered.Env
	env.Draw, env.Err = uint64(draw), nil
	p.machine.reset()
	err := p.machine.run()
	if err != nil && env.Err != nil {
		return env.Err
	}
	return err
}

// Nodes returns the nodes of the lowered graph.
func (p *Program) Nodes() []*ops.Node { return p.lowered.G.AllNodes() }

// A feed is an input of a program.
type feed struct {
	node   *ops.Node // nil if no output needs the input
	shape  []int
	buffer *tensor.Dense // for copies of values that cannot be used directly; made on first use
	bound  *tensor.Dense // the value that the machine reads
}

// set sets the value of the input: to v itself if it has the graph's element type and is contiguous, else to a copy.
func (f *feed) set(v *tensor.Dense) error {
	if f.node == nil {
		return nil
	}
	if v == nil {
		return fmt.Errorf("got no tensor, want shape %v", f.shape)
	}
	if !tensors.SameShape(v, f.shape) {
		return fmt.Errorf("got shape %v, want %v", v.Shape(), f.shape)
	}
	if v.Dtype() != f.node.Dtype() || !tensors.Contiguous(v) {
		if f.buffer == nil {
			f.buffer = tensors.New(f.node.Dtype(), f.shape)
		}
		if err := tensors.Copy(f.buffer, v); err != nil {
			return err
		}
		v = f.buffer
	}
	if f.bound == v {
		return nil
	}
	f.bound = v
	return gorgonia.Let(f.node, v)
}
