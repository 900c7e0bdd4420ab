package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// A pictureCase is a file of one node over an image (1, 1, 3, 4) with the elements 1 to 12, but 5 for the first one, and the
// result that onnxruntime 1.30 has for it.
type pictureCase struct {
	name string
	file []byte
	want []float32
}

func text(name, v string) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.String, String: v}
}

// picture returns a file for an image: opset is that of the file, rows and columns are the size of the result.
func picture(opset int64, rows, columns int64, nodes ...proto.Node) []byte {
	return file(func(m *proto.Model) {
		m.Opsets[0].Version = opset
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: 3}, {Size: 4}}
		m.Graph.Outputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: rows}, {Size: columns}}
	}, nodes...)
}

// floatsNode returns a Constant of several numbers.
func floatsNode(name string, values ...float32) proto.Node {
	return proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{{Name: "value_floats", Kind: proto.Floats, Floats: values}}}
}

func pictureCases() []pictureCase {
	resize := func(rows, columns int64, a ...proto.Attribute) []byte {
		return picture(17, rows, columns, intsNode("sizes", 1, 1, rows, columns), node("Resize", x("", "", "sizes"), a...))
	}
	scale := func(opset int64, down, right float32, a ...proto.Attribute) []byte {
		rows, columns := int64(3*down+1e-5), int64(4*right+1e-5)
		return picture(opset, rows, columns, floatsNode("scales", 1, 1, down, right), node("Resize", x("", "scales"), a...))
	}
	pad := func(opset int64, mode string, rows, columns int64, pads ...int64) []byte {
		return picture(opset, rows, columns, intsNode("pads", pads...), node("Pad", x("pads"), text("mode", mode)))
	}
	linear, cubic, at := text("mode", "linear"), text("mode", "cubic"), "coordinate_transformation_mode"
	return []pictureCase{
		{"linear", resize(2, 5, linear), []float32{5, 3.6, 3.5, 4.3, 5, 8, 8.7, 9.5, 10.3, 11}},
		{"linear, one element", resize(1, 1, linear, text(at, "pytorch_half_pixel")), []float32{5}},
		{"linear, corners", resize(4, 3, linear, text(at, "align_corners")), []float32{5, 2.5, 4, 5, 5.166667, 6.666667, 6.3333335, 7.8333335, 9.333333, 9, 10.5, 12}},
		{"linear, asymmetric", resize(4, 5, linear, text(at, "asymmetric")), []float32{5, 2.6, 2.6, 3.4, 4, 5, 5, 5.6, 6.4, 7, 7, 7.8, 8.6, 9.4, 10, 9, 9.8, 10.6, 11.4, 12}},
		{"linear, symmetric", scale(19, 1, 1.5, linear, text(at, "half_pixel_symmetric")), []float32{5, 3.5, 2.1666665, 2.8333333, 3.5, 4, 5, 5.5, 6.1666665, 6.833333, 7.5, 8, 9, 9.5, 10.166666, 10.833333, 11.5, 12}},
		{"linear, a scale that leaves a rest", scale(17, 1.5, 0.7, linear), []float32{4.3571424, 2.642857, 4.7857137, 4.642857, 5.8809524, 7.3095236, 8.547619, 9.97619}},
		{"cubic", resize(2, 5, cubic), []float32{4.9865713, 3.2395318, 2.975586, 4.154875, 4.826375, 8.024458, 8.805893, 9.747559, 10.623627, 11.295125}},
		{"cubic, another kernel", resize(2, 5, cubic, proto.Attribute{Name: "cubic_coeff_a", Kind: proto.Float, Float: -0.5}, intAttr("exclude_outside", 1)), []float32{5.00937, 3.2291996, 2.968978, 4.0234475, 4.714802, 8.193816, 8.951969, 9.833941, 10.680382, 11.371736}},
		{"linear, antialias", picture(18, 1, 2, intsNode("sizes", 1, 2), node("Resize", x("", "", "sizes"), linear, intAttr("antialias", 1), intsAttr("axes", 2, -1))), []float32{6.291667, 7.3750005}},
		{"cubic, antialias", picture(18, 3, 2, intsNode("sizes", 3, 2), node("Resize", x("", "", "sizes"), cubic, intAttr("antialias", 1), intsAttr("axes", 2, 3))), []float32{3.4902344, 3.2285156, 5.4902344, 7.5097656, 9.490234, 11.509766}},
		{"nearest, floor", resize(2, 6, text(at, "asymmetric"), text("nearest_mode", "floor")), []float32{5, 5, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8}},
		{"nearest, ceil", resize(2, 6, text(at, "asymmetric"), text("nearest_mode", "ceil")), []float32{5, 2, 3, 3, 4, 4, 9, 10, 11, 11, 12, 12}},
		{"nearest, halves down", resize(1, 6), []float32{5, 5, 6, 7, 7, 8}},
		{"nearest, halves up", resize(1, 2, text("nearest_mode", "round_prefer_ceil")), []float32{6, 8}},
		{"opset 10", picture(10, 4, 6, floatsNode("scales", 1, 1, 1.5, 1.5), node("Resize", x("scales"), linear)), []float32{5, 3, 2.3333335, 3, 3.6666667, 4, 5, 4.7777777, 5, 5.666667, 6.3333335, 6.666667, 6.3333335, 7, 7.6666665, 8.333334, 9, 9.333333, 9, 9.666667, 10.333334, 11, 11.666667, 12}},
		{"Upsample", picture(9, 3, 6, floatsNode("scales", 1, 1, 1, 1.5), node("Upsample", x("scales"))), []float32{5, 5, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 9, 10, 11, 11, 12}},
		{"reflect", pad(17, "reflect", 5, 7, 0, 0, 2, 1, 0, 0, 0, 2), []float32{10, 9, 10, 11, 12, 11, 10, 6, 5, 6, 7, 8, 7, 6, 2, 5, 2, 3, 4, 3, 2, 6, 5, 6, 7, 8, 7, 6, 10, 9, 10, 11, 12, 11, 10}},
		{"edge", pad(17, "edge", 5, 7, 0, 0, 2, 1, 0, 0, 0, 2), []float32{5, 5, 2, 3, 4, 4, 4, 5, 5, 2, 3, 4, 4, 4, 5, 5, 2, 3, 4, 4, 4, 5, 5, 6, 7, 8, 8, 8, 9, 9, 10, 11, 12, 12, 12}},
		{"wrap", pad(19, "wrap", 5, 7, 0, 0, 2, 1, 0, 0, 0, 2), []float32{8, 5, 6, 7, 8, 5, 6, 12, 9, 10, 11, 12, 9, 10, 4, 5, 2, 3, 4, 5, 2, 8, 5, 6, 7, 8, 5, 6, 12, 9, 10, 11, 12, 9, 10}},
		{"cut off", pad(17, "constant", 2, 4, 0, 0, -1, 2, 0, 0, 0, -2), []float32{0, 0, 5, 6, 0, 0, 9, 10}},
		{"maximum, ceil mode", picture(17, 2, 2, node("MaxPool", x(), intsAttr("kernel_shape", 2, 3), intsAttr("strides", 2, 2), intAttr("ceil_mode", 1))), []float32{7, 8, 11, 12}},
		{"mean, ceil mode", picture(19, 2, 3, node("AveragePool", x(), intsAttr("kernel_shape", 2, 3), intsAttr("strides", 2, 2), intsAttr("pads", 0, 1, 0, 1),
			intAttr("ceil_mode", 1), intAttr("count_include_pad", 1))), []float32{3, 5, 3, 6.3333335, 11, 6}},
		{"mean, dilation", picture(19, 3, 2, node("AveragePool", x(), intsAttr("kernel_shape", 2, 2), intsAttr("dilations", 2, 2), intsAttr("pads", 1, 0, 1, 0))), []float32{6, 7, 7, 7, 6, 7}},
	}
}

func TestPictures(t *testing.T) {
	in := picturePixels()
	for _, c := range pictureCases() {
		t.Run(c.name, func(t *testing.T) {
			m := imported(t, c.file)
			require.InDeltaSlice(t, c.want, predicted(t, m, in).Float32s(), 1e-5)
			t.Run("written again", func(t *testing.T) {
				require.InDeltaSlice(t, c.want, predicted(t, imported(t, written(t, m)), in).Float32s(), 1e-5)
			})
		})
	}
}

// TestPicturesRuntime: the same numbers come from onnxruntime.
func TestPicturesRuntime(t *testing.T) {
	r := ort.Start(t)
	in := picturePixels()
	for _, c := range pictureCases() {
		t.Run(c.name, func(t *testing.T) {
			for _, b := range [][]byte{c.file, written(t, imported(t, c.file))} {
				y, err := r.Run(b, in)
				require.NoError(t, err)
				require.InDeltaSlice(t, c.want, y[0].Float32s(), 1e-5)
			}
		})
	}
}

// picturePixels returns the input of pictureCases.
func picturePixels() *tensor.Dense {
	return tensor.New(tensor.WithShape(1, 1, 3, 4), tensor.WithBacking([]float32{5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}))
}

// TestPictureErrors: a node that is not supported, or does not fit the image, is an error that says why.
func TestPictureErrors(t *testing.T) {
	sizes, scales := intsNode("sizes", 1, 1, 2, 2), floatsNode("scales", 1, 1, 2, 2)
	to := func(a ...proto.Attribute) []byte {
		return picture(18, 2, 2, sizes, node("Resize", x("", "", "sizes"), a...))
	}
	pads := func(mode string, n ...int64) []byte {
		return picture(18, 2, 2, intsNode("pads", n...), node("Pad", x("pads"), text("mode", mode)))
	}
	for want, b := range map[string][]byte{
		"attribute mode: got \"area\", want nearest, linear or cubic":                            to(text("mode", "area")),
		"attribute nearest_mode: got \"up\", want round_prefer_floor":                            to(text("nearest_mode", "up")),
		"attribute coordinate_transformation_mode: got \"tf_crop_and_resize\", want half_pixel":  to(text("coordinate_transformation_mode", "tf_crop_and_resize")),
		"attribute keep_aspect_ratio_policy: got \"not_larger\", want stretch":                   to(text("keep_aspect_ratio_policy", "not_larger")),
		"got 0 scales and 4 sizes for 2 axes of shape [2 1 3 4], want a constant one for each":   to(intsAttr("axes", 2, 3)),
		"got axes [0 1 2 4] for shape [2 1 3 4], want its axes":                                  to(intsAttr("axes", 0, 1, 2, 4)),
		"got scales [2 1 1 1] and sizes [] for shape [2 1 3 4], want":                            picture(17, 2, 2, floatsNode("scales", 2, 1, 1, 1), node("Resize", x("", "scales"))),
		"want positive ones of at most 16777216, and 1 for the batch":                            picture(17, 2, 2, floatsNode("scales", 1, 1, 1, 0.1), node("Resize", x("", "scales"))),
		"got scale 1.4 for 4 elements with half_pixel_symmetric, want one that gives an integer": picture(19, 3, 5, floatsNode("scales", 1, 1, 1, 1.4), node("Resize", x("", "scales"), text("mode", "linear"), text("coordinate_transformation_mode", "half_pixel_symmetric"))),
		"antialiasing of RoundDown resizing, want linear or cubic":                               to(intAttr("antialias", 1)),
		"attribute mode: got \"cubic\", want nearest or linear":                                  picture(9, 6, 8, scales, node("Upsample", x("scales"), text("mode", "cubic"))),
		"attribute mode: got \"mirror\", want constant, reflect, edge or wrap":                   pads("mirror", 0, 0, 0, 0, 0, 0, 0, 0),
		"got padding of -1, 0 with mode edge, want 0 or more":                                    pads("edge", 0, 0, -1, 0, 0, 0, 0, 0),
		"got padding of -1, -2 for 3 elements, want at least one left":                           pads("constant", 0, 0, -1, 0, 0, 0, -2, 0),
		"Pad: Reflect: got 3 and 0 elements around 3, want 0 to 2":                               pads("reflect", 0, 0, 3, 0, 0, 0, 0, 0),
	} {
		t.Run(want, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(b))
			require.NoError(t, err)
			_, err = graph.Compile(net, graph.Config{Input: net.Input()})
			require.ErrorContains(t, err, want)
		})
	}
}
