package layers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestAdaptLayouts: a layer adapts to the elements of a tensor, whatever their layout in memory, and refuses tensors without elements.
func TestAdaptLayouts(t *testing.T) {
	data := func(n int) []float64 {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i * i % 7)
		}
		return d
	}
	matrix := func() *graph.Tensor { return tensor.New(tensor.WithShape(4, 3), tensor.WithBacking(data(12))) }
	layouts := map[string]func() *graph.Tensor{
		"row-major":    matrix,
		"column-major": func() *graph.Tensor { return tensor.New(tensor.WithShape(4, 3), tensor.AsFortran(data(12))) },
		"transposed": func() *graph.Tensor {
			x := matrix()
			require.NoError(t, x.T())
			return x
		},
		"two columns": func() *graph.Tensor {
			x, err := matrix().Slice(nil, tensor.S(1, 3))
			require.NoError(t, err)
			return x.(*graph.Tensor)
		},
	}
	adapters := map[string]interface {
		Adapt(*graph.Tensor) (graph.Layer, error)
	}{
		"Normalize": layers.Normalize{}, "Range": layers.Normalize{Range: true}, "Bucket": layers.Bucket{Count: 2}, "Impute": layers.Impute{Mean: true},
		"OneHot": layers.OneHot{},
	}
	for name, layout := range layouts {
		for kind, l := range adapters {
			x := layout()
			var rows []float64
			for i := range x.Shape()[0] {
				for j := range x.Shape()[1] {
					v, err := x.At(i, j)
					require.NoError(t, err)
					rows = append(rows, v.(float64))
				}
			}
			want, err := l.Adapt(tensor.New(tensor.WithShape(x.Shape()...), tensor.WithBacking(rows)))
			require.NoError(t, err)
			got, err := l.Adapt(x)
			require.NoError(t, err, "%s, %s", kind, name)
			require.Equal(t, want, got, "%s, %s", kind, name)
		}
	}
	for kind, l := range adapters {
		_, err := l.Adapt(&graph.Tensor{})
		require.ErrorContains(t, err, "got none of shape (), want float64 of shape (rows, ...)", kind)
	}
}
