package graph_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// orders returns tensors with the same rows, 1 2 3 and 4 5 6, in several layouts.
func orders(t *testing.T) map[string]*graph.Tensor {
	t.Helper()
	six := []float64{1, 2, 3, 4, 5, 6}
	columns := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 4, 2, 5, 3, 6}))
	require.NoError(t, columns.T())
	wide, err := tensor.New(tensor.WithShape(2, 5), tensor.WithBacking([]float64{9, 1, 2, 3, 9, 9, 4, 5, 6, 9})).Slice(nil, tensor.S(1, 4))
	require.NoError(t, err)
	return map[string]*graph.Tensor{
		"row-major":    tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(six)),
		"column-major": tensor.New(tensor.WithShape(2, 3), tensor.AsFortran(append([]float64(nil), six...))),
		"transposed":   columns,
		"a view":       wide.(*tensor.Dense),
		"integers":     tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]int16{1, 2, 3, 4, 5, 6})),
	}
}

// TestLayouts: every public function accepts tensors of every layout, as inputs and as outputs.
func TestLayouts(t *testing.T) {
	ctx, want := context.Background(), []float64{1, 2, 3, 4, 5, 6}
	for name, x := range orders(t) {
		t.Run(name, func(t *testing.T) {
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
					return x.Mul(s.Param("one", graph.Ones, 3))
				}), graph.Config{Input: []int{3}, DType: dt, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
				require.NoError(t, err)
				y, err := m.Predict(ctx, x)
				require.NoError(t, err)
				require.Equal(t, want, floats(y))

				all, err := m.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: x})
				require.NoError(t, err)
				require.Equal(t, want, floats(all[graph.MainOutput]))

				for into, out := range orders(t) {
					if out.Dtype() == dt {
						require.NoError(t, m.PredictInto(ctx, out, x), into)
						require.Equal(t, want, floats(out), into)
					}
				}
				data := graph.Arrays{X: x, Y: x}
				logs, err := m.Evaluate(ctx, data)
				require.NoError(t, err)
				require.Zero(t, logs["loss"])
				_, err = m.Fit(ctx, data, graph.FitConfig{Epochs: 2, BatchSize: 1})
				require.NoError(t, err)
				loss, _, err := m.Gradients(x, x)
				require.NoError(t, err)
				require.Zero(t, loss)

				weighted := graph.Weights{"one": one(t, x)}
				require.NoError(t, m.SetWeights(weighted))
				y, err = m.Predict(ctx, tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float32{1, 1, 1})))
				require.NoError(t, err)
				require.Equal(t, want[3:], floats(y))
			}
			first, rest, err := graph.Split(graph.Arrays{X: x}, 1, 1)
			require.NoError(t, err)
			got := map[float64][]float64{floats(first.X)[0]: floats(first.X), floats(rest.X)[0]: floats(rest.X)}
			require.Equal(t, map[float64][]float64{1: want[:3], 4: want[3:]}, got)

			var file bytes.Buffer
			if x.Dtype() == tensor.Float32 || x.Dtype() == tensor.Float64 {
				require.NoError(t, graph.WriteWeights(&file, graph.Weights{"x": x}, nil))
				read, err := graph.ReadWeights(&file)
				require.NoError(t, err)
				require.Equal(t, want, floats(read["x"]))
			}
			constant, err := graph.NewFunction(func(s *graph.Scope, _ ...graph.Node) []graph.Node { return []graph.Node{s.Constant(x)} })
			require.NoError(t, err)
			values, err := constant.Call(ctx)
			require.NoError(t, err)
			require.Equal(t, want, floats(values[0]))

			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{x[0].Neg()} }, []int{2, 3})
			require.NoError(t, err)
			if x.Dtype() == tensor.Float64 {
				out, err := f.Call(ctx, x)
				require.NoError(t, err)
				require.Equal(t, []float64{-1, -2, -3, -4, -5, -6}, floats(out[0]))
			}
		})
	}
}

// one returns the second row of x as a view of shape (3).
func one(t *testing.T, x *graph.Tensor) *graph.Tensor {
	t.Helper()
	row, err := x.Slice(tensor.S(1))
	require.NoError(t, err)
	return row.(*graph.Tensor)
}

// floats returns the elements of a matrix in row-major order, each read by its indices.
func floats(x *graph.Tensor) []float64 {
	var out []float64
	for i := range x.Shape()[0] {
		for j := range x.Shape()[1] {
			v, err := x.At(i, j)
			if err != nil {
				panic(err)
			}
			switch v := v.(type) {
			case float32:
				out = append(out, float64(v))
			case float64:
				out = append(out, v)
			case int16:
				out = append(out, float64(v))
			}
		}
	}
	return out
}
