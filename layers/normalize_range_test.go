package layers_test

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/layers"
)

// TestNormalizeRange: numbers whose squares, or which themselves in float32, are out of range are normalized as others are, or become 0.
func TestNormalizeRange(t *testing.T) {
	x := []float64{2, 4, 4, 4, 5, 5, 7, 9} // of mean 5 and deviation 2
	for _, unit := range []float64{1, 0x1p-170, 0x1p-500, 0x1p-545, 0x1p-600, 0x1p-1020, 0x1p520, 0x1p1020} {
		var columns, rows, two []float64
		for _, v := range x {
			columns, rows, two = append(columns, v*unit, v), append(rows, v*unit), append(two, v)
		}
		for name, c := range map[string]struct {
			l      layers.Normalize
			values []float64
			shape  []int
			scale  []float64
		}{
			"columns":  {layers.Normalize{}, columns, []int{8, 2}, []float64{2 * unit, 2}},
			"channels": {layers.Normalize{Axis: 1}, append(append([]float64{}, rows...), two...), []int{1, 2, 8}, []float64{2 * unit, 2}},
			"whole":    {layers.Normalize{Whole: true}, rows, []int{2, 4}, []float64{2 * unit}},
		} {
			fitted, err := c.l.Adapt(tensor.New(tensor.WithShape(c.shape...), tensor.WithBacking(c.values)))
			require.NoError(t, err, "%s, unit %g", name, unit)
			got := fitted.(layers.Normalize)
			require.InEpsilonSlice(t, c.scale, got.Scale, 1e-14, "%s, unit %g", name, unit)
			require.InEpsilon(t, 5*unit, got.Offset[0], 1e-14, "%s, unit %g", name, unit)
			for _, l := range []graph.Layer{got, layers.Rescale{Offset: got.Offset, Scale: got.Scale}, layers.Rescale{Offset: got.Offset, Scale: negative(got.Scale)}} {
				for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
					if dtype == tensor.Float32 && unit > 1 {
						continue // the data are not float32
					}
					f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{s.Apply(l, x[0])} }, c.shape)
					require.NoError(t, err)
					y, err := f.Call(context.Background(), Tensor(dtype, c.values, c.shape...))
					require.NoError(t, err)
					for i, v := range Floats(y[0]) {
						want := 0. // what is 0 in float32 stays so
						if dtype == tensor.Float64 || float32(c.values[i]) != 0 {
							k := i
							if name == "columns" {
								k = i / 2
							}
							want = (x[k%8] - 5) / 2
						}
						require.InDelta(t, want, math.Copysign(v, want), 1e-6, "%s of %T, %v, unit %g, element %d", name, l, dtype, unit, i)
					}
				}
			}
		}
	}
}

func negative(values []float64) []float64 {
	list := make([]float64, len(values))
	for i, v := range values {
		list[i] = -v
	}
	return list
}

// TestColumnsRange: the deviation of a target of numbers whose squares are 0 is theirs.
func TestColumnsRange(t *testing.T) {
	for _, unit := range []string{"", "e-30", "e-160", "e-170", "e-300"} {
		table, err := datasets.CSV{Target: []string{"y"}}.Read(strings.NewReader("x,y\n1,3"+unit+"\n2,5"+unit+"\n3,7"+unit+"\n4,5"+unit+"\n"), "x")
		require.NoError(t, err)
		columns, err := layers.Columns{}.Adapt(table)
		require.NoError(t, err)
		want, err := strconv.ParseFloat("1"+unit, 64)
		require.NoError(t, err)
		require.InEpsilon(t, math.Sqrt2*want, columns.Deviation, 1e-14, unit)
	}
}
