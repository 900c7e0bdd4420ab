package graph_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// halfSaved returns the bytes that Half.Save writes.
func halfSaved(t testing.TB, h graph.Half, m *graph.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, h.Save(&b, m))
	return b.Bytes()
}

// digits returns a convolutional network with BatchNorm, trained on 1500 images of MNIST, and 500 others.
func digits(t *testing.T) (*graph.Model, graph.Arrays) {
	t.Helper()
	images, rest, err := datasets.MNIST()
	require.NoError(t, err)
	images, _, err = images.Split(1500, 1)
	require.NoError(t, err)
	rest, _, err = rest.Split(500, 1)
	require.NoError(t, err)
	train, valid := images.Arrays(), rest.Arrays()
	m, err := graph.Compile(layers.Sequential{
		layers.Reshape{Shape: []int{1, 28, 28}}, layers.Conv2D{Filters: 8, Kernel: []int{3}}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{Size: []int{2}},
		layers.Flatten{}, layers.Dense{Units: 64}, layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{},
	}, graph.Config{Input: []int{784}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{},
		Metrics: []graph.Metric{metrics.Accuracy{}}, Seed: 3})
	require.NoError(t, err)
	_, err = m.Fit(context.Background(), train, graph.FitConfig{Epochs: 3, BatchSize: 32})
	require.NoError(t, err)
	return m, valid
}

// TestHalfSave: the file of a trained network takes half the space, and the network opened from it predicts nearly the same: its
// parameters are the nearest numbers of 16 bits, its states have all their bits.
func TestHalfSave(t *testing.T) {
	m, valid := digits(t)
	whole, err := m.Sub("")
	require.NoError(t, err)
	before := saved(t, m)
	want, err := m.Predict(context.Background(), valid.X)
	require.NoError(t, err)
	scores, err := m.Evaluate(context.Background(), valid)
	require.NoError(t, err)
	for i, h := range halves {
		t.Run(h.String(), func(t *testing.T) {
			precision := []float64{0x1p-11, 0x1p-8}[i]
			path := filepath.Join(t.TempDir(), "model.safetensors")
			require.NoError(t, h.SaveFile(path, m))
			file, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, halfSaved(t, h, m), file)
			require.Less(t, float64(len(file)), 0.52*float64(len(saved(t, whole))))
			require.Equal(t, before, saved(t, m), "the model itself changes nothing")

			o, err := graph.Open(path)
			require.NoError(t, err)
			exact, rounded := m.Weights(), o.Weights()
			for _, name := range exact.Names() {
				a, b := exact[name].Float32s(), rounded[name].Float32s()
				if name == "batchnorm1/running_mean" || name == "batchnorm1/running_var" {
					require.Equal(t, a, b)
					continue
				}
				changed := false
				for k, v := range a {
					require.LessOrEqual(t, math.Abs(float64(b[k]-v)), max(precision*math.Abs(float64(v)), 0x1p-25), name)
					changed = changed || b[k] != v
				}
				require.True(t, changed, name)
			}
			got, err := o.Predict(context.Background(), valid.X)
			require.NoError(t, err)
			require.NotEqual(t, want.Data(), got.Data())
			for k, p := range want.Float32s() {
				require.InDelta(t, p, got.Float32s()[k], 4*precision)
			}
			logs, err := o.Evaluate(context.Background(), valid)
			require.NoError(t, err)
			require.InDelta(t, scores["accuracy"], logs["accuracy"], 0.02)
			require.Equal(t, file, halfSaved(t, h, o), "rounding again changes nothing")

			other := opened(t, o) // in full
			require.Equal(t, bits(rounded), bits(other.Weights()))
			require.NoError(t, m.LoadFile(path))
			require.Equal(t, bits(rounded), bits(m.Weights()))
			require.NoError(t, m.SetWeights(exact))
		})
	}
}

// TestHalfTrains: a model that is opened from a halved file trains as a new model with its weights, whatever the optimizer stored, and
// keeps which layers are frozen.
func TestHalfTrains(t *testing.T) {
	for name, optimizer := range map[string]graph.Optimizer{
		"Adam": optimizers.Adam{LearningRate: 1e-2}, "averages": optimizers.EMA{Optimizer: optimizers.SGD{}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := graph.Config{Optimizer: optimizer, Seed: 4}
			m, data := regression(t, cfg)
			fit := graph.FitConfig{Epochs: 2, BatchSize: 8}
			_, err := m.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			require.NoError(t, m.Freeze("dense1"))
			o, err := graph.ReadModel(bytes.NewReader(halfSaved(t, graph.BFloat16, m)))
			require.NoError(t, err)
			fresh, _ := regression(t, cfg)
			require.NoError(t, fresh.SetWeights(o.Weights()))
			require.NoError(t, fresh.Freeze("dense1"))
			a, err := o.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			b, err := fresh.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			require.Equal(t, b, a)
			require.Equal(t, bits(fresh.Weights()), bits(o.Weights()))
		})
	}
}

// TestHalfParts: a part, a model of float64 and metadata are saved too, and the whole of a network that files cannot describe is not.
func TestHalfParts(t *testing.T) {
	net := layers.Sequential{layers.Named("encoder", layers.Dense{Units: 3}), layers.Dense{Units: 2}}
	m, err := graph.Compile(net, graph.Config{Input: []int{5}, DType: tensor.Float64, Seed: 2})
	require.NoError(t, err)
	require.NoError(t, m.SetMetadata(map[string]string{"by": "a test"}))
	part, err := m.Sub("encoder")
	require.NoError(t, err)
	for name, m := range map[string]*graph.Model{"whole": m, "part": part} {
		t.Run(name, func(t *testing.T) {
			o, err := graph.ReadModel(bytes.NewReader(halfSaved(t, graph.Float16, m)))
			require.NoError(t, err)
			require.Equal(t, m.Metadata(), o.Metadata())
			exact, rounded := m.Weights(), o.Weights()
			require.Equal(t, exact.Names(), rounded.Names())
			for _, name := range exact.Names() {
				for k, v := range exact[name].Float64s() {
					require.InDelta(t, v, rounded[name].Float64s()[k], math.Abs(v)*0x1p-11)
				}
			}
		})
	}
	closure, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x }), graph.Config{Input: []int{5}})
	require.NoError(t, err)
	require.ErrorContains(t, graph.BFloat16.Save(new(bytes.Buffer), closure), "graph: Half.Save: ")
}

// TestHalfErrors: what cannot be written is an error that says where, and the file that was there stays.
func TestHalfErrors(t *testing.T) {
	m := small(t, tensor.Float32)
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, graph.Float16.SaveFile(path, m))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	w := m.Weights()
	w["dense1/weight"].Float32s()[1] = -70000
	require.NoError(t, m.SetWeights(w))
	const want = `parameter "dense1/weight": element 1: got -70000, want a magnitude of at most 65504 for float16`
	require.EqualError(t, graph.Float16.SaveFile(path, m), "graph: Half.SaveFile: "+path+": "+want)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.NoError(t, graph.BFloat16.SaveFile(path, m))

	for name, r := range map[string]struct {
		err  error
		want string
	}{
		"overflow": {graph.Float16.Save(new(bytes.Buffer), m), "graph: Half.Save: " + want},
		"weights":  {graph.Float16.WriteWeights(new(bytes.Buffer), w, nil), "graph: Half.WriteWeights: " + want},
		"no type":  {graph.Half(2).Save(new(bytes.Buffer), m), "graph: Half.Save: got Half(2), want Float16 or BFloat16"},
		"no type, weights": {graph.Half(9).WriteWeights(new(bytes.Buffer), w, nil),
			"graph: Half.WriteWeights: got Half(9), want Float16 or BFloat16"},
		"no model":  {graph.BFloat16.Save(new(bytes.Buffer), nil), "graph: Half.Save: got no model, want one that Compile or Open returned"},
		"no tensor": {graph.BFloat16.WriteWeights(new(bytes.Buffer), graph.Weights{"x": nil}, nil), `graph: Half.WriteWeights: parameter "x": got no tensor, want one`},
		"integers": {graph.BFloat16.WriteWeights(new(bytes.Buffer), graph.Weights{"x": tensor.New(tensor.WithBacking([]int{1}))}, nil),
			`graph: Half.WriteWeights: parameter "x": got elements of int, want float32 or float64`},
	} {
		t.Run(name, func(t *testing.T) { require.EqualError(t, r.err, r.want) })
	}
	require.Equal(t, "Half(7)", graph.Half(7).String())
}
