package onnx_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// scaled is a file of x, (batch, 1, n), resized by the scales 0.1, 0.2, ..., 3.3, one result after the other.
func scaled(opset, n int64, attributes ...proto.Attribute) []byte {
	var nodes []proto.Node
	var parts []string
	for k := range 33 {
		y, scales := fmt.Sprint("y", k), fmt.Sprint("scales", k)
		in := x("", scales)
		if opset < 11 {
			in = x(scales)
		}
		nodes = append(nodes, floatsNode(scales, 1, 1, float32(k+1)/10), op(y, "Resize", in, attributes...))
		parts = append(parts, y)
	}
	return file(func(m *proto.Model) {
		m.Opsets[0].Version = opset
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: n}}
		m.Graph.Outputs[0].Dims = nil
	}, append(nodes, op("y", "Concat", parts, intAttr("axis", 2)))...)
}

// TestResizeScales: a Runner and a Network resize by a scale to the same elements, although no float32 is 0.4. onnxruntime and PyTorch
// divide and multiply in float32; where they agree, these are their elements.
func TestResizeScales(t *testing.T) {
	at, floor := "coordinate_transformation_mode", text("nearest_mode", "floor")
	for _, c := range []struct {
		name       string
		opset      int64
		attributes []proto.Attribute
		torch      func(i int, scale float64) int // the element that PyTorch takes
	}{
		{"nearest of opset 10", 10, nil, nil},
		{"nearest", 17, []proto.Attribute{text(at, "asymmetric"), floor}, func(i int, scale float64) int { return int(float32(i) * float32(1/scale)) }},
		{"ceil", 17, []proto.Attribute{text(at, "asymmetric"), text("nearest_mode", "ceil")}, nil},
		{"half pixels", 17, nil, nil},
		{"linear", 17, []proto.Attribute{text("mode", "linear")}, nil},
		{"cubic", 17, []proto.Attribute{text("mode", "cubic")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var engine *ort.Runtime
			if _, _, err := ort.Find(); err == nil && c.torch != nil {
				engine = ort.Start(t)
			}
			for n := 10; n <= 100; n += 3 {
				in := tensor.New(tensor.WithShape(1, 1, n), tensor.Of(tensor.Float32))
				for i := range n {
					in.Float32s()[i] = float32(i)
				}
				b := scaled(c.opset, int64(n), c.attributes...)
				r, err := onnx.LoadBytes(b, "")
				require.NoError(t, err)
				got := ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{1, 1, n}, in.Float32s()...)})["y"].Data.([]float32)
				require.InDeltaSlice(t, predicted(t, imported(t, b), in).Float32s(), got, 1e-4, "%d elements", n)
				if engine == nil {
					continue
				}
				y, err := engine.Run(b, in)
				require.NoError(t, err)
				theirs := y[0].Float32s()
				require.Len(t, got, len(theirs))
				for k := range 33 {
					scale, size := float64(k+1)/10, int(float32(n)*(float32(k+1)/10))
					for i := range size {
						if want := c.torch(i, scale); theirs[i] == float32(want) {
							require.EqualValues(t, want, got[i], "element %d of %d by %v", i, n, scale)
						}
					}
					theirs, got = theirs[size:], got[size:]
				}
			}
		})
	}
}

// TestResizeScale: F.interpolate(torch.arange(8.)[None, None], scale_factor=0.4, mode="nearest") of PyTorch.
func TestResizeScale(t *testing.T) {
	for operator, b := range map[string][]byte{
		"Resize": file(func(m *proto.Model) {
			m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: 8}}
			m.Graph.Outputs[0].Dims = nil
		}, floatsNode("scales", 1, 1, 0.4), node("Resize", x("", "scales"), text("coordinate_transformation_mode", "asymmetric"), text("nearest_mode", "floor"))),
		"Upsample": file(func(m *proto.Model) {
			m.Opsets[0].Version = 9
			m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: 8}}
			m.Graph.Outputs[0].Dims = nil
		}, floatsNode("scales", 1, 1, 0.4), node("Upsample", x("scales"))),
	} {
		r, err := onnx.LoadBytes(b, "")
		require.NoError(t, err)
		in := []float32{0, 1, 2, 3, 4, 5, 6, 7}
		require.Equal(t, []float32{0, 2, 5}, ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{1, 1, 8}, in...)})["y"].Data, operator)
		require.Equal(t, []float32{0, 2, 5}, predicted(t, imported(t, b), tensor.New(tensor.WithShape(1, 1, 8), tensor.WithBacking(in))).Float32s(), operator)
	}
}
