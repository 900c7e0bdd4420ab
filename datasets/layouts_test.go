package datasets_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
)

// layouts returns tensors with the rows 1 2 3 and 4 5 6, in several layouts and element types.
func layouts(t *testing.T) map[string]*tensor.Dense {
	t.Helper()
	turned := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 4, 2, 5, 3, 6}))
	require.NoError(t, turned.T())
	wide := tensor.New(tensor.WithShape(2, 5), tensor.WithBacking([]float32{9, 1, 2, 3, 9, 9, 4, 5, 6, 9}))
	view, err := wide.Slice(nil, tensor.S(1, 4))
	require.NoError(t, err)
	return map[string]*tensor.Dense{
		"row-major":    tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6})),
		"column-major": tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]float64{1, 2, 3, 4, 5, 6})),
		"transposed":   turned,
		"a view":       view.(*tensor.Dense),
		"integers":     tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]int16{1, 2, 3, 4, 5, 6})),
	}
}

// TestLayouts: every function that takes a tensor reads its rows, whatever the layout and the element type.
func TestLayouts(t *testing.T) {
	elements := func(x *tensor.Dense) (list []string) {
		for i := range x.Shape()[0] {
			for j := range x.Shape()[1] {
				v, err := x.At(i, j)
				require.NoError(t, err)
				list = append(list, fmt.Sprint(v))
			}
		}
		return list
	}
	want := []string{"1", "2", "3", "4", "5", "6"}
	for name, x := range layouts(t) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, datasets.WriteNPY(&b, x))
			read, err := datasets.ReadNPY(&b, "x")
			require.NoError(t, err)
			require.Equal(t, want, elements(read))

			b.Reset()
			require.NoError(t, datasets.NPZ{}.Write(&b, map[string]*tensor.Dense{"x": x}))
			arrays, err := datasets.NPZ{}.Read(bytes.NewReader(b.Bytes()), int64(b.Len()), "x")
			require.NoError(t, err)
			require.Equal(t, want, elements(arrays["x"]))

			scaler, err := datasets.MinMax(x)
			require.NoError(t, err)
			require.Equal(t, []float64{1, 2, 3}, scaler.Offset)
			scaled, err := scaler.Apply(x)
			require.NoError(t, err)
			require.Equal(t, []string{"0", "0", "0", "1", "1", "1"}, elements(scaled))

			column, err := x.Slice(nil, tensor.S(2))
			require.NoError(t, err)
			rows, err := datasets.OneHot(column.(*tensor.Dense), 7)
			require.NoError(t, err)
			require.Equal(t, []string{"0", "0", "0", "1", "0", "0", "0", "0", "0", "0", "0", "0", "0", "1"}, elements(rows))
		})
	}
}
