package datasets_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestTimesInRows: for a date, a model gives the same answer to a time.Time and to each text that CSV reads as this time.
func TestTimesInRows(t *testing.T) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02", "2006-01-02 15:04", "2006/01/02 15:04:05", "02.01.2006", "02.01.2006 15:04"} {
		t.Run(layout, func(t *testing.T) {
			text := "sold,price\n"
			var times []time.Time
			for i := range 40 {
				at := time.Date(2024, 1, 1+i*11, i%24, 7*i%60, 0, 0, time.UTC)
				text += at.Format(layout) + "," + "12\n"
				times = append(times, at)
			}
			table, err := datasets.CSV{Target: []string{"price"}}.Read(strings.NewReader(text), "x")
			require.NoError(t, err)
			require.Equal(t, graph.KindTime, table.Fields()[0].Kind)
			columns, err := layers.Columns{}.Adapt(table)
			require.NoError(t, err)
			model, err := graph.Compile(layers.Sequential{columns, columns.Head()}, graph.Config{Loss: losses.MeanSquaredError{}})
			require.NoError(t, err)
			whole, err := time.Parse(layout, times[3].Format(layout))
			require.NoError(t, err)
			answers, err := model.PredictRows(ctx, []map[string]any{{"sold": times[3].Format(layout)}, {"sold": whole}})
			require.NoError(t, err)
			require.Equal(t, answers[1], answers[0])
		})
	}
}

// TestMicroseconds: a time of a table is the one in the text, to the microsecond.
func TestMicroseconds(t *testing.T) {
	var want []time.Time
	text := "at,n\n"
	for i := range 2000 {
		at := time.Date(1890+i%200, 3, 4, 5, 6, 7, (i*7919+123456)%1_000_000*1000, time.UTC)
		want = append(want, at)
		text += at.Format(time.RFC3339Nano) + ",1\n"
	}
	table, err := datasets.CSV{}.Read(strings.NewReader(text), "x")
	require.NoError(t, err)
	i := 0
	for row, err := range table.Rows() {
		require.NoError(t, err)
		require.Equal(t, want[i], row["at"])
		i++
	}
}
