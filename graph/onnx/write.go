package onnx

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// The header of written files.
const (
	producer  = "nndiy"
	statesKey = "nndiy.states" // metadata: names of initializers that are not trained, one a line
)

// Write writes a model's network for inference, with its weights, as an ONNX model of opset 17; an Exporter writes others. The main input and output
// are named "input" and "output", additional ones as in the network; a name that a parameter has gets a suffix. The first
// dimension of inputs and outputs is the batch, of any size. A dimension that is graph.Any is of any size too, and is called time,
// length, height or width. The same model gives the same bytes.
//
// Noise that the network draws in inference, as a variational auto-encoder does, becomes an additional input, named after
// its layer (decoder/noise). Its documentation in the file says what to pass. Runtimes draw random numbers differently; with
// an input they all compute the same.
//
// The parameters of recurrent layers are stored as ONNX's operators have them, transposed and with the gates in another order, under
// their own names. Read makes parameters of the same names of them, in that form.
//
// Of a network of raw rows (see layers.Columns) the file has the part that works on numbers: its input is the encoded rows, as
// Columns.Arrays returns them. Vocabularies and dates stay outside.
//
// The model's metadata becomes metadata_props, with the same keys; a key that begins with "nndiy." gets "nndiy.user." in front.
//
// An operation that has no form in ONNX, such as those from graph.Gorgonia, is an error that names the layer and the
// operation. So is a name that is not UTF-8, and a line break in the name of a state.
func Write(w io.Writer, m *graph.Model) error {
	if err := (Exporter{}).write(w, m); err != nil {
		return fmt.Errorf("onnx: Write: %w", err)
	}
	return nil
}

// WriteFile writes the model to a file, like Write. On an error or a crash, the path holds the complete old file or the new
// one.
func WriteFile(path string, m *graph.Model) error {
	if err := (Exporter{}).writeFile(path, m); err != nil {
		return fmt.Errorf("onnx: WriteFile: %w", err)
	}
	return nil
}

// modelOf returns the model in the form of the file, with operators of the opset to.
func modelOf(m *graph.Model, to int) (*proto.Model, error) {
	net, err := align(m)
	if err != nil {
		return nil, err
	}
	w := newWriter(net, producer, nil)
	w.weights = m.Weights()
	if net.items[net.outputs[0].item].nodes[0].Dtype() == tensor.Float64 {
		w.element = proto.Float64
	}
	for name := range w.weights {
		w.names[name] = true
	}
	for _, in := range net.inputs {
		name := w.name(in.name)
		w.graph.Inputs = append(w.graph.Inputs, w.typed(name, in.shape))
		if in.item >= 0 {
			net.items[in.item].name = name
		}
	}
	for _, out := range net.outputs {
		w.graph.Outputs = append(w.graph.Outputs, w.typed(w.name(out.name), out.shape))
	}
	for i := range net.items { // parameters first, in the order of the items
		if net.items[i].param {
			w.store(i)
		}
	}
	w.finish()
	if w.adapt(to); w.err != nil {
		return nil, w.err
	}
	model := &proto.Model{
		IR: irVersions[to-oldestWritten], Producer: producer, Opsets: []proto.Opset{{Version: int64(to)}}, Graph: *w.graph,
	}
	if len(w.states) > 0 {
		model.Metadata = []proto.Property{{Key: statesKey, Value: strings.Join(w.states, "\n")}}
	}
	model.Metadata = append(model.Metadata, properties(m.Metadata())...)
	return model, checkNames(model, w.states)
}

// checkNames returns an error for names that a file cannot hold: strings are UTF-8, and the names of the states are lines.
func checkNames(m *proto.Model, states []string) error {
	for _, name := range states {
		if strings.Contains(name, "\n") {
			return fmt.Errorf("got a line break in the name %.64q of a state, want none", name)
		}
	}
	var names []string
	for _, v := range slices.Concat(m.Graph.Inputs, m.Graph.Outputs) {
		names = append(names, v.Name)
	}
	for i := range m.Graph.Initializers {
		names = append(names, m.Graph.Initializers[i].Name)
	}
	each(m.Graph.Nodes, func(n *proto.Node) { names = append(names, n.Name) })
	for _, p := range m.Metadata {
		names = append(names, p.Key, p.Value)
	}
	for _, name := range names {
		if !utf8.ValidString(name) {
			return fmt.Errorf("got the name %.64q, want UTF-8", name)
		}
	}
	return nil
}

// typed returns the type of an input or an output.
func (w *writer) typed(name string, s shape) proto.Value {
	v := proto.Value{Name: name, Type: w.element, Dims: make([]proto.Dim, len(s))}
	for i, d := range s {
		if d.vars != "" {
			v.Dims[i].Name = w.symbols.text(d)
		} else {
			v.Dims[i].Size = int64(d.size)
		}
	}
	return v
}

// finish writes everything that the outputs need, and renames values to the outputs' names.
func (w *writer) finish() {
	as := map[string]string{} // new names of values
	values := make([]string, len(w.outputs))
	for i, out := range w.outputs {
		if values[i] = w.value(out.item); as[values[i]] == "" && w.isMade(values[i]) {
			as[values[i]] = w.graph.Outputs[i].Name
		}
	}
	each(w.graph.Nodes, func(n *proto.Node) {
		for _, list := range [][]string{n.Inputs, n.Outputs} {
			for k, v := range list {
				if to := as[v]; to != "" {
					list[k] = to
				}
			}
		}
	})
	for i, v := range values { // outputs that are an input, a parameter or another output
		name := w.graph.Outputs[i].Name
		if to := as[v]; to == name {
			continue
		} else if to != "" {
			v = to
		}
		w.graph.Nodes = append(w.graph.Nodes, proto.Node{
			Name: w.name("Identity"), Operator: "Identity", Inputs: []string{v}, Outputs: []string{name},
		})
	}
}

// isMade reports whether the value is an output of a node.
func (w *writer) isMade(value string) bool {
	return slices.ContainsFunc(w.graph.Nodes, func(n proto.Node) bool { return n.Outputs[0] == value })
}
