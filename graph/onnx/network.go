package onnx

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A Network is a layer that was read from an ONNX file; a Runner instead runs a file exactly as it says. The floating-point
// initializers are parameters of the layer, with the file's values and names, without leading slashes. Constants of nodes, and
// settings such as the bounds of Clip, are not trained, unless the file has no weights except in Constant nodes. A Network computes
// in the element type of its model, also if the file has float16 or bfloat16; a Runner rounds as the file says. The input and the
// output of a Network are the first ones of the file.
//
// A model that contains a Network can be saved; graph.Open opens it if the program imports this package.
//
// If the file declares the size of its batch, shapes that hold it grow with the batch. If its nodes still mix the rows of other
// batches, or do not work for them, a loop computes one declared batch at a time; then a batch must be a multiple of the declared one.
// Compile builds a network for a batch of 2, so such a file whose declared batch is 3 or more is an error: export it with an open batch,
// or use a Runner.
//
// Training computes the same as inference, since ONNX files describe inference. Only batch normalization differs: it uses
// the batch's statistics and updates the running ones. In a loop it has no statistics of the whole batch, so such a network does not
// train.
type Network struct {
	nodes   []proto.Node
	tensors map[string]*proto.Tensor
	states  map[string]bool   // names of the tensors that are not trained
	fixed   map[string]bool   // names of the tensors that are settings of nodes, not parameters
	names   map[string]string // of the parameters of tensors that have another name in the file
	opset   int
	inputs  []input
	outputs []string
	batch   int        // that the file declares for its inputs; 0 if it is open
	apart   *rowsKnown // used if batch is set
	shapes  *growth    // of a copy for other batches than the file declares; nil if the constant shapes stay
	text    int        // bytes of the file without the weights
	data    int        // bytes of the parameters
	trusted bool

	metadata map[string]string
}

// An input is one of a network's inputs.
type input struct {
	name    string
	shape   []int // of one sample; a dimension that the file leaves open is 0
	integer bool  // its elements are integers
}

var _ graph.Layer = (*Network)(nil)

// Input returns the shape of one sample of the first input, for Config.Input. A dimension that the file leaves open is graph.Any; set
// it to a size if Compile returns an error, since the network works for one size only.
func (n *Network) Input() []int {
	if len(n.inputs) == 0 {
		return nil
	}
	return n.inputs[0].open()
}

// open returns the shape with graph.Any for the dimensions that the file leaves open.
func (in input) open() []int {
	shape := slices.Clone(in.shape)
	for i, d := range shape {
		if d == 0 {
			shape[i] = graph.Any
		}
	}
	return shape
}

// Inputs returns the shape of one sample of each additional input by name, for Config.Inputs. Additional inputs and outputs
// (Scope.Output) keep their names from the file. One named like the model's main input or output gets the suffix _2, or another number
// if that is a name of the file, and slashes in the names of outputs become dots.
func (n *Network) Inputs() map[string][]int {
	var more map[string][]int
	for i, name := range n.inputNames() {
		if more == nil {
			more = map[string][]int{}
		}
		more[name] = n.inputs[1+i].open()
	}
	return more
}

// inputNames and outputNames return the names that additional inputs and outputs have in a model.
func (n *Network) inputNames() []string {
	var names []string
	for _, in := range n.inputs[min(1, len(n.inputs)):] {
		names = append(names, in.name)
	}
	return distinct(names, names, graph.MainInput)
}

func (n *Network) outputNames() []string {
	names := n.outputs[min(1, len(n.outputs)):]
	var dotted []string
	for _, name := range names {
		dotted = append(dotted, strings.ReplaceAll(name, "/", "."))
	}
	return distinct(names, dotted, graph.MainOutput)
}

// distinct returns the names to, for those of a file, with a suffix where one is the main name or that of another. Names that are as in
// the file stay.
func distinct(names, to []string, main string) []string {
	list, taken, count := make([]string, len(names)), map[string]bool{main: true}, map[string]int{}
	for i, name := range to {
		if name == names[i] && !taken[name] {
			list[i], taken[name] = name, true
		}
	}
	for i, name := range to {
		if list[i] != "" || name == "" {
			continue
		}
		for list[i] = name; taken[list[i]]; {
			count[name]++
			list[i] = fmt.Sprintf("%s_%d", name, count[name]+1)
		}
		taken[list[i]] = true
	}
	return list
}

// Limits on what a file can make the program build.
const (
	maxDim      = 1 << 24                 // a dimension, a stride, a padding
	maxElements = min(1<<40, math.MaxInt) // elements of a value
	maxKnown    = 1 << 18                 // all numbers known while a graph is built, for small files
	maxRank     = 64                      // dimensions of a tensor of known numbers
	maxSizes    = 256                     // numbers that describe an operation, such as its axes
)

// Trusted returns a copy of the network without limits. Otherwise a file that needs many more operations or constant numbers
// than its size suggests is an error, such as thousands of steps of a small LSTM. The limits of graph.Open still apply to a
// model that contains the network.
func (n *Network) Trusted() *Network {
	if n == nil {
		return nil
	}
	trusted := *n
	trusted.trusted = true
	return &trusted
}

// trustIt is the advice in errors about the limits.
const trustIt = "if you trust it, use Network.Trusted"

// Emit implements graph.Layer: x is a batch of samples.
func (n *Network) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if n == nil {
		return x.Errorf("got a nil Network, want one that Read or Open returned")
	}
	if n.trusted {
		return n.emit(s, x, math.MaxInt)
	}
	given, _ := sizeOf(x.Shape(), maxElements/16) // known numbers may grow with the input, such as a position for each element
	return limited(s, n.text, n.data, trustIt, func(size int) graph.Node { return n.emit(s, x, maxKnown+size+min(16*given, math.MaxInt/4)) })
}

// emit is Emit with a limit on the numbers known while the graph is built.
func (n *Network) emit(s *graph.Scope, x graph.Node, known int) graph.Node {
	switch {
	case x.Err() != nil:
		return x
	case len(n.inputs) == 0:
		return x.Errorf("got an empty Network, want one that Read or Open returned")
	}
	var inputs []graph.Node
	names := n.inputNames()
	for i, in := range n.inputs {
		v := x
		if i > 0 {
			v = s.Input(names[i-1])
		}
		if v.Err() != nil {
			return v
		}
		if got := v.Shape()[1:]; !in.takes(got) {
			return x.Errorf("input %.64s: got samples of shape %v, want %v", in.name, got, in.shape)
		}
		inputs = append(inputs, v)
	}
	outs := n.emitBatch(s, inputs, known)
	for i, name := range n.outputNames() {
		if outs[0].Err() == nil {
			s.Output(name, outs[1+i])
		}
	}
	return outs[0]
}

// emitRows adds the file's nodes for the given inputs, and returns the outputs. If there is an error, the first one carries it. The
// nodes are in a loop if steps is not 0.
func (n *Network) emitRows(s *graph.Scope, inputs []graph.Node, known, steps int) []graph.Node {
	e := &emitter{Network: n, s: s, input: inputs[0], values: map[string]*value{}, left: known, steps: max(steps, 1), looped: steps > 0}
	for i, in := range n.inputs {
		v := &value{node: inputs[i], made: true}
		if in.integer {
			v.kind = integerKind
		}
		e.values[in.name] = v
	}
	if y := e.emitAll(n.nodes); y.Err() != nil {
		return []graph.Node{y}
	}
	c := &call{emitter: e, node: &proto.Node{Inputs: n.outputs}}
	var outs []graph.Node
	for i := range n.outputs {
		y, k := c.any(i)
		if k == castKind {
			c.fail("output %.64q: got numbers cast to integers, want none: it would round", n.outputs[i])
		}
		outs = append(outs, y)
	}
	if c.err != nil {
		return []graph.Node{e.input.Errorf("%w", c.err)}
	}
	return outs
}

// takes reports whether a sample of this shape fits the file.
func (in input) takes(shape []int) bool {
	return slices.EqualFunc(shape, in.shape, func(got, want int) bool { return got == want || want == 0 })
}
