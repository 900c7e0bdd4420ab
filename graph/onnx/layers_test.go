package onnx_test

import (
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// vocabulary contains every layer, with various settings.
var vocabulary = []network{
	{"dense", layers.Dense{Units: 4}, []int{5}},
	{"bucket, one-hot", layers.Sequential{layers.Bucket{Edges: [][]float64{{0.1}, {-0.5, 0.2}}}, layers.OneHot{Classes: 3}}, []int{2}},
	{"columns", layers.Columns{Groups: []layers.Group{
		{Names: []string{"x", "y"}, Layers: []graph.Layer{layers.Impute{Value: []float64{1, 2}, Indicator: true}, layers.Normalize{Offset: []float64{1, 2, 0, 0}, Scale: []float64{3, 4, 1, 1}}}},
		{Names: []string{"s"}, Layers: []graph.Layer{layers.Tokens{Words: []string{"u", "v"}}, layers.Dense{Units: 2}}}, {Names: []string{"c"}, Layers: []graph.Layer{layers.Vocabulary{Words: []string{"u", "v"}}, layers.Dense{Units: 2}}},
		{Names: []string{"t"}, Layers: []graph.Layer{layers.Dates{Parts: []string{"week"}}}}}}, []int{7}},
	{"normalize, clip", layers.Normalize{Clip: 3, Offset: []float64{1, 2}, Scale: []float64{3, 0.1}}, []int{2}},
	{"normalize, inverse", layers.Normalize{Invert: true, Offset: []float64{1}, Scale: []float64{3}}, []int{1}},
	{"dense, no bias", layers.Dense{Units: 1, NoBias: true}, []int{5}},
	{"dense of a sequence", layers.Dense{Units: 4}, []int{3, 5}},
	{"identity", layers.Identity{}, []int{5}}, {"relu", layers.ReLU{}, []int{5}}, {"leaky relu", layers.LeakyReLU{}, []int{5}},
	{"sigmoid", layers.Sigmoid{}, []int{5}}, {"tanh", layers.Tanh{}, []int{5}},
	{"softmax", layers.Softmax{}, []int{5}},
	{"softmax, axis", layers.Softmax{Axis: 1}, []int{5, 2}},
	{"log softmax", layers.LogSoftmax{}, []int{5}},
	{"log softmax, axis", layers.LogSoftmax{Axis: 1}, []int{5, 2}},
	{"softplus", layers.Softplus{}, []int{5}},
	{"softsign", layers.Softsign{}, []int{5}},
	{"elu", layers.ELU{Alpha: 0.7}, []int{5}},
	{"selu", layers.SELU{}, []int{5}},
	{"gelu", layers.GELU{}, []int{5}},
	{"gelu, tanh", layers.GELU{Tanh: true}, []int{5}},
	{"silu", layers.SiLU{}, []int{5}},
	{"mish", layers.Mish{}, []int{5}},
	{"hard sigmoid", layers.HardSigmoid{}, []int{5}},
	{"dropout", layers.Dropout{Rate: 0.4}, []int{5}}, {"gaussian noise", layers.GaussianNoise{Deviation: 0.3}, []int{5}},
	{"max pool 2d, of zeros", layers.Sequential{layers.ZeroPad2D{Bottom: 1, Left: 3}, layers.MaxPool2D{Size: []int{3}}}, []int{2, 5, 4}},
	{"avg pools, of zeros", layers.Sequential{layers.ZeroPad2D{Top: 2, Left: 3}, layers.AvgPool2D{}, layers.ZeroPad2D{Top: 1}, layers.AdaptiveAvgPool2D{Size: []int{2, 1}}}, []int{2, 5, 4}},
	{"flatten", layers.Flatten{}, []int{2, 4}},
	{"rescale", layers.Rescale{Offset: []float64{1}, Scale: []float64{3, 0.1, -7, 2, 255}}, []int{5}},
	{"rescale, channels", layers.Rescale{Offset: []float64{1, 2}, Scale: []float64{3, 7}}, []int{2, 3}},
	{"reshape", layers.Reshape{Shape: []int{4, -1}}, []int{2, 6}},
	{"sequential", layers.Sequential{layers.Dense{Units: 4}, layers.Tanh{}, layers.Dense{Units: 2}, layers.Softmax{}}, []int{5}},
	{"named, shared", layers.Sequential{layers.Named("a", layers.Dense{Units: 5}), layers.Tanh{}, layers.Named("a", layers.Dense{Units: 5})}, []int{5}},
	{"residual", layers.Residual{Layer: layers.Sequential{layers.Dense{Units: 5}, layers.SiLU{}}}, []int{5}},
	{"residual, shortcut", layers.Residual{Layer: layers.Dense{Units: 4}, Shortcut: layers.Dense{Units: 4, NoBias: true}}, []int{5}},
	{"conv1d", layers.Conv1D{Filters: 3, Kernel: 3}, []int{2, 7}},
	{"conv1d, stride, same", layers.Conv1D{Filters: 2, Kernel: 4, Stride: 3, Padding: layers.Same}, []int{3, 8}},
	{"conv1d, causal, dilation", layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Causal, Dilation: 2}, []int{1, 7}},
	{"conv2d", layers.Conv2D{Filters: 3, Kernel: []int{3, 2}}, []int{2, 5, 4}},
	{"conv2d, padding, stride", layers.Conv2D{Filters: 2, Kernel: []int{3}, Stride: []int{2}, Padding: layers.Pad(1)}, []int{2, 5, 6}},
	{"conv2d, all unequal", layers.Conv2D{Filters: 2, Kernel: []int{3, 2}, Stride: []int{3, 2}, Padding: layers.Pad(2, 1), Dilation: []int{1, 3}}, []int{1, 7, 5}},
	{"conv2d, same, dilation", layers.Conv2D{Filters: 1, Kernel: []int{2}, Padding: layers.Same, Dilation: []int{2}, NoBias: true}, []int{2, 5, 3}},
	{"conv2d, groups", layers.Conv2D{Filters: 4, Kernel: []int{3}, Padding: layers.Same, Groups: 2}, []int{4, 4, 3}},
	{"conv2d of height 1", layers.Conv2D{Filters: 4, Kernel: []int{1, 3}}, []int{2, 1, 5}},
	{"max pool 1d", layers.MaxPool1D{}, []int{2, 7}},
	{"max pool 1d, overlap", layers.MaxPool1D{Size: 3, Stride: 2, Padding: layers.Pad(1)}, []int{2, 8}},
	{"max pool 2d", layers.MaxPool2D{Size: []int{2, 3}}, []int{2, 5, 6}},
	{"max pool 2d, same", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Same}, []int{2, 5, 6}},
	{"avg pool 1d", layers.AvgPool1D{Size: 3, Stride: 1}, []int{2, 7}},
	{"avg pool 1d, padding", layers.AvgPool1D{Size: 3, Padding: layers.Pad(1)}, []int{2, 7}},
	{"avg pool 2d", layers.AvgPool2D{}, []int{2, 5, 4}},
	{"avg pool 2d, padding ignored", layers.AvgPool2D{Size: []int{3, 2}, Stride: []int{2, 1}, Padding: layers.Same, IgnorePadding: true}, []int{2, 5, 4}},
	{"global max pool", layers.GlobalMaxPool{}, []int{3, 3, 2}},
	{"global avg pool", layers.GlobalAvgPool{}, []int{3, 5}},
	{"batch norm", layers.BatchNorm{}, []int{3}},
	{"batch norm of images", layers.BatchNorm{Epsilon: 1e-3}, []int{3, 2, 3}},
	{"batch norm, no affine", layers.BatchNorm{NoAffine: true}, []int{3}},
	{"batch norm after a convolution", layers.Sequential{layers.Conv1D{Filters: 3, Kernel: 2}, layers.BatchNorm{}, layers.ReLU{}}, []int{2, 5}},
	{"layer norm", layers.LayerNorm{}, []int{5}},
	{"layer norm, two dimensions", layers.LayerNorm{Dims: 2}, []int{2, 3, 4}},
	{"layer norm, no affine", layers.LayerNorm{NoAffine: true}, []int{5}},
	{"group norm", layers.GroupNorm{Groups: 2}, []int{4, 3, 2}},
	{"group norm, one group", layers.GroupNorm{NoAffine: true}, []int{3, 4}},
	{"rms norm", layers.RMSNorm{}, []int{2, 4}},
	{"attention", layers.MultiHeadAttention{Heads: 2}, []int{3, 4}},
	{"attention, causal", layers.MultiHeadAttention{Causal: true, NoBias: true}, []int{4, 3}},
	{"attention, heads that share keys, rotary", layers.MultiHeadAttention{Heads: 4, KeyHeads: 2, Size: 2, ValueSize: 3, Rotary: true}, []int{3, 4}},
	{"attention, padding", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.MultiHeadAttention{Heads: 2, Causal: true}, x.Masked(x.Slice(2, 0, 1).Reshape(-1, 3).Greater(s.Scalar(-0.5))))
	}), []int{3, 4}},
	{"attention to another sequence", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.MultiHeadAttention{Heads: 2}.Over(x.Slice(1, 1, 0)), x)
	}), []int{3, 4}},
	{"transformer encoder", layers.TransformerEncoder{Heads: 2}, []int{3, 4}},
	{"transformer decoder", layers.TransformerDecoder{Heads: 2, PostNorm: true}, []int{3, 4}},
	{"positional encoding", layers.PositionalEncoding{}, []int{3, 5}},
	{"positional encoding, learned", layers.PositionalEncoding{Learned: true}, []int{3, 4}},
	{"embedding", layers.Sequential{words(5), layers.Embedding{Vocabulary: 5, Units: 3}}, []int{4}},
	{"recompute", layers.Recompute{Layer: layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}}}, []int{5}},
	{"simple rnn", layers.SimpleRNN{Units: 3}, []int{4, 2}},
	{"lstm", layers.LSTM{Units: 3}, []int{3, 2}},
	{"lstm, sequences", layers.LSTM{Units: 2, ReturnSequences: true}, []int{4, 3}},
	{"gru", layers.GRU{Units: 3, BiasInit: graph.Normal(0, 1)}, []int{3, 2}},
	{"gru, sequences", layers.GRU{Units: 2, ReturnSequences: true}, []int{4, 3}},
	{"bidirectional", layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnSequences: true}}, []int{3, 2}},
	{"conv transpose 1d", layers.ConvTranspose1D{Filters: 2, Kernel: 3, Stride: 2, OutputPadding: 1, Padding: layers.Pad(1)}, []int{3, 4}},
	{"conv transpose 1d, dilation", layers.ConvTranspose1D{Filters: 2, Kernel: 2, Dilation: 3, NoBias: true}, []int{1, 4}},
	{"conv transpose 2d", layers.ConvTranspose2D{Filters: 2, Kernel: []int{3, 2}, Stride: []int{1, 2}}, []int{2, 3, 2}},
	{"conv transpose 2d, same", layers.ConvTranspose2D{Filters: 2, Kernel: []int{1, 4}, Stride: []int{2, 3}, Padding: layers.Same}, []int{2, 3, 2}},
	{"conv transpose 2d, groups", layers.ConvTranspose2D{Filters: 4, Kernel: []int{2}, Groups: 2}, []int{2, 3, 2}},
	{"depthwise conv", layers.DepthwiseConv2D{Multiplier: 2, Kernel: []int{3, 2}, Padding: layers.Same}, []int{2, 4, 3}},
	{"separable conv", layers.SeparableConv2D{Filters: 3, Kernel: []int{2}, Stride: []int{2}}, []int{2, 4, 5}},
	{"up-sample", layers.UpSample2D{}, []int{2, 2, 3}},
	{"up-sample, unequal", layers.UpSample2D{Size: []int{1, 3}}, []int{2, 2, 3}},
	{"zero pad", layers.ZeroPad2D{Top: 1, Right: 2}, []int{1, 2, 3}},
	{"max pool 1d, dilation", layers.MaxPool1D{Size: 2, Stride: 1, Dilation: 3}, []int{2, 7}},
	{"max pool 2d, ceil mode", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, CeilMode: true}, []int{2, 6, 4}},
	{"avg pool 1d, ceil mode, dilation", layers.AvgPool1D{Size: 2, Stride: 3, Padding: layers.Pad(1), Dilation: 2, CeilMode: true}, []int{2, 8}},
	{"avg pool 2d, ceil mode", layers.AvgPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1), CeilMode: true}, []int{2, 6, 4}},
	{"avg pool 2d, ceil mode, padding ignored", layers.AvgPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1), CeilMode: true, IgnorePadding: true}, []int{2, 6, 4}},
	{"adaptive max pool 1d", layers.AdaptiveMaxPool1D{Size: 3}, []int{2, 7}},
	{"adaptive max pool 2d", layers.AdaptiveMaxPool2D{Size: []int{2, 5}}, []int{2, 5, 3}},
	{"adaptive max pool 2d, equal parts", layers.AdaptiveMaxPool2D{Size: []int{2}}, []int{2, 4, 6}},
	{"adaptive avg pool 1d", layers.AdaptiveAvgPool1D{Size: 3}, []int{2, 7}},
	{"adaptive avg pool 2d", layers.AdaptiveAvgPool2D{Size: []int{2, 5}}, []int{2, 5, 3}},
	{"adaptive avg pool 2d, one part", layers.AdaptiveAvgPool2D{}, []int{2, 5, 3}},
	{"depthwise conv 1d", layers.DepthwiseConv1D{Multiplier: 2, Kernel: 3, Padding: layers.Causal, Dilation: 2}, []int{2, 5}},
	{"separable conv 1d", layers.SeparableConv1D{Filters: 3, Kernel: 2, Stride: 2}, []int{2, 6}},
	{"up-sample 1d", layers.UpSample1D{Size: 3}, []int{2, 4}},
	{"resize 1d", layers.Resize1D{Size: 7}, []int{2, 4}},
	{"resize 1d, nearest", layers.Resize1D{Scale: 1.6, Interpolation: layers.Nearest}, []int{2, 5}},
	{"resize 2d", layers.Resize2D{Size: []int{3, 7}}, []int{1, 5, 4}},
	{"resize 2d, corners", layers.Resize2D{Scale: []float64{2, 1.3}, AlignCorners: true}, []int{1, 3, 4}},
	{"resize 1d, a factor that keeps the size", layers.Resize1D{Scale: 1.19}, []int{2, 4}},
	{"resize 2d, bicubic", layers.Resize2D{Size: []int{7, 3}, Interpolation: layers.Bicubic}, []int{1, 4, 5}},
	{"resize 2d, antialias", layers.Resize2D{Scale: []float64{0.5, 0.7}, Antialias: true}, []int{1, 6, 5}},
	{"resize 2d, nearest-exact", layers.Resize2D{Size: []int{2, 7}, Interpolation: layers.NearestExact}, []int{1, 5, 4}},
	{"pad 1d, wrap", layers.ZeroPad1D{Before: 3, After: 1, Mode: graph.PadWrap}, []int{2, 4}},
	{"pad 1d, value", layers.ZeroPad1D{Before: 1, After: 2, Value: -1}, []int{2, 3}},
	{"pad 2d, reflect", layers.ZeroPad2D{Top: 1, Bottom: 2, Left: 2, Mode: graph.PadReflect}, []int{1, 3, 4}},
	{"pad 2d, edge", layers.ZeroPad2D{Top: 3, Left: 1, Right: 2, Mode: graph.PadEdge}, []int{1, 2, 3}},
	{"pad 2d, all sides", layers.ZeroPad2D{Top: 1, Bottom: 2, Left: 3, Right: 1}, []int{2, 2, 3}},
	{"crop 1d", layers.Crop1D{Before: 1, After: 2}, []int{2, 5}},
	{"crop 2d", layers.Crop2D{Top: 1, Left: 1, Right: 2}, []int{2, 3, 5}},
	{"permute", layers.Permute{Axes: []int{3, 1, -2}}, []int{2, 3, 4}},
	{"concat", layers.Concat{Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Dense{Units: 3}, layers.Tanh{}}}, []int{4}},
	{"add", layers.Add{layers.Dense{Units: 4}, layers.Tanh{}, layers.Identity{}}, []int{4}},
	{"multiply", layers.Multiply{layers.Dense{Units: 4}, layers.Sigmoid{}, layers.Identity{}}, []int{4}},
	{"spatial dropout", layers.SpatialDropout{Rate: 0.4}, []int{4, 2, 2}},
	{"random shift", layers.RandomShift{Pixels: []int{1}}, []int{1, 4, 4}},
	{"random rotate", layers.RandomRotate{Degrees: 20}, []int{1, 4, 4}},
	{"random flip", layers.RandomFlip{}, []int{1, 4, 4}},
	{"random color", layers.RandomColor{Brightness: 0.2, Saturation: 0.3}, []int{3, 4, 4}},
	{"random zoom", layers.RandomZoom{}, []int{1, 4, 4}},
	{"random crop", layers.RandomCrop{Height: 2, Width: 3}, []int{1, 4, 4}},
	{"random erase", layers.RandomErase{}, []int{1, 4, 4}},
	{"prelu", layers.PReLU{}, []int{3, 4}},
	{"prelu, shared", layers.PReLU{Shared: true, Init: graph.Constant(0.1)}, []int{4}},
}

// networks returns all networks of the tables.
func networks() []network {
	list := slices.Concat(vocabulary, operations, loops)
	for _, n := range recurrents {
		list = append(list, n.network)
	}
	return list
}

// words turns any input into integers from 0 to n-1, for an embedding. It is a Lambda, as users write them.
func words(n int) graph.Layer {
	return layers.Lambda(func(x graph.Node) graph.Node {
		sum := x.Sign().Scale(0).Shift(float64(n / 2))
		return sum.Add(x.Greater(x.Scale(0))).Sub(x.Scale(-1).Greater(x.Scale(0).Shift(1)))
	})
}

func lambda(f func(x graph.Node) graph.Node) graph.Layer { return layers.Lambda(f) }

// operations are user functions, for the operations that no layer uses, and masks, whose choice of zeros is read as a Where.
var operations = []network{
	{"functions", lambda(func(x graph.Node) graph.Node {
		return graph.Concat(1, x.Sin(), x.Cos(), x.Exp(), x.Abs().Log1p(), x.Erf(), x.GELU(), x.Neg(), x.Square(), x.Abs().Sqrt(), x.Sign(), x.Clip(-0.5, 1))
	}), []int{5}},
	{"two arguments", lambda(func(x graph.Node) graph.Node {
		y := x.Scale(0.7).Shift(0.1)
		return graph.Concat(1, x.Maximum(y), x.Minimum(y), x.Greater(y), x.Equal(x), x.Abs().Pow(y), x.Div(y.Square().Shift(1)), x.ReLU().Xlogy(x.ReLU()))
	}), []int{5}},
	{"powers and limits", lambda(func(x graph.Node) graph.Node {
		return x.PowScalar(3).Add(x.Abs().PowScalar(0.5)).Shift(2).Reciprocal().Abs().Clip(0, inf)
	}), []int{4}},
	{"products, powers and norms", lambda(func(x graph.Node) graph.Node {
		power := graph.Grad(x.Abs().Pow(x.Floor().Abs()).Sum(), x)[0]
		return graph.Concat(1, x.ReLU().Xlogy(x.Exp()), x.Softplus().Sub(x.Mul(x.Neg())), x.Softplus().Sub(x.Neg().Mul(x)), power, x.Norm(1).Expand(1), x.Std(1).Expand(1))
	}), []int{4}},
	{"sums and largest", lambda(func(x graph.Node) graph.Node {
		return graph.Concat(1, x.Sum(1), x.Sum(2).Slice(1, 0, 2), x.Max(1), x.Mean(1, 3).Expand(-1).Mean(-1).Expand(1).BroadcastTo(x.Dim(0), 2, x.Dim(2)).Sum(2).Expand(-1).BroadcastTo(x.Dim(0), 2, 2)).Expand(1)
	}), []int{2, 2, 2}},
	{"distances", lambda(func(x graph.Node) graph.Node {
		return x.Distances(x.Slice(1, 0, 2).Scale(0.5).Shift(0.1))
	}), []int{5, 3}},
	{"parts", lambda(func(x graph.Node) graph.Node {
		return graph.Concat(1, x.Slice(1, 1, 3), x.Slice(1, -1, 0), x.Reverse(1), x.Pad(1, 2, 1).Pad(2, 1, 0).Slice(2, 1, 0))
	}), []int{4, 2}},
	{"masking", layers.Sequential{layers.Masking{}, layers.GRU{Units: 2, ReturnSequences: true}, layers.GlobalMaxPool{}}, []int{3, 4}},
	{"mask, pooled", layers.Sequential{words(3), layers.Embedding{Vocabulary: 3, Units: 4, MaskZero: true}, layers.BatchNorm{}, layers.GlobalAvgPool{}}, []int{5}},
	{"mask, convolution", layers.Sequential{words(3), layers.Embedding{Vocabulary: 3, Units: 2, MaskZero: true}, layers.Conv1D{Filters: 2, Kernel: 2, Stride: 2}, layers.GlobalMaxPool{}}, []int{7}},
	{"mask, norm and pools", layers.Sequential{words(3), layers.Embedding{Vocabulary: 3, Units: 4, MaskZero: true}, layers.GroupNorm{Groups: 2}, layers.MaxPool1D{}, layers.AvgPool1D{Stride: 1, IgnorePadding: true}, layers.Flatten{}}, []int{7}},
	{"one-hot", layers.Sequential{words(4), lambda(func(x graph.Node) graph.Node { return x.OneHot(4) })}, []int{3}},
	{"of the whole batch", lambda(func(x graph.Node) graph.Node {
		return x.Sub(x.Mean(0)).Add(x.Reverse(0)).Add(x.Transpose().MatMul(x).Sum(0)).MatMul(x.Transpose()).Sum(1).Expand(1)
	}), []int{3}},
	{"a part of the batch", lambda(func(x graph.Node) graph.Node {
		two := graph.Concat(0, x, x.Neg())
		return two.Slice(0, x.Dim(0), 0).Add(two.Slice(0, 0, x.Dim(0)).Scale(2)).Reshape(x.Dim(0), 3, 2)
	}), []int{6}},
	{"largest, smallest and sorted", lambda(func(x graph.Node) graph.Node {
		a, i := x.TopK(1, 2)
		b, j := x.BottomK(2, 2)
		c, k := x.Sort(1)
		same := x.ScatterAdd(1, k, x).GatherElements(1, k)
		return graph.Concat(1, graph.Concat(2, a, i), graph.Concat(2, b, j, b, j).Slice(2, 0, 6), graph.Concat(2, c, k), graph.Concat(2, same, same),
			x.ArgMax(1).Expand(1).Tile(1, 1, 2), x.ArgMin(2).Expand(1).Repeat(2, 2).Slice(2, 0, 6))
	}), []int{4, 3}},
	{"cumulated", lambda(func(x graph.Node) graph.Node {
		y := graph.Concat(1, x.CumSum(1, false, false), x.CumSum(2, true, false), x.CumSum(-1, false, true), x.CumSum(1, true, true))
		return graph.Concat(1, y, x.CumProd(1, false, false), x.CumProd(1, true, true), x.CumProd(2, false, true), graph.Grad(x.CumProd(1, false, false).Sum(), x)[0])
	}), []int{5, 3}},
	{"triangles, roundings and remainders", lambda(func(x graph.Node) graph.Node {
		y := x.Scale(3)
		return graph.Concat(1, x.Tril(0), x.Triu(1), x.Tril(-1), y.Round(), y.Ceil(), y.Mod(x.Square().Shift(0.5)), y.Mod(x.Square().Neg().Shift(-0.5)))
	}), []int{3, 4}},
	{"log-sum-exp, cross-entropy, norms and einsum", lambda(func(x graph.Node) graph.Node {
		y := graph.Concat(1, x.LogSumExp(2), x.CrossEntropy(x.ArgMax(2)), x.PNorm(1, 2), x.PNorm(3, 2), x.PNorm(inf, 2))
		return graph.Concat(1, y, graph.Einsum("bij,bkj->bik", x, x).Sum(2), graph.Einsum("bii->bi", x.Slice(2, 0, 3)), graph.Einsum("bij->", x).Reshape(1, 1).BroadcastTo(x.Dim(0), 1))
	}), []int{3, 4}},
	{"a derivative", lambda(func(x graph.Node) graph.Node {
		y := x.Tanh().Add(x.Sigmoid()).Add(x.ReLU()).Add(x.LeakyReLU(0.2)).Add(x.Clip(-1, 1)).Add(x.ELU(0.5))
		return graph.Grad(y.Square().Sum(), x)[0]
	}), []int{4}},
	{"a constant", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		c := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
		return x.Expand(1).Mul(s.Constant(c)).Add(s.Scalar(2).BroadcastTo(x.Dim(0), 2, 3)).Add(s.Scalar(0.5))
	}), []int{3}},
	{"a scalar parameter", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.Mul(s.Param("scale", graph.Constant(3))).Add(s.State("shift", graph.Constant(0.5), 1))
	}), []int{3}},
	{"a parameter called input", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.Mul(s.Param("input", graph.Constant(3), 3)).Mul(s.Param("output", graph.Constant(2), 3)).Add(s.Param("Add", graph.Ones, 3))
	}), []int{3}},
	{"outputs used twice", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := x.MatMul(s.Param("weight", graph.GlorotUniform, 3, 3))
		return y.Add(s.Param("bias", graph.Ones, 3)).Mul(y)
	}), []int{3}},
}
