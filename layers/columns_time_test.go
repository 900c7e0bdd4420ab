package layers_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestMissingTime: a row without a time gets the answer for a usual one, not for the year 2000; without Impute it is an error.
func TestMissingTime(t *testing.T) {
	text := "sold,price\n"
	for i := range 60 {
		text += fmt.Sprintf("2024-%02d-%02d,%d\n", 1+i%12, 1+i%28, 100+i%12)
	}
	table, err := datasets.CSV{Target: []string{"price"}}.Read(strings.NewReader(text), "x")
	require.NoError(t, err)
	for _, hole := range []bool{false, true} {
		if hole {
			table, err = datasets.CSV{Target: []string{"price"}}.Read(strings.NewReader(text+",105\n,106\n"), "x")
			require.NoError(t, err)
		}
		columns, err := layers.Columns{}.Adapt(table)
		require.NoError(t, err)
		require.Equal(t, hole, columns.Groups[0].Layers[1].(layers.Impute).Indicator)
		model, err := graph.Compile(columns, graph.Config{})
		require.NoError(t, err)
		encoder, err := columns.RowEncoder()
		require.NoError(t, err)
		row := make([]float64, encoder.RowInput()[0])
		require.NoError(t, encoder.EncodeRow(row, map[string]any{"sold": nil}))
		y, err := model.Predict(context.Background(), tensor.New(tensor.WithShape(1, len(row)), tensor.WithBacking(row)))
		require.NoError(t, err)
		for _, v := range y.Float32s() {
			require.LessOrEqual(t, math.Abs(float64(v)), 6.0)
		}
	}
	columns, err := layers.Columns{Groups: []layers.Group{{Names: []string{"sold"}, Layers: []graph.Layer{layers.Dates{}, layers.Normalize{}}}}}.Adapt(table)
	require.ErrorContains(t, err, `column "sold": got no value, want one, or an Impute in front of the other layers of its group`, "%v", columns)
}
