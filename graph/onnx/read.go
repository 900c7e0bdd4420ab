package onnx

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// The opsets that are read.
const (
	oldestOpset = 7
	newestOpset = 22
)

// Read reads an ONNX model as a layer; see Network. A node whose operator or attribute is not
// supported is an error that names it and says what is missing. Of the memory that is used, what does not go to the
// weights is at most a small multiple of the file.
func Read(r io.Reader) (*Network, error) {
	b, err := io.ReadAll(r)
	if err == nil {
		var n *Network
		if n, err = read(b); err == nil {
			return n, nil
		}
	}
	return nil, fmt.Errorf("onnx: Read: %w", err)
}

// Open reads a file.
func Open(path string) (*Network, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("onnx: Open: %w", err)
	}
	n, err := read(b)
	if err != nil {
		return nil, fmt.Errorf("onnx: Open: %s: %w", path, err)
	}
	return n, nil
}

func read(b []byte) (*Network, error) {
	m, err := proto.Decode(b)
	if err != nil {
		return nil, err
	}
	return networkOf(m, len(b))
}

// networkOf returns the network of a model, if all in it is supported; size is the file's.
func networkOf(m *proto.Model, size int) (*Network, error) {
	n := &Network{nodes: m.Graph.Nodes, tensors: map[string]*proto.Tensor{}, states: map[string]bool{}, fixed: map[string]bool{}, text: size}
	for _, o := range m.Opsets {
		if isStandard(o.Domain) {
			n.opset = int(min(max(o.Version, 0), math.MaxInt32))
		}
	}
	if n.opset < oldestOpset || n.opset > newestOpset {
		return nil, fmt.Errorf("got opset %d, want one from %d to %d", n.opset, oldestOpset, newestOpset)
	}
	for i := range m.Graph.Initializers {
		t := &m.Graph.Initializers[i]
		if t.Name == "" || n.tensors[t.Name] != nil {
			return nil, fmt.Errorf("initializer: got the name %.64q, want one that is not empty and there once", t.Name)
		}
		n.tensors[t.Name] = t
		if t.Raw != nil { // they are in the file, and much less is said by as many bytes
			n.data += len(t.Raw)
			n.text = max(n.text-len(t.Raw), 0)
		} else if _, ok := floatTypes[t.Type]; ok {
			n.data += 4 * min(declared(t.Dims), (maxElements/2-n.data)/4)
		}
	}
	if err := n.setAliases(size); err != nil {
		return nil, err
	}
	if err := n.setEnds(&m.Graph); err != nil {
		return nil, err
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	n.setFixed()
	return n, n.setStates(m.Metadata)
}

// setAliases makes an initializer of each Identity of one. Exporters write equal initializers once, so parameters of several
// layers that begin with the same values would be one, and running statistics no states.
func (n *Network) setAliases(size int) error {
	left := size + 1<<20 // bytes
	rest := n.nodes[:0]
	for i := range n.nodes {
		node := &n.nodes[i]
		if node.Operator != "Identity" || !isStandard(node.Domain) || len(node.Inputs) != 1 || len(node.Outputs) != 1 ||
			n.tensors[node.Inputs[0]] == nil || n.tensors[node.Outputs[0]] != nil || node.Outputs[0] == "" {
			rest = append(rest, *node)
			continue
		}
		alias := *n.tensors[node.Inputs[0]]
		if left -= len(alias.Raw); left < 0 {
			return fmt.Errorf("%s: got more copies of initializers than a file of this size may ask for", place(node))
		}
		alias.Name = node.Outputs[0]
		n.tensors[alias.Name] = &alias
	}
	n.nodes = rest
	return nil
}

// declared returns the number of elements, which is known to be at most maxElements.
func declared(dims []int64) int {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return int(n)
}

func isStandard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// setEnds finds the inputs and the outputs. Initializers may be among the inputs, as in old files.
func (n *Network) setEnds(g *proto.Graph) error {
	for _, v := range g.Inputs {
		if n.tensors[v.Name] != nil {
			continue
		}
		in := input{name: v.Name}
		switch v.Type {
		case proto.Float32, proto.Float64:
		case proto.Int64, proto.Int32:
			in.integer = true
		default:
			return fmt.Errorf("input %.64q: got elements of %v, want floating-point or whole numbers", v.Name, v.Type)
		}
		if len(v.Dims) == 0 {
			return fmt.Errorf("input %.64q: got no shape, want one with the batch in front", v.Name)
		}
		for _, d := range v.Dims[1:] {
			if d.Size > maxDim {
				return fmt.Errorf("input %.64q: got a dimension of %d, want at most %d", v.Name, d.Size, maxDim)
			}
			in.shape = append(in.shape, int(d.Size))
		}
		n.inputs = append(n.inputs, in)
	}
	for _, v := range g.Outputs {
		n.outputs = append(n.outputs, v.Name)
	}
	if len(n.inputs) == 0 || len(n.outputs) == 0 {
		return fmt.Errorf("got %d inputs and %d outputs, want one of each or more", len(n.inputs), len(n.outputs))
	}
	return nil
}

// check finds nodes that can't be computed: of unknown operators or settings, or of values that no node before makes.
func (n *Network) check() error {
	known := map[string]bool{}
	for _, in := range n.inputs {
		if known[in.name] {
			return fmt.Errorf("input %.64q: got the name twice", in.name)
		}
		known[in.name] = true
	}
	for name := range n.tensors {
		known[name] = true
	}
	for i := range n.nodes {
		node := &n.nodes[i]
		if err := n.checkNode(node, known); err != nil {
			return fmt.Errorf("%s: %w", place(node), err)
		}
		for _, name := range node.Outputs {
			if name != "" && known[name] {
				return fmt.Errorf("%s: got the output %.64q, which is there already", place(node), name)
			}
			known[name] = true
		}
	}
	for _, name := range n.outputs {
		if !known[name] {
			return fmt.Errorf("output %.64q: no node makes it", name)
		}
	}
	return nil
}

func (n *Network) checkNode(node *proto.Node, known map[string]bool) error {
	o, ok := operators[node.Operator]
	switch {
	case !isStandard(node.Domain):
		return fmt.Errorf("got domain %.64q, want an operator of ONNX's own", node.Domain)
	case !ok:
		return errors.New("the operator is not supported")
	case len(node.Inputs) < o.least || len(node.Inputs) > o.most:
		return fmt.Errorf("got %d inputs, want %d to %d", len(node.Inputs), o.least, o.most)
	}
	for _, name := range node.Inputs {
		if name != "" && !known[name] {
			return fmt.Errorf("got the input %.64q, which no node before it makes", name)
		}
	}
	for i, name := range node.Outputs {
		if name != "" && i >= max(o.outputs, 1) {
			return fmt.Errorf("output %d is not supported", i+1)
		}
	}
	settings := strings.Fields(o.attributes)
	for i, a := range node.Attributes {
		if !slices.Contains(settings, a.Name) {
			return fmt.Errorf("attribute %.64q is not supported", a.Name)
		}
		if slices.ContainsFunc(node.Attributes[:i], func(b proto.Attribute) bool { return a.Name == b.Name }) {
			return fmt.Errorf("got attribute %.64q twice", a.Name)
		}
	}
	return nil
}

// place names a node in errors.
func place(node *proto.Node) string {
	name := node.Name
	if name == "" {
		name = node.Outputs[0]
	}
	return fmt.Sprintf("%.64s (%.64s)", name, node.Operator)
}

// maxSetting is the most elements of an initializer that is a setting.
const maxSetting = 8

// setFixed finds the initializers that are settings. An exponent may be a parameter if it is several numbers.
func (n *Network) setFixed() {
	for i := range n.nodes {
		node := &n.nodes[i]
		for _, k := range operators[node.Operator].settings {
			if k >= len(node.Inputs) {
				continue
			}
			t := n.tensors[node.Inputs[k]]
			if t == nil || t.Raw == nil || t.Size() > maxSetting || node.Operator == "Pow" && t.Size() != 1 {
				continue
			}
			if _, float := floatTypes[t.Type]; float {
				n.fixed[t.Name] = true
			}
		}
	}
}

// setStates finds the initializers that are not to be trained: those that the file says, running statistics, and those with
// elements that are no finite numbers, such as masks.
func (n *Network) setStates(metadata []proto.Property) error {
	for _, p := range metadata {
		if p.Key == statesKey {
			for name := range strings.SplitSeq(p.Value, "\n") {
				n.states[name] = true
			}
		}
	}
	for i := range n.nodes {
		if in := n.nodes[i].Inputs; n.nodes[i].Operator == "BatchNormalization" {
			n.states[in[3]], n.states[in[4]] = true, true
		}
	}
	for name, t := range n.tensors {
		finite, err := isFinite(t)
		if err != nil {
			return fmt.Errorf("initializer %.64q: %w", name, err)
		}
		if !finite {
			n.states[name] = true
		}
	}
	return nil
}

// isFinite tells whether all elements are finite numbers.
func isFinite(t *proto.Tensor) (bool, error) {
	e, ok := floatTypes[t.Type]
	if !ok {
		return true, nil
	}
	var part [256]float64
	size := len(t.Raw) / max(t.Size(), 1)
	for raw := t.Raw; len(raw) > 0; {
		k := min(len(raw)/size, len(part))
		if err := safetensors.Floats(part[:k], safetensors.Tensor{DType: e, Data: raw[:k*size]}); err != nil {
			return false, err
		}
		for _, v := range part[:k] {
			if math.IsNaN(v - v) {
				return false, nil
			}
		}
		raw = raw[k*size:]
	}
	return true, nil
}
