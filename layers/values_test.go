package layers_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// outputOf returns a layer's output for the input 1, 2, 3... in the given shape, in training or in inference.
func outputOf(t *testing.T, l graph.Layer, training bool, shape ...int) (out []float64, outShape []int) {
	t.Helper()
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{s.TrainingMode(training).Apply(l, x[0])}
	}, shape)
	require.NoError(t, err)
	x := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shape...))
	for i := range x.Float64s() {
		x.Float64s()[i] = float64(i + 1)
	}
	y, err := f.Call(context.Background(), x)
	require.NoError(t, err)
	return y[0].Float64s(), y[0].Shape()
}

// TestValues checks values computed by hand, of layers that layers.json has no case for, on the input 1, 2, 3...
func TestValues(t *testing.T) {
	sum := graph.Ones
	for _, r := range []struct {
		name  string
		layer graph.Layer
		shape []int
		want  []float64
		as    []int
	}{
		{"causal", layers.Conv1D{Filters: 1, Kernel: 2, Padding: layers.Causal, Dilation: 2, KernelInit: sum}, []int{1, 1, 4}, []float64{1, 2, 4, 6}, []int{1, 1, 4}},
		{"same, the extra zero at the end", layers.Conv1D{Filters: 1, Kernel: 2, Padding: layers.Same, KernelInit: sum}, []int{1, 1, 4}, []float64{3, 5, 7, 4}, []int{1, 1, 4}},
		{"same, stride", layers.Conv1D{Filters: 1, Kernel: 3, Stride: 2, Padding: layers.Same, KernelInit: sum}, []int{1, 1, 5}, []float64{3, 9, 9}, []int{1, 1, 3}},
		{"same, stride above the kernel", layers.Conv1D{Filters: 1, Kernel: 1, Stride: 2, Padding: layers.Same, KernelInit: sum}, []int{1, 1, 4}, []float64{1, 3}, []int{1, 1, 2}},
		{"transposed, same", layers.ConvTranspose1D{Filters: 1, Kernel: 3, Stride: 2, Padding: layers.Same, KernelInit: sum}, []int{1, 1, 2}, []float64{1, 1, 3, 2}, []int{1, 1, 4}},
		{"transposed, same, gaps", layers.ConvTranspose1D{Filters: 1, Kernel: 1, Stride: 3, Padding: layers.Same, KernelInit: sum}, []int{1, 1, 2}, []float64{1, 0, 0, 2, 0, 0}, []int{1, 1, 6}},
		{"depthwise", layers.DepthwiseConv2D{Kernel: []int{1, 2}, Multiplier: 2, KernelInit: sum}, []int{1, 2, 1, 2}, []float64{3, 3, 7, 7}, []int{1, 4, 1, 1}},
		{"separable", layers.SeparableConv2D{Filters: 1, Kernel: []int{1, 2}, KernelInit: sum}, []int{1, 2, 1, 2}, []float64{10}, []int{1, 1, 1, 1}},
		{"up-sample", layers.UpSample2D{Size: []int{2, 3}}, []int{1, 1, 1, 2}, []float64{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}, []int{1, 1, 2, 6}},
		{"zero pad", layers.ZeroPad2D{Top: 1, Right: 1}, []int{1, 1, 1, 2}, []float64{0, 0, 0, 1, 2, 0}, []int{1, 1, 2, 3}},
		{"concat", layers.Concat{Layers: []graph.Layer{layers.Identity{}, layers.Tanh{}}}, []int{1, 1}, []float64{1, math.Tanh(1)}, []int{1, 2}},
		{"add", layers.Add{layers.Identity{}, layers.Identity{}}, []int{1, 2}, []float64{2, 4}, []int{1, 2}},
		{"multiply", layers.Multiply{layers.Identity{}, layers.Identity{}}, []int{1, 2}, []float64{1, 4}, []int{1, 2}},
		{"prelu", layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.Shift(-2) }), layers.PReLU{}}, []int{1, 3}, []float64{-0.25, 0, 1}, []int{1, 3}},
		{"global max pool", layers.GlobalMaxPool{}, []int{1, 2, 3}, []float64{3, 6}, []int{1, 2}},
		{"rescale by a scalar", layers.Rescale{Scale: []float64{255}}, []int{1, 3}, []float64{1. / 255, 2. / 255, 3. / 255}, []int{1, 3}},
		{"rescale by channels", layers.Rescale{Offset: []float64{1, 2}, Scale: []float64{3, 4}}, []int{1, 2, 3}, []float64{0, 1. / 3, 2. / 3, 0.5, 0.75, 1}, []int{1, 2, 3}},
		{"rescale by elements", layers.Rescale{Offset: []float64{1, 0, 2, 5}, Scale: []float64{2}}, []int{2, 2, 2}, []float64{0, 1, 0.5, -0.5, 2, 3, 2.5, 1.5}, []int{2, 2, 2}},
		{"rescale by nothing", layers.Rescale{}, []int{1, 2}, []float64{1, 2}, []int{1, 2}},
		{"group norm", layers.GroupNorm{Groups: 2, Epsilon: 1e-12}, []int{1, 4, 1}, []float64{-1, 1, -1, 1}, []int{1, 4, 1}},
		{"rms norm", layers.RMSNorm{Epsilon: 1e-12}, []int{1, 2}, []float64{1 / math.Sqrt(2.5), 2 / math.Sqrt(2.5)}, []int{1, 2}},
		{"positional encoding", layers.PositionalEncoding{}, []int{1, 2, 3}, []float64{1, 3, 3, 4 + math.Sin(1), 5 + math.Cos(1), 6 + math.Sin(math.Pow(10000, -2.0/3))}, []int{1, 2, 3}},
		{"simple rnn", layers.SimpleRNN{Units: 1, KernelInit: sum, RecurrentInit: sum}, []int{1, 2, 1}, []float64{math.Tanh(2 + math.Tanh(1))}, []int{1, 1}},
	} {
		t.Run(r.name, func(t *testing.T) {
			got, shape := outputOf(t, r.layer, false, r.shape...)
			require.Equal(t, r.as, shape)
			require.InDeltaSlice(t, r.want, got, 1e-9)
		})
	}
}

// TestSpatialDropout: a whole channel is dropped, or kept and scaled; in inference all are kept.
func TestSpatialDropout(t *testing.T) {
	l := layers.SpatialDropout{Rate: 0.5}
	got, _ := outputOf(t, l, true, 4, 8, 3)
	dropped := 0
	for i := 0; i < len(got); i += 3 {
		factor := got[i] / float64(i+1)
		require.Contains(t, []float64{0, 2}, factor)
		require.Equal(t, []float64{factor * float64(i+2), factor * float64(i+3)}, got[i+1:i+3])
		if factor == 0 {
			dropped++
		}
	}
	require.True(t, 4 < dropped && dropped < 28, dropped)
	got, _ = outputOf(t, l, false, 1, 1, 2)
	require.Equal(t, []float64{1, 2}, got)
}
