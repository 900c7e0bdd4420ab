package onnx_test

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// checkStaying compares files of resizes by factors near 1 with the models, for sizes that stay and for sizes that grow: the elements of
// one that stays are not those of the input. onnxruntime, if there is one, returns the input when no size changes.
func checkStaying(t *testing.T, r *ort.Runtime) {
	line, area, time := []int{2, graph.Any}, []int{2, graph.Any, graph.Any}, []int{graph.Any, 3}
	sequence := lambda(func(x graph.Node) graph.Node { // along the time of (batch, time, features)
		return x.Resize(1, x.Dim(1)*9/8, graph.Resizing{Interpolation: graph.ResizeFloor, Positions: graph.Asymmetric, Scale: 1.125})
	})
	cases := map[string]network{
		"corners":     {"", layers.Resize1D{Scale: 1.1, AlignCorners: true}, line},
		"two factors": {"", layers.Resize2D{Scale: []float64{1.1, 1.3}, Interpolation: layers.Nearest}, area},
		"one grows":   {"", layers.Resize2D{Scale: []float64{1.1, 2}, Interpolation: layers.Nearest}, area},
		"one is 1":    {"", layers.Resize2D{Scale: []float64{1.25, 1}, Interpolation: layers.Nearest}, area},
		"one shrinks": {"", layers.Resize2D{Scale: []float64{0.5, 1.1}, Interpolation: layers.Nearest}, area},
		"sequence":    {"", sequence, time},
	}
	for _, scale := range []float64{1.1, 1.25, 1.49} {
		for k := layers.Bilinear; k <= layers.NearestExact; k++ {
			cases[fmt.Sprint("line ", k, scale)] = network{"", layers.Resize1D{Scale: scale, Interpolation: k}, line}
			cases[fmt.Sprint("area ", k, scale)] = network{"", layers.Resize2D{Scale: []float64{scale}, Interpolation: k}, area}
		}
	}
	for name, n := range cases {
		t.Run(name, func(t *testing.T) {
			m := compiled(t, n, tensor.Float32)
			for _, opset := range []int{11, 17} {
				var shapes [][]int
				for _, size := range []int{2, 3, 5, 16, 17, 20} {
					shapes = append(shapes, with(n.input, []int{size, size}))
				}
				checkShapes(t, r, m, opset, shapes)
			}
		})
	}
}

func TestStaying(t *testing.T)        { checkStaying(t, nil) }
func TestStayingRuntime(t *testing.T) { checkStaying(t, ort.Start(t)) }
