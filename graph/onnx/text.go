package onnx

import (
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// parametersKey is a metadata key of MarshalText. Each entry names an input that is a parameter.
const parametersKey = "nndiy.parameter"

func init() { graph.Register("", &Network{}) }

var (
	_ encoding.TextMarshaler   = Network{}
	_ encoding.TextUnmarshaler = (*Network)(nil)
)

// MarshalText implements encoding.TextMarshaler, for model files. It returns the network as an ONNX model in base64, without
// the values of the parameters: the model file stores them separately.
func (n Network) MarshalText() ([]byte, error) {
	if len(n.inputs) == 0 {
		return nil, errors.New("onnx: got an empty Network, want one that Read or Open returned")
	}
	m := &proto.Model{IR: irVersions[opset-oldestWritten], Producer: producer, Opsets: []proto.Opset{{Version: int64(n.opset)}}}
	m.Graph.Nodes = n.nodes
	for _, in := range n.inputs {
		v := proto.Value{Name: in.name, Type: proto.Float32, Dims: make([]proto.Dim, 1+len(in.shape))}
		if in.integer {
			v.Type = proto.Int64
		}
		v.Dims[0].Size = int64(n.batch)
		for i, d := range in.shape {
			v.Dims[1+i].Size = int64(d)
		}
		m.Graph.Inputs = append(m.Graph.Inputs, v)
	}
	for _, name := range n.outputs {
		m.Graph.Outputs = append(m.Graph.Outputs, proto.Value{Name: name, Type: proto.Float32})
	}
	for _, name := range slices.Sorted(maps.Keys(n.tensors)) {
		t := n.tensors[name]
		if _, ok := floatTypes[t.Type]; !ok || slices.Contains(t.Dims, 0) || n.fixed[name] {
			m.Graph.Initializers = append(m.Graph.Initializers, *t)
			continue
		}
		v := proto.Value{Name: name, Type: t.Type, Dims: make([]proto.Dim, len(t.Dims))}
		for i, d := range t.Dims {
			v.Dims[i].Size = d
		}
		m.Graph.Inputs = append(m.Graph.Inputs, v)
		m.Metadata = append(m.Metadata, proto.Property{Key: parametersKey, Value: name})
	}
	for _, name := range slices.Sorted(maps.Keys(n.states)) {
		if strings.Contains(name, "\n") {
			return nil, fmt.Errorf("onnx: initializer %.64q: got a line break in the name of a state, want none", name)
		}
		m.Metadata = append(m.Metadata, proto.Property{Key: statesKey, Value: name})
	}
	return []byte(base64.StdEncoding.EncodeToString(proto.Encode(m))), nil
}

// UnmarshalText implements encoding.TextUnmarshaler. The network's parameters get their values from the model file, by
// graph.Open.
func (n *Network) UnmarshalText(text []byte) error {
	b := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	k, err := base64.StdEncoding.Decode(b, text)
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	m, err := proto.Decode(b[:k])
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	if err := declare(m); err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	made, err := networkOf(m, k)
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	*n = *made
	return nil
}

// declare adds an initializer without values for each input that the metadata names as a parameter.
func declare(m *proto.Model) error {
	inputs := map[string]*proto.Value{}
	for i := range m.Graph.Inputs {
		inputs[m.Graph.Inputs[i].Name] = &m.Graph.Inputs[i]
	}
	for _, p := range m.Metadata {
		if p.Key != parametersKey {
			continue
		}
		v := inputs[p.Value]
		if v == nil {
			return fmt.Errorf("parameter %.64q: got no input of this name, want one", p.Value)
		}
		if _, ok := floatTypes[v.Type]; !ok {
			return fmt.Errorf("parameter %.64q: got elements of %v, want floating-point numbers", v.Name, v.Type)
		}
		t := proto.Tensor{Name: v.Name, Type: v.Type}
		size := 1
		for _, d := range v.Dims {
			if d.Size < 1 || d.Size > maxDim || size > maxElements/int(d.Size) {
				return fmt.Errorf("parameter %.64q: got a dimension of %d, want 1 or more and at most %d elements in all", v.Name, d.Size, maxElements)
			}
			size *= int(d.Size)
			t.Dims = append(t.Dims, d.Size)
		}
		m.Graph.Initializers = append(m.Graph.Initializers, t)
	}
	return nil
}
