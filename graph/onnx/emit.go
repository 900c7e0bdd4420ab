package onnx

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// An emitter adds the nodes of a file to a graph.
type emitter struct {
	*Network
	s      *graph.Scope
	input  graph.Node
	values map[string]*value
	left   int      // how many more numbers may be known while the graph is built
	outer  *emitter // of the graph around this one, which is an attribute of one of its nodes; nil for the file's graph
	steps  int      // how often its nodes are computed, by the loops around it
	looped bool     // they are in a loop
}

// emitAll adds nodes in their order. The node that it returns carries the error, if any.
func (e *emitter) emitAll(list []proto.Node) graph.Node {
	for i := range list {
		node := &list[i]
		if y := at(e.s, place(node), func() graph.Node { return e.emit(node) }); y.Err() != nil {
			return y
		}
	}
	return e.input
}

// emit adds one node. The node that it returns carries the error, if any.
func (e *emitter) emit(node *proto.Node) graph.Node {
	c := &call{emitter: e, node: node}
	out, ok := c.evaluate()
	if !ok && c.err == nil {
		out = c.emitExactly()
	}
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

// emitExactly emits the node, and what it computes from sizes. These numbers are used where the file makes them sizes again.
func (c *call) emitExactly() []*value {
	exact := c.exactly()
	if len(exact) == 1 {
		if v, err := knownOf(exact[0]); err == nil {
			return c.integerValue(v.integers)
		}
	}
	out := operators[c.node.Operator].emit(c)
	for i, t := range exact {
		if i < len(out) {
			out[i].exact = t
		}
	}
	return out
}

// lookup returns the value of a name in this graph or those around it, nil if there is none.
func (e *emitter) lookup(name string) *value {
	for ; e.outer != nil; e = e.outer {
		if v := e.values[name]; v != nil {
			return v
		}
	}
	v := e.values[name]
	if t := e.tensors[name]; v == nil && t != nil {
		v = &value{tensor: t}
		e.values[name] = v
	}
	return v
}

// parameter returns the node of an initializer: a parameter or a state of the layer.
func (e *emitter) parameter(t *proto.Tensor) (graph.Node, error) {
	kind, ok := floatTypes[t.Type]
	if !ok || slices.Contains(t.Dims, 0) {
		return graph.Node{}, fmt.Errorf("initializer %.64q: got %v of shape %v, want floating-point numbers and at least one element", t.Name, t.Type, t.Dims)
	}
	shape := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		shape[i] = int(d)
	}
	source := safetensors.Tensor{DType: kind, Data: t.Raw}
	values := func(dst []float64, _ []int, _ *rand.Rand) {
		if t.Raw == nil {
			panic("got a network without weights, want the weights in its model's file: use graph.Open")
		}
		if err := safetensors.Floats(dst, source); err != nil {
			panic(err) // the sizes were compared when the file was read
		}
	}
	name := t.Name
	if other, ok := e.names[name]; ok {
		name = other
	}
	if e.states[t.Name] {
		return e.s.State(name, values, shape...), nil
	}
	return e.s.Param(name, values, shape...), nil
}
