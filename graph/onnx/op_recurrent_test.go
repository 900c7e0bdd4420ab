package onnx_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// A recurrentCase is a recurrent node with some settings.
type recurrentCase struct {
	name, operator string
	attributes     []proto.Attribute
	inputs         string // which of the optional inputs it has: Bias, Lengths, Hidden state, Memory, Peepholes
}

func textsAttr(name string, v ...string) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Strings, Strings: v}
}

func floatsAttr(name string, v ...float32) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Floats, Floats: v}
}

var (
	reverse, both = textAttr("direction", "reverse"), textAttr("direction", "bidirectional")
	clipped       = proto.Attribute{Name: "clip", Kind: proto.Float, Float: 0.3}
)

type settings = []proto.Attribute

var recurrentCases = []recurrentCase{
	{"plain", "RNN", nil, ""},
	{"plain", "GRU", nil, ""},
	{"plain", "LSTM", nil, ""},
	{"everything", "RNN", settings{both}, "BLH"},
	{"everything", "GRU", settings{both}, "BLH"},
	{"everything", "LSTM", settings{both}, "BLHMP"},
	{"reverse", "RNN", settings{reverse}, "BLH"},
	{"reverse", "GRU", settings{reverse, intAttr("linear_before_reset", 1)}, "BLH"},
	{"reverse", "LSTM", settings{reverse}, "BLH"},
	{"the memory", "LSTM", nil, "BM"},
	{"both ways after the product", "GRU", settings{both, intAttr("linear_before_reset", 1)}, "B"},
	{"without biases", "GRU", settings{intAttr("linear_before_reset", 1)}, "H"},
	{"coupled gates", "LSTM", settings{intAttr("input_forget", 1)}, "BP"},
	{"clip", "RNN", settings{clipped}, "B"},
	{"clip", "GRU", settings{clipped, intAttr("linear_before_reset", 1)}, "B"},
	{"clip", "LSTM", settings{clipped}, "BP"},
	{"functions", "LSTM", settings{textsAttr("activations", "HardSigmoid", "Relu", "Softsign")}, "B"},
	{"functions with settings", "LSTM", settings{textsAttr("activations", "HardSigmoid", "ScaledTanh", "Affine"), floatsAttr("activation_alpha", 0.3, 0.7, 2), floatsAttr("activation_beta", 0.4, 1.5, 0.1)}, "B"},
	{"functions of both ways", "RNN", settings{both, textsAttr("activations", "LeakyRelu", "Elu"), floatsAttr("activation_alpha", 0.2, 0.6)}, "B"},
	{"default settings", "GRU", settings{textsAttr("activations", "hardsigmoid", "leakyrelu")}, "B"},
	{"thresholds", "RNN", settings{textsAttr("activations", "ThresholdedRelu"), floatsAttr("activation_alpha", 0.2)}, "B"},
	{"softplus", "RNN", settings{textsAttr("activations", "Softplus")}, "B"},
}

const (
	steps, features, hidden = 4, 3, 2
	floats                  = proto.Float32
)

// file returns a file with the node, whose outputs are y, (batch, time, directions, hidden), and the last states.
func (c recurrentCase) file() []byte {
	gates := map[string]int{"RNN": 1, "GRU": 3, "LSTM": 4}[c.operator]
	dirs := 1
	for _, a := range c.attributes {
		if a.String == "bidirectional" {
			dirs = 2
		}
	}
	m := &proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 14}}}
	g := &m.Graph
	value := func(name string, dims ...int) proto.Value {
		v := proto.Value{Name: name, Type: floats, Dims: []proto.Dim{{Name: "batch"}}}
		for _, d := range dims {
			v.Dims = append(v.Dims, proto.Dim{Size: int64(d)})
		}
		return v
	}
	rng := rand.New(rand.NewPCG(uint64(len(c.name)), 1))
	weight := func(name string, dims ...int64) string {
		t := proto.Tensor{Name: name, Type: floats, Dims: dims}
		n := int64(1)
		for _, d := range dims {
			n *= d
		}
		for range n {
			t.Raw = binary.LittleEndian.AppendUint32(t.Raw, math.Float32bits(float32(rng.NormFloat64())))
		}
		g.Initializers = append(g.Initializers, t)
		return name
	}
	add := func(operator string, in, out string, attributes ...proto.Attribute) string {
		g.Nodes = append(g.Nodes, proto.Node{Operator: operator, Inputs: []string{in}, Outputs: []string{out}, Attributes: attributes})
		return out
	}
	swap := func(in, out string) string { return add("Transpose", in, out, intsAttr("perm", 1, 0, 2)) }
	g.Inputs = []proto.Value{value(graph.MainInput, steps, features)}
	d, h := int64(dirs), int64(gates*hidden)
	in := []string{swap(graph.MainInput, "xt"), weight("w", d, h, features), weight("r", d, h, hidden), "", "", "", "", ""}
	for _, letter := range c.inputs {
		switch letter {
		case 'B':
			in[3] = weight("b", d, 2*h)
		case 'L':
			g.Inputs = append(g.Inputs, value("lengths"))
			in[4] = add("Cast", "lengths", "l", intAttr("to", int64(proto.Int32)))
		case 'H', 'M':
			name := map[rune]string{'H': "h", 'M': "m"}[letter]
			g.Inputs = append(g.Inputs, value(name, dirs, hidden))
			in[map[rune]int{'H': 5, 'M': 6}[letter]] = swap(name, name+"0")
		case 'P':
			in[7] = weight("p", d, 3*hidden)
		}
	}
	out := []string{"yt", "ht", "ct"}
	if c.operator != "LSTM" {
		in, out = in[:6], out[:2]
	}
	g.Nodes = append(g.Nodes, proto.Node{Name: "n", Operator: c.operator, Inputs: in, Outputs: out, Attributes: append([]proto.Attribute{intAttr("hidden_size", hidden)}, c.attributes...)})
	add("Transpose", "yt", graph.MainOutput, intsAttr("perm", 2, 0, 1, 3))
	g.Outputs = []proto.Value{value(graph.MainOutput, steps, dirs, hidden)}
	for _, name := range out[1:] {
		g.Outputs = append(g.Outputs, value(swap(name, "last_"+name), dirs, hidden))
	}
	return proto.Encode(m)
}

// in returns values for the inputs of a file.
func (c recurrentCase) in(dirs int) map[string]*graph.Tensor {
	in := map[string]*graph.Tensor{graph.MainInput: samples(3, []int{steps, features}, tensor.Float32)}
	for _, letter := range c.inputs {
		switch letter {
		case 'L':
			in["lengths"] = tensor.New(tensor.WithShape(3), tensor.WithBacking([]float32{2, 4, 1}))
		case 'H', 'M':
			name := map[rune]string{'H': "h", 'M': "m"}[letter]
			in[name] = samples(3, []int{dirs, hidden}, tensor.Float32)
			shift(in[name], 0, float64(letter))
		}
	}
	return in
}

// TestRecurrentCases: recurrent nodes with any settings compute the same here, in onnxruntime, and in a file that is written again.
func TestRecurrentCases(t *testing.T)        { checkRecurrentCases(t, nil) }
func TestRecurrentCasesRuntime(t *testing.T) { checkRecurrentCases(t, ort.Start(t)) }

func checkRecurrentCases(t *testing.T, r *ort.Runtime) {
	for _, c := range recurrentCases {
		t.Run(fmt.Sprint(c.operator, ", ", c.name), func(t *testing.T) {
			file := c.file()
			m := imported(t, file)
			in := c.in(m.Output()[1])
			want, err := m.PredictAll(t.Context(), in)
			require.NoError(t, err)
			again, err := imported(t, written(t, m)).PredictAll(t.Context(), in)
			require.NoError(t, err)
			equalAll(t, want, again, 1e-6)
			if r == nil {
				return
			}
			for _, file := range [][]byte{file, written(t, m)} {
				got, err := r.RunAll(file, in)
				require.NoError(t, err)
				equalAll(t, want, got, 1e-4) // its sigmoid is approximate
			}
		})
	}
}

// equalAll fails the test unless the tensors are near each other; see near.
func equalAll(t *testing.T, want, got map[string]*graph.Tensor, limit float64) {
	t.Helper()
	require.Equal(t, len(want), len(got))
	for name := range want {
		near(t, want[name], got[name], limit)
	}
}
