package onnx_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// special returns numbers around 0, among them NaN, infinities and zeros.
func special(seed uint64, n int) []float32 {
	x := normal(seed, n)
	for i := range x {
		switch i % 11 {
		case 3:
			x[i] = [...]float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}[i/11%5]
		}
	}
	return x
}

// shaped returns an initializer of a shape.
func shaped(name string, values []float32, dims ...int64) proto.Tensor {
	t := numbers(name, values...)
	t.Dims = dims
	return t
}

// groupCases are graphs of nodes that run as one. Their input is x, (batch, 3, height, width) or without the height; the result is y.
func groupCases() map[string]proto.Graph {
	conv := func(out, in string, attributes ...proto.Attribute) proto.Node {
		return op(out, "Conv", []string{in, "w", "b"}, attributes...)
	}
	same := intsAttr("pads", 1, 1, 1, 1)
	alpha := proto.Attribute{Name: "alpha", Kind: proto.Float, Float: 0.2}
	nodes := map[string][]proto.Node{
		"relu":               {conv("a", "x", same), op("y", "Relu", []string{"a"})},
		"two functions":      {conv("a", "x", same), op("c", "LeakyRelu", []string{"a"}, alpha), op("y", "Max", []string{"c", "low"})},
		"a constant first":   {conv("a", "x"), op("y", "Min", []string{"high", "a"})},
		"clip":               {conv("a", "x", intsAttr("strides", 2, 2)), op("y", "Clip", []string{"a", "low", "high"})},
		"clip above":         {conv("a", "x"), op("y", "Clip", []string{"a", "", "high"})},
		"no slope":           {conv("a", "x"), op("y", "LeakyRelu", []string{"a"}, proto.Attribute{Name: "alpha", Kind: proto.Float, Float: -1})},
		"used twice":         {conv("a", "x", same), op("c", "Sigmoid", []string{"a"}), op("y", "Mul", []string{"a", "c"})},
		"hard swish":         {conv("a", "x", same), op("c", "Add", []string{"a", "high"}), op("d", "Clip", []string{"c", "low", "high"}), op("e", "Mul", []string{"a", "d"}), op("y", "Div", []string{"e", "high"})},
		"a residual":         {op("r", "Tanh", []string{"x"}), conv("a", "r", same), op("c", "Add", []string{"r", "a"}), op("y", "Relu", []string{"c"})},
		"beside it":          {conv("a", "x", same), op("c", "Relu", []string{"x"}), op("y", "Add", []string{"a", "c"})},
		"after a pooling":    {conv("a", "x", same), op("p", "GlobalAveragePool", []string{"a"}), op("c", "Sigmoid", []string{"p"}), op("y", "Mul", []string{"a", "c"})},
		"a channel's number": {conv("a", "x", same), op("c", "Mul", []string{"a", "scale"}), op("y", "Sub", []string{"c", "scale"})},
		"a larger result":    {op("p", "GlobalMaxPool", []string{"x"}), op("c", "Neg", []string{"p"}), op("y", "Add", []string{"c", "x"})},
		"no convolution":     {op("c", "Abs", []string{"x"}), op("d", "Sqrt", []string{"c"}), op("e", "Exp", []string{"x"}), op("y", "Div", []string{"d", "e"})},
		"both are x":         {op("c", "Neg", []string{"x"}), op("d", "Mul", []string{"c", "c"}), op("y", "Sub", []string{"d", "x"})},
		"views between":      {conv("a", "x", same), op("c", "Relu", []string{"a"}), op("d", "Flatten", []string{"c"}), op("e", "Neg", []string{"c"}), op("f", "Flatten", []string{"e"}), op("y", "Add", []string{"d", "f"})},
		"in another order":   {conv("a", "x", same), op("q", "Softmax", []string{"x"}), op("c", "Erf", []string{"a"}), op("y", "Add", []string{"c", "q"})},
	}
	graphs := map[string]proto.Graph{}
	for name, list := range nodes {
		graphs[name] = proto.Graph{
			Nodes: list, Inputs: []proto.Value{{Name: "x", Type: proto.Float32}}, Outputs: valuesOf("y"),
			Initializers: []proto.Tensor{
				shaped("w", normal(1, 81), 3, 3, 3, 3), shaped("b", normal(2, 3), 3), shaped("scale", normal(3, 3), 3, 1, 1), shaped("low", []float32{-0.25}), shaped("high", []float32{0.75}),
			},
		}
	}
	return graphs
}

// TestRunnerGroups: nodes that run as one give the same bits as one by one, which they do when a value inside is asked for; for sizes
// that differ from run to run, and in runs at the same time.
func TestRunnerGroups(t *testing.T) {
	for name, g := range groupCases() {
		t.Run(name, func(t *testing.T) {
			r := loaded(t, g)
			var wait sync.WaitGroup
			for i, shape := range [][]int{{1, 3, 7, 9}, {2, 3, 5, 5}, {1, 3, 3, 3}, {2, 3, 40, 61}, {1, 3, 7, 9}, {0, 3, 7, 9}} {
				n := shape[0] * shape[1] * shape[2] * shape[3]
				for _, x := range []onnx.Tensor{float32s(shape, normal(uint64(i), n)...), float32s(shape, special(uint64(i), n)...)} {
					in := map[string]onnx.Tensor{"x": x}
					apart, err := r.Run(context.Background(), in, "y", g.Nodes[0].Outputs[0])
					require.NoError(t, err)
					wait.Go(func() {
						for range 3 {
							got, err := r.Run(context.Background(), in)
							if assert.NoError(t, err) {
								assert.Equal(t, bits32(apart["y"]), bits32(got["y"]), "shape %v", shape)
							}
						}
					})
				}
			}
			wait.Wait()
		})
	}
}

// TestRunnerRandomGroups is TestRunnerGroups for random graphs.
func TestRunnerRandomGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	one := strings.Fields("Abs Erf Exp LeakyRelu Neg Relu Sigmoid Tanh Conv Conv GlobalAveragePool Identity")
	two := strings.Fields("Add Mul Sub Max Min Div")
	for range 150 {
		g := groupCases()["relu"]
		values := []string{"x", "scale", "low"}
		g.Nodes = []proto.Node{op("first", "Identity", []string{"x"})}
		for i := range 12 {
			name := fmt.Sprint("v", i)
			if i == 11 {
				name = "y"
			}
			pick := func() string {
				if i > 0 && rng.IntN(2) == 0 {
					return values[len(values)-1]
				}
				return values[rng.IntN(len(values))]
			}
			operator, in := two[rng.IntN(len(two))], []string{pick(), pick()}
			if k := rng.IntN(2 * len(one)); k < len(one) {
				operator, in = one[k], in[:1]
			}
			var attributes []proto.Attribute
			switch operator {
			case "Conv":
				in, attributes = []string{"x", "w", "b"}, []proto.Attribute{intsAttr("pads", 1, 1, 1, 1)}
			case "GlobalAveragePool":
				in = []string{"x"}
			}
			g.Nodes = append(g.Nodes, op(name, operator, in, attributes...))
			values = append(values, name)
		}
		r := loaded(t, g)
		in := map[string]onnx.Tensor{"x": float32s([]int{2, 3, 5, 7}, normal(1, 210)...)}
		apart := ran(t, r, in, "y", "first")["y"]
		for range 2 {
			require.Equal(t, bits32(apart), bits32(ran(t, r, in)["y"]), "%v", g.Nodes)
		}
	}
}

// bits32 returns the bits of a tensor's elements, with one form of NaN and of 0, and its shape.
func bits32(t onnx.Tensor) string {
	list := t.Data.([]float32)
	out := make([]uint32, len(list))
	for i, v := range list {
		if out[i] = math.Float32bits(v + 0); v != v {
			out[i] = 1
		}
	}
	return fmt.Sprint(t.Shape, out)
}

// TestRunnerGroupsApart: nodes that could run as one, but for their element types or shapes, run one by one.
func TestRunnerGroupsApart(t *testing.T) {
	for _, kind := range []proto.ElementType{proto.Float64, proto.Float16, proto.Int32} {
		g := proto.Graph{
			Inputs: []proto.Value{{Name: "x", Type: proto.Float32}}, Outputs: valuesOf("y"),
			Nodes: []proto.Node{op("c", "Cast", []string{"x"}, intAttr("to", int64(kind))), op("a", "Add", []string{"c", "c"}), op("d", "Relu", []string{"a"}), op("y", "Cast", []string{"d"}, intAttr("to", int64(proto.Float32)))},
		}
		got := ran(t, loaded(t, g), map[string]onnx.Tensor{"x": float32s([]int{3}, -1, 2, 4)})
		require.Equal(t, []float32{0, 4, 8}, got["y"].Data)
	}
	g := proto.Graph{
		Inputs: []proto.Value{{Name: "x", Type: proto.Float32}, {Name: "z", Type: proto.Float32}}, Outputs: valuesOf("y"),
		Nodes: []proto.Node{op("a", "Neg", []string{"x"}), op("b", "Add", []string{"a", "z"}), op("y", "Relu", []string{"b"})},
	}
	r := loaded(t, g)
	got := ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{2}, -1, 2), "z": float32s([]int{2, 1}, 1, 10)})
	require.Equal(t, float32s([]int{2, 2}, 2, 0, 11, 8), got["y"])
	_, err := r.Run(context.Background(), map[string]onnx.Tensor{"x": float32s([]int{2}, -1, 2), "z": float32s([]int{3}, 1, 2, 3)})
	require.ErrorContains(t, err, "b (Add): got shapes [[2] [3]]")
}
