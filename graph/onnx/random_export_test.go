package onnx_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// randomLayers returns the model of one to four random layers, with random weights, and the shape of its input; nil if the first does not
// fit.
func (s *sketch) randomLayers(t *testing.T) (m *graph.Model, input []int) {
	t.Helper()
	var list layers.Sequential
	input = filled(s.between(1, 3), func() int { return s.between(1, 7) })
	if s.once(4) && len(input) == 2 {
		list = layers.Sequential{words(3), layers.Embedding{Vocabulary: 3, Units: s.between(1, 4), MaskZero: true}}
		input = input[:1]
	}
	for range s.between(1, 4) {
		shape := input
		if m != nil {
			shape = m.Output()
		}
		l := s.flat
		switch {
		case len(shape) == 0:
			return m, input
		case len(shape) == 2 && !s.once(3):
			l = s.sequence
		case len(shape) == 3 && !s.once(3):
			l = s.picture
		}
		next := append(slices.Clone(list), l(shape))
		if c, err := graph.Compile(next, graph.Config{Input: input, Seed: 1}); err == nil { // else the layer does not fit
			list, m = next, c
		}
	}
	if m == nil {
		return nil, nil
	}
	w := m.Weights()
	for _, name := range w.Names() {
		for i := range w[name].Shape().TotalSize() {
			shift(w[name], i, 0.3*s.Float64())
		}
	}
	require.NoError(t, m.SetWeights(w))
	s.layers = list
	return m, input
}

// TestRandomLayers: a Runner, a Network, and with -long onnxruntime compute from the file of random layers with random options, at a random
// opset, what the model does.
func TestRandomLayers(t *testing.T) {
	count, path := uint64(100), filepath.Join(t.TempDir(), "model.onnx")
	var r *ort.Runtime
	if *long {
		if _, _, err := ort.Find(); err == nil {
			r = ort.Start(t)
		}
		count = 1500
	}
	wrote := 0
	for seed := range count {
		s := &sketch{Rand: rand.New(rand.NewPCG(seed, 7))}
		m, input := s.randomLayers(t)
		var b bytes.Buffer
		if m == nil || (onnx.Exporter{Opset: s.between(11, 22)}).Write(&b, m) != nil { // such as products along the batch
			continue
		}
		wrote++
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
		file, err := onnx.Load(path)
		require.NoError(t, err, "%#v", s.layers)
		net := imported(t, b.Bytes())
		for _, n := range []int{1, 3} {
			x := samples(n, input, tensor.Float32)
			if s.once(3) {
				for i, v := range x.Float32s() {
					x.Float32s()[i] = float32(math.Round(float64(v)))
				}
			}
			want, in := s.dense(t, predicted(t, m, x)), s.dense(t, x)
			feeds, out := map[string]onnx.Tensor{file.Inputs()[0].Name: in}, file.Outputs()[0].Name
			s.equal(t, seed, "a Runner", want, ran(t, file, feeds)[out])
			s.equal(t, seed, "a Network", want, s.dense(t, predicted(t, net, x)))
			if r == nil {
				continue
			}
			theirs, err := ranElsewhere(r, path, feeds)
			require.NoError(t, err, "%d: %#v", seed, s.layers)
			s.equal(t, seed, "onnxruntime", want, theirs[out])
		}
	}
	require.Greater(t, wrote, int(count*9/10))
}

func (s *sketch) dense(t *testing.T, x *tensor.Dense) onnx.Tensor {
	t.Helper()
	out, err := onnx.FromDense(x)
	require.NoError(t, err)
	return out
}

func (s *sketch) equal(t *testing.T, seed uint64, where string, want, got onnx.Tensor) {
	t.Helper()
	require.LessOrEqual(t, compare(t, want, got), 2e-4, "%s, seed %d: %#v", where, seed, s.layers)
}
