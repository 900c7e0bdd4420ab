package onnx_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
)

var inf = math.Inf(1)

// compiled returns the model of a network, with random numbers added to its weights and states.
func compiled(t testing.TB, n network, dt tensor.Dtype) *graph.Model {
	t.Helper()
	m, err := graph.Compile(n.layer, graph.Config{Input: n.input, DType: dt, Seed: 1})
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	w := m.Weights()
	for _, name := range w.Names() {
		for i := range w[name].Shape().TotalSize() {
			shift(w[name], i, 0.3*rng.Float64())
		}
	}
	require.NoError(t, m.SetWeights(w))
	return m
}

// imported returns the model whose only layer is the network in a file.
func imported(t testing.TB, file []byte) *graph.Model {
	t.Helper()
	return importedAs(t, file, tensor.Float32)
}

// importedAs is imported for a model of the given element type.
func importedAs(t testing.TB, file []byte, dt tensor.Dtype) *graph.Model {
	t.Helper()
	net, err := onnx.Read(bytes.NewReader(file))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs(), DType: dt})
	require.NoError(t, err)
	return m
}

// predicted returns the predictions of a model.
func predicted(t testing.TB, m *graph.Model, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	y, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	return y
}

// shift adds d to an element.
func shift(t *tensor.Dense, i int, d float64) {
	if t.Dtype() == tensor.Float32 {
		t.Float32s()[i] += float32(d)
	} else {
		t.Float64s()[i] += d
	}
}

// samples returns n samples of normally distributed numbers.
func samples(n int, input []int, dt tensor.Dtype) *tensor.Dense {
	rng := rand.New(rand.NewPCG(3, uint64(n)))
	x := tensor.New(tensor.WithShape(append([]int{n}, input...)...), tensor.Of(dt))
	for i := range x.Shape().TotalSize() {
		shift(x, i, rng.NormFloat64())
	}
	return x
}

// near fails the test unless got equals want, up to limit as absolute plus relative error.
func near(t testing.TB, want, got *tensor.Dense, limit float64) {
	t.Helper()
	require.Equal(t, want.Shape(), got.Shape())
	for i := range want.Shape().TotalSize() {
		a, b := at(want, i), at(got, i)
		if !(math.Abs(a-b) <= limit*(1+math.Abs(a))) && a != b {
			t.Errorf("element %d: got %v, want %v", i, b, a)
			return
		}
	}
}

func at(t *tensor.Dense, i int) float64 {
	if t.Dtype() == tensor.Float32 {
		return float64(t.Float32s()[i])
	}
	return t.Float64s()[i]
}

// written returns the model's file.
func written(t testing.TB, m *graph.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, onnx.Write(&b, m))
	return b.Bytes()
}

// TestRuntime: onnxruntime computes the same from our files as our models do, for batches of any size.
func TestRuntime(t *testing.T) {
	r := ort.Start(t)
	for _, n := range networks() {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n, tensor.Float32)
			var inputs []*tensor.Dense
			for _, size := range []int{1, 3, 7} {
				inputs = append(inputs, samples(size, n.input, tensor.Float32))
			}
			outputs, err := r.Run(written(t, m), inputs...)
			require.NoError(t, err)
			for i, x := range inputs {
				want, err := m.Predict(context.Background(), x)
				require.NoError(t, err)
				near(t, want, outputs[i], 1e-5)
			}
		})
	}
}
