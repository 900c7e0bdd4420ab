package layers_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// anyRows are layers that take dimensions of any size. shape is that of a sample, sizes replace its Any dimensions.
var anyRows = []struct {
	name  string
	layer graph.Layer
	shape []int
	sizes [][]int
}{
	{"dense", layers.Dense{Units: 4}, sequence, lengths},
	{"identity", layers.Identity{}, sequence, lengths},
	{"relu", layers.ReLU{}, sequence, lengths},
	{"leaky relu", layers.LeakyReLU{}, sequence, lengths},
	{"sigmoid", layers.Sigmoid{}, sequence, lengths},
	{"hard sigmoid", layers.HardSigmoid{}, sequence, lengths},
	{"tanh", layers.Tanh{}, sequence, lengths},
	{"softmax", layers.Softmax{}, sequence, lengths},
	{"softmax over time", layers.Softmax{Axis: 1}, sequence, lengths},
	{"log softmax", layers.LogSoftmax{}, sequence, lengths},
	{"softplus", layers.Softplus{}, sequence, lengths},
	{"softsign", layers.Softsign{}, sequence, lengths},
	{"elu", layers.ELU{}, sequence, lengths},
	{"selu", layers.SELU{}, sequence, lengths},
	{"gelu", layers.GELU{}, sequence, lengths},
	{"silu", layers.SiLU{}, sequence, lengths},
	{"mish", layers.Mish{}, sequence, lengths},
	{"dropout", layers.Dropout{Rate: 0.4}, sequence, lengths},
	{"gaussian noise", layers.GaussianNoise{Deviation: 0.3}, sequence, lengths},
	{"flatten", layers.Flatten{}, sequence, lengths},
	{"reshape", layers.Reshape{Shape: []int{-1, 3}}, sequence, lengths},
	{"sequential", layers.Sequential{layers.Dense{Units: 4}, layers.Tanh{}}, sequence, lengths},
	{"residual", layers.Residual{Layer: layers.Dense{Units: 6}}, sequence, lengths},
	{"concat", layers.Concat{Axis: -1, Layers: []graph.Layer{layers.Dense{Units: 4}, layers.Identity{}}}, sequence, lengths},
	{"concat of times", layers.Concat{Axis: 1, Layers: []graph.Layer{layers.Dense{Units: 6}, layers.Identity{}}}, sequence, lengths},
	{"add", layers.Add{layers.Dense{Units: 6}, layers.Identity{}}, sequence, lengths},
	{"multiply", layers.Multiply{layers.Dense{Units: 6}, layers.Sigmoid{}}, sequence, lengths},
	{"lambda", layers.Lambda(func(x graph.Node) graph.Node { return x.Mean(1) }), sequence, lengths},
	{"layer norm", layers.LayerNorm{}, sequence, lengths},
	{"rms norm", layers.RMSNorm{}, sequence, lengths},
	{"attention", layers.MultiHeadAttention{Heads: 2}, sequence, lengths},
	{"attention, causal", layers.MultiHeadAttention{Causal: true}, sequence, lengths},
	{"transformer encoder", layers.TransformerEncoder{Heads: 2, Dropout: 0.1}, sequence, lengths},
	{"transformer decoder", layers.TransformerDecoder{Heads: 3, Rotary: true}, sequence, lengths},
	{"positional encoding", layers.PositionalEncoding{}, sequence, lengths},
	{"positional encoding, learned", layers.PositionalEncoding{Learned: true, Max: 40}, sequence, lengths},
	{"positional encoding, longest", layers.PositionalEncoding{Max: 37}, sequence, lengths},
	{"simple rnn", layers.SimpleRNN{Units: 3}, sequence, lengths},
	{"lstm", layers.LSTM{Units: 3, ReturnSequences: true}, sequence, lengths},
	{"gru", layers.GRU{Units: 3}, sequence, lengths},
	{"bidirectional", layers.Bidirectional{Layer: layers.LSTM{Units: 2, ReturnSequences: true}}, sequence, lengths},
	{"rescale", layers.Rescale{Scale: []float64{255}}, signal, lengths},
	{"conv1d", layers.Conv1D{Filters: 3, Kernel: 3}, signal, lengths[1:]},
	{"conv1d, same, stride", layers.Conv1D{Filters: 3, Kernel: 4, Stride: 3, Padding: layers.Same}, signal, lengths},
	{"conv1d, causal", layers.Conv1D{Filters: 3, Kernel: 3, Padding: layers.Causal, Dilation: 2}, signal, lengths},
	{"conv transpose 1d", layers.ConvTranspose1D{Filters: 2, Kernel: 3, Stride: 2, OutputPadding: 1}, signal, lengths},
	{"max pool 1d", layers.MaxPool1D{}, signal, lengths[1:]},
	{"avg pool 1d", layers.AvgPool1D{Size: 3, Padding: layers.Same}, signal, lengths},
	{"global max pool of a signal", layers.GlobalMaxPool{}, signal, lengths},
	{"batch norm", layers.BatchNorm{}, signal, lengths},
	{"group norm", layers.GroupNorm{Groups: 3}, signal, lengths},
	{"prelu", layers.PReLU{}, signal, lengths},
	{"spatial dropout", layers.SpatialDropout{Rate: 0.4}, signal, lengths},
	{"conv2d", layers.Conv2D{Filters: 3, Kernel: []int{3, 2}}, picture, areas[1:]},
	{"conv2d, same, stride", layers.Conv2D{Filters: 4, Kernel: []int{3}, Stride: []int{2}, Padding: layers.Same, Groups: 2}, picture, areas},
	{"conv transpose 2d", layers.ConvTranspose2D{Filters: 2, Kernel: []int{2, 3}, Stride: []int{2}}, picture, areas},
	{"depthwise conv", layers.DepthwiseConv2D{Kernel: []int{3}, Padding: layers.Same}, picture, areas},
	{"separable conv", layers.SeparableConv2D{Filters: 3, Kernel: []int{3}, Padding: layers.Same}, picture, areas},
	{"max pool 2d", layers.MaxPool2D{}, picture, areas[1:]},
	{"avg pool 2d", layers.AvgPool2D{Size: []int{3, 2}, Stride: []int{1}, Padding: layers.Same, IgnorePadding: true}, picture, areas},
	{"global avg pool", layers.GlobalAvgPool{}, picture, areas},
	{"global max pool", layers.GlobalMaxPool{}, picture, areas},
	{"batch norm of images", layers.BatchNorm{}, picture, areas},
	{"up-sample", layers.UpSample2D{}, picture, areas},
	{"zero pad", layers.ZeroPad2D{Top: 1, Left: 2}, picture, areas},
	{"max pool 1d, ceil mode", layers.MaxPool1D{Size: 3, Stride: 2, Padding: layers.Pad(1), CeilMode: true}, signal, lengths},
	{"avg pool 2d, ceil mode", layers.AvgPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1), CeilMode: true}, picture, areas},
	{"adaptive max pool 1d", layers.AdaptiveMaxPool1D{Size: 5}, signal, lengths},
	{"adaptive avg pool 1d", layers.AdaptiveAvgPool1D{Size: 4}, signal, lengths},
	{"adaptive max pool 2d", layers.AdaptiveMaxPool2D{Size: []int{3, 2}}, picture, areas},
	{"adaptive avg pool 2d", layers.AdaptiveAvgPool2D{Size: []int{5, 4}}, picture, areas},
	{"depthwise conv 1d", layers.DepthwiseConv1D{Kernel: 3, Padding: layers.Causal}, signal, lengths},
	{"separable conv 1d", layers.SeparableConv1D{Filters: 3, Kernel: 3, Padding: layers.Same}, signal, lengths},
	{"up-sample 1d", layers.UpSample1D{}, signal, lengths},
	{"resize 1d", layers.Resize1D{Size: 8}, signal, lengths},
	{"resize 1d, a factor", layers.Resize1D{Scale: 1.3, Interpolation: layers.Nearest}, signal, lengths},
	{"resize 2d", layers.Resize2D{Size: []int{5, 9}, AlignCorners: true}, picture, areas},
	{"resize 2d, factors", layers.Resize2D{Scale: []float64{2, 1.5}, Interpolation: layers.Bicubic}, picture, areas},
	{"pad 1d, edge", layers.ZeroPad1D{Before: 2, Mode: graph.PadEdge}, signal, lengths},
	{"pad 2d, value", layers.ZeroPad2D{Bottom: 2, Right: 1, Value: 3}, picture, areas},
	{"pad 2d, reflect", layers.ZeroPad2D{Top: 2, Right: 3, Mode: graph.PadReflect}, picture, areas[1:]},
	{"crop 1d", layers.Crop1D{Before: 1, After: 1}, signal, lengths[1:]},
	{"crop 2d", layers.Crop2D{Top: 1, Left: 2}, picture, areas[1:]},
	{"permute", layers.Permute{Axes: []int{2, 1}}, sequence, lengths},
	{"random shift", layers.RandomShift{Pixels: []int{2}}, picture, areas[1:]},
	{"random rotate", layers.RandomRotate{Degrees: 20}, picture, areas},
	{"random flip", layers.RandomFlip{}, picture, areas},
	{"random color", layers.RandomColor{Brightness: 0.2, Contrast: 0.3}, picture, areas},
	{"random zoom", layers.RandomZoom{}, picture, areas},
	{"random erase", layers.RandomErase{}, picture, areas},
	{"max pool 2d, ceil mode", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, CeilMode: true}, picture, areas[3:]},
	{"avg pool 1d, dilation", layers.AvgPool1D{Size: 2, Stride: 1, Dilation: 3}, signal, lengths[2:]},
	{"adaptive max pool 1d", layers.AdaptiveMaxPool1D{Size: 3}, signal, lengths},
	{"adaptive max pool 2d", layers.AdaptiveMaxPool2D{Size: []int{2, 3}}, picture, areas},
	{"adaptive avg pool 1d", layers.AdaptiveAvgPool1D{Size: 3}, signal, lengths},
	{"adaptive avg pool, dense", layers.Sequential{layers.AdaptiveAvgPool2D{Size: []int{2}}, layers.Flatten{}, layers.Dense{Units: 2}}, picture, areas},
	{"depthwise conv 1d", layers.DepthwiseConv1D{Kernel: 3, Padding: layers.Causal}, signal, lengths},
	{"separable conv 1d", layers.SeparableConv1D{Filters: 3, Kernel: 2, Padding: layers.Same}, signal, lengths},
	{"up-sample 1d", layers.UpSample1D{}, signal, lengths},
	{"resize 1d", layers.Resize1D{Size: 7}, signal, lengths},
	{"resize 2d", layers.Resize2D{Scale: []float64{1.5, 0.7}}, picture, areas[3:]},
	{"resize 2d, antialias", layers.Resize2D{Size: []int{4, 3}, Antialias: true}, picture, areas},
	{"pad 1d, reflect", layers.ZeroPad1D{Before: 2, After: 1, Mode: graph.PadReflect}, signal, lengths[1:]},
	{"pad 2d, wrap", layers.ZeroPad2D{Top: 1, Right: 2, Mode: graph.PadWrap}, picture, areas[1:]},
	{"crop 1d", layers.Crop1D{Before: 1, After: 1}, signal, lengths[1:]},
	{"crop 2d", layers.Crop2D{Top: 1, Left: 1, Right: 2}, picture, areas[1:]},
	{"permute", layers.Permute{Axes: []int{3, 1, 2}}, picture, areas},
	{"images of any width", layers.Sequential{layers.Conv2D{Filters: 3, Kernel: []int{3}}, layers.GlobalMaxPool{}}, []int{2, 8, graph.Any}, [][]int{{3}, {9}}},
	{"network of images", pictures, picture, [][]int{{14, 14}, {15, 33}}},
}

var (
	sequence = []int{graph.Any, 6}
	signal   = []int{6, graph.Any}
	picture  = []int{2, graph.Any, graph.Any}
	lengths  = [][]int{{1}, {3}, {8}, {37}}
	areas    = [][]int{{1, 1}, {5, 4}, {4, 5}, {9, 31}}

	pictures = layers.Sequential{
		layers.Conv2D{Filters: 4, Kernel: []int{3}}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{},
		layers.Residual{Layer: layers.Conv2D{Filters: 4, Kernel: []int{3}, Padding: layers.Same}},
		layers.Conv2D{Filters: 5, Kernel: []int{3}, Stride: []int{2}}, layers.GlobalAvgPool{}, layers.Dense{Units: 3}, layers.Softmax{},
	}
)

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

// normal returns a tensor of random numbers.
func normal(seed uint64, shape ...int) *tensor.Dense {
	rng := rand.New(rand.NewPCG(seed, 1))
	data := make([]float32, tensor.Shape(shape).TotalSize())
	for i := range data {
		data[i] = float32(rng.NormFloat64())
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// TestAny checks that a network with Any computes the same bits as one compiled for the size: predictions, losses and gradients.
func TestAny(t *testing.T) {
	for _, r := range anyRows {
		t.Run(r.name, func(t *testing.T) {
			square := graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() })
			m, err := graph.Compile(r.layer, graph.Config{Input: r.shape, Loss: square, Seed: 3})
			require.NoError(t, err)
			require.Equal(t, r.shape, m.Input())
			for _, sizes := range r.sizes {
				shape := with(r.shape, sizes)
				fixed, err := graph.Compile(r.layer, graph.Config{Input: shape, Loss: square, Seed: 3})
				require.NoError(t, err)
				open := m.Output()
				require.Len(t, fixed.Output(), len(open))
				for i, d := range fixed.Output() {
					require.Contains(t, []int{d, graph.Any}, open[i])
				}
				x := normal(5, append([]int{3}, shape...)...)
				want, err := fixed.Predict(context.Background(), x)
				require.NoError(t, err)
				got, err := m.Predict(context.Background(), x)
				require.NoError(t, err, sizes)
				require.Equal(t, want.Shape(), got.Shape())
				require.Equal(t, want.Data(), got.Data(), sizes)
				y := normal(6, want.Shape()...)
				loss, grads, err := fixed.Gradients(x, y)
				require.NoError(t, err)
				same, all, err := m.Gradients(x, y)
				require.NoError(t, err)
				require.Equal(t, loss, same)
				require.Equal(t, fmt.Sprint(grads), fmt.Sprint(all))
				for name, g := range grads {
					require.Equal(t, g.Data(), all[name].Data(), name)
				}
			}
		})
	}
}
