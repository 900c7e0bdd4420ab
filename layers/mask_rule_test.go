package layers_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
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
		{"Bidirectional", layers.Bidirectional{Layer: layers.GRU{Units: 3, ReturnSequences: true}}, false},
		{"Bidirectional, last", layers.Bidirectional{Layer: layers.LSTM{Units: 3}}, false},
		{"Bidirectional, convolution", layers.Bidirectional{Layer: layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Causal}}, true},
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
		{"Multiply", layers.Multiply{layers.Dense{Units: 4}, layers.Sigmoid{}}, false},
		{"Permute", layers.Sequential{layers.Permute{Axes: []int{2, 1}}, layers.Conv1D{Filters: 2, Kernel: 2}, layers.GlobalMaxPool{}}, false},
		{"PReLU", layers.PReLU{}, false},
		{"PositionalEncoding", layers.PositionalEncoding{}, false},
		{"RMSNorm", layers.RMSNorm{}, false},
		{"RMSNorm over the time", swapped(layers.RMSNorm{NoAffine: true}), false},
		{"Rescale", layers.Rescale{Offset: []float64{1}, Scale: []float64{2}}, false},
		{"Reshape", layers.Sequential{layers.Reshape{Shape: []int{-1}}, layers.Dense{Units: 2}}, true},
		{"Reshape of the features", layers.Sequential{layers.Reshape{Shape: []int{7, 2, 2}}, layers.Dense{Units: 2}}, true},
		{"Residual", layers.Residual{Layer: layers.Dense{Units: 4}}, false},
		{"Softmax over the time", swapped(layers.Softmax{}), true},
		{"LogSoftmax over the time", layers.Sequential{swapped(layers.LogSoftmax{}), layers.Lambda(func(x graph.Node) graph.Node { return x.Exp() })}, true},
		{"SeparableConv1D", layers.SeparableConv1D{Filters: 2, Kernel: 3, Padding: layers.Causal}, false},
		{"SimpleRNN", layers.SimpleRNN{Units: 3, ReturnSequences: true}, false},
		{"SimpleRNN, last", layers.SimpleRNN{Units: 3, Reverse: true}, false},
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
	"Embedding": "it makes a mask", "Lengths": "it makes a mask", "Masking": "it makes a mask",
	"ConvTranspose1D": "an error, see TestMaskErrors", "ConvTranspose2D": "an error", "Conv2D": "an error", "AvgPool2D": "an error", "MaxPool2D": "an error",
	"DepthwiseConv2D": "an error", "SeparableConv2D": "an error", "UpSample2D": "an error", "ZeroPad2D": "an error",
	"RandomErase": "of images", "RandomFlip": "of images", "RandomRotate": "of images", "RandomShift": "of images",
	"AdaptiveAvgPool1D": "an error", "AdaptiveAvgPool2D": "an error", "AdaptiveMaxPool1D": "an error", "AdaptiveMaxPool2D": "an error",
	"Crop1D": "an error", "Crop2D": "an error", "Resize1D": "an error", "Resize2D": "an error", "UpSample1D": "an error", "ZeroPad1D": "an error",
	"MultiHeadAttention": "it does not read masks",
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

// A maskedRun is what a layer computes from sequences.
type maskedRun struct {
	y     [][][]float64 // the output of each sequence: its valid steps, or one vector
	dx    [][][]float64 // the derivative by the input of each sequence
	grads [][]float64   // the derivatives by the parameters
}

// runMasked applies a layer to sequences that are padded to a number of steps with garbage, in training or in inference, and
// differentiates a sum of the valid outputs with weights that depend on the sequence, the step and the feature.
func runMasked(t *testing.T, l graph.Layer, sequences [][][]float64, time int, garbage float64, training bool, first int) maskedRun {
	t.Helper()
	batch, features := len(sequences), len(sequences[0][0])
	var data, lengths []float64
	for _, s := range sequences {
		lengths = append(lengths, float64(len(s)))
		for i := range time {
			row := slices.Repeat([]float64{garbage * (1 + float64(i))}, features)
			if i < len(s) {
				row = s[i]
			}
			data = append(data, row...)
		}
	}
	var transposed, masked bool
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		s = s.TrainingMode(training)
		in := x[0].Masked(x[1].Steps(time))
		if garbage != garbage {
			in = in.FillPadding(0) // as Masking and Lengths do
		}
		y := s.Apply(l, in)
		_, axis, ok := y.Valid()
		if transposed = axis == 2; transposed {
			y = y.SwapAxes(1, 2)
		}
		masked = ok
		mask, _ := y.Mask()
		if !ok {
			mask = s.Scalar(1)
		}
		inner := y.Dim(-1)
		weight := s.Table(func(i int) float64 {
			row := i / inner
			steps := y.Reshape(y.Dim(0), -1, inner).Dim(1)
			return math.Sin(float64(31*(first+row/steps) + 7*(row%steps) + 3*(i%inner)))
		}, y.Shape()...)
		sum := y.FillPadding(0).Mul(weight).Sum()
		return append([]graph.Node{y, mask}, graph.Grad(sum, append([]graph.Node{x[0]}, s.Params()...)...)...)
	}, []int{batch, time, features}, []int{batch})
	require.NoError(t, err)
	out, err := f.Call(t.Context(), tensor.New(tensor.WithShape(batch, time, features), tensor.WithBacking(data)),
		tensor.New(tensor.WithShape(batch), tensor.WithBacking(lengths)))
	require.NoError(t, err)
	split := func(d []float64, rows int) (list [][]float64) {
		for i := range rows {
			list = append(list, d[i*len(d)/rows:(i+1)*len(d)/rows])
		}
		return list
	}
	var r maskedRun
	for i, s := range split(out[0].Float64s(), batch) {
		if !masked {
			r.y = append(r.y, [][]float64{s})
			continue
		}
		var valid [][]float64
		mask := split(out[1].Float64s(), batch)[i]
		for k, step := range split(s, len(mask)) {
			if mask[k] > 0 {
				valid = append(valid, step)
			}
		}
		r.y = append(r.y, valid)
	}
	for i, s := range split(out[2].Float64s(), batch) {
		steps := split(s, time)
		for _, step := range steps[len(sequences[i]):] {
			for _, d := range step {
				require.Zero(t, d, "derivative of the padding")
			}
		}
		r.dx = append(r.dx, steps[:len(sequences[i])])
	}
	for _, g := range out[3:] {
		r.grads = append(r.grads, g.Float64s())
	}
	return r
}

func nearAll(t *testing.T, want, got [][][]float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i := range want {
		require.Len(t, got[i], len(want[i]), "%s: steps of sequence %d", what, i)
		for k := range want[i] {
			require.InDeltaSlice(t, want[i][k], got[i][k], 1e-9, "%s: sequence %d, step %d", what, i, k)
		}
	}
}

// TestPaddingChangesNothing: sequences alone, and padded in a batch with others, whatever the padding is, give the same outputs and
// derivatives.
func TestPaddingChangesNothing(t *testing.T) {
	random := graphtest.Check{Seed: 1}.Random(4, 7, 4).Float64s()
	sequence := func(i, steps int) (list [][]float64) {
		for k := range steps {
			at := (i*7 + k) * 4
			list = append(list, random[at:at+4])
		}
		return list
	}
	ragged := [][][]float64{sequence(0, 5), sequence(1, 3), sequence(2, 7), sequence(3, 4)}
	equal := [][][]float64{sequence(0, 4), sequence(1, 4)}
	for _, r := range maskRows() {
		t.Run(r.name, func(t *testing.T) {
			for _, training := range []bool{false, true} {
				want := runMasked(t, r.layer, ragged, 7, 0, training, 0)
				for _, garbage := range []float64{1e3, -7, math.NaN()} {
					got := runMasked(t, r.layer, ragged, 7, garbage, training, 0)
					nearAll(t, want.y, got.y, "output")
					nearAll(t, want.dx, got.dx, "derivative by the input")
					nearAll(t, [][][]float64{want.grads}, [][][]float64{got.grads}, "derivatives by the parameters")
				}
				if r.fixed {
					continue
				}
				want, got := runMasked(t, r.layer, equal, 4, 0, training, 0), runMasked(t, r.layer, equal, 7, 1e3, training, 0)
				nearAll(t, want.y, got.y, "batch: output")
				nearAll(t, want.dx, got.dx, "batch: derivative by the input")
				nearAll(t, [][][]float64{want.grads}, [][][]float64{got.grads}, "batch: derivatives by the parameters")
			}
			if r.fixed {
				return
			}
			got := runMasked(t, r.layer, ragged, 7, 1e3, false, 0)
			var sums [][]float64
			for i, s := range ragged {
				alone := runMasked(t, r.layer, [][][]float64{s}, len(s), 0, false, i)
				nearAll(t, alone.y, got.y[i:i+1], "alone: output")
				nearAll(t, alone.dx, got.dx[i:i+1], "alone: derivative by the input")
				for k, g := range alone.grads {
					if i == 0 {
						sums = append(sums, make([]float64, len(g)))
					}
					for j, d := range g {
						sums[k][j] += d
					}
				}
			}
			nearAll(t, [][][]float64{sums}, [][][]float64{got.grads}, "alone: derivatives by the parameters")
		})
	}
}
