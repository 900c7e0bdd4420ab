package layers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// pooled returns the mean over the valid steps of what a layer returns.
func pooled(t *testing.T, l graph.Layer, cfg graph.Config, inputs map[string]*graph.Tensor) ([]float64, error) {
	t.Helper()
	cfg.DType = tensor.Float64
	m, err := graph.Compile(layers.Sequential{l, layers.GlobalAvgPool{}}, cfg)
	require.NoError(t, err)
	y, err := m.PredictAll(t.Context(), inputs)
	if err != nil {
		return nil, err
	}
	return y[graph.MainOutput].Float64s(), nil
}

// TestMasking: steps whose features all have the value are padding, in the middle of a sequence as well; a sequence of nothing else
// has the mean 0.
func TestMasking(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3, 2), tensor.WithBacking([]float64{7, 7, 1, 7, 3, 5, 7, 7, 7, 7, 7, 7}))
	got, err := pooled(t, layers.Masking{Value: 7}, graph.Config{Input: []int{3, 2}}, map[string]*graph.Tensor{graph.MainInput: x})
	require.NoError(t, err)
	require.Equal(t, []float64{2, 6, 0, 0}, got)
}

// TestMaskZero: the integer 0 is padding.
func TestMaskZero(t *testing.T) {
	weight := func(dst []float64, _ []int, _ *rand.Rand) { copy(dst, []float64{100, 100, 1, 2, 3, 4}) }
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]int{1, 2, 0, 2, 0, 0}))
	got, err := pooled(t, layers.Embedding{Vocabulary: 3, Units: 2, MaskZero: true, Init: weight}, graph.Config{Input: []int{3}}, map[string]*graph.Tensor{graph.MainInput: x})
	require.NoError(t, err)
	require.Equal(t, []float64{2, 3, 3, 4}, got)
}

// TestLengths: the steps behind the length are padding, whatever they are, and a length that is none is an error of the input.
func TestLengths(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3, 1), tensor.WithBacking([]float64{1, 2, 3, 4, math.NaN(), math.Inf(1)}))
	cfg := graph.Config{Input: []int{3, 1}, Inputs: map[string][]int{"lengths": {}}}
	with := func(lengths any) ([]float64, error) {
		n := tensor.New(tensor.WithShape(2), tensor.WithBacking(lengths))
		return pooled(t, layers.Lengths{}, cfg, map[string]*graph.Tensor{graph.MainInput: x, "lengths": n})
	}
	got, err := with([]int{3, 1})
	require.NoError(t, err)
	require.Equal(t, []float64{2, 4}, got)
	for want, lengths := range map[string][]float64{
		"row 1: got a length of 0, want an integer from 1 to 3, the number of steps":   {3, 0},
		"row 0: got a length of 4, want an integer from 1 to 3, the number of steps":   {4, 1},
		"row 1: got a length of 1.5, want an integer from 1 to 3, the number of steps": {1, 1.5},
		"row 0: got a length of -1, want an integer from 1 to 3, the number of steps":  {-1, 2},
		"row 0: got a length of NaN, want an integer from 1 to 3, the number of steps": {math.NaN(), 2},
	} {
		_, err := with(lengths)
		require.ErrorContains(t, err, want)
		require.ErrorIs(t, err, graph.ErrInput)
	}
}

// TestMaskErrors: a layer that would mix padding in, and a mask that does not fit, are errors of Compile.
func TestMaskErrors(t *testing.T) {
	const mixes = "with a mask along axis 1, want a node without one: this layer would mix padding in"
	sequence, images := []int{5, 4}, []int{5, 4, 4}
	for _, r := range []struct {
		layer graph.Layer
		input []int
		want  string
	}{
		{layers.Masking{Value: math.NaN()}, sequence, "masking1: Value: got NaN, want a finite number"},
		{layers.Masking{}, []int{}, "masking1: got shape [2], want (batch, time, features)"},
		{layers.Lengths{Input: "n"}, sequence, `lengths1: Input: got the name "n", want one of Config.Inputs: ["lengths" "pairs"]`},
		{layers.Lengths{Input: "pairs"}, sequence, "lengths1: Input: got lengths of shape [2 2], want (batch): the shape []int{} in Config.Inputs"},
		{layers.Embedding{Vocabulary: 3, Units: 2, MaskZero: true}, sequence, "embedding1: MaskZero: got true for shape [2 5 4], want (batch, time)"},
		{layers.Sequential{layers.Masking{}, layers.AdaptiveAvgPool1D{}}, sequence, "adaptiveavgpool1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.AdaptiveMaxPool1D{}}, sequence, "adaptivemaxpool1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.Crop1D{Before: 1}}, sequence, "crop1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.Resize1D{Size: 2}}, sequence, "resize1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.UpSample1D{}}, sequence, "upsample1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.ZeroPad1D{Before: 1}}, sequence, "zeropad1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.MaxPool1D{CeilMode: true}}, sequence, "maxpool1d1: CeilMode: got true for a sequence with a mask, want false"},
		{layers.Sequential{layers.Masking{}, layers.ConvTranspose1D{Filters: 2, Kernel: 2}}, sequence, "convtranspose1d1: got shape [2 5 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.Conv2D{Filters: 2, Kernel: []int{2}}}, images, "conv2d1: got shape [2 5 4 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.MaxPool2D{}}, images, "maxpool2d1: got shape [2 5 4 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.AvgPool2D{IgnorePadding: true}}, images, "avgpool2d1: got shape [2 5 4 4] " + mixes},
		{layers.Sequential{layers.Masking{}, layers.DepthwiseConv2D{Kernel: []int{2}}}, images, mixes},
		{layers.Sequential{layers.Masking{}, layers.SeparableConv2D{Filters: 2, Kernel: []int{2}}}, images, mixes},
		{layers.Sequential{layers.Masking{}, layers.ConvTranspose2D{Filters: 2, Kernel: []int{2}}}, images, mixes},
		{layers.Sequential{layers.Masking{}, layers.UpSample2D{}}, images, mixes},
		{layers.Sequential{layers.Masking{}, layers.ZeroPad2D{Top: 1}}, images, mixes},
		{layers.Sequential{layers.Masking{}, layers.Conv1D{Filters: 2, Kernel: 2, Stride: 2, Padding: layers.Same}}, sequence,
			"conv1d1: Padding: got Same with stride 2 for a sequence with a mask, want Valid, Causal, Pad, or stride 1"},
	} {
		t.Run(r.want, func(t *testing.T) {
			_, err := graph.Compile(layers.Sequential{r.layer}, graph.Config{Input: r.input, Inputs: map[string][]int{"lengths": {}, "pairs": {2}}})
			if len(r.input) == 0 {
				_, err = graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{s.Apply(r.layer, x[0])} }, []int{2})
			}
			require.ErrorContains(t, err, r.want)
		})
	}
	_, err := graph.Compile(layers.Sequential{layers.Masking{}, swapped(layers.Conv1D{Filters: 2, Kernel: 2})}, graph.Config{Input: sequence, Loss: losses.MeanSquaredError{}})
	require.ErrorContains(t, err, "loss: got a prediction of shape [2 2 4] with a mask whose time is axis 2, want (batch, time, ...)")
}

// TestBackwards: the backward copy of a layer in Bidirectional begins at the last valid step of each row, and its output is in the
// order of the input. The layers sum the steps so far.
func TestBackwards(t *testing.T) {
	sums := func(x graph.Node) graph.Node { return x.CumSum(1, false, false) }
	for _, r := range []struct {
		name  string
		layer func(x graph.Node) graph.Node
		want  []float64 // of the backward copy
	}{
		{"the mask is dropped", sums, []float64{7, 6, 4, 7, 20, 12, 7, 1, 0, 0, 0, 0}},
		{"the mask is kept", func(x graph.Node) graph.Node {
			mask, _ := x.Mask()
			return sums(x).Masked(mask)
		}, []float64{7, 6, 4, 7, 20, 12, 7, 1, 0, 0, 0, 0}},
		{"every second step", func(x graph.Node) graph.Node {
			mask, _ := x.Mask()
			every := func(x graph.Node) graph.Node { return graph.Concat(1, x.Slice(1, 0, 1), x.Slice(1, 2, 3)) }
			return every(sums(x)).Masked(every(mask))
		}, []float64{7, 4, 12, 1, 0, 0}},
	} {
		t.Run(r.name, func(t *testing.T) {
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := layers.Bidirectional{Layer: layers.Lambda(r.layer)}.Emit(s, x[0].Masked(x[1]))
				return []graph.Node{y.Slice(2, 1, 2)}
			}, []int{3, 4, 1}, []int{3, 4})
			require.NoError(t, err)
			x := tensor.New(tensor.WithShape(3, 4, 1), tensor.WithBacking([]float64{1, 2, 4, 0, 8, 5, 6, 1, 0, 0, 0, 0}))
			mask := tensor.New(tensor.WithShape(3, 4), tensor.WithBacking([]float64{1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0}))
			y, err := f.Call(t.Context(), x, mask)
			require.NoError(t, err)
			require.Equal(t, r.want, y[0].Float64s())
		})
	}
}
