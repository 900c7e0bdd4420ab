package datasets

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestNoRows: what has no rows or no columns is an error that says so.
func TestNoRows(t *testing.T) {
	table := must(CSV{Target: []string{"y"}}.Read(strings.NewReader("x,y\n1,2\n"), "x"))
	const shape = "want dimensions of 1 or more"
	for name, c := range map[string]struct {
		call func(x *tensor.Dense) error
		want string
	}{
		"Table.Arrays": {func(*tensor.Dense) error { _, err := must(table.Take(nil)).Arrays(); return err }, "datasets: Table.Arrays: got no rows, want at least one"},
		"MinMax":       {func(x *tensor.Dense) error { _, err := MinMax(x); return err }, shape},
		"MeanVariance": {func(x *tensor.Dense) error { _, err := MeanVariance(x); return err }, shape},
		"OneHot":       {func(x *tensor.Dense) error { _, err := OneHot(x, 0); return err }, shape},
		"OneHot of 3":  {func(x *tensor.Dense) error { _, err := OneHot(x, 3); return err }, shape},
		"Balanced":     {func(x *tensor.Dense) error { _, err := Balanced(x); return err }, "want "},
		"WriteNPY":     {func(x *tensor.Dense) error { return WriteNPY(io.Discard, x) }, shape},
		"NPZ.Write":    {func(x *tensor.Dense) error { return NPZ{}.Write(io.Discard, map[string]*tensor.Dense{"a": x}) }, shape},
		"Windows.Of": {func(x *tensor.Dense) error {
			_, err := Windows{Length: 1, Inputs: []int{0}}.Of(Series{Values: x})
			return err
		}, "Values: got shape"},
		"Pad": {func(x *tensor.Dense) error { _, _, err := Pad(Ragged{x}, 0, 0); return err }, "want "},
	} {
		for _, s := range [][]int{{0}, {0, 1}, {0, 3}, {3, 0}} {
			require.ErrorContains(t, c.call(dense([]float32{}, s...)), c.want, "%s of shape %v", name, s)
		}
	}
	require.Error(t, func() error { _, err := (&Table{}).Arrays(); return err }())
}
