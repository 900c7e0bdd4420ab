package onnx_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestScatterLast: of several values for one place, a Network takes the last with its bits, as a Runner does, whatever the others are.
func TestScatterLast(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name     string
		axis, to int // along which, and how many elements the data have there
		values   []float32
	}{
		{"numbers", 1, 3, nil},
		{"the last axis", -1, 4, nil},
		{"more than the data have", 2, 2, nil},
		{"NaN and infinities", 1, 2, []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1}},
		{"the largest numbers", 1, 2, []float32{math.MaxFloat32, -math.MaxFloat32}},
		{"a number that is not exact", 1, 1, []float32{0.1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shape, size := []int{2, 3, 4}, []int{2, 3, 4}
			size[(c.axis+3)%3] = c.to
			n := size[0] * size[1] * size[2]
			dims := func(list []int) (d []proto.Dim) {
				d = []proto.Dim{{Name: "batch"}}
				for _, v := range list[1:] {
					d = append(d, proto.Dim{Size: int64(v)})
				}
				return d
			}
			b := file(func(m *proto.Model) {
				m.Graph.Inputs = []proto.Value{{Name: "x", Type: proto.Float32, Dims: dims(size)}, {Name: "at", Type: proto.Int64, Dims: dims(shape)}, {Name: "v", Type: proto.Float32, Dims: dims(shape)}}
				m.Graph.Outputs[0].Dims = nil
			}, node("ScatterElements", x("at", "v"), intAttr("axis", int64(c.axis))))
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			net, err := onnx.Read(bytes.NewReader(b))
			require.NoError(t, err)
			m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
			require.NoError(t, err)
			again := imported(t, written(t, m))
			for range 5 {
				data, at, v, places := make([]float32, n), make([]int64, 24), make([]float32, 24), make([]float32, 24)
				for i := range data {
					data[i] = float32(rng.NormFloat64())
				}
				for i := range at {
					if at[i], v[i] = int64(rng.IntN(c.to)), float32(rng.NormFloat64()); c.values != nil {
						v[i] = c.values[rng.IntN(len(c.values))]
					}
					places[i] = float32(at[i])
				}
				want := ran(t, r, map[string]onnx.Tensor{"x": {Shape: size, Data: data}, "at": {Shape: shape, Data: at}, "v": {Shape: shape, Data: v}})["y"]
				dense := func(shape []int, list []float32) *graph.Tensor {
					return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(list))
				}
				for i, m := range []*graph.Model{m, again} {
					out, err := m.PredictAll(context.Background(), map[string]*graph.Tensor{graph.MainInput: dense(size, data), "at": dense(shape, places), "v": dense(shape, v)})
					require.NoError(t, err)
					require.Equal(t, fmt.Sprint(want.Data), fmt.Sprint(out[graph.MainOutput].Float32s()), "model %d", i)
				}
			}
		})
	}
}
