package onnx_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// TestRoiAlignWithoutArea: with as many samples as a region has elements, one without an area has none, and its result is 0. The
// numbers are those of onnxruntime 1.30.
func TestRoiAlignWithoutArea(t *testing.T) {
	image := onnx.Tensor{Shape: []int{1, 1, 5, 5}, Data: make([]float32, 25)}
	for i := range 25 {
		image.Data.([]float32)[i] = float32(i)
	}
	boxes := float32s([]int{4, 4}, 2, 2, 2, 2, 3, 3, 1, 1, 1, 1, 3, 3, 1, 2, 3, 2)
	for _, c := range []struct {
		name       string
		attributes []proto.Attribute
		want       []float32
	}{
		{"average", nil, []float32{0, 0, 9, 0}},
		{"maximum", []proto.Attribute{text("mode", "max")}, []float32{0, 0, 12, 0}},
		{"one sample", []proto.Attribute{intAttr("sampling_ratio", 1)}, []float32{9, 9, 9, 9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := proto.Graph{
				Nodes:  []proto.Node{op("y", "RoiAlign", []string{"x", "boxes", "at"}, c.attributes...)},
				Inputs: []proto.Value{value("x", proto.Float32, 1, 1, 5, 5), value("boxes", proto.Float32, 4, 4), value("at", proto.Int64, 4)}, Outputs: []proto.Value{value("y", proto.Float32, 4, 1, 1, 1)},
			}
			at := onnx.Tensor{Shape: []int{4}, Data: make([]int64, 4)}
			require.Equal(t, c.want, ran(t, loaded(t, g), map[string]onnx.Tensor{"x": image, "boxes": boxes, "at": at})["y"].Data)
			t.Run("onnxruntime", func(t *testing.T) {
				engine, path := ort.Start(t), filepath.Join(t.TempDir(), "m.onnx")
				require.NoError(t, os.WriteFile(path, proto.Encode(&proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: g}), 0o644))
				y, err := engine.RunValues(path, map[string]ort.Value{"x": {Shape: image.Shape, Data: image.Data}, "boxes": {Shape: boxes.Shape, Data: boxes.Data}, "at": {Shape: at.Shape, Data: at.Data}})
				require.NoError(t, err)
				require.Equal(t, c.want, y["y"].Data)
			})
		})
	}
}
