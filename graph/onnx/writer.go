package onnx

import (
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A writer builds an ONNX graph of a network, from the outputs back to the inputs. A rule requests each input of its item by
// seen, in the shape that it needs; so a Reshape is written only where an operator needs another shape.
type writer struct {
	*network
	graph   *proto.Graph
	weights graph.Weights
	element proto.ElementType

	stored    map[int]stored    // values of the written items
	made      []stored          // all values with their shapes, in the order in which they were written
	positions map[int]string    // values of items as int64, if an operator has computed them so
	views     map[string]string // values in other shapes, by value and shape
	names     map[string]bool   // names in use
	numbers   map[string]int    // how many suffixes a name has got
	consts    map[string]string // values of constants, by content
	distinct  map[string]bool   // values of ScatterElements that add to each place once, to a zero
	states    []string          // names of parameters that are not trained
	where     string            // path of the layer that is being written
	err       error             // the first one

	layouts map[int]group          // parameters that are stored in the layout of a recurrent operator
	forms   map[int]*recurrentForm // of the Scans that recurrent operators compute
	outer   *writer                // of the graph around the body of a loop; nil for the file's graph
	loops   map[int]*loop          // of the written Scans, by item
	xs      map[int]int            // of a body, the items of the graph around that are its sequences
	bounds  map[int]float64        // see bound
}

// newWriter returns a writer of a network's graph. outer writes the graph around it, if any.
func newWriter(net *network, name string, outer *writer) *writer {
	w := &writer{
		network: net, graph: &proto.Graph{Name: name}, element: proto.Float32, outer: outer, stored: map[int]stored{}, positions: map[int]string{},
		views: map[string]string{}, names: map[string]bool{}, numbers: map[string]int{}, consts: map[string]string{}, loops: map[int]*loop{}, distinct: map[string]bool{},
		xs: map[int]int{}, bounds: map[int]float64{},
	}
	if outer != nil {
		w.element, w.names, w.numbers, w.distinct, w.where, w.err = outer.element, outer.names, outer.numbers, outer.distinct, outer.where, outer.err
	}
	w.planLoops()
	return w
}

// stored is a value that holds an item's elements, in a shape that may differ from the item's.
type stored struct {
	value string
	shape shape
}

// fail sets err, unless it is set, with the layer and the operation of item i in front.
func (w *writer) fail(i int, format string, args ...any) stored {
	if w.err == nil {
		o := w.items[i].op()
		name, _, _ := strings.Cut(o.Def.String(), "(")
		name, _, _ = strings.Cut(name, " 0x") // a constant prints its address
		w.err = fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...))
		if o.Where != "" {
			w.err = fmt.Errorf("%s: %w", o.Where, w.err)
		}
	}
	return stored{shape: w.items[i].shape}
}

// base returns the item that i is a view of: it has the same elements in the same order. It is i itself if i is not a view.
func (net *network) base(i int) int {
	for o := net.items[i].op(); o != nil; o = net.items[i].op() {
		switch o.Def.(type) {
		case ops.Reshape, ops.Stop:
			i = net.items[i].in[0]
		default:
			return i
		}
	}
	return i
}

// usedOnce reports whether only one other item uses i, and only i uses the items that it is a view of.
func (w *writer) usedOnce(i int) bool {
	for {
		if w.items[i].uses != 1 {
			return false
		}
		b := w.base(i)
		if b == i {
			return true
		}
		i = w.items[i].in[0]
	}
}

// store writes item i, unless it is written, and returns its value; i must not be a view.
func (w *writer) store(i int) stored {
	s, ok := w.stored[i]
	if !ok {
		outer := w.where
		if o := w.items[i].op(); o != nil {
			w.where = o.Where
			s = w.rule(i)
		} else {
			s = w.leaf(i)
		}
		w.where = outer
		w.stored[i] = s
		w.made = append(w.made, s)
	}
	return s
}

// leaf returns an input, or writes a parameter.
func (w *writer) leaf(i int) stored {
	it := &w.items[i]
	if it.capture {
		return stored{w.outer.value(it.outer), it.shape}
	}
	if !it.param {
		return stored{it.name, it.shape}
	}
	t := proto.Tensor{Name: it.name, Type: w.element, Dims: make([]int64, len(it.shape)), Raw: rawOf(w.weights[it.name])}
	for k, d := range it.shape {
		t.Dims[k] = int64(d.size)
	}
	s := it.shape
	if g, ok := w.layouts[i]; ok {
		t.Raw, s = g.inLayout(t.Raw, t.Dims, g.from)
		t.Dims = t.Dims[:0]
		for _, d := range s {
			t.Dims = append(t.Dims, int64(d.size))
		}
	}
	w.graph.Initializers = append(w.graph.Initializers, t)
	if !it.trained {
		w.states = append(w.states, it.name)
	}
	return stored{it.name, s}
}

// rawOf returns the bytes of the elements of a model's parameter, little-endian.
func rawOf(t *graph.Tensor) []byte {
	var e safetensors.Tensor
	var err error
	if t.Dtype() == tensor.Float32 {
		e, err = safetensors.FromFloats("", nil, tensors.Data[float32](t))
	} else {
		e, err = safetensors.FromFloats("", nil, tensors.Data[float64](t))
	}
	if err != nil {
		panic(err) // of numbers, binary makes none
	}
	return e.Data
}

// value returns the value of item i in its own shape.
func (w *writer) value(i int) string { return w.seen(i, w.items[i].shape) }

// seen returns the value of item i's elements in the given shape, and writes a Reshape if necessary.
func (w *writer) seen(i int, as shape) string { return w.reshaped(w.store(w.base(i)), as) }

// reshaped returns the value of the same elements in the given shape.
func (w *writer) reshaped(s stored, as shape) string {
	if slices.Equal(s.shape, as) {
		return s.value
	}
	key := fmt.Sprint(s.value, as)
	if v, ok := w.views[key]; ok {
		return v
	}
	v := w.node("Reshape", []string{s.value, w.reshapeTo(as, s.shape)})
	w.views[key] = v
	w.made = append(w.made, stored{v, as})
	return v
}

// node writes a node and returns its only output, which has the node's name.
func (w *writer) node(operator string, inputs []string, attributes ...proto.Attribute) string {
	name := w.name(operator)
	w.graph.Nodes = append(w.graph.Nodes, proto.Node{
		Name: name, Operator: operator, Inputs: inputs, Outputs: []string{name}, Attributes: attributes,
	})
	return name
}

// name returns an unused name for a value: layer/operator, with a number appended if that is taken.
func (w *writer) name(operator string) string {
	if w.where != "" {
		operator = w.where + "/" + operator
	}
	name := operator
	for w.names[name] {
		w.numbers[operator]++
		name = fmt.Sprintf("%s_%d", operator, w.numbers[operator]+1)
	}
	w.names[name] = true
	return name
}
