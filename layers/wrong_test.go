package layers_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/layers"
)

// wrongAllowed are the fields that take negative numbers.
var wrongAllowed = map[string]string{
	"Concat.Axis": "from the end", "LogSoftmax.Axis": "from the end", "Softmax.Axis": "from the end", "ELU.Alpha": "any finite number",
	"Impute.Value": "any finite number", "Masking.Value": "any finite number", "Columns.Mean": "any finite number",
	"Normalize.Offset": "any finite number", "Normalize.Scale": "any finite number but 0", "Rescale.Offset": "any finite number",
	"Rescale.Scale": "any finite number but 0", "RandomErase.Fill": "any finite number", "RandomRotate.Fill": "any finite number",
	"RandomShift.Fill": "any finite number", "RandomZoom.Fill": "any finite number", "Reshape.Shape": "computed from the others",
	"ZeroPad2D.Value": "any finite number",
}

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of layers are errors of Compile.
func TestWrongNumbers(t *testing.T) {
	var valid []graph.Layer
	shapes := map[string][]int{}
	for _, name := range slices.Sorted(maps.Keys(stored)) {
		if name == "Named" {
			continue // not a struct of this package's users
		}
		valid = append(valid, stored[name].layer)
		shapes[name] = stored[name].shape
	}
	settingstest.Wrong(t, valid, func(l graph.Layer) error {
		cfg := graph.Config{Input: shapes[reflect.TypeOf(l).Name()]}
		if _, ok := l.(layers.Lengths); ok {
			cfg.Inputs = map[string][]int{"n": {}}
		}
		_, err := graph.Compile(l, cfg)
		return err
	}, wrongAllowed)
}
