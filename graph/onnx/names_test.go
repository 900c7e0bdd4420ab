package onnx_test

import (
	"bytes"
	"context"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/layers"
)

// TestDistinctNames: different inputs and outputs of a file have different names in a model, also where those of the file are names
// that others would get. Input k of the file has the elements k, and output k is input k.
func TestDistinctNames(t *testing.T) {
	for _, c := range []struct {
		name            string
		inputs, outputs []string // of the file
		want, wantOut   []string // of the model
	}{
		{"others", []string{"x", "a", "b"}, []string{"y", "c", "d"}, []string{"input", "a", "b"}, []string{"output", "c", "d"}},
		{"the main names", []string{"x", "input", "b"}, []string{"y", "output", "d"}, []string{"input", "input_2", "b"}, []string{"output", "output_2", "d"}},
		{"a suffix in the file", []string{"x", "input", "input_2"}, []string{"y", "output", "output_2"}, []string{"input", "input_3", "input_2"}, []string{"output", "output_3", "output_2"}},
		{"a suffix in the file before", []string{"x", "input_2", "input"}, []string{"y", "output_2", "output"}, []string{"input", "input_2", "input_3"}, []string{"output", "output_2", "output_3"}},
		{"slashes and dots", []string{"x", "a", "b"}, []string{"y", "n/v", "n.v"}, []string{"input", "a", "b"}, []string{"output", "n.v_2", "n.v"}},
		{"slashes in two places", []string{"x", "a/b", "a.b"}, []string{"y", "a/b/c", "a/b.c"}, []string{"input", "a/b", "a.b"}, []string{"output", "a.b.c", "a.b.c_2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := file(func(m *proto.Model) {
				m.Graph.Inputs, m.Graph.Outputs, m.Graph.Nodes = nil, nil, nil
				for i, name := range c.inputs {
					dims := []proto.Dim{{Name: "batch"}, {Size: 2}}
					m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: name, Type: proto.Float32, Dims: dims})
					out := proto.Value{Name: c.outputs[i], Type: proto.Float32, Dims: dims}
					m.Graph.Outputs = append(m.Graph.Outputs, out)
					m.Graph.Nodes = append(m.Graph.Nodes, op(out.Name, "Neg", []string{name}))
				}
			})
			net, err := onnx.Read(bytes.NewReader(b))
			require.NoError(t, err)
			m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
			require.NoError(t, err)
			again, err := graph.ReadModel(bytes.NewReader(bytesOf(t, m)))
			require.NoError(t, err)
			in := map[string]*tensor.Dense{}
			for i, name := range c.want {
				in[name] = tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{float32(i), float32(i)}))
			}
			require.Len(t, in, len(c.want))
			for _, m := range []*graph.Model{m, again} {
				out, err := m.PredictAll(context.Background(), in)
				require.NoError(t, err)
				require.Len(t, out, len(c.wantOut))
				for i, name := range c.wantOut {
					require.Contains(t, out, name)
					require.Equal(t, []float32{-float32(i), -float32(i)}, out[name].Float32s(), name)
				}
			}
		})
	}
}

// TestDistinctParameters: initializers whose names differ in slashes are different parameters.
func TestDistinctParameters(t *testing.T) {
	b := file(func(m *proto.Model) {
		for i, name := range []string{"/a", "//a", "_a", "/", "//"} {
			w := numbers(name, float32(i+1), 0, 0, 0)
			m.Graph.Initializers = append(m.Graph.Initializers, w)
		}
	}, op("p", "Add", x("/a")), op("q", "Add", []string{"p", "//a"}), op("r", "Add", []string{"q", "_a"}), op("s", "Add", []string{"r", "/"}), op("y", "Add", []string{"s", "//"}))
	m := imported(t, b)
	require.Equal(t, []string{"_", "__", "__a", "_a", "a"}, m.Weights().Names())
	again, err := graph.ReadModel(bytes.NewReader(bytesOf(t, m)))
	require.NoError(t, err)
	for _, m := range []*graph.Model{m, again} {
		y := predicted(t, m, tensor.New(tensor.WithShape(1, 4), tensor.Of(tensor.Float32)))
		require.Equal(t, []float32{15, 0, 0, 0}, y.Float32s())
	}
}

// TestWrittenNames: names that a file cannot hold are errors of Write; with others, the file is read with the same parameters and states.
func TestWrittenNames(t *testing.T) {
	kinds := map[string]func(s *graph.Scope, name string, x graph.Node) graph.Node{
		"parameter": func(s *graph.Scope, name string, x graph.Node) graph.Node { return x.Mul(s.Param(name, graph.Ones, 3)) },
		"state":     func(s *graph.Scope, name string, x graph.Node) graph.Node { return x.Mul(s.State(name, graph.Ones, 3)) },
		"layer": func(s *graph.Scope, name string, x graph.Node) graph.Node {
			return s.ApplyAs(name, layers.BatchNorm{}, x)
		},
		"operation": func(s *graph.Scope, name string, x graph.Node) graph.Node { return s.ApplyAs(name, layers.Tanh{}, x) },
		"input":     func(s *graph.Scope, name string, x graph.Node) graph.Node { return x.Mul(s.Input(name)) },
		"output": func(s *graph.Scope, name string, x graph.Node) graph.Node {
			s.Output(name, x.Exp())
			return x
		},
	}
	for _, name := range []string{"a b", "é", "a\nb", "a\tb", "\"", "%s", "\xff", "a\xe9"} {
		for kind, f := range kinds {
			t.Run(kind+" "+strconv.Quote(name), func(t *testing.T) {
				cfg := graph.Config{Input: []int{3}}
				if kind == "input" {
					cfg.Inputs = map[string][]int{name: {3}}
				}
				m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
					return f(s, name, x).Mul(s.Param("w", graph.Ones, 3))
				}), cfg)
				require.NoError(t, err)
				var b bytes.Buffer
				err = onnx.Write(&b, m)
				switch {
				case !utf8.ValidString(name):
					require.ErrorContains(t, err, "onnx: Write: got the name \"")
					require.ErrorContains(t, err, "want UTF-8")
				case name == "a\nb" && (kind == "state" || kind == "layer"):
					require.ErrorContains(t, err, "onnx: Write: got a line break in the name \"a\\nb")
				default:
					require.NoError(t, err)
					again := imported(t, b.Bytes())
					require.Equal(t, m.Weights().Names(), again.Weights().Names())
					require.Equal(t, states(t, b.Bytes()), states(t, written(t, again)))
				}
			})
		}
	}
}

// states returns the metadata of a file that names its states.
func states(t *testing.T, file []byte) []proto.Property {
	m, err := proto.Decode(file)
	require.NoError(t, err)
	return m.Metadata
}
