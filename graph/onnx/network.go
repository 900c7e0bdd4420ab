package onnx

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A Network is a network that was read from an ONNX file: a layer like any other. Its initializers of floating-point numbers
// are parameters of the layer, under the names that they have in the file, but for slashes in front, with its values at first.
// The constants of its nodes, and what says how a node works, such as the bounds of Clip, stay what they are. It computes in
// the element type of the model that it is part of. Its input and output are the file's first ones.
//
// A model with a Network in it is saved with it, and opened by graph.Open if this package is imported.
//
// In training it is what the file says, which is the network for inference; but a batch normalization takes the batch's
// statistics and updates the running ones.
type Network struct {
	nodes   []proto.Node
	tensors map[string]*proto.Tensor
	states  map[string]bool // names of the tensors that are not trained
	fixed   map[string]bool // and of those that are no parameters but settings of nodes
	opset   int
	inputs  []input
	outputs []string
	text    int // bytes of the file
	data    int // bytes of the parameters
	trusted bool
}

// An input is one of a network's inputs.
type input struct {
	name    string
	shape   []int // of one sample
	integer bool  // of whole numbers
}

var _ graph.Layer = (*Network)(nil)

// Input returns the shape of one sample of the input, for graph.Config; a dimension that the file leaves open is 0.
func (n *Network) Input() []int {
	if len(n.inputs) == 0 {
		return nil
	}
	return slices.Clone(n.inputs[0].shape)
}

// Inputs returns the shapes of one sample of the further inputs by their names, as Input does: for Config.Inputs. Further
// outputs have the names that they have in the file, see Scope.Output; but one that is called as the main one is gets a _2, and
// slashes in outputs are dots.
func (n *Network) Inputs() map[string][]int {
	var further map[string][]int
	for _, in := range n.inputs[min(1, len(n.inputs)):] {
		if further == nil {
			further = map[string][]int{}
		}
		further[inputName(in.name)] = slices.Clone(in.shape)
	}
	return further
}

// inputName and outputName return what further inputs and outputs are called in a model.
func inputName(name string) string {
	if name == graph.MainInput {
		return name + "_2"
	}
	return name
}

func outputName(name string) string {
	if name == graph.MainOutput {
		return name + "_2"
	}
	return strings.ReplaceAll(name, "/", ".")
}

// Limits of what a file can ask for.
const (
	maxDim      = 1 << 24                 // a dimension, a stride, a padding
	maxElements = min(1<<40, math.MaxInt) // elements of a value
	maxKnown    = 1 << 18                 // numbers that are known while a graph is built, in all, for small files
	maxRank     = 64                      // dimensions of known numbers
	maxSizes    = 256                     // numbers that say what an operation does, such as its axes
)

// Trusted returns the network without limits of what it may ask for: known numbers and operations beyond what is in
// proportion to the file's size are an error else, such as thousands of steps of an LSTM of few units. They still hold in a
// model that graph.Open makes.
func (n *Network) Trusted() *Network {
	if n == nil {
		return nil
	}
	trusted := *n
	trusted.trusted = true
	return &trusted
}

// trustIt is what to do about the limits.
const trustIt = "if you trust it, use Network.Trusted"

// Emit implements graph.Layer: x is a batch of samples.
func (n *Network) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if n == nil {
		return x.Errorf("got no Network, want one that Read or Open returned")
	}
	if n.trusted {
		return n.emit(s, x, math.MaxInt)
	}
	given, _ := sizeOf(x.Shape(), maxElements/16) // such as positions, for each sample
	return limited(s, n.text, n.data, trustIt, func(size int) graph.Node { return n.emit(s, x, maxKnown+size+min(16*given, math.MaxInt/4)) })
}

// emit is Emit with so many numbers that may be known.
func (n *Network) emit(s *graph.Scope, x graph.Node, known int) graph.Node {
	switch {
	case x.Err() != nil:
		return x
	case len(n.inputs) == 0:
		return x.Errorf("got a Network of nothing, want one that Read or Open returned")
	}
	e := &emitter{Network: n, s: s, input: x, values: map[string]*value{}, left: known}
	for i, in := range n.inputs {
		v := &value{node: x, made: true}
		if i > 0 {
			v.node = s.Input(inputName(in.name))
		}
		if v.node.Err() != nil {
			return v.node
		}
		if got := v.node.Shape()[1:]; !in.takes(got) {
			return x.Errorf("input %.64s: got samples of shape %v, want %v", in.name, got, in.shape)
		}
		if in.integer {
			v.kind = integerKind
		}
		e.values[in.name] = v
	}
	for i := range n.nodes {
		node := &n.nodes[i]
		if y := at(s, place(node), func() graph.Node { return e.emit(node) }); y.Err() != nil {
			return y
		}
	}
	c := &call{emitter: e, node: &proto.Node{Inputs: n.outputs}}
	for i, name := range n.outputs[1:] {
		s.Output(outputName(name), c.x(1+i))
	}
	return c.x(0)
}

// takes tells whether a sample's shape is what the file says.
func (in input) takes(shape []int) bool {
	return slices.EqualFunc(shape, in.shape, func(got, want int) bool { return got == want || want == 0 })
}

// An emitter adds the nodes of a file to a graph.
type emitter struct {
	*Network
	s      *graph.Scope
	input  graph.Node
	values map[string]*value
	left   int // numbers that may still be known while the graph is built
}

// emit adds one node; what it returns has the error, if there is one.
func (e *emitter) emit(node *proto.Node) graph.Node {
	c := &call{emitter: e, node: node}
	out := operators[node.Operator].emit(c)
	for i, v := range out {
		if c.err == nil && v.made {
			c.check(v.node)
		}
		if i < len(node.Outputs) && node.Outputs[i] != "" {
			e.values[node.Outputs[i]] = v
		}
	}
	if c.err != nil {
		return e.input.Errorf("%w", c.err)
	}
	return e.input
}

// lookup returns a value, a parameter if it is an initializer.
func (e *emitter) lookup(name string) *value {
	v := e.values[name]
	if t := e.tensors[name]; v == nil && t != nil {
		v = &value{tensor: t}
		e.values[name] = v
	}
	return v
}

// parameter returns the node of an initializer.
func (e *emitter) parameter(t *proto.Tensor) (graph.Node, error) {
	kind, ok := floatTypes[t.Type]
	if !ok || slices.Contains(t.Dims, 0) {
		return graph.Node{}, fmt.Errorf("initializer %.64q: got %v of %v, want floating-point numbers, one or more", t.Name, t.Type, t.Dims)
	}
	shape := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		shape[i] = int(d)
	}
	source := safetensors.Tensor{DType: kind, Data: t.Raw}
	values := func(dst []float64, _ []int, _ *rand.Rand) {
		if t.Raw == nil {
			panic("the network is of a model's file, want the values from there: graph.Open it")
		}
		if err := safetensors.Floats(dst, source); err != nil {
			panic(err) // the sizes were compared when the file was read
		}
	}
	name := strings.TrimLeft(t.Name, "/") // which would be the end of a path of layers
	for name == "" || name != t.Name && e.tensors[name] != nil {
		name = "_" + name
	}
	if e.states[t.Name] {
		return e.s.State(name, values, shape...), nil
	}
	return e.s.Param(name, values, shape...), nil
}
