package onnx_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// moves are operators that change no element, so their results are as exact as their inputs.
const moves = " Identity Reshape Flatten Squeeze Unsqueeze Transpose Expand Concat Split Slice Tile Gather GatherElements GatherND Pad Compress DepthToSpace SpaceToDepth ReverseSequence Trilu Neg Abs Relu Max Min Shape Size MaxPool Cast Where Not ScatterND ScatterElements ConstantOfShape Range OneHot TopK EyeLike NonZero ArgMax ArgMin Equal Greater Less GreaterOrEqual LessOrEqual And Or Xor Clip Unique ReduceMax ReduceMin "

// add adds a node with n outputs, and computes it. Afterwards the file ends there if it cannot be computed.
func (s *sketch) add(operator string, inputs []string, n int, attributes ...proto.Attribute) []made {
	if s.err != nil {
		return nil
	}
	node := proto.Node{Name: s.name("node"), Operator: operator, Attributes: attributes}
	for len(inputs) > 0 && inputs[len(inputs)-1] == "" {
		inputs = inputs[:len(inputs)-1]
	}
	node.Inputs = inputs
	exact := strings.Contains(moves, " "+operator+" ")
	for _, name := range inputs {
		if i := slices.IndexFunc(s.values, func(v made) bool { return v.name == name }); i >= 0 {
			exact = exact && s.values[i].exact
			if !isFloat(s.values[i].kind) && i == 0 {
				exact = true
			}
		}
	}
	for range n {
		node.Outputs = append(node.Outputs, s.name("v"))
	}
	s.model.Graph.Nodes = append(s.model.Graph.Nodes, node)
	m := s.model
	m.Graph.Outputs = nil
	for _, o := range node.Outputs {
		m.Graph.Outputs = append(m.Graph.Outputs, proto.Value{Name: o, Type: proto.Float32})
	}
	var out []made
	r, err := onnx.LoadBytes(proto.Encode(&m), "")
	if err == nil {
		var got map[string]onnx.Tensor
		if got, err = r.Run(context.Background(), s.feeds); err == nil {
			for _, o := range node.Outputs {
				v := made{name: o, shape: got[o].Shape, kind: kindOf(got[o].Data), data: got[o].Data}
				v.wild = isWild(v)
				v.exact = exact || !isFloat(v.kind)
				out = append(out, v)
				s.values = append(s.values, v)
				value := proto.Value{Name: o, Type: v.kind, Dims: make([]proto.Dim, len(v.shape))}
				s.model.Graph.Outputs = append([]proto.Value{value}, s.model.Graph.Outputs...)
			}
		}
	}
	s.err = err
	if err != nil {
		for _, o := range node.Outputs {
			s.model.Graph.Outputs = append(s.model.Graph.Outputs, proto.Value{Name: o})
		}
	}
	return out
}

func kindOf(data any) proto.ElementType {
	switch data.(type) {
	case []float32:
		return proto.Float32
	case []float64:
		return proto.Float64
	case []onnx.Float16:
		return proto.Float16
	case []onnx.BFloat16:
		return proto.BFloat16
	case []int8:
		return proto.Int8
	case []int16:
		return proto.Int16
	case []int32:
		return proto.Int32
	case []int64:
		return proto.Int64
	case []uint8:
		return proto.Uint8
	case []uint16:
		return proto.Uint16
	case []uint32:
		return proto.Uint32
	case []uint64:
		return proto.Uint64
	}
	return proto.Bool
}

// finish chooses the outputs: sometimes one only, so that a runtime may fuse nodes; for a Network the last one that is a batch of numbers.
func (s *sketch) finish(forNetwork bool) {
	g := &s.model.Graph
	if s.err != nil {
		return
	}
	if s.once(3) {
		g.Outputs = g.Outputs[:1]
	}
	for _, v := range slices.Backward(s.values) {
		if forNetwork && strings.HasPrefix(v.name, "v") && len(v.shape) > 1 && v.shape[0] == s.batch && isFloat(v.kind) {
			g.Outputs = []proto.Value{{Name: v.name, Type: v.kind, Dims: make([]proto.Dim, len(v.shape))}}
			break
		}
	}
	for i, v := range g.Outputs { // Node has no bfloat16
		if v.Type == proto.BFloat16 {
			g.Nodes = append(g.Nodes, proto.Node{Operator: "Cast", Inputs: []string{v.Name}, Outputs: []string{v.Name + "f"}, Attributes: []proto.Attribute{intAttr("to", 1)}})
			g.Outputs[i].Name, g.Outputs[i].Type = v.Name+"f", proto.Float32
		}
	}
}

func (s *sketch) file() []byte { return proto.Encode(&s.model) }

// frozen returns the file with its inputs as initializers.
func (s *sketch) frozen() []byte {
	m := s.model
	m.Graph.Inputs, m.Graph.Initializers = nil, slices.Clone(m.Graph.Initializers)
	for _, v := range s.model.Graph.Inputs {
		m.Graph.Initializers = append(m.Graph.Initializers, initializer(v.Name, v.Type, s.feeds[v.Name].Shape, s.feeds[v.Name].Data))
	}
	return proto.Encode(&m)
}

func initializer(name string, kind proto.ElementType, shape []int, data any) proto.Tensor {
	var raw bytes.Buffer
	if err := binary.Write(&raw, binary.LittleEndian, data); err != nil {
		panic(err)
	}
	return proto.Tensor{Name: name, Type: kind, Raw: raw.Bytes(), Dims: int64s(shape)}
}

// same fails the test unless an output is the same elsewhere, up to rounding in the least precise type of the file. Products of quantized
// numbers may differ by 1.
func (s *sketch) same(t *testing.T, where, name string, want, got onnx.Tensor) {
	t.Helper()
	require.True(t, slices.Equal(want.Shape, got.Shape), "%s, %s: got shape %v, want %v\n%s", where, name, got.Shape, want.Shape, s)
	require.IsType(t, want.Data, got.Data, "%s, %s\n%s", where, name, s)
	limit := 2e-4
	for _, v := range s.values {
		limit = max(limit, map[proto.ElementType]float64{proto.Float16: 0.02, proto.BFloat16: 0.06}[v.kind])
	}
	if !isFloat(kindOf(want.Data)) {
		limit = 0
		if slices.ContainsFunc(s.model.Graph.Nodes, func(n proto.Node) bool { return strings.HasPrefix(n.Operator, "QLinear") }) {
			limit = 1
		}
	}
	a, b, large := onnx.Doubles(want), onnx.Doubles(got), 1.0
	for _, v := range a {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			large = max(large, math.Abs(v))
		}
	}
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) && !(math.Abs(a[i]-b[i]) <= limit*max(math.Abs(a[i]), math.Sqrt(large))) {
			t.Fatalf("%s, %s: element %d: got %v, want %v\n%s", where, name, i, b[i], a[i], s)
		}
	}
}
