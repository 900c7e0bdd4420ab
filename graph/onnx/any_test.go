package onnx_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// An open network has dimensions that are graph.Any.
type open struct {
	network
	sizes [][]int    // for these
	names [][]string // of the dimensions of the input and the output in the file, "" for fixed ones
}

var (
	times   = [][]int{{1}, {2}, {7}, {50}}
	areas   = [][]int{{9, 13}, {10, 10}, {31, 8}, {14, 17}}
	timeDim = [][]string{{"batch", "time", ""}, {"batch", "time", ""}}
	areaDim = [][]string{{"batch", "", "height", "width"}, {"batch", "", "height", "width"}}
	anyTime = []int{graph.Any, 4}
	anyArea = []int{2, graph.Any, graph.Any}
)

var opens = []open{
	{network{"dense", layers.Dense{Units: 3}, anyTime}, times, timeDim},
	{network{"softmax over time", layers.Softmax{Axis: 1}, anyTime}, times, timeDim},
	{network{"flatten", layers.Flatten{}, anyTime}, times, [][]string{{"batch", "time", ""}, {"batch", "4*time"}}},
	{network{"layer norm", layers.LayerNorm{}, anyTime}, times, timeDim},
	{network{"rms norm", layers.RMSNorm{}, anyTime}, times, timeDim},
	{network{"attention", layers.MultiHeadAttention{Heads: 2}, anyTime}, times, timeDim},
	{network{"positions", layers.PositionalEncoding{Max: 60}, anyTime}, times, timeDim},
	{network{"positions without a limit", layers.PositionalEncoding{}, anyTime}, times, timeDim},
	{network{"attention, rotary", layers.MultiHeadAttention{Heads: 2, Rotary: true}, anyTime}, times, timeDim},
	{network{"attention, causal", layers.MultiHeadAttention{Heads: 2, Causal: true}, anyTime}, times, timeDim},
	{network{"decoder", layers.Sequential{layers.TransformerDecoder{Heads: 2, Rotary: true}, layers.TransformerDecoder{PostNorm: true, Rotary: true}}, anyTime},
		times, timeDim},
	{network{"decoder, with a mask", layers.Sequential{lambda(func(x graph.Node) graph.Node {
		return x.Masked(x.Slice(2, 0, 1).Sign().ReLU().Reshape(x.Dim(0), x.Dim(1)))
	}), layers.TransformerDecoder{Heads: 2, Rotary: true}}, anyTime}, times, timeDim},
	{network{"causal to its own first steps", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.MultiHeadAttention{Heads: 2, Causal: true}.Over(x.Slice(1, 0, -1)), x)
	}), anyTime}, times[1:], timeDim},
	{network{"learned positions", layers.PositionalEncoding{Learned: true, Max: 60}, anyTime}, times, timeDim},
	{network{"concat of times", layers.Concat{Axis: 1, Layers: []graph.Layer{layers.Dense{Units: 4}, layers.Identity{}}}, anyTime}, times,
		[][]string{{"batch", "time", ""}, {"batch", "2*time", ""}}},
	{network{"parts", lambda(func(x graph.Node) graph.Node {
		y := x.Slice(1, 0, -1)
		return graph.Concat(1, x.Slice(1, -2, 0), y, x.Pad(1, 2, 1), x.Reverse(1), y.Sub(x.Slice(1, 1, 0)))
	}), anyTime}, times[1:], [][]string{{"batch", "time", ""}, nil}},
	{network{"numbers of steps", lambda(func(x graph.Node) graph.Node { return x.Scale(float64(3 * x.Dim(1))) }), anyTime}, times, timeDim},
	{network{"means", lambda(func(x graph.Node) graph.Node { return x.Sub(x.Mean(1).Expand(1)).Add(x.Max(2).Expand(2)) }), anyTime}, times, timeDim},
	{network{"a constant for all times", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return graph.Concat(1, x, s.Scalar(2).BroadcastTo(x.Dim(0), x.Dim(1)+1, 4), s.Scalar(3).BroadcastTo(x.Dim(0), 2*x.Dim(1), 4))
	}), anyTime}, times, [][]string{{"batch", "time", ""}, nil}},
	{network{"transformer", layers.Sequential{
		layers.PositionalEncoding{Max: 60},
		layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.MultiHeadAttention{Heads: 2}}},
		layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.Dense{Units: 8}, layers.GELU{}, layers.Dense{Units: 4}}},
	}, anyTime}, times, timeDim},
	{network{"lstm", layers.LSTM{Units: 3, ReturnSequences: true}, anyTime}, times, timeDim},
	{network{"both ways", layers.Sequential{layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnSequences: true}}, layers.SimpleRNN{Units: 2}}, anyTime}, times,
		[][]string{{"batch", "time", ""}, {"batch", ""}}},
	{network{"a loop", loops[0].layer, []int{graph.Any, 3}}, times, timeDim},
	{network{"a loop that attends", attending, anyTime}, times, timeDim},
	{network{"conv1d", layers.Sequential{layers.Conv1D{Filters: 3, Kernel: 3}, layers.ReLU{}}, []int{4, graph.Any}}, [][]int{{3}, {8}, {31}},
		[][]string{{"batch", "", "length"}, nil}},
	{network{"conv1d, causal", layers.Conv1D{Filters: 3, Kernel: 3, Padding: layers.Causal, Dilation: 2}, []int{4, graph.Any}}, times,
		[][]string{{"batch", "", "length"}, {"batch", "", "length"}}},
	{network{"conv1d, same, stride", layers.Conv1D{Filters: 3, Kernel: 4, Stride: 3, Padding: layers.Same}, []int{4, graph.Any}}, times,
		[][]string{{"batch", "", "length"}, nil}},
	{network{"conv transpose 1d", layers.ConvTranspose1D{Filters: 2, Kernel: 3, Stride: 2, OutputPadding: 1}, []int{4, graph.Any}}, times,
		[][]string{{"batch", "", "length"}, nil}},
	{network{"pools 1d", layers.Sequential{layers.MaxPool1D{}, layers.AvgPool1D{Size: 3, Stride: 2, Padding: layers.Same}}, []int{4, graph.Any}},
		[][]int{{4}, {5}, {19}}, [][]string{{"batch", "", "length"}, nil}},
	{network{"conv2d, same, stride", layers.Conv2D{Filters: 3, Kernel: []int{3, 2}, Stride: []int{2, 3}, Padding: layers.Same}, anyArea}, areas, nil},
	{network{"conv2d, same, dilation", layers.Conv2D{Filters: 3, Kernel: []int{3}, Dilation: []int{2}, Padding: layers.Same}, anyArea}, areas, areaDim},
	{network{"pools, same", layers.Sequential{layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Same},
		layers.AvgPool2D{Size: []int{3, 2}, Stride: []int{2}, Padding: layers.Same, IgnorePadding: true}}, anyArea}, areas, nil},
	{network{"norms", layers.Sequential{layers.BatchNorm{}, layers.GroupNorm{Groups: 2}, layers.PReLU{}}, anyArea}, areas, areaDim},
	{network{"up-sample", layers.UpSample2D{Size: []int{2, 3}}, anyArea}, areas, [][]string{{"batch", "", "height", "width"}, {"batch", "", "2*height", "3*width"}}},
	{network{"down and up", layers.Sequential{layers.MaxPool2D{}, layers.UpSample2D{}, layers.Conv2D{Filters: 2, Kernel: []int{3}}}, anyArea}, areas, nil},
	{network{"depthwise, separable", layers.Sequential{layers.DepthwiseConv2D{Kernel: []int{3}}, layers.SeparableConv2D{Filters: 2, Kernel: []int{3}}}, anyArea}, areas, nil},
	{network{"zero pad", layers.ZeroPad2D{Top: 1, Left: 2}, anyArea}, areas, nil},
	{network{"conv transpose 2d", layers.ConvTranspose2D{Filters: 2, Kernel: []int{2, 3}, Stride: []int{2}}, anyArea}, areas, nil},
	{network{"max pool, ceil mode", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, CeilMode: true}, anyArea}, areas, nil},
	{network{"avg pool, padding", layers.AvgPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1)}, anyArea}, areas, nil},
	{network{"one part", layers.AdaptiveAvgPool2D{}, anyArea}, areas, [][]string{{"batch", "", "height", "width"}, {"batch", "", "", ""}}},
	{network{"parts of the height", layers.AdaptiveMaxPool2D{Size: []int{2, 1}}, []int{2, 5, graph.Any}}, [][]int{{1}, {8}}, nil},
	{network{"up-sample 1d", layers.UpSample1D{}, []int{4, graph.Any}}, times, [][]string{{"batch", "", "length"}, {"batch", "", "2*length"}}},
	{network{"resize to a size", layers.Resize2D{Size: []int{4, 7}}, anyArea}, areas, [][]string{{"batch", "", "height", "width"}, {"batch", "", "", ""}}},
	{network{"resize by a factor", layers.Resize2D{Scale: []float64{2, 1.5}, Interpolation: layers.Nearest}, anyArea}, areas, nil},
	{network{"resize 1d", layers.Resize1D{Scale: 0.5}, []int{4, graph.Any}}, [][]int{{2}, {7}, {50}}, nil},
	{network{"resize one axis", layers.Resize2D{Size: []int{4, 9}}, []int{2, 3, graph.Any}}, [][]int{{4}, {11}}, nil},
	{network{"pad, wrap", layers.ZeroPad2D{Top: 1, Left: 2, Right: 1, Mode: graph.PadWrap}, anyArea}, areas, nil},
	{network{"pad, reflect", layers.ZeroPad2D{Top: 1, Left: 2, Mode: graph.PadReflect}, anyArea}, areas, nil},
	{network{"crop", layers.Crop2D{Top: 1, Left: 1, Right: 2}, anyArea}, areas, nil},
	{network{"permute", layers.Permute{Axes: []int{3, 1, 2}}, anyArea}, areas, [][]string{{"batch", "", "height", "width"}, {"batch", "width", "", "height"}}},
	{network{"flat images", layers.Sequential{layers.Conv2D{Filters: 2, Kernel: []int{3}}, layers.Flatten{}}, anyArea}, areas, nil},
	{network{"only the width", layers.Conv2D{Filters: 2, Kernel: []int{3}}, []int{2, 8, graph.Any}}, [][]int{{4}, {9}}, [][]string{{"batch", "", "", "width"}, nil}},
	{network{"images", layers.Sequential{
		layers.Conv2D{Filters: 4, Kernel: []int{3}, Stride: []int{2}, Padding: layers.Same}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{},
		layers.Residual{Layer: layers.Conv2D{Filters: 4, Kernel: []int{3}, Padding: layers.Same}}, layers.GlobalAvgPool{}, layers.Dense{Units: 3}, layers.Softmax{},
	}, anyArea}, areas, [][]string{{"batch", "", "height", "width"}, {"batch", ""}}},
	{network{"multiples of four", layers.Sequential{layers.Residual{Layer: layers.Sequential{
		layers.MaxPool2D{Size: []int{4}}, layers.Conv2D{Filters: 2, Kernel: []int{3}, Padding: layers.Same}, layers.UpSample2D{Size: []int{4}}}}}, anyArea},
		[][]int{{4, 8}, {16, 12}}, areaDim},
}

// with returns a shape with sizes for its Any dimensions.
func with(shape, sizes []int) []int {
	shape = slices.Clone(shape)
	for i, d := range shape {
		if d == graph.Any {
			shape[i], sizes = sizes[0], sizes[1:]
		}
	}
	return shape
}

// TestAny: dimensions that are graph.Any have names in files, and networks read from these take any size too.
func TestAny(t *testing.T) {
	for _, n := range opens {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n.network, tensor.Float32)
			file := written(t, m)
			inputs, outputs := ends(t, file)
			for i, got := range [][]string{inputs[0], outputs[0]} {
				if i < len(n.names) && n.names[i] != nil {
					require.Equal(t, n.names[i], got)
				}
			}
			again := imported(t, file)
			require.Equal(t, m.Input(), again.Input())
			require.Equal(t, m.Output(), again.Output())
			exact := compiled(t, n.network, tensor.Float64) // a file's attention is summed in another order
			same := importedAs(t, written(t, exact), tensor.Float64)
			for _, sizes := range n.sizes {
				x := samples(3, with(n.input, sizes), tensor.Float64)
				near(t, predicted(t, exact, x), predicted(t, same, x), 1e-11)
			}
			require.Equal(t, file, written(t, m))
		})
	}
}

// TestAnyRuntime: onnxruntime computes the same for any size.
func TestAnyRuntime(t *testing.T) {
	r := ort.Start(t)
	for _, n := range opens {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n.network, tensor.Float32)
			var inputs []*tensor.Dense
			for i, sizes := range n.sizes {
				inputs = append(inputs, samples(1+2*i, with(n.input, sizes), tensor.Float32))
			}
			outputs, err := r.Run(written(t, m), inputs...)
			require.NoError(t, err)
			for i, x := range inputs {
				near(t, predicted(t, m, x), outputs[i], 1e-5)
			}
		})
	}
}

// TestAnyErrors: networks whose operations depend on sizes in a way that has no form are errors.
func TestAnyErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		layer graph.Layer
		want  string
	}{
		{"table", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return x.Add(s.TimeTable(func(t, i int) float64 { return float64(t * i) }, x.Dim(1), 4))
		}), "onnx: Write: Constant[37 4]: got a constant that depends on the size of the batch or of a dimension that is graph.Any, want one for any size; " +
			"Scope.Waves makes one of sines and cosines"},
		{"number", lambda(func(x graph.Node) graph.Node { return x.Shift(float64(x.Dim(1))) }),
			"onnx: Write: Shift: got settings that depend on the size of the batch or of a dimension that is graph.Any, want constants"},
		{"half", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Scalar(2).BroadcastTo(x.Dim(0), x.Dim(1)/2+1) }),
			"got a size that is neither one of a value before it nor a multiple of one, plus a constant"},
		{"adaptive pool", layers.Sequential{lambda(func(x graph.Node) graph.Node { return x.SwapAxes(1, 2) }), layers.AdaptiveMaxPool1D{Size: 2}},
			"adaptivemaxpool1d1: MaxPool: got an adaptive pooling of a size that depends on the size of the batch or of a dimension that is graph.Any, want a constant, or one result"},
		{"antialias", layers.Sequential{lambda(func(x graph.Node) graph.Node { return x.SwapAxes(1, 2) }), layers.Resize1D{Size: 2, Antialias: true}},
			"got an axis whose size depends on the size of the batch or of a dimension that is graph.Any, want a constant, or a resize without antialias by a factor"},
		{"operations", lambda(func(x graph.Node) graph.Node {
			for range x.Dim(1) {
				x = x.Exp()
			}
			return x
		}), "onnx: Write: got different operations for different sizes of the batch or of a dimension that is graph.Any, want the same"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.layer, graph.Config{Input: anyTime})
			require.NoError(t, err)
			require.ErrorContains(t, onnx.Write(new(bytes.Buffer), m), c.want)
		})
	}
}

// checkSeveral checks that inputs that vary by themselves have names of their own, and those that must be equal the same name; also
// with onnxruntime, unless r is nil.
func checkSeveral(t *testing.T, r *ort.Runtime) {
	cross := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Input("memory").Mul(s.Input("mask").Expand(-1))
		s.Output("scores", x.MatMul(y.SwapAxes(1, 2)).Softmax())
		return x.MatMul(y.SwapAxes(1, 2)).Softmax().MatMul(y)
	})
	m, err := graph.Compile(cross, graph.Config{Input: anyTime, Inputs: map[string][]int{"memory": anyTime, "mask": {graph.Any}}})
	require.NoError(t, err)
	file := written(t, m)
	inputs, outputs := ends(t, file)
	require.Equal(t, [][]string{{"batch", "time", ""}, {"batch", "mask_time"}, {"batch", "mask_time", ""}}, inputs)
	require.Equal(t, [][]string{{"batch", "time", ""}, {"batch", "time", "mask_time"}}, outputs)
	again := imported(t, file)
	for _, sizes := range [][2]int{{1, 1}, {3, 5}, {6, 2}} {
		in := map[string]*tensor.Dense{
			graph.MainInput: samples(2, []int{sizes[0], 4}, tensor.Float32), "memory": samples(2, []int{sizes[1], 4}, tensor.Float32),
			"mask": samples(2, sizes[1:], tensor.Float32),
		}
		want, err := m.PredictAll(t.Context(), in)
		require.NoError(t, err)
		got, err := again.PredictAll(t.Context(), in)
		require.NoError(t, err)
		near(t, want["scores"], got["scores"], 1e-6)
		near(t, want[graph.MainOutput], got[graph.MainOutput], 1e-6)
		if r != nil {
			run, err := r.RunAll(file, in)
			require.NoError(t, err)
			near(t, want["scores"], run["scores"], 1e-5)
			near(t, want[graph.MainOutput], run[graph.MainOutput], 1e-5)
		}
	}
}

func TestAnySeveral(t *testing.T)        { checkSeveral(t, nil) }
func TestAnySeveralRuntime(t *testing.T) { checkSeveral(t, ort.Start(t)) }
