package onnx_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// TestWaves: far places have all their digits, in a file and in the network read from it, in both element types.
func TestWaves(t *testing.T) { checkWaves(t, nil) }

func TestWavesRuntime(t *testing.T) { checkWaves(t, ort.Start(t)) }

func checkWaves(t *testing.T, r *ort.Runtime) {
	const features = 6
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			m := compiled(t, network{"", layers.PositionalEncoding{}, []int{graph.Any, features}}, dt)
			file := written(t, m)
			for _, time := range []int{1, 2, 20000} {
				x := tensor.New(tensor.Of(dt), tensor.WithShape(1, time, features))
				want := predicted(t, m, x)
				for i := range time * features {
					place, k := float64(i/features), i%features
					angle := place / math.Pow(10000, float64(k-k%2)/features)
					if y := []float64{math.Sin(angle), math.Cos(angle)}[k%2]; math.Abs(at(want, i)-y) > 1e-7 {
						t.Fatalf("place %v: got %v, want %v", place, at(want, i), y)
					}
				}
				again := imported(t, file) // of float32
				y := predicted(t, again, x)
				near(t, want, y, 1e-7)
				require.Equal(t, y.Data(), predicted(t, imported(t, written(t, again)), x).Data())
				if r != nil {
					got, err := r.Run(file, x)
					require.NoError(t, err)
					near(t, want, got[0], 2e-7)
				}
			}
		})
	}
}

// TestCausalOver: causal attention to another sequence, where the lengths of both vary: the last query sees all keys.
func TestCausalOver(t *testing.T) { checkCausalOver(t, nil) }

func TestCausalOverRuntime(t *testing.T) { checkCausalOver(t, ort.Start(t)) }

func checkCausalOver(t *testing.T, r *ort.Runtime) {
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.MultiHeadAttention{Heads: 2, Causal: true}.Over(s.Input("memory")), x)
	}), graph.Config{Input: anyTime, Inputs: map[string][]int{"memory": anyTime}})
	require.NoError(t, err)
	file := written(t, m)
	again := imported(t, file)
	for _, sizes := range [][2]int{{1, 1}, {3, 5}, {6, 2}, {4, 4}} {
		in := map[string]*tensor.Dense{graph.MainInput: samples(2, []int{sizes[0], 4}, tensor.Float32), "memory": samples(2, []int{sizes[1], 4}, tensor.Float32)}
		want, err := m.PredictAll(t.Context(), in)
		require.NoError(t, err)
		got, err := again.PredictAll(t.Context(), in)
		require.NoError(t, err)
		near(t, want[graph.MainOutput], got[graph.MainOutput], 1e-6)
		if r != nil {
			run, err := r.RunAll(file, in)
			require.NoError(t, err)
			near(t, want[graph.MainOutput], run[graph.MainOutput], 1e-5)
		}
	}
}

// TestWavesErrors: waves that depend on the length themselves have no form.
func TestWavesErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(s *graph.Scope, x graph.Node) graph.Node
		want string
	}{
		{"rates", func(s *graph.Scope, x graph.Node) graph.Node {
			return x.Add(s.Waves([]graph.Wave{{Rate: 1 / float64(x.Dim(1))}}, x.Dim(1), 1))
		}, "got waves that depend on the size of the batch or of a dimension that is graph.Any, want the same for any size"},
		{"diagonal", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Tril(x.Dim(1) / 2) },
			"got settings that depend on the size of the batch or of a dimension that is graph.Any, want constants"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(graph.LayerFunc(c.f), graph.Config{Input: anyTime})
			require.NoError(t, err)
			require.ErrorContains(t, onnx.Write(new(bytes.Buffer), m), c.want)
		})
	}
}

// TestAnyAgain: a network read from a file is written for any size again. The padding and the taps of some poolings and resizes of
// files are known for one size only.
func TestAnyAgain(t *testing.T) {
	refused := []string{"avg pool, padding", "resize by a factor", "resize 1d"}
	for _, n := range opens {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n.network, tensor.Float64) // a file's attention is summed in another order
			var file bytes.Buffer
			err := onnx.Write(&file, importedAs(t, written(t, m), tensor.Float64))
			if slices.Contains(refused, n.name) {
				require.ErrorContains(t, err, "got settings that depend on the size of the batch or of a dimension that is graph.Any, want constants")
				return
			}
			require.NoError(t, err)
			again := importedAs(t, file.Bytes(), tensor.Float64)
			for _, sizes := range n.sizes {
				x := samples(3, with(n.input, sizes), tensor.Float64)
				near(t, predicted(t, m, x), predicted(t, again, x), 1e-11)
			}
		})
	}
}
