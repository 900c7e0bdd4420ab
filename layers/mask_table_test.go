package layers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A maskRow is a layer of sequences, (batch, time, 4).
type maskRow struct {
	name  string
	layer graph.Layer
	fixed bool // the number of steps is part of its parameters or of its output
}

// swapped is a layer of (batch, features, time).
func swapped(l graph.Layer) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Apply(l, x.SwapAxes(1, 2)) })
}

func maskRows() []maskRow {
	rows := []maskRow{
		{"Add", layers.Add{layers.Dense{Units: 4}, layers.Identity{}}, false},
		{"AvgPool1D", layers.AvgPool1D{Size: 2, Stride: 1}, false},
		{"AvgPool1D, padding ignored", layers.AvgPool1D{Size: 3, Stride: 1, Padding: layers.Same, IgnorePadding: true}, false},
		{"AvgPool1D, padding", layers.AvgPool1D{Size: 3, Stride: 2, Padding: layers.Pad(1)}, false},
		{"BatchNorm", layers.BatchNorm{}, false},
		{"BatchNorm, time last", swapped(layers.BatchNorm{}), false},
		{"Concat", layers.Concat{Axis: -1, Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Tanh{}}}, false},
		{"Conv1D", layers.Conv1D{Filters: 3, Kernel: 2}, false},
		{"Conv1D, same", layers.Conv1D{Filters: 3, Kernel: 4, Padding: layers.Same}, false},
		{"Conv1D, causal", layers.Conv1D{Filters: 3, Kernel: 3, Padding: layers.Causal, Dilation: 2, Stride: 2}, false},
		{"Conv1D, padding", layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Pad(1), Stride: 3}, false},
		{"Conv1D, stride", layers.Conv1D{Filters: 2, Kernel: 3, Stride: 2}, false},
		{"Conv1D, time last", swapped(layers.Conv1D{Filters: 3, Kernel: 2}), false},
		{"Conv1D, pooled", layers.Sequential{layers.Conv1D{Filters: 3, Kernel: 2}, layers.MaxPool1D{}, layers.GlobalMaxPool{}}, false},
		{"Bucket", layers.Sequential{layers.Bucket{Edges: [][]float64{{0.1}, {}, {-0.3, 0.2}, {0}}}, layers.Dense{Units: 2}}, false},
		{"Impute", layers.Impute{Value: []float64{1, 2, 3, 4}}, false},
		{"Normalize", layers.Normalize{Offset: []float64{1, 2, 3, 4}, Scale: []float64{1, 2, 3, 4}}, false},
		{"OneHot", layers.Sequential{layers.Bucket{Edges: [][]float64{{0.1}, {}, {-0.3, 0.2}, {0}}}, layers.OneHot{Classes: 3}, layers.Dense{Units: 2}}, false},
		{"Bidirectional", layers.Bidirectional{Layer: layers.GRU{Units: 3, ReturnSequences: true}}, false},
		{"Bidirectional, last", layers.Bidirectional{Layer: layers.LSTM{Units: 3}}, false},
		{"Bidirectional, convolution", layers.Bidirectional{Layer: layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Causal}}, false},
		{"Bidirectional, stride", layers.Bidirectional{Layer: layers.Conv1D{Filters: 2, Kernel: 2, Stride: 2, Padding: layers.Pad(1)}}, false},
		{"Bidirectional, pooling", layers.Bidirectional{Layer: layers.Sequential{layers.MaxPool1D{}, layers.GlobalAvgPool{}}}, false},
		{"Bidirectional, positions", layers.Bidirectional{Layer: layers.Sequential{layers.PositionalEncoding{}, layers.Dense{Units: 2}}}, false},
		{"Bidirectional, attention", layers.Bidirectional{Layer: layers.MultiHeadAttention{Heads: 2, Causal: true, Rotary: true}}, false},
		{"Bidirectional, two layers", layers.Bidirectional{Layer: layers.Sequential{layers.GRU{Units: 3, ReturnSequences: true}, layers.LayerNorm{}}}, false},
		{"Bidirectional, a layer that drops the mask", layers.Bidirectional{Layer: layers.Lambda(func(x graph.Node) graph.Node {
			return x.FillPadding(0).CumSum(1, false, false)
		})}, true},
		{"DepthwiseConv1D", layers.DepthwiseConv1D{Kernel: 2}, false},
		{"Dense", layers.Dense{Units: 3}, false},
		{"Dense over the time", swapped(layers.Dense{Units: 3}), true},
		{"Flatten", layers.Sequential{layers.Flatten{}, layers.Dense{Units: 2}}, true},
		{"GRU", layers.GRU{Units: 3, ReturnSequences: true}, false},
		{"GRU, last", layers.GRU{Units: 3}, false},
		{"GlobalAvgPool", layers.GlobalAvgPool{}, false},
		{"GlobalAvgPool, time last", swapped(layers.GlobalAvgPool{}), false},
		{"GlobalMaxPool", layers.GlobalMaxPool{}, false},
		{"GlobalMaxPool, time last", swapped(layers.GlobalMaxPool{}), false},
		{"GroupNorm", layers.GroupNorm{Groups: 2}, false},
		{"GroupNorm, time last", swapped(layers.GroupNorm{}), false},
		{"LSTM", layers.LSTM{Units: 3, ReturnSequences: true, Reverse: true}, false},
		{"LSTM, last", layers.LSTM{Units: 3}, false},
		{"LayerNorm", layers.LayerNorm{}, false},
		{"LayerNorm over the time", layers.LayerNorm{Dims: 2, NoAffine: true}, false},
		{"MaxPool1D", layers.MaxPool1D{}, false},
		{"MaxPool1D, padding", layers.MaxPool1D{Size: 3, Stride: 1, Padding: layers.Same}, false},
		{"MultiHeadAttention", layers.MultiHeadAttention{Heads: 2}, false},
		{"MultiHeadAttention, causal", layers.MultiHeadAttention{Heads: 2, KeyHeads: 1, Causal: true, Rotary: true}, false},
		{"Multiply", layers.Multiply{layers.Dense{Units: 4}, layers.Sigmoid{}}, false},
		{"Permute", layers.Sequential{layers.Permute{Axes: []int{2, 1}}, layers.Conv1D{Filters: 2, Kernel: 2}, layers.GlobalMaxPool{}}, false},
		{"PReLU", layers.PReLU{}, false},
		{"PositionalEncoding", layers.PositionalEncoding{}, false},
		{"RMSNorm", layers.RMSNorm{}, false},
		{"RMSNorm over the time", swapped(layers.RMSNorm{NoAffine: true}), false},
		{"Rescale", layers.Rescale{Offset: []float64{1}, Scale: []float64{2}}, false},
		{"Reshape", layers.Sequential{layers.Reshape{Shape: []int{-1}}, layers.Dense{Units: 2}}, true},
		{"Reshape of the features", layers.Sequential{layers.Reshape{Shape: []int{7, 2, 2}}, layers.Dense{Units: 2}}, true},
		{"Recompute", layers.Recompute{Layer: layers.GRU{Units: 3}}, false},
		{"Residual", layers.Residual{Layer: layers.Dense{Units: 4}}, false},
		{"Softmax over the time", layers.Softmax{Axis: 1}, false},
		{"Softmax, steps as classes", swapped(layers.Softmax{}), true},
		{"LogSoftmax over the time", layers.Sequential{layers.LogSoftmax{Axis: 1}, layers.Dense{Units: 2}}, false},
		{"LogSoftmax, steps as classes", layers.Sequential{swapped(layers.LogSoftmax{}), layers.Lambda(func(x graph.Node) graph.Node { return x.Exp() })}, true},
		{"SeparableConv1D", layers.SeparableConv1D{Filters: 2, Kernel: 3, Padding: layers.Causal}, false},
		{"SimpleRNN", layers.SimpleRNN{Units: 3, ReturnSequences: true}, false},
		{"SimpleRNN, last", layers.SimpleRNN{Units: 3, Reverse: true}, false},
		{"TransformerDecoder", layers.TransformerDecoder{Heads: 2}, false},
		{"TransformerEncoder", layers.TransformerEncoder{Heads: 2, PostNorm: true}, false},
		{"SpatialDropout", layers.SpatialDropout{Rate: 0}, false},
	}
	for name, l := range map[string]graph.Layer{
		"Dropout": layers.Dropout{}, "ELU": layers.ELU{}, "GELU": layers.GELU{}, "GaussianNoise": layers.GaussianNoise{}, "HardSigmoid": layers.HardSigmoid{},
		"Identity": layers.Identity{}, "LeakyReLU": layers.LeakyReLU{}, "LogSoftmax": layers.LogSoftmax{}, "Mish": layers.Mish{}, "ReLU": layers.ReLU{},
		"SELU": layers.SELU{}, "SiLU": layers.SiLU{}, "Sigmoid": layers.Sigmoid{}, "Softmax": layers.Softmax{}, "Softplus": layers.Softplus{},
		"Softsign": layers.Softsign{}, "Tanh": layers.Tanh{}, "Named": layers.Named("a", layers.Dense{Units: 2}), "Sequential": layers.Sequential{layers.Tanh{}},
	} {
		rows = append(rows, maskRow{name: name, layer: l})
	}
	return rows
}

// withoutMaskRow are the layers that have no row, and why.
var withoutMaskRow = map[string]string{
	"Columns": "of rows", "Dates": "of rows", "Tokens": "of rows", "Vocabulary": "of rows",
	"Embedding": "it makes a mask", "Lengths": "it makes a mask", "Masking": "it makes a mask",
	"ConvTranspose1D": "an error, see TestMaskErrors", "ConvTranspose2D": "an error", "Conv2D": "an error", "AvgPool2D": "an error", "MaxPool2D": "an error",
	"DepthwiseConv2D": "an error", "SeparableConv2D": "an error", "UpSample2D": "an error", "ZeroPad2D": "an error",
	"RandomColor": "of images", "RandomCrop": "of images", "RandomZoom": "of images",
	"RandomErase": "of images", "RandomFlip": "of images", "RandomRotate": "of images", "RandomShift": "of images",
	"AdaptiveAvgPool1D": "an error", "AdaptiveAvgPool2D": "an error", "AdaptiveMaxPool1D": "an error", "AdaptiveMaxPool2D": "an error",
	"Crop1D": "an error", "Crop2D": "an error", "Resize1D": "an error", "Resize2D": "an error", "UpSample1D": "an error", "ZeroPad1D": "an error",
}

// TestEveryLayerHasAMaskRow: a layer has a row in the table of the rule that padding changes nothing, or a reason why not.
func TestEveryLayerHasAMaskRow(t *testing.T) {
	has := map[string]bool{}
	for _, r := range maskRows() {
		name, _, _ := strings.Cut(r.name, ",")
		name, _, _ = strings.Cut(name, " ")
		has[name] = true
	}
	for _, name := range graph.Registered() {
		if name, ours := strings.CutPrefix(name, "layers."); ours {
			require.NotEqual(t, has[name], withoutMaskRow[name] != "", name)
		}
	}
}
