package onnx_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// normalized is a file with a batch normalization of 2 channels behind x of shape (batch, 2, 3), then the nodes, which compute y from
// b. batch is the declared one, 0 for an open one.
func normalized(batch int64, nodes ...proto.Node) []byte {
	return file(func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Size: batch}, {Size: 2}, {Size: 3}}
		m.Graph.Outputs[0].Dims = nil
		m.Graph.Initializers = []proto.Tensor{numbers("scale", 1, 2), numbers("bias", 0, 1), numbers("mean", 0.5, -0.5), numbers("variance", 2, 3),
			{Name: "w", Type: proto.Float32, Dims: []int64{6, 2}, Raw: raw(1, 0, 0, 2, 0, 1, 0, 3, 1, 0, 1, -1)}}
	}, append([]proto.Node{op("b", "BatchNormalization", []string{"x", "scale", "bias", "mean", "variance"})}, nodes...)...)
}

// TestDeclaredBatchStatistics: training on a file that declares its batch takes the statistics of the whole batch, as for a file with an
// open one, where the constant shapes of Reshape hold the declared batch.
func TestDeclaredBatchStatistics(t *testing.T) {
	dense := op("y", "MatMul", []string{"f", "w"})
	open := normalized(0, intsNode("shape", 0, 6), op("f", "Reshape", []string{"b", "shape"}), dense)
	for _, c := range []struct {
		name  string
		batch int64
		nodes []proto.Node
	}{
		{"no batch in a shape", 1, []proto.Node{intsNode("shape", -1, 6), op("f", "Reshape", []string{"b", "shape"})}},
		{"batch of 1", 1, []proto.Node{intsNode("shape", 1, -1), op("f", "Reshape", []string{"b", "shape"})}},
		{"batch of 2", 2, []proto.Node{intsNode("shape", 2, -1), op("f", "Reshape", []string{"b", "shape"})}},
		{"batch of 3", 3, []proto.Node{intsNode("shape", 3, 6), op("f", "Reshape", []string{"b", "shape"})}},
		{"batch and channels", 1, []proto.Node{intsNode("rows", 2, 3), op("r", "Reshape", []string{"b", "rows"}), intsNode("shape", 1, 6), op("f", "Reshape", []string{"r", "shape"})}},
		{"time as an open size", 1, []proto.Node{intsNode("some", 1, 2, -1), op("r", "Reshape", []string{"b", "some"}), intsNode("shape", 1, -1), op("f", "Reshape", []string{"r", "shape"})}},
	} {
		t.Run(c.name, func(t *testing.T) {
			trained := func(b []byte) (float64, map[string][]float32, *graph.Tensor) {
				net, err := onnx.Read(bytes.NewReader(b))
				require.NoError(t, err)
				m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1}})
				require.NoError(t, err)
				rows, targets := samples(6, []int{2, 3}, tensor.Float32), samples(6, []int{2}, tensor.Float32)
				loss, _, err := m.Gradients(rows, targets)
				require.NoError(t, err)
				_, err = m.Fit(context.Background(), graph.Arrays{X: rows, Y: targets}, graph.FitConfig{Epochs: 2, BatchSize: 6})
				require.NoError(t, err)
				weights := map[string][]float32{}
				for name, w := range m.Weights() {
					weights[name] = w.Float32s()
				}
				return loss, weights, predicted(t, m, rows)
			}
			wantLoss, want, wantRows := trained(open)
			gotLoss, got, gotRows := trained(normalized(c.batch, append(c.nodes, dense)...))
			require.InDelta(t, wantLoss, gotLoss, 1e-6)
			require.Equal(t, len(want), len(got))
			for name := range want {
				require.InDeltaSlice(t, want[name], got[name], 1e-6, name)
			}
			near(t, wantRows, gotRows, 1e-6)
		})
	}
}

// TestLoopStatistics: a batch normalization in a loop has no statistics of the whole batch, so it predicts as a Runner and does not
// train.
func TestLoopStatistics(t *testing.T) {
	mixed := func(n int64) []byte {
		return normalized(n, intsNode("flat", -1), intsNode("rows", n, 2, 3), op("f", "Reshape", []string{"b", "flat"}), op("s", "Softmax", []string{"f"}, intAttr("axis", -1)), op("y", "Reshape", []string{"s", "rows"}))
	}
	body := &proto.Graph{Name: "body", Inputs: []proto.Value{{Name: "at", Type: proto.Float32}}, Outputs: []proto.Value{{Name: "out", Type: proto.Float32}},
		Nodes: []proto.Node{op("out", "BatchNormalization", []string{"at", "scale", "bias", "mean", "variance"})}}
	scanned := normalized(0, op("y", "Scan", []string{"b"}, intAttr("num_scan_inputs", 1), intsAttr("scan_input_axes", 2), intsAttr("scan_output_axes", 2), proto.Attribute{Name: "body", Kind: proto.Nested, Graph: body}))
	for _, c := range []struct {
		name  string
		batch int
		file  []byte
		node  string
	}{
		{"declared batch of 1", 1, mixed(1), "b (BatchNormalization)"},
		{"declared batch of 2", 2, mixed(2), "b (BatchNormalization)"},
		{"Scan", 6, scanned, "out (BatchNormalization)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(c.file))
			require.NoError(t, err)
			m, err := graph.Compile(net, graph.Config{Input: net.Input()})
			require.NoError(t, err)
			r, err := onnx.LoadBytes(c.file, "")
			require.NoError(t, err)
			rows := samples(6, []int{2, 3}, tensor.Float32)
			got := predicted(t, m, rows)
			for at := 0; at < 6; at += c.batch {
				part := float32s([]int{c.batch, 2, 3}, rows.Float32s()[6*at:6*(at+c.batch)]...)
				require.InDeltaSlice(t, ran(t, r, map[string]onnx.Tensor{"x": part})["y"].Data, got.Float32s()[6*at:6*(at+c.batch)], 1e-6)
			}
			want := c.node + ": got a loop that computes a part of the batch at each step, want the whole batch at once for its statistics: "
			_, err = m.TrainingMode(1).Predict(context.Background(), rows)
			require.ErrorContains(t, err, want)
			learning, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}})
			if err == nil { // Compile tries the declared batch
				require.Equal(t, 2, c.batch)
				_, _, err = learning.Gradients(rows, rows)
			}
			require.ErrorContains(t, err, want)
			require.NotContains(t, err.Error(), "x.Dim")
		})
	}
}

// TestAlwaysBatchStatistics: a batch normalization in training mode takes the statistics of its input. PyTorch writes it for one that
// keeps no running statistics, with outputs that nothing uses; before opset 14 these are what says training mode.
func TestAlwaysBatchStatistics(t *testing.T) {
	x := samples(4, []int{2, 3}, tensor.Float32)
	for _, c := range []struct {
		name    string
		opset   int64
		outputs []string
		running bool // the means and variances are initializers
		mode    []proto.Attribute
	}{
		{"opset 9", 9, []string{"y", "a", "b", "c", "d"}, false, nil},
		{"opset 13", 13, []string{"y", "a", "b", "c", "d"}, false, nil},
		{"opset 14", 14, []string{"y", "a", "b"}, false, []proto.Attribute{intAttr("training_mode", 1)}},
		{"opset 17, one output", 17, []string{"y"}, false, []proto.Attribute{intAttr("training_mode", 1)}},
		{"opset 17, inference", 17, []string{"y"}, false, nil},
		{"opset 13, initializers", 13, []string{"y", "a", "b", "c", "d"}, true, nil},
		{"opset 17, initializers", 17, []string{"y", "a", "b"}, true, []proto.Attribute{intAttr("training_mode", 1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []string{"x", "scale", "bias", "m", "v"}
			if c.running {
				in = []string{"x", "scale", "bias", "mean", "variance"}
			}
			axes := []proto.Attribute{intsAttr("axes", 0, 2), intAttr("keepdims", 0)}
			b := file(func(m *proto.Model) {
				m.Opsets[0].Version = c.opset
				m.Graph.Inputs[0].Dims = []proto.Dim{{Size: 2}, {Size: 2}, {Size: 3}}
				m.Graph.Outputs[0].Dims = nil
				m.Graph.Initializers = []proto.Tensor{numbers("scale", 1, 2), numbers("bias", 0, 1), numbers("mean", 5, 6), numbers("variance", 7, 8)}
			}, op("m", "ReduceMean", []string{"x"}, axes...), op("xx", "Mul", []string{"x", "x"}), op("s", "ReduceMean", []string{"xx"}, axes...),
				op("mm", "Mul", []string{"m", "m"}), op("v", "Sub", []string{"s", "mm"}),
				proto.Node{Name: "n", Operator: "BatchNormalization", Inputs: in, Outputs: c.outputs, Attributes: c.mode})
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			want := make([]float32, 24)
			for at := 0; at < 24; at += 12 { // a declared batch
				rows := x.Float32s()[at : at+12]
				for ch := range 2 {
					var sum, squares float64
					each := func(f func(i int)) {
						for k := range 6 {
							f(k/3*6 + ch*3 + k%3)
						}
					}
					each(func(i int) { sum, squares = sum+float64(rows[i]), squares+float64(rows[i])*float64(rows[i]) })
					mean := sum / 6
					dev := math.Sqrt(squares/6 - mean*mean + 1e-5)
					each(func(i int) { want[at+i] = float32((float64(rows[i])-mean)/dev*float64(1+ch) + float64(ch)) })
				}
				got := ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{2, 2, 3}, rows...)})["y"]
				require.InDeltaSlice(t, want[at:at+12], got.Data, 1e-5)
			}
			net, err := onnx.Read(bytes.NewReader(b))
			require.NoError(t, err)
			m, err := graph.Compile(net, graph.Config{Input: net.Input()})
			if c.running {
				require.ErrorContains(t, err, "n (BatchNormalization): got training mode with running statistics")
				return
			}
			require.NoError(t, err)
			require.InDeltaSlice(t, want, predicted(t, m, x).Float32s(), 1e-5)
			if len(c.outputs) == 5 {
				_, err = r.Run(context.Background(), map[string]onnx.Tensor{"x": float32s([]int{2, 2, 3}, x.Float32s()[:12]...)}, "d")
				require.ErrorContains(t, err, "onnx: Run: output 1: got no value, since its operator does not compute it")
			}
		})
	}
}
