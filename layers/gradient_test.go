package layers_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
)

// firstTwo masks all steps of a sequence but the first two.
var firstTwo = layers.Lambda(func(x graph.Node) graph.Node {
	length := x.Slice(1, 0, 1).Slice(2, 0, 1).Reshape(x.Dim(0)).Scale(0).Shift(2)
	return x.Masked(length.Steps(x.Dim(1)))
})

// gradientRow is a layer and the shape of a batch for it.
type gradientRow struct {
	name  string
	layer graph.Layer
	shape []int
}

// gradientRows are all layers.
func gradientRows() []gradientRow {
	penalty := layers.Penalty{L1: 0.3, L2: 0.2}
	return []gradientRow{
		{"bucket", layers.Bucket{Edges: [][]float64{{0.1}, {-0.5, 0.2}}}, []int{3, 2}},
		{"impute, indicator", layers.Impute{Value: []float64{1, 2}, Indicator: true}, []int{3, 2}},
		{"normalize", layers.Normalize{Axis: 1, Clip: 2, Offset: []float64{1, 2}, Scale: []float64{3, -0.4}}, []int{3, 2, 4}},
		{"normalize, inverse", layers.Normalize{Whole: true, Invert: true, Offset: []float64{1}, Scale: []float64{3}}, []int{3, 2, 4}},
		{"columns", layers.Columns{Groups: []layers.Group{storedColumns.Groups[0], {Names: []string{"z"}, Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Tanh{}}}}}, []int{4, 3}},
		{"dense", layers.Dense{Units: 4}, []int{3, 5}},
		{"dense, no bias", layers.Dense{Units: 1, NoBias: true}, []int{3, 5}},
		{"dense of a sequence", layers.Dense{Units: 4}, []int{2, 3, 5}},
		{"dense, initializers", layers.Dense{Units: 4, KernelInit: graph.HeNormal, BiasInit: graph.Normal(0, 1)}, []int{3, 5}},
		{"dense, penalties", layers.Dense{Units: 4, KernelPenalty: penalty, BiasPenalty: penalty}, []int{3, 5}},
		{"identity", layers.Identity{}, []int{3, 5}},
		{"relu", layers.ReLU{}, []int{3, 5}},
		{"leaky relu", layers.LeakyReLU{}, []int{3, 5}},
		{"sigmoid", layers.Sigmoid{}, []int{3, 5}},
		{"tanh", layers.Tanh{}, []int{3, 5}},
		{"softmax", layers.Softmax{}, []int{3, 5}},
		{"softmax, axis", layers.Softmax{Axis: 1}, []int{3, 5, 2}},
		{"log softmax", layers.LogSoftmax{}, []int{3, 5}},
		{"log softmax, axis", layers.LogSoftmax{Axis: 1}, []int{3, 5, 2}},
		{"softplus", layers.Softplus{}, []int{3, 5}},
		{"softsign", layers.Softsign{}, []int{3, 5}},
		{"elu", layers.ELU{Alpha: 0.7}, []int{3, 5}},
		{"selu", layers.SELU{}, []int{3, 5}},
		{"gelu", layers.GELU{}, []int{3, 5}},
		{"gelu, tanh", layers.GELU{Tanh: true}, []int{3, 5}},
		{"silu", layers.SiLU{}, []int{3, 5}},
		{"mish", layers.Mish{}, []int{3, 5}},
		{"hard sigmoid", layers.HardSigmoid{}, []int{3, 5}},
		{"dropout", layers.Dropout{Rate: 0.4}, []int{6, 5}},
		{"gaussian noise", layers.GaussianNoise{Deviation: 0.3}, []int{3, 5}},
		{"flatten", layers.Flatten{}, []int{3, 2, 4}},
		{"reshape", layers.Reshape{Shape: []int{4, -1}}, []int{3, 2, 6}},
		{"sequential", layers.Sequential{layers.Dense{Units: 4}, layers.Tanh{}, layers.Dense{Units: 2}, layers.Softmax{}}, []int{3, 5}},
		{"named, shared", layers.Sequential{layers.Named("a", layers.Dense{Units: 5}), layers.Tanh{}, layers.Named("a", layers.Dense{Units: 5})}, []int{3, 5}},
		{"recompute", layers.Sequential{again(layers.Dense{Units: 4}, layers.Tanh{}, layers.Dense{Units: 3}, layers.SiLU{}), layers.Tanh{}}, []int{3, 5}},
		{"recompute, nested, dropout", again(layers.Dense{Units: 4}, again(layers.Tanh{}, layers.Dropout{Rate: 0.3}, layers.Dense{Units: 4}), layers.Softmax{}), []int{3, 5}},
		{"recompute, loop", again(layers.GRU{Units: 2, ReturnSequences: true}, layers.BatchNorm{}), []int{3, 2, 2}},
		{"recompute, a gradient inside", again(layers.Dense{Units: 3}, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			y := s.Apply(again(layers.Dense{Units: 3}, layers.Tanh{}), x)
			return y.Add(graph.Grad(y.Square().Sum(), x)[0])
		})), []int{3, 5}},
		{"residual", layers.Residual{Layer: layers.Sequential{layers.Dense{Units: 5}, layers.SiLU{}}}, []int{3, 5}},
		{"residual, shortcut", layers.Residual{Layer: layers.Dense{Units: 4}, Shortcut: layers.Dense{Units: 4, NoBias: true}}, []int{3, 5}},
		{"residual, normalizations", layers.Residual{Layer: layers.GroupNorm{Groups: 2}, Shortcut: layers.GroupNorm{Groups: 4}}, []int{3, 4, 4, 4}},
		{"residual, layer norm of channels", layers.Residual{Layer: layers.LayerNorm{Dims: 2, NoAffine: true}}, []int{3, 5, 9}},
		{"conv1d", layers.Conv1D{Filters: 3, Kernel: 3, KernelPenalty: penalty, BiasPenalty: penalty}, []int{2, 2, 7}},
		{"conv1d, stride, same", layers.Conv1D{Filters: 2, Kernel: 4, Stride: 3, Padding: layers.Same}, []int{2, 3, 8}},
		{"conv1d, causal, dilation", layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Causal, Dilation: 2}, []int{2, 1, 7}},
		{"conv2d", layers.Conv2D{Filters: 3, Kernel: []int{3, 2}}, []int{2, 2, 5, 4}},
		{"conv2d, padding, stride", layers.Conv2D{Filters: 2, Kernel: []int{3}, Stride: []int{2}, Padding: layers.Pad(1)}, []int{2, 2, 5, 6}},
		{"conv2d, all unequal", layers.Conv2D{Filters: 2, Kernel: []int{3, 2}, Stride: []int{3, 2}, Padding: layers.Pad(2, 1), Dilation: []int{1, 3}}, []int{2, 1, 7, 5}},
		{"conv2d, same, dilation", layers.Conv2D{Filters: 1, Kernel: []int{2}, Padding: layers.Same, Dilation: []int{2}, NoBias: true}, []int{1, 2, 5, 3}},
		{"conv2d, groups", layers.Conv2D{Filters: 4, Kernel: []int{3}, Padding: layers.Same, Groups: 2}, []int{2, 4, 4, 3}},
		{"conv2d, stride above the kernel", layers.Conv2D{Filters: 2, Kernel: []int{1}, Stride: []int{2}}, []int{2, 2, 5, 3}},
		{"conv1d, groups, padding", layers.Conv1D{Filters: 4, Kernel: 3, Stride: 2, Padding: layers.Pad(2), Dilation: 2, Groups: 2}, []int{2, 2, 7}},
		{"conv2d, a filter for each channel", layers.Conv2D{Filters: 3, Kernel: []int{3}, Stride: []int{2}, Padding: layers.Same, Groups: 3}, []int{1, 3, 7, 5}},
		{"conv2d, groups, dilation", layers.Conv2D{Filters: 2, Kernel: []int{2, 3}, Padding: layers.Pad(1, 2), Dilation: []int{2, 1}, Groups: 2}, []int{3, 4, 5, 3}},
		{"max pool 1d", layers.MaxPool1D{}, []int{2, 2, 7}},
		{"max pool 1d, overlap", layers.MaxPool1D{Size: 3, Stride: 2, Padding: layers.Pad(1)}, []int{2, 2, 8}},
		{"max pool 2d", layers.MaxPool2D{Size: []int{2, 3}}, []int{2, 2, 5, 6}},
		{"max pool 2d, same", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Same}, []int{2, 2, 5, 6}},
		{"max pool 2d, gaps", layers.MaxPool2D{Size: []int{1, 2}, Stride: []int{2, 3}, Padding: layers.Pad(0, 1)}, []int{2, 1, 5, 7}},
		{"avg pool 1d", layers.AvgPool1D{Size: 3, Stride: 1}, []int{2, 2, 7}},
		{"avg pool 1d, padding", layers.AvgPool1D{Size: 3, Padding: layers.Pad(1)}, []int{2, 2, 7}},
		{"avg pool 2d", layers.AvgPool2D{}, []int{2, 2, 5, 4}},
		{"avg pool 2d, padding ignored", layers.AvgPool2D{Size: []int{3, 2}, Stride: []int{2, 1}, Padding: layers.Same, IgnorePadding: true}, []int{2, 2, 5, 4}},
		{"global max pool", layers.GlobalMaxPool{}, []int{2, 3, 3, 2}},
		{"global max pool of a sequence", layers.GlobalMaxPool{}, []int{2, 3, 5}},
		{"global avg pool of images", layers.GlobalAvgPool{}, []int{2, 1, 3, 2}},
		{"global avg pool", layers.GlobalAvgPool{}, []int{2, 3, 5}},
		{"rescale", layers.Rescale{Offset: []float64{1, -2, 0.5}, Scale: []float64{3, -0.5, 7}}, []int{2, 3}},
		{"rescale, channels", layers.Rescale{Offset: []float64{1, -2}, Scale: []float64{255}}, []int{3, 2, 4}},
		{"batch norm", layers.BatchNorm{}, []int{5, 3}},
		{"batch norm of images", layers.BatchNorm{Epsilon: 1e-3}, []int{2, 3, 2, 3}},
		{"batch norm, shared", layers.Sequential{layers.Named("a", layers.BatchNorm{}), layers.Tanh{}, layers.Named("a", layers.BatchNorm{})}, []int{4, 2}},
		{"batch norm, no affine", layers.BatchNorm{NoAffine: true}, []int{4, 3}},
		{"masking", layers.Sequential{layers.Masking{Value: 2}, layers.Tanh{}}, []int{2, 3, 2}},
		{"mask, convolution and pools", layers.Sequential{firstTwo, layers.Conv1D{Filters: 2, Kernel: 2, Padding: layers.Same}, layers.AvgPool1D{Stride: 1, IgnorePadding: true}, layers.GlobalAvgPool{}}, []int{2, 3, 2}},
		{"mask, max pools", layers.Sequential{firstTwo, layers.MaxPool1D{Stride: 1, Padding: layers.Same}, layers.GlobalMaxPool{}}, []int{2, 3, 2}},
		{"mask, batch norm", layers.Sequential{firstTwo, layers.BatchNorm{}, layers.GlobalAvgPool{}, layers.Tanh{}}, []int{3, 3, 2}},
		{"mask, group norm", layers.Sequential{firstTwo, layers.GroupNorm{Groups: 2}, layers.Flatten{}}, []int{2, 3, 4}},
		{"layer norm", layers.LayerNorm{}, []int{3, 5}},
		{"layer norm, two dimensions", layers.LayerNorm{Dims: 2}, []int{2, 3, 4}},
		{"layer norm, no affine", layers.LayerNorm{NoAffine: true}, []int{3, 5}},
		{"group norm", layers.GroupNorm{Groups: 2}, []int{2, 4, 3, 2}},
		{"group norm, one group", layers.GroupNorm{NoAffine: true}, []int{2, 3, 4}},
		{"rms norm", layers.RMSNorm{}, []int{3, 2, 4}},
		{"rms norm, no affine", layers.RMSNorm{NoAffine: true}, []int{3, 4}},
		{"attention", layers.MultiHeadAttention{Heads: 2}, []int{2, 3, 4}},
		{"attention, causal", layers.MultiHeadAttention{Causal: true, NoBias: true}, []int{2, 4, 3}},
		{"attention, heads that share keys", layers.MultiHeadAttention{Heads: 4, KeyHeads: 2, Size: 3, ValueSize: 2}, []int{2, 3, 4}},
		{"attention, rotary, dropout", layers.MultiHeadAttention{Heads: 2, Causal: true, Rotary: true, Dropout: 0.3}, []int{2, 4, 4}},
		{"transformer encoder", layers.TransformerEncoder{Heads: 2, Width: 3}, []int{2, 3, 4}},
		{"transformer encoder, post-norm", layers.TransformerEncoder{PostNorm: true, Activation: layers.Tanh{}, Dropout: 0.2}, []int{2, 3, 2}},
		{"transformer decoder", layers.TransformerDecoder{Heads: 2, KeyHeads: 1, Rotary: true, Norm: layers.RMSNorm{}, NoBias: true}, []int{2, 3, 4}},
		{"positional encoding", layers.PositionalEncoding{}, []int{2, 3, 5}},
		{"positional encoding, learned", layers.PositionalEncoding{Learned: true}, []int{2, 3, 4}},
		{"positional encoding, learned, shorter", layers.PositionalEncoding{Learned: true, Max: 5}, []int{2, 3, 4}},
		{"positional encoding, shorter", layers.PositionalEncoding{Max: 5}, []int{2, 3, 4}},
		{"simple rnn", layers.SimpleRNN{Units: 3}, []int{2, 4, 2}},
		{"simple rnn, sequences", layers.SimpleRNN{Units: 2, ReturnSequences: true}, []int{2, 3, 3}},
		{"lstm", layers.LSTM{Units: 3}, []int{2, 3, 2}},
		{"lstm, sequences", layers.LSTM{Units: 2, ReturnSequences: true}, []int{2, 4, 3}},
		{"gru", layers.GRU{Units: 3, BiasInit: graph.Normal(0, 1)}, []int{2, 3, 2}},
		{"gru, sequences", layers.GRU{Units: 2, ReturnSequences: true}, []int{2, 4, 3}},
		{"bidirectional", layers.Bidirectional{Layer: layers.SimpleRNN{Units: 2}}, []int{2, 3, 2}},
		{"bidirectional, sequences", layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnSequences: true}}, []int{2, 3, 2}},
		{"bidirectional lstm", layers.Bidirectional{Layer: layers.LSTM{Units: 2, ReturnSequences: true}}, []int{1, 3, 1}},
		{"lstm, reverse, dropout", layers.LSTM{Units: 2, ReturnSequences: true, Reverse: true, Dropout: 0.3, RecurrentDropout: 0.4}, []int{2, 4, 3}},
		{"gru, dropout", layers.GRU{Units: 2, Dropout: 0.3, RecurrentDropout: 0.4, BiasInit: graph.Normal(0, 1)}, []int{2, 4, 3}},
		{"simple rnn, dropout", layers.SimpleRNN{Units: 2, RecurrentDropout: 0.4}, []int{2, 4, 3}},
		{"bidirectional of two layers", layers.Bidirectional{Layer: layers.Sequential{layers.GRU{Units: 2, ReturnSequences: true}, layers.LSTM{Units: 1}}}, []int{2, 3, 2}},
		{"masked lstm", masked{layers.LSTM{Units: 2, ReturnSequences: true}}, []int{3, 4, 2}},
		{"masked gru", masked{layers.Bidirectional{Layer: layers.GRU{Units: 2}}}, []int{3, 3, 2}},
		{"masked attention, heads that share keys", masked{layers.MultiHeadAttention{Heads: 2, KeyHeads: 1}}, []int{2, 3, 4}},
		{"masked transformer encoder", masked{layers.TransformerEncoder{Heads: 2, Width: 3}}, []int{2, 3, 4}},
		{"masked transformer decoder", masked{layers.TransformerDecoder{Heads: 2, Rotary: true}}, []int{2, 3, 4}},
		{"one step of one feature", layers.Sequential{layers.LSTM{Units: 1, ReturnSequences: true}, layers.GRU{Units: 1, ReturnSequences: true}, layers.SimpleRNN{Units: 1}}, []int{3, 1, 1}},
		{"conv transpose 1d", layers.ConvTranspose1D{Filters: 2, Kernel: 3, Stride: 2, OutputPadding: 1, Padding: layers.Pad(1)}, []int{2, 3, 4}},
		{"conv transpose 1d, dilation", layers.ConvTranspose1D{Filters: 2, Kernel: 2, Dilation: 3, NoBias: true}, []int{2, 1, 4}},
		{"conv transpose 2d", layers.ConvTranspose2D{Filters: 2, Kernel: []int{3, 2}, Stride: []int{1, 2}}, []int{2, 2, 3, 2}},
		{"conv transpose 2d, same", layers.ConvTranspose2D{Filters: 2, Kernel: []int{1, 4}, Stride: []int{2, 3}, Padding: layers.Same}, []int{1, 2, 3, 2}},
		{"conv transpose 2d, groups", layers.ConvTranspose2D{Filters: 4, Kernel: []int{2}, Groups: 2}, []int{2, 2, 3, 2}},
		{"conv transpose 1d, groups", layers.ConvTranspose1D{Filters: 4, Kernel: 5, Stride: 3, OutputPadding: 2, Padding: layers.Pad(2), Groups: 2}, []int{1, 2, 3}},
		{"conv transpose 2d, all unequal", layers.ConvTranspose2D{Filters: 2, Kernel: []int{3, 2}, Stride: []int{2, 3}, OutputPadding: []int{1, 2}, Padding: layers.Pad(1, 0), Dilation: []int{1, 2}}, []int{2, 3, 3, 2}},
		{"depthwise conv, stride, dilation", layers.DepthwiseConv2D{Kernel: []int{2, 3}, Stride: []int{2, 1}, Padding: layers.Pad(1), Dilation: []int{1, 2}, NoBias: true}, []int{2, 3, 5, 5}},
		{"separable conv, dilation", layers.SeparableConv2D{Filters: 2, Multiplier: 2, Kernel: []int{3}, Padding: layers.Same, Dilation: []int{2}, NoBias: true}, []int{1, 2, 5, 3}},
		{"depthwise conv", layers.DepthwiseConv2D{Multiplier: 2, Kernel: []int{3, 2}, Padding: layers.Same}, []int{2, 2, 4, 3}},
		{"separable conv", layers.SeparableConv2D{Filters: 3, Kernel: []int{2}, Stride: []int{2}}, []int{2, 2, 4, 5}},
		{"up-sample", layers.UpSample2D{}, []int{2, 2, 2, 3}},
		{"up-sample, unequal", layers.UpSample2D{Size: []int{1, 3}}, []int{2, 2, 2, 3}},
		{"zero pad", layers.ZeroPad2D{Top: 1, Right: 2}, []int{2, 1, 2, 3}},
		{"max pool 1d, dilation", layers.MaxPool1D{Size: 2, Stride: 1, Dilation: 3}, []int{2, 2, 7}},
		{"max pool 2d, ceil mode", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, CeilMode: true}, []int{2, 2, 6, 4}},
		{"avg pool 1d, ceil mode, dilation", layers.AvgPool1D{Size: 2, Stride: 3, Padding: layers.Pad(1), Dilation: 2, CeilMode: true}, []int{2, 2, 8}},
		{"avg pool 2d, ceil mode", layers.AvgPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1), CeilMode: true}, []int{2, 2, 6, 4}},
		{"avg pool 2d, ceil mode, padding ignored", layers.AvgPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1), CeilMode: true, IgnorePadding: true}, []int{2, 2, 6, 4}},
		{"adaptive max pool 1d", layers.AdaptiveMaxPool1D{Size: 3}, []int{2, 2, 7}},
		{"adaptive max pool 2d", layers.AdaptiveMaxPool2D{Size: []int{2, 5}}, []int{2, 2, 5, 3}},
		{"adaptive max pool 2d, equal parts", layers.AdaptiveMaxPool2D{Size: []int{2}}, []int{2, 2, 4, 6}},
		{"adaptive avg pool 1d", layers.AdaptiveAvgPool1D{Size: 3}, []int{2, 2, 7}},
		{"adaptive avg pool 2d", layers.AdaptiveAvgPool2D{Size: []int{2, 5}}, []int{2, 2, 5, 3}},
		{"adaptive avg pool 2d, one part", layers.AdaptiveAvgPool2D{}, []int{2, 2, 5, 3}},
		{"depthwise conv 1d", layers.DepthwiseConv1D{Multiplier: 2, Kernel: 3, Padding: layers.Causal, Dilation: 2}, []int{2, 2, 5}},
		{"separable conv 1d", layers.SeparableConv1D{Filters: 3, Kernel: 2, Stride: 2}, []int{2, 2, 6}},
		{"up-sample 1d", layers.UpSample1D{Size: 3}, []int{2, 2, 4}},
		{"resize 1d", layers.Resize1D{Size: 7}, []int{2, 2, 4}},
		{"resize 1d, nearest", layers.Resize1D{Scale: 1.6, Interpolation: layers.Nearest}, []int{2, 2, 5}},
		{"resize 2d", layers.Resize2D{Size: []int{3, 7}}, []int{2, 1, 5, 4}},
		{"resize 2d, corners", layers.Resize2D{Scale: []float64{2}, AlignCorners: true}, []int{2, 1, 3, 4}},
		{"resize 2d, bicubic", layers.Resize2D{Size: []int{7, 3}, Interpolation: layers.Bicubic}, []int{2, 1, 4, 5}},
		{"resize 2d, antialias", layers.Resize2D{Scale: []float64{0.5, 0.7}, Antialias: true}, []int{2, 1, 6, 5}},
		{"resize 2d, nearest-exact", layers.Resize2D{Size: []int{2, 7}, Interpolation: layers.NearestExact}, []int{2, 1, 5, 4}},
		{"pad 1d, wrap", layers.ZeroPad1D{Before: 3, After: 1, Mode: graph.PadWrap}, []int{2, 2, 4}},
		{"pad 1d, value", layers.ZeroPad1D{Before: 1, After: 2, Value: -1}, []int{2, 2, 3}},
		{"pad 2d, reflect", layers.ZeroPad2D{Top: 1, Bottom: 2, Left: 2, Mode: graph.PadReflect}, []int{2, 1, 3, 4}},
		{"pad 2d, edge", layers.ZeroPad2D{Top: 3, Left: 1, Right: 2, Mode: graph.PadEdge}, []int{2, 1, 2, 3}},
		{"pad 2d, all sides", layers.ZeroPad2D{Top: 1, Bottom: 2, Left: 3, Right: 1}, []int{2, 2, 2, 3}},
		{"crop 1d", layers.Crop1D{Before: 1, After: 2}, []int{2, 2, 5}},
		{"crop 2d", layers.Crop2D{Top: 1, Left: 1, Right: 2}, []int{2, 2, 3, 5}},
		{"permute", layers.Permute{Axes: []int{3, 1, -2}}, []int{2, 2, 3, 4}},
		{"concat", layers.Concat{Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Dense{Units: 3}, layers.Tanh{}}}, []int{3, 4}},
		{"concat, axis", layers.Concat{Axis: -1, Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Tanh{}}}, []int{2, 3, 4}},
		{"add", layers.Add{layers.Dense{Units: 4}, layers.Tanh{}, layers.Identity{}}, []int{3, 4}},
		{"multiply", layers.Multiply{layers.Dense{Units: 4}, layers.Sigmoid{}, layers.Identity{}}, []int{3, 4}},
		{"lambda", layers.Lambda(func(x graph.Node) graph.Node { return x.Square().Mean(-1) }), []int{3, 4}},
		{"spatial dropout", layers.SpatialDropout{Rate: 0.4}, []int{3, 4, 2, 2}},
		{"random shift", layers.RandomShift{Pixels: []int{2}}, []int{4, 2, 5, 3}},
		{"random shift, fraction", layers.RandomShift{Fraction: 0.4, Fill: 1}, []int{4, 5, 3}},
		{"random rotate", layers.RandomRotate{Degrees: 90, Fill: -1}, []int{3, 2, 5, 4}},
		{"random flip", layers.RandomFlip{}, []int{4, 2, 3, 2}},
		{"random flip, vertical", layers.RandomFlip{Vertical: true}, []int{4, 3, 2}},
		{"random color", layers.RandomColor{Brightness: 0.1, Contrast: 0.1, Saturation: 0.1, Hue: 0.02, Max: 9}, []int{3, 3, 3, 2}},
		{"random zoom", layers.RandomZoom{Factor: 1.7, Fill: -1}, []int{3, 2, 5, 4}},
		{"random crop", layers.RandomCrop{Height: 3, Width: 2}, []int{3, 2, 5, 4}},
		{"random erase", layers.RandomErase{Fill: 2}, []int{6, 2, 3, 4}},
		{"spatial dropout of a sequence", layers.SpatialDropout{Rate: 0.4}, []int{3, 4, 3}},
		{"prelu", layers.PReLU{}, []int{2, 3, 4}},
		{"prelu, shared", layers.PReLU{Shared: true, Init: graph.Constant(0.1)}, []int{3, 4}},
	}
}

// TestGradients is the gradient table: the derivatives of every layer against central differences.
func TestGradients(t *testing.T) {
	for _, r := range gradientRows() {
		t.Run(r.name, func(t *testing.T) {
			graphtest.Layer(t, r.layer, r.shape...)
			graphtest.Check{Twice: true, Tolerance: 1e-5}.Layer(t, r.layer, r.shape...)
		})
	}
}

// masked gives a sequence a mask of lengths 2, 3, ..., without end, and applies a layer to it.
type masked struct{ graph.Layer }

// Emit implements graph.Layer.
func (m masked) Emit(s *graph.Scope, x graph.Node) graph.Node {
	time := x.Dim(1)
	valid := s.Table(func(i int) float64 {
		if i%time < 2+i/time {
			return 1
		}
		return 0
	}, x.Dim(0), time)
	return s.Apply(m.Layer, x.Masked(valid))
}

// TestEmbeddingGradient checks the derivatives by the weights; there is none by the input.
func TestEmbeddingGradient(t *testing.T) {
	words := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{4, 0, 4, 2, 1, 4}))
	f := func(s *graph.Scope, x ...graph.Node) graph.Node {
		return s.Apply(layers.Embedding{Vocabulary: 5, Units: 3}, s.Constant(words)).Add(x[0]).Square()
	}
	for _, c := range []graphtest.Check{{}, {Twice: true, Tolerance: 1e-5}} {
		c.Func(t, f, c.Random(3))
	}
}
