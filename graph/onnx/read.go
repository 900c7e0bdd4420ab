package onnx

import (
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// The opsets that are read.
const (
	oldestOpset = 7
	newestOpset = 22
)

// Read reads an ONNX model as a layer; see Network. An unsupported operator or attribute is an error that names the node.
// Apart from the weights, Read uses memory of at most a small multiple of the file's size.
func Read(r io.Reader) (*Network, error) {
	b, err := io.ReadAll(r)
	if err == nil {
		var n *Network
		if n, err = read(b, nil, ""); err == nil {
			return n, nil
		}
	}
	return nil, fmt.Errorf("onnx: Read: %w", err)
}

// Open reads the ONNX model in a file, and tensors in other files of its folder that it refers to; see Read. Files of 1 GiB or more are
// mapped into memory, except on Windows and WebAssembly; they must not change while the Network is in use.
func Open(path string) (*Network, error) {
	b, keep, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("onnx: Open: %w", err)
	}
	n, err := read(b, keep, filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("onnx: Open: %s: %w", path, err)
	}
	return n, nil
}

func read(b []byte, keep any, dir string) (*Network, error) {
	m, size, err := model(b, keep, dir)
	if err != nil {
		return nil, err
	}
	return networkOf(m, size)
}

// networkOf returns the network of a model, or an error if something in it is not supported; size is the file's in bytes.
func networkOf(m *proto.Model, size int) (*Network, error) {
	n := &Network{nodes: m.Graph.Nodes, tensors: map[string]*proto.Tensor{}, states: map[string]bool{}, fixed: map[string]bool{}, text: size, apart: &rowsKnown{whole: map[string]*Network{}}}
	for _, o := range m.Opsets {
		if isStandard(o.Domain) {
			n.opset = int(min(max(o.Version, 0), math.MaxInt32))
		}
	}
	if n.opset < oldestOpset || n.opset > newestOpset {
		return nil, fmt.Errorf("got opset %d, want one from %d to %d", n.opset, oldestOpset, newestOpset)
	}
	setWeights(m)
	n.nodes = m.Graph.Nodes
	if err := n.setTensors(&m.Graph); err != nil {
		return nil, err
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
	n.setNames()
	n.setFixed()
	n.metadata = metadataOf(m.Metadata)
	return n, n.setStates(m.Metadata)
}

// setTensors takes the initializers of all graphs of the file. It gives different things different names before.
func (n *Network) setTensors(g *proto.Graph) error {
	names := newNamer(g)
	for i := range g.Initializers {
		if err := n.addTensor(&g.Initializers[i]); err != nil {
			return err
		}
	}
	return names.nested(g, func(inner *proto.Graph) error {
		for i := range inner.Initializers {
			if err := n.addTensor(&inner.Initializers[i]); err != nil {
				return err
			}
		}
		inner.Initializers = nil
		return nil
	})
}

func (n *Network) addTensor(t *proto.Tensor) error {
	if t.Name == "" || n.tensors[t.Name] != nil {
		return fmt.Errorf("initializer: got the name %.64q, want a unique name that is not empty", t.Name)
	}
	if t.External != nil {
		return fmt.Errorf("initializer %.64q: got elements in another file, want them in this one", t.Name)
	}
	n.tensors[t.Name] = t
	if t.Raw != nil { // the weights are in the file, and their bytes describe no nodes
		n.data += len(t.Raw)
		n.text = max(n.text-len(t.Raw), 0)
	} else if _, ok := floatTypes[t.Type]; ok {
		n.data += 4 * min(declared(t.Dims), (maxElements/2-n.data)/4)
	}
	return nil
}

func isStandard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// setEnds sets the inputs and the outputs. In old files, initializers are among the inputs too.
func (n *Network) setEnds(g *proto.Graph) error {
	for _, v := range g.Inputs {
		if n.tensors[v.Name] != nil {
			continue
		}
		in := input{name: v.Name}
		switch v.Type {
		case proto.Float32, proto.Float64, proto.Float16, proto.BFloat16:
		case proto.Int64, proto.Int32:
			in.integer = true
		default:
			return fmt.Errorf("input %.64q: got elements of %v, want floating-point numbers or integers", v.Name, v.Type)
		}
		if len(v.Dims) == 0 {
			return fmt.Errorf("input %.64q: got no shape, want (batch, ...)", v.Name)
		}
		for _, d := range v.Dims[1:] {
			if d.Size > maxDim {
				return fmt.Errorf("input %.64q: got a dimension of %d, want at most %d", v.Name, d.Size, maxDim)
			}
			in.shape = append(in.shape, int(d.Size))
		}
		if d := v.Dims[0].Size; len(n.inputs) == 0 {
			n.batch = int(min(d, maxDim))
		} else if d != 0 && n.batch != 0 && d != int64(n.batch) {
			return fmt.Errorf("input %.64q: got a first dimension of %d, want %d, the batch of the first input; Load runs files without a batch", v.Name, d, n.batch)
		}
		n.inputs = append(n.inputs, in)
	}
	for _, v := range g.Outputs {
		n.outputs = append(n.outputs, v.Name)
	}
	if len(n.inputs) == 0 || len(n.outputs) == 0 {
		return fmt.Errorf("got %d inputs and %d outputs, want at least one of each", len(n.inputs), len(n.outputs))
	}
	return nil
}
