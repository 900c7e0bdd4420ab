package onnx_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// normal returns numbers around 0, the same in each call with this seed.
func normal(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64()) / 2
	}
	return x
}

// TestRunnerReplaced: an input may replace an initializer in one run and not in the next. What depends on it is computed again, also in a
// nested graph; what depends on constants alone is the same.
func TestRunnerReplaced(t *testing.T) {
	yes := &proto.Graph{
		Initializers: []proto.Tensor{numbers("one", 1)}, Outputs: valuesOf("z"),
		Nodes: []proto.Node{op("twice", "Add", []string{"one", "one"}), op("more", "Add", []string{"w", "twice"}), op("z", "Add", []string{"more", "c"})},
	}
	no := &proto.Graph{Outputs: valuesOf("other"), Nodes: []proto.Node{op("other", "Neg", []string{"c"})}}
	r := loaded(t, proto.Graph{
		Inputs:       []proto.Value{value("x", proto.Bool), value("w", proto.Float32, 1)},
		Initializers: []proto.Tensor{numbers("w", 10), numbers("v", 100)},
		Nodes: []proto.Node{
			op("c", "Mul", []string{"v", "v"}), op("d", "Mul", []string{"w", "v"}),
			op("y", "If", []string{"x"}, graphAttr("then_branch", yes), graphAttr("else_branch", no)),
		},
		Outputs: valuesOf("d", "y"),
	})
	run := func(x bool, w ...float32) (d, y float32) {
		in := map[string]onnx.Tensor{"x": {Data: []bool{x}}}
		if w != nil {
			in["w"] = float32s([]int{1}, w...)
		}
		out := ran(t, r, in)
		return out["d"].Data.([]float32)[0], out["y"].Data.([]float32)[0]
	}
	for range 2 {
		for _, w := range []float32{10, 3, 10, -4} {
			d, y := run(true, w)
			require.Equal(t, []float32{100 * w, w + 2 + 10000}, []float32{d, y})
			d, y = run(false)
			require.Equal(t, []float32{1000, -10000}, []float32{d, y})
			d, y = run(true)
			require.Equal(t, []float32{1000, 10012}, []float32{d, y})
		}
	}
}

// TestRunnerConstants: a network with constant weights computes in every run, and in runs at the same time, what it computes when its
// weights are inputs and its recurrences have a limit that no sum reaches, for inputs of several sizes.
func TestRunnerConstants(t *testing.T) {
	weights := []proto.Tensor{numbers("two", 2)}
	in := map[string]onnx.Tensor{"two": float32s([]int{1}, 2)}
	for i, w := range []struct {
		name string
		dims []int64
	}{
		{"w1", []int64{40, 3, 3}}, {"b1", []int64{40}}, {"w2", []int64{33, 40, 2}}, {"w3", []int64{2, 20, 33}}, {"r3", []int64{2, 20, 5}}, {"b3", []int64{2, 40}},
		{"w4", []int64{1, 15, 33}}, {"r4", []int64{1, 15, 5}}, {"b4", []int64{1, 30}}, {"w5", []int64{7, 5}}, {"b5", []int64{7}}, {"w6", []int64{5, 4}},
	} {
		n, dims := 1, []int{}
		for _, d := range w.dims {
			n, dims = n*int(d), append(dims, int(d))
		}
		v := numbers(w.name, normal(uint64(i), n)...)
		v.Dims = w.dims
		weights, in[w.name] = append(weights, v), float32s(dims, normal(uint64(i), n)...)
	}
	load := func(constants []proto.Tensor, more []proto.Value, clip float32) *onnx.Runner {
		recurrent := func(operator, direction string, inputs []string, outputs ...string) proto.Node {
			n := proto.Node{Operator: operator, Inputs: inputs, Outputs: outputs, Attributes: []proto.Attribute{intAttr("hidden_size", 5), textAttr("direction", direction)}}
			if clip != 0 {
				n.Attributes = append(n.Attributes, proto.Attribute{Name: "clip", Kind: proto.Float, Float: clip})
			}
			if operator == "GRU" {
				n.Attributes = append(n.Attributes, intAttr("linear_before_reset", 1))
			}
			return n
		}
		g := proto.Graph{
			Nodes: []proto.Node{
				op("a", "Conv", []string{"x", "w1", "b1"}, intsAttr("pads", 1, 1), intsAttr("strides", 2)),
				op("b", "Relu", []string{"a"}),
				op("c", "Conv", []string{"b", "w2"}, intsAttr("pads", 2, 0), intsAttr("dilations", 2)),
				op("d", "Transpose", []string{"c"}, intsAttr("perm", 2, 0, 1)),
				recurrent("LSTM", "bidirectional", []string{"d", "w3", "r3", "b3"}, "e", "h", ""),
				op("g", "Slice", []string{"h", "zero", "one", "zero"}),
				op("i", "Squeeze", []string{"g", "zero"}),
				recurrent("GRU", "reverse", []string{"d", "w4", "r4", "b4", "", "g"}, "j"),
				op("y", "Gemm", []string{"i", "w5", "b5"}, intAttr("transB", 1)),
				op("z", "Pow", []string{"y", "two"}), op("u", "MatMul", []string{"j", "w6"}),
			},
			Inputs:       append([]proto.Value{{Name: "x", Type: proto.Float32, Dims: []proto.Dim{{Name: "n"}, {Size: 3}, {Name: "m"}}}}, more...),
			Initializers: constants, Outputs: valuesOf("z", "j", "e", "u"),
		}
		for i, name := range []string{"zero", "one"} {
			g.Initializers = append(g.Initializers, proto.Tensor{Name: name, Type: proto.Int64, Dims: []int64{1}, Raw: []byte{byte(i), 0, 0, 0, 0, 0, 0, 0}})
		}
		return loaded(t, g)
	}
	var declared []proto.Value
	for _, w := range weights {
		declared = append(declared, value(w.Name, proto.Float32, w.Dims...))
	}
	constant, free := load(weights, nil, 0), load(nil, declared, 1e9)
	var wait sync.WaitGroup
	for i, size := range [][2]int{{1, 8}, {3, 8}, {2, 40}, {1, 9}, {3, 8}, {1, 8}} {
		x := float32s([]int{size[0], 3, size[1]}, normal(uint64(20+i), size[0]*3*size[1])...)
		in["x"] = x
		want := ran(t, free, in)
		wait.Go(func() {
			for range 3 {
				got, err := constant.Run(context.Background(), map[string]onnx.Tensor{"x": x})
				if !assert.NoError(t, err) {
					return
				}
				for name := range want {
					assert.LessOrEqual(t, compare(t, want[name], got[name]), 1e-5, "%v %s", size, name)
				}
			}
		})
	}
	wait.Wait()
}

// TestRunnerRandomSteps: each step of a loop draws other numbers, and each run the same.
func TestRunnerRandomSteps(t *testing.T) {
	for _, attributes := range [][]proto.Attribute{nil, {{Name: "seed", Kind: proto.Float, Float: 3}}} {
		body := &proto.Graph{
			Inputs: []proto.Value{value("i", proto.Int64), value("on", proto.Bool)}, Outputs: []proto.Value{value("on2", proto.Bool), value("v", proto.Float32, 2)},
			Nodes: []proto.Node{op("on2", "Identity", []string{"on"}), op("v", "RandomNormal", nil, append(attributes, intsAttr("shape", 2))...)},
		}
		r := loaded(t, proto.Graph{
			Inputs: []proto.Value{value("n", proto.Int64)}, Outputs: valuesOf("y"),
			Nodes: []proto.Node{op("y", "Loop", []string{"n", ""}, graphAttr("body", body))},
		})
		in := map[string]onnx.Tensor{"n": {Data: []int64{3}}}
		first := ran(t, r, in)["y"].Data.([]float32)
		seen := map[float32]bool{}
		for _, v := range first {
			seen[v] = true
		}
		require.Len(t, seen, 6)
		require.Equal(t, first, ran(t, r, in)["y"].Data)
	}
}
