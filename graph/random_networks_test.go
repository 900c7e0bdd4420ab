package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A randomNetwork applies random operations to values that it has computed before. With Smooth, all have a derivative everywhere.
type randomNetwork struct {
	Seed, Steps int
	Smooth      bool
}

func init() { graph.Register("", randomNetwork{}) }

// Emit implements graph.Layer.
func (n randomNetwork) Emit(s *graph.Scope, x graph.Node) graph.Node {
	r := rand.New(rand.NewPCG(uint64(n.Seed), 1))
	values := []graph.Node{x}
	for range n.Steps {
		if r.IntN(4) == 0 {
			x = values[r.IntN(len(values))]
		}
		other := x // a value of the same shape
		for _, y := range values {
			if slices.Equal(x.Shape(), y.Shape()) && r.IntN(2) == 0 {
				other = y
			}
		}
		if r.IntN(2) == 0 {
			x = n.elementwise(r, s, x, other)
		} else {
			x = n.layer(r, s, x)
		}
		values = append(values, x)
	}
	for _, y := range values[1:] { // each value counts
		axes := []int{1, 2, 3}[:y.Rank()-1]
		x = x.Add(y.Mean(axes...).Reshape(append([]int{-1}, slices.Repeat([]int{1}, x.Rank()-1)...)...))
	}
	return x
}

// elementwise returns an element-wise function of x and y, or one with a reduction along an axis.
func (n randomNetwork) elementwise(r *rand.Rand, s *graph.Scope, x, y graph.Node) graph.Node {
	axis := 1 + r.IntN(x.Rank()-1)
	kept := x.Shape()
	kept[axis] = 1
	k := r.IntN(17)
	if n.Smooth {
		k %= 13
	}
	switch k {
	case 0, 1:
		return x.Add(y)
	case 2:
		return x.Sub(y.Scale(0.5)).Tanh()
	case 3:
		return x.Mul(y.Sigmoid())
	case 4:
		return x.Div(y.Square().Shift(1))
	case 5:
		return x.GELU()
	case 6:
		return x.Sub(x.Mean(axis).Reshape(kept...)).Mul(y.Sin())
	case 7:
		return x.Softmax(axis)
	case 8:
		return x.CumSum(axis, false, true).Scale(0.1)
	case 9:
		return x.Sub(x.LogSumExp(axis).Reshape(kept...))
	case 10:
		mean, variance := x.Moments(axis)
		return x.Normalize(mean, variance, 0.1, graph.Node{}, graph.Node{})
	case 11:
		return x.Reverse(axis).Tanh()
	case 12:
		return graph.Concat(axis, x.Slice(axis, 0, 1), y.Tanh())
	case 13, 14:
		return x.ReLU()
	case 15:
		return x.Maximum(y.Neg())
	}
	return x.Sub(x.Max(axis).Reshape(kept...))
}

// layer applies a layer to images, sequences or vectors.
func (n randomNetwork) layer(r *rand.Rand, s *graph.Scope, x graph.Node) graph.Node {
	units := 1 + r.IntN(20)
	var list []graph.Layer
	switch x.Rank() {
	case 2:
		list = []graph.Layer{layers.Dense{Units: units}, layers.BatchNorm{}, layers.Dense{Units: units, NoBias: true}}
	case 3:
		list = []graph.Layer{layers.Dense{Units: units}, layers.LSTM{Units: units, ReturnSequences: true}, layers.LSTM{Units: units}, layers.LayerNorm{},
			layers.GRU{Units: units, ReturnSequences: true, Reverse: true}, layers.MultiHeadAttention{Causal: r.IntN(2) == 0}, layers.Flatten{}}
	default:
		size, stride := []int{[]int{1, 3, 3, 5}[r.IntN(4)]}, []int{1 + r.IntN(2)}
		list = []graph.Layer{
			layers.Conv2D{Filters: units, Kernel: size, Stride: stride, Padding: layers.Same},
			layers.Conv2D{Filters: 16, Kernel: size, Stride: stride, Padding: layers.Same, NoBias: true},
			layers.Sequential{layers.Conv2D{Filters: 24, Kernel: []int{3}, Padding: layers.Same}, layers.BatchNorm{}, layers.SiLU{}},
			layers.DepthwiseConv2D{Kernel: size, Stride: stride, Padding: layers.Same},
			layers.ConvTranspose2D{Filters: 3, Kernel: size, Stride: stride, Padding: layers.Same},
			layers.AvgPool2D{Padding: layers.Same}, layers.BatchNorm{}, layers.GroupNorm{}, layers.GlobalAvgPool{}, layers.Flatten{},
		}
		if !n.Smooth {
			list = append(list, layers.MaxPool2D{Padding: layers.Same}, layers.MaxPool2D{Size: []int{3}, Stride: []int{1}, Padding: layers.Same})
		}
	}
	return s.Apply(list[r.IntN(len(list))], x)
}

// TestRandomNetworks holds predictions and gradients of networks of random operations against those that must be the same: of each
// sample alone, of several workers, of weights that have changed, of a file, in the other element type, and central differences.
func TestRandomNetworks(t *testing.T) {
	n := 40
	if *long {
		n = 500
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { testRandomNetwork(t, seed) })
	}
}

func testRandomNetwork(t *testing.T, seed int) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(uint64(seed), 2))
	net := randomNetwork{seed, 1 + r.IntN(7), r.IntN(2) == 0}
	batch := 2 + r.IntN(4)
	shape := [][]int{{1 + r.IntN(30)}, {1 + r.IntN(9), 1 + r.IntN(20)}, {1 + r.IntN(17), 1 + r.IntN(14), 1 + r.IntN(14)}, {16, 13, 12}}[r.IntN(4)]
	compile := func(dt tensor.Dtype, workers int, w graph.Weights) *graph.Model {
		cfg := graph.Config{Input: shape, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, DType: dt, Seed: uint64(seed), Workers: workers}
		m, err := graph.Compile(net, cfg)
		require.NoError(t, err)
		if w != nil {
			require.NoError(t, m.SetWeights(w))
		}
		return m
	}
	predict := func(m *graph.Model, x *graph.Tensor) []float64 {
		y, err := m.Predict(ctx, x)
		require.NoError(t, err)
		return elements(y)
	}
	x := random(uint64(seed), append([]int{batch}, shape...)...)
	dt := []tensor.Dtype{tensor.Float32, tensor.Float64}[r.IntN(2)]
	m := compile(dt, 1, nil)
	y := predict(m, x)
	target := random(uint64(seed)+1<<32, append([]int{batch}, m.Output()...)...)

	each := len(y) / batch
	for i := range batch {
		row, err := graph.Arrays{X: x}.Rows([]int{i})
		require.NoError(t, err)
		require.Equal(t, y[i*each:(i+1)*each], predict(m, row.X), "sample %d alone", i)
	}
	require.Equal(t, y, predict(m, x), "the weights packed")
	several := compile(dt, 3, nil)
	loss, g, err := m.Gradients(x, target)
	require.NoError(t, err)
	program.Alternate.Store(true) // one run by all workers, one by the caller
	defer program.Alternate.Store(false)
	for range 2 {
		require.Equal(t, y, predict(several, x), "three workers")
		loss3, g3, err := several.Gradients(x, target)
		require.NoError(t, err)
		require.Equal(t, loss, loss3, "three workers")
		for name := range g {
			require.Equal(t, elements(g[name]), elements(g3[name]), "three workers: %s", name)
		}
	}
	if len(g) > 0 {
		_, err = m.Step(ctx, graph.Batch{X: x, Y: target})
		require.NoError(t, err)
	}
	y = predict(m, x)
	require.Equal(t, predict(compile(dt, 1, m.Weights()), x), y, "weights set again")
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	opened, err := graph.ReadModel(&file)
	require.NoError(t, err)
	require.Equal(t, y, predict(opened, x), "opened")

	double := compile(tensor.Float64, 1, m.Weights())
	most := 0.0
	for i, v := range predict(compile(tensor.Float32, 1, m.Weights()), x) {
		y[i], most = math.Abs(v-y[i]), max(most, math.Abs(v))
	}
	require.LessOrEqual(t, slices.Max(y), 1e-3*max(1, most), "float32 and float64")
	if net.Smooth && len(g) > 0 {
		_, g, err := double.Gradients(x, target)
		require.NoError(t, err)
		compareDirection(t, double, g, func() float64 { loss, _, _ := double.Gradients(x, target); return loss }, r)
	}
}

// compareDirection compares the derivative of the loss in a random direction of the weights with central differences.
func compareDirection(t *testing.T, m *graph.Model, g graph.Weights, loss func() float64, r *rand.Rand) {
	const h = 1e-5
	w, back, want := m.Weights(), m.Weights(), 0.0
	for _, name := range slices.Sorted(maps.Keys(g)) {
		for i, d := range elements(g[name]) {
			v := r.NormFloat64()
			w[name].Float64s()[i] += h * v
			back[name].Float64s()[i] -= h * v
			want += v * d
		}
	}
	require.NoError(t, m.SetWeights(w))
	got := loss()
	require.NoError(t, m.SetWeights(back))
	got = (got - loss()) / (2 * h)
	require.InDelta(t, got, want, 1e-5*max(1, math.Abs(want)), "derivative in a random direction")
}

// elements returns the elements of a tensor as float64.
func elements(x *graph.Tensor) (list []float64) {
	single, ok := x.Data().([]float32)
	if !ok {
		return slices.Clone(x.Float64s())
	}
	for _, v := range single {
		list = append(list, float64(v))
	}
	return list
}
