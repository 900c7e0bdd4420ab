package onnx_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A torchTensor is a tensor of testdata/nan.json, whose elements are strings, since JSON has no NaN.
type torchTensor struct {
	Shape []int
	Data  []string
}

func (t torchTensor) floats(tb testing.TB) []float32 {
	out := make([]float32, len(t.Data))
	for i, s := range t.Data {
		v, err := strconv.ParseFloat(s, 64)
		require.NoError(tb, err)
		out[i] = float32(v)
	}
	return out
}

// A nanCase is nodes in a row, with the results of PyTorch.
type nanCase struct {
	Name, Operator string
	Inputs         int // a, or a and b
	Attributes     map[string]any
	Constants      []string // more inputs of the last node: "0.5" or "int 1"
	Opset          int64
	Outputs        []torchTensor
}

const zeroNaN = "0 for NaN, where no comparison of ONNX's definition holds; PyTorch has NaN"

// differences are the cases that differ from PyTorch on purpose, with the reason.
var differences = map[string]string{
	"Runner: Sign":   "NaN, as in NumPy and ONNX's reference; PyTorch has 0",
	"Network: Sign":  "NaN, as in NumPy and ONNX's reference; PyTorch has 0",
	"Runner: Shrink": zeroNaN, "Network: Shrink": zeroNaN, "Runner: ThresholdedRelu": zeroNaN, "Network: ThresholdedRelu": zeroNaN,
	"Network: Gelu": "0 for -Inf, the limit; PyTorch has NaN",
}

// notRead are the cases that a Network returns an error for.
var notRead = []string{"IsNaN", "Clip, NaN as the least"}

// TestNaN holds a Runner and a Network against PyTorch, at NaN, infinities and zeros (see testdata/nan.py).
func TestNaN(t *testing.T) {
	b, err := os.ReadFile("testdata/nan.json")
	require.NoError(t, err)
	var golden struct {
		A, B  torchTensor
		Cases []nanCase
	}
	require.NoError(t, json.Unmarshal(b, &golden))
	for _, c := range golden.Cases {
		t.Run(c.Name, func(t *testing.T) {
			file := c.file(len(golden.A.Data) / 2)
			inputs := map[string]onnx.Tensor{"a": {Shape: golden.A.Shape, Data: golden.A.floats(t)}}
			if c.Inputs > 1 {
				inputs["b"] = onnx.Tensor{Shape: golden.B.Shape, Data: golden.B.floats(t)}
			}
			r, err := onnx.LoadBytes(file, "")
			require.NoError(t, err)
			got, err := r.Run(context.Background(), inputs)
			require.NoError(t, err)
			for i, want := range c.Outputs {
				c.compare(t, "Runner", i, onnx.Doubles(got[outName(i)]), want.floats(t))
			}
			if slices.Contains(notRead, c.Name) {
				return
			}
			m := imported(t, file)
			in := map[string]*tensor.Dense{}
			for name, x := range inputs {
				if name == "a" {
					name = "input"
				}
				if in[name], err = x.Dense(); err != nil {
					t.Fatal(err)
				}
			}
			out, err := m.PredictAll(context.Background(), in)
			require.NoError(t, err)
			names := []string{"output", outName(1)}
			for i, want := range c.Outputs {
				y, err := onnx.FromDense(out[names[i]])
				require.NoError(t, err)
				c.compare(t, "Network", i, onnx.Doubles(y), want.floats(t))
			}
		})
	}
}

func outName(i int) string { return "y" + strconv.Itoa(i) }

// compare fails the test unless the elements are those of PyTorch, up to rounding.
func (c nanCase) compare(t *testing.T, what string, output int, got []float64, want []float32) {
	t.Helper()
	require.Len(t, got, len(want))
	wrong := 0
	for i, w := range want {
		w, g := float64(w), got[i]
		same := math.IsNaN(w) && math.IsNaN(g) || w == g || math.Abs(w-g) <= 2e-6*max(1, math.Abs(w))
		if !same {
			if wrong++; wrong < 4 && differences[what+": "+c.Name] == "" {
				t.Errorf("%s: output %d, element %d: got %v, want %v as PyTorch", what, output, i, g, w)
			}
		}
	}
	if wrong == 0 && differences[what+": "+c.Name] != "" {
		t.Errorf("%s: got the results of PyTorch, want the case left out of differences", what)
	}
}

// file returns the case as an ONNX file, for a and b of a number of columns.
func (c nanCase) file(columns int) []byte {
	dims := []proto.Dim{{Name: "batch"}, {Size: int64(columns)}}
	g := proto.Graph{Inputs: []proto.Value{{Name: "a", Type: proto.Float32, Dims: dims}}}
	last := []string{"a"}
	if c.Inputs > 1 {
		g.Inputs = append(g.Inputs, proto.Value{Name: "b", Type: proto.Float32, Dims: dims})
		last = append(last, "b")
	}
	names := strings.Fields(c.Operator)
	for i, operator := range names {
		n := proto.Node{Name: operator, Operator: operator, Inputs: last, Outputs: []string{"t" + strconv.Itoa(i)}}
		switch operator {
		case "Where":
			n.Inputs = []string{last[0], "a", "b"}
		case "Unsqueeze", "Squeeze":
			g.Nodes = append(g.Nodes, intsNode("axes"+operator, 1))
			n.Inputs = []string{last[0], "axes" + operator}
		default:
			c.fill(&g, &n)
		}
		last = n.Outputs
		if i == len(names)-1 {
			n.Outputs = nil
			for k := range c.Outputs {
				n.Outputs = append(n.Outputs, outName(k))
			}
		}
		g.Nodes = append(g.Nodes, n)
	}
	for k := range c.Outputs {
		g.Outputs = append(g.Outputs, proto.Value{Name: outName(k)})
	}
	return proto.Encode(&proto.Model{IR: 8, Opsets: []proto.Opset{{Version: c.Opset}}, Graph: g})
}

// fill sets a node's attributes, and adds its constants.
func (c nanCase) fill(g *proto.Graph, n *proto.Node) {
	for name, v := range c.Attributes {
		switch v := v.(type) {
		case []any:
			list := []int64{}
			for _, e := range v {
				list = append(list, int64(e.(float64)))
			}
			n.Attributes = append(n.Attributes, intsAttr(name, list...))
		case float64:
			if name == "alpha" || name == "beta" || name == "lambd" {
				n.Attributes = append(n.Attributes, proto.Attribute{Name: name, Kind: proto.Float, Float: float32(v)})
			} else {
				n.Attributes = append(n.Attributes, intAttr(name, int64(v)))
			}
		}
	}
	for i, text := range c.Constants {
		name := "c" + strconv.Itoa(i)
		if number, ok := strings.CutPrefix(text, "int "); ok {
			v, _ := strconv.ParseInt(number, 10, 64)
			g.Nodes = append(g.Nodes, intsNode(name, v))
		} else {
			v, _ := strconv.ParseFloat(text, 32)
			g.Nodes = append(g.Nodes, floatNode(name, float32(v)))
		}
		n.Inputs = append(n.Inputs, name)
	}
}
