package layers_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestErrors: a wrong setting or input is an error of Compile with the layer, what it got and what it wants.
func TestErrors(t *testing.T) {
	for _, r := range []struct {
		layer graph.Layer
		input []int
		want  string
	}{
		{layers.Dense{}, []int{3}, "dense1: Units: got 0, want 1 or more"},
		{layers.Dense{Units: 2, KernelPenalty: layers.Penalty{L2: -1}}, []int{3}, "dense1: KernelPenalty.L2: got -1, want a finite number of at least 0"},
		{layers.LeakyReLU{Slope: -1}, []int{3}, "leakyrelu1: Slope: got -1, want a finite number greater than 0, or 0 for 0.01"},
		{layers.LeakyReLU{Slope: math.NaN()}, []int{3}, "leakyrelu1: Slope: got NaN, want a finite number greater than 0, or 0 for 0.01"},
		{layers.ELU{Alpha: math.Inf(1)}, []int{3}, "elu1: Alpha: got +Inf, want a finite number, or 0 for 1"},
		{layers.Dense{Units: 2, BiasPenalty: layers.Penalty{L1: math.Inf(1)}}, []int{3}, "dense1: BiasPenalty.L1: got +Inf, want a finite number of at least 0"},
		{layers.Conv1D{Filters: 2, Kernel: 1, BiasPenalty: layers.Penalty{L1: -1}}, []int{1, 3}, "conv1d1: BiasPenalty.L1: got -1, want a finite number of at least 0"},
		{layers.Softmax{Axis: 2}, []int{3}, "softmax1: Softmax: got axis 2 for shape [2 3]"},
		{layers.Dropout{Rate: 1}, []int{3}, "dropout1: Rate: got 1, want at least 0 and less than 1"},
		{layers.GaussianNoise{Deviation: -1}, []int{3}, "gaussiannoise1: Deviation: got -1, want a finite number of at least 0"},
		{layers.GaussianNoise{Deviation: math.Inf(1)}, []int{3}, "gaussiannoise1: Deviation: got +Inf, want a finite number of at least 0"},
		{layers.Reshape{Shape: []int{4}}, []int{3}, "reshape1: Reshape: got shape [2 3] with 6 elements, want one that fits [2 4]"},
		{layers.Rescale{Scale: []float64{1, 0, 2}}, []int{3}, "rescale1: Scale: got 0 at index 1, want a number other than 0"},
		{layers.Rescale{Offset: []float64{math.Inf(-1)}}, []int{3}, "rescale1: Offset: got -Inf, want a finite number"},
		{layers.Rescale{Scale: []float64{math.NaN()}}, []int{3}, "rescale1: Scale: got NaN, want a finite number"},
		{layers.Rescale{Offset: []float64{1, 2}, Scale: []float64{1, 2}}, []int{3}, "rescale1: Offset: got 2 numbers for samples of shape [3]"},
		{layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.Sum() }), layers.Rescale{Scale: []float64{2}}}, []int{3}, "rescale1: got a scalar, want a batch"},
		{layers.Rescale{Scale: []float64{1, 2}}, []int{3, 4}, "rescale1: Scale: got 2 numbers for samples of shape [3 4], want 1, one per channel or one per element"},
		{layers.Named("a", nil), []int{3}, "a: Layer: got nil, want a layer"},
		{layers.Residual{}, []int{3}, "residual1: Layer: got nil, want a layer"},
		{layers.Residual{Layer: layers.Dense{Units: 2}}, []int{3}, "residual1: Layer: got output shape [2 2], want [2 3], the shape of the shortcut"},
		{layers.Sequential{nil}, []int{3}, "layer1: Apply: got no layer"},
		{layers.Conv1D{Filters: 2, Kernel: 3}, []int{5}, "conv1d1: got shape [2 5], want (batch, channels, length)"},
		{layers.Conv2D{Filters: 2, Kernel: []int{3}}, []int{1, 5}, "conv2d1: got shape [2 1 5], want (batch, channels, height, width)"},
		{layers.Conv1D{Kernel: 3}, []int{1, 5}, "conv1d1: Filters: got 0, want 1 or more"},
		{layers.Conv1D{Filters: 1}, []int{1, 5}, "conv1d1: Kernel: got 0, want 1 or more"},
		{layers.Conv1D{Filters: 1, Kernel: 2, Stride: -1}, []int{1, 5}, "conv1d1: Stride: got -1, want 1 or more"},
		{layers.Conv2D{Filters: 1, Kernel: []int{2}, Dilation: []int{1, 0}}, []int{1, 5, 5}, "conv2d1: Dilation: got 0, want 1 or more"},
		{layers.Conv2D{Filters: 1, Kernel: []int{1, 2, 3}}, []int{1, 5, 5}, "conv2d1: Kernel: got [1 2 3], want one number or 2"},
		{layers.Conv2D{Filters: 1, Kernel: []int{1}, Padding: layers.Pad(-1)}, []int{1, 5, 5}, "conv2d1: Padding: got -1, want 0 or more"},
		{layers.Conv2D{Filters: 1, Kernel: []int{1}, Padding: layers.Causal}, []int{1, 5, 5}, "conv2d1: Padding: got Causal for 2 spatial dimensions, want Valid, Same or Pad"},
		{layers.Conv1D{Filters: 1, Kernel: 4, Dilation: 2, Padding: layers.Pad(0)}, []int{1, 6}, "conv1d1: got shape [2 1 6], want at least 7 elements in dimension 2"},
		{layers.Conv2D{Filters: 3, Kernel: []int{1}, Groups: 2}, []int{4, 5, 5}, "conv2d1: Groups: got 2, want a divisor of the 4 channels and of the 3 filters"},
		{layers.MaxPool1D{Size: 9}, []int{3, 6}, "maxpool1d1: got shape [2 3 6], want at least 9 elements in dimension 2, padding included"},
		{layers.MaxPool1D{}, []int{3, 6, 6}, "maxpool1d1: got shape [2 3 6 6], want (batch, channels, length)"},
		{layers.MaxPool2D{}, []int{3, 6}, "maxpool2d1: got shape [2 3 6], want (batch, channels, height, width)"},
		{layers.AvgPool1D{Stride: -1}, []int{3, 6}, "avgpool1d1: Stride: got -1, want 1 or more"},
		{layers.AvgPool2D{}, []int{6}, "avgpool2d1: got shape [2 6], want (batch, channels, height, width)"},
		{layers.MaxPool2D{Size: []int{-1}}, []int{3, 6, 6}, "maxpool2d1: Size: got -1, want 1 or more"},
		{layers.AvgPool2D{Size: []int{2}, Padding: layers.Pad(2)}, []int{3, 6, 6}, "avgpool2d1: AvgPool: dimension 2: got padding 2, 2, want less than the 2"},
		{layers.GlobalMaxPool{}, []int{3}, "globalmaxpool1: got shape [2 3], want (batch, channels, space...)"},
		{layers.GlobalAvgPool{}, []int{3}, "globalavgpool1: got shape [2 3], want (batch, channels, space...)"},
		{layers.BatchNorm{Momentum: 2}, []int{3}, "batchnorm1: Momentum: got 2, want greater than 0 and at most 1, or 0 for 0.1"},
		{layers.BatchNorm{Epsilon: -1}, []int{3}, "batchnorm1: Epsilon: got -1, want a finite number greater than 0, or 0 for 1e-05"},
		{layers.LayerNorm{Dims: 2}, []int{3}, "layernorm1: Dims: got 2 for shape [2 3], want at least 1 and at most 1"},
		{layers.LayerNorm{Epsilon: -1}, []int{3}, "layernorm1: Epsilon: got -1, want a finite number greater than 0, or 0 for 1e-05"},
		{layers.GroupNorm{Groups: 2}, []int{3, 4}, "groupnorm1: Groups: got 2, want a divisor of the 3 channels"},
		{layers.GroupNorm{Epsilon: -1}, []int{3, 4}, "groupnorm1: Epsilon: got -1, want a finite number greater than 0, or 0 for 1e-05"},
		{layers.RMSNorm{Epsilon: -1}, []int{3, 4}, "rmsnorm1: Epsilon: got -1, want a finite number greater than 0, or 0 for 1e-06"},
		{layers.Embedding{Units: 2}, []int{3}, "embedding1: Vocabulary: got 0, want 1 or more"},
		{layers.MultiHeadAttention{Heads: 2}, []int{4, 3}, "multiheadattention1: Heads: got 2, want a divisor of the 3 features"},
		{layers.MultiHeadAttention{}, []int{3}, "multiheadattention1: got shape [2 3], want (batch, time, features)"},
		{layers.PositionalEncoding{}, []int{3}, "positionalencoding1: got shape [2 3], want (batch, time, features)"},
		{layers.PositionalEncoding{Max: -1}, []int{3, 2}, "positionalencoding1: Max: got -1, want 0 or more"},
		{layers.PositionalEncoding{Max: 2}, []int{3, 2}, "positionalencoding1: got shape [2 3 2], want at most 2 elements in the second dimension, time, as Max says"},
		{layers.LSTM{}, []int{4, 3}, "lstm1: Units: got 0, want 1 or more"},
		{layers.SimpleRNN{Units: 2}, []int{4}, "simplernn1: got shape [2 4], want (batch, time, features)"},
		{layers.GRU{Units: 2}, []int{4}, "gru1: got shape [2 4], want (batch, time, features)"},
		{layers.GRU{Units: -1}, []int{4, 3}, "gru1: Units: got -1, want 1 or more"},
		{layers.Bidirectional{}, []int{4, 3}, "bidirectional1: Layer: got nil, want a layer"},
		{layers.Bidirectional{Layer: layers.LSTM{Units: 2}}, []int{3}, "bidirectional1: got shape [2 3], want (batch, time, features)"},
		{layers.ConvTranspose1D{Filters: 1, Kernel: 2, OutputPadding: 1}, []int{3, 6}, "convtranspose1d1: OutputPadding: got 1, want less than the stride of 1"},
		{layers.ConvTranspose1D{Filters: 1, Kernel: 2, Padding: layers.Causal}, []int{3, 6}, "convtranspose1d1: Padding: got Causal"},
		{layers.ConvTranspose1D{Filters: 1, Kernel: 2, Padding: layers.Pad(4)}, []int{3, 6}, "convtranspose1d1: Padding: got 4 and 4 for an output of 7 elements, want at least one left"},
		{layers.ConvTranspose2D{Filters: 1, Kernel: []int{2}, Stride: []int{2}, OutputPadding: []int{1}, Padding: layers.Same}, []int{3, 6, 6}, "convtranspose2d1: OutputPadding: got 1 with Padding Same, want 0"},
		{layers.ConvTranspose2D{Filters: 3, Kernel: []int{1}, Groups: 2}, []int{4, 5, 5}, "convtranspose2d1: Groups: got 2, want a divisor of the 4 channels and of the 3 filters"},
		{layers.ConvTranspose1D{Filters: 1, Kernel: 2}, []int{3}, "convtranspose1d1: got shape [2 3], want (batch, channels, length)"},
		{layers.ConvTranspose2D{Kernel: []int{2}}, []int{3, 4, 4}, "convtranspose2d1: Filters: got 0, want 1 or more"},
		{layers.ConvTranspose2D{Filters: 1, Kernel: []int{2}, Stride: []int{0}}, []int{3, 4, 4}, "convtranspose2d1: Stride: got 0, want 1 or more"},
		{layers.SeparableConv2D{Filters: 1, Kernel: []int{2}}, []int{3, 4}, "separableconv2d1/depthwise: got shape [2 3 4], want (batch, channels, height, width)"},
		{layers.DepthwiseConv2D{Kernel: []int{2}, Multiplier: -1}, []int{3, 6, 6}, "depthwiseconv2d1: Multiplier: got -1, want 0 or more"},
		{layers.DepthwiseConv2D{Kernel: []int{2}}, []int{3, 6}, "depthwiseconv2d1: got shape [2 3 6], want (batch, channels, height, width)"},
		{layers.SeparableConv2D{Kernel: []int{2}}, []int{3, 6, 6}, "separableconv2d1/pointwise: Filters: got 0, want 1 or more"},
		{layers.UpSample2D{Size: []int{1 << 31}}, []int{3, 6, 6}, "upsample2d1: Size: got 2147483648, want at most 2147483647"},
		{layers.UpSample2D{Size: []int{0}}, []int{3, 6, 6}, "upsample2d1: Size: got 0, want 1 or more"},
		{layers.UpSample2D{}, []int{3, 6}, "upsample2d1: got shape [2 3 6], want (batch, channels, height, width)"},
		{layers.ZeroPad2D{Left: -1}, []int{3, 6, 6}, "zeropad2d1: Left: got -1, want 0 or more"},
		{layers.ZeroPad2D{Left: 1}, []int{3, 6}, "zeropad2d1: got shape [2 3 6], want (batch, channels, height, width)"},
		{layers.Concat{}, []int{3}, "concat1: Layers: got none"},
		{layers.Concat{Axis: -1, Layers: []graph.Layer{layers.Identity{}, layers.Flatten{}}}, []int{3, 2}, "concat1: Concat: got shapes [2 3 2] and [2 6], want equal dimensions except axis 2"},
		{layers.Add{}, []int{3}, "add1: got no layers, want at least one"},
		{layers.Multiply{layers.Identity{}, layers.Dense{Units: 1}}, []int{3}, "multiply1: layer 2: got output shape [2 1], want [2 3] as of layer 1"},
		{layers.Lambda(nil), []int{3}, "lambda1: got nil, want a function"},
		{layers.SpatialDropout{}, []int{3}, "spatialdropout1: got shape [2 3], want (batch, channels, space...)"},
		{layers.SpatialDropout{Rate: 1}, []int{3, 2}, "spatialdropout1: Rate: got 1, want at least 0 and less than 1"},
		{layers.RandomShift{}, []int{1, 5, 5}, "randomshift1: got neither Pixels nor Fraction, want one of them"},
		{layers.RandomShift{Pixels: []int{1}, Fraction: 0.5}, []int{1, 5, 5}, "randomshift1: got Pixels [1] and Fraction 0.5, want one of them"},
		{layers.RandomShift{Pixels: []int{1, -1}}, []int{1, 5, 5}, "randomshift1: Pixels: got -1, want 0 or more"},
		{layers.RandomShift{Fraction: 2}, []int{1, 5, 5}, "randomshift1: Fraction: got 2, want at least 0 and at most 1"},
		{layers.RandomShift{Fraction: 0.2}, []int{5}, "randomshift1: got shape [2 5], want (batch, channels, height, width) or (batch, height, width)"},
		{layers.RandomShift{Fraction: 0.2, Fill: math.NaN()}, []int{5, 5}, "randomshift1: Fill: got NaN, want a finite number"},
		{layers.RandomRotate{}, []int{5, 5}, "randomrotate1: Degrees: got 0, want greater than 0 and at most 180"},
		{layers.RandomRotate{Degrees: 10, Fill: math.Inf(1)}, []int{5, 5}, "randomrotate1: Fill: got +Inf, want a finite number"},
		{layers.RandomRotate{Degrees: 10}, []int{5}, "randomrotate1: got shape [2 5], want (batch, channels, height, width) or"},
		{layers.RandomFlip{}, []int{5}, "randomflip1: got shape [2 5], want (batch, channels, height, width) or"},
		{layers.RandomErase{}, []int{5}, "randomerase1: got shape [2 5], want (batch, channels, height, width) or"},
		{layers.RandomErase{Rate: 2}, []int{5, 5}, "randomerase1: Rate: got 2, want greater than 0 and at most 1, or 0 for 0.5"},
		{layers.RandomErase{MinArea: 0.5}, []int{5, 5}, "randomerase1: MinArea: got 0.5, want greater than 0 and at most 0.4"},
		{layers.RandomErase{MaxArea: 0.01}, []int{5, 5}, "randomerase1: MinArea: got 0.02, want greater than 0 and at most 0.01"},
		{layers.RandomErase{MaxArea: 2}, []int{5, 5}, "randomerase1: MaxArea: got 2, want greater than 0 and at most 1, or 0 for 0.4"},
		{layers.RandomErase{Ratio: -1}, []int{5, 5}, "randomerase1: Ratio: got -1, want greater than 0 and at most 1, or 0 for 0.3"},
		{layers.RandomErase{Fill: math.Inf(1)}, []int{5, 5}, "randomerase1: Fill: got +Inf, want a finite number"},
	} {
		t.Run(r.want, func(t *testing.T) {
			_, err := graph.Compile(layers.Sequential{r.layer}, graph.Config{Input: r.input})
			require.ErrorContains(t, err, r.want)
		})
	}
}
