package onnx_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/layers"
)

// halveInitializers rounds the initializers of float32 to 16 bits.
func halveInitializers(list []proto.Tensor, to proto.ElementType) {
	round := map[proto.ElementType]func(float32) uint16{proto.Float16: kernels.ToHalf, proto.BFloat16: kernels.ToBFloat}[to]
	for i, t := range list {
		if t.Type != proto.Float32 {
			continue
		}
		var raw []byte
		for at := 0; at < len(t.Raw); at += 4 {
			raw = binary.LittleEndian.AppendUint16(raw, round(math.Float32frombits(binary.LittleEndian.Uint32(t.Raw[at:]))))
		}
		list[i].Type, list[i].Raw = to, raw
	}
}

// TestHalfInitializers: a network whose weights have 16 bits in its file, cast to float32 there or with values of 16 bits, is imported with
// these numbers as parameters, and computes in float32.
func TestHalfInitializers(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{
		layers.Conv2D{Filters: 3, Kernel: []int{3}}, layers.BatchNorm{}, layers.ReLU{}, layers.Flatten{}, layers.Dense{Units: 4},
	}, graph.Config{Input: []int{1, 5, 5}, Seed: 3})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	x, exact := samples(2, []int{1, 5, 5}, tensor.Float32), m.Weights()
	for half, to := range map[graph.Half]proto.ElementType{graph.Float16: proto.Float16, graph.BFloat16: proto.BFloat16} {
		var weights bytes.Buffer
		require.NoError(t, half.WriteWeights(&weights, exact, nil))
		require.NoError(t, m.Load(&weights))
		want := predicted(t, m, x)
		for name, change := range map[string]func(g *proto.Graph){"cast weights": castInitializers, "all values": halveEnds(to)} {
			t.Run(half.String()+" "+name, func(t *testing.T) {
				model, err := proto.Decode(file.Bytes())
				require.NoError(t, err)
				halveInitializers(model.Graph.Initializers, to)
				change(&model.Graph)
				net, err := onnx.Read(bytes.NewReader(proto.Encode(model)))
				require.NoError(t, err)
				o, err := graph.Compile(net, graph.Config{Input: net.Input()})
				require.NoError(t, err)
				require.Len(t, o.Weights(), len(exact))
				require.InDeltaSlice(t, want.Float32s(), predicted(t, o, x).Float32s(), 1e-5)
				require.Greater(t, spread(want.Float32s()), 0.1)
			})
		}
	}
}

// castInitializers makes float32 of the initializers of 16 bits, with nodes at the beginning.
func castInitializers(g *proto.Graph) {
	var casts []proto.Node
	for i := range g.Initializers {
		if v := &g.Initializers[i]; v.Type == proto.Float16 || v.Type == proto.BFloat16 {
			casts = append(casts, op(v.Name, "Cast", []string{v.Name + "_16"}, intAttr("to", int64(proto.Float32))))
			v.Name += "_16"
		}
	}
	g.Nodes = append(casts, g.Nodes...)
}

// halveEnds declares inputs and outputs of 16 bits.
func halveEnds(to proto.ElementType) func(g *proto.Graph) {
	return func(g *proto.Graph) {
		for _, list := range [][]proto.Value{g.Inputs, g.Outputs} {
			for i := range list {
				list[i].Type = to
			}
		}
	}
}

// spread returns the difference of the largest and the smallest number.
func spread(x []float32) float64 { return float64(slices.Max(x) - slices.Min(x)) }
