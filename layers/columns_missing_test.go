package layers_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestMissingFirst: a missing number becomes the median if an Impute gets it first, wherever that is written. Any other layer in front of it
// would compute with the number that stands for a missing one, so then it is an error, in Adapt and in the model.
func TestMissingFirst(t *testing.T) {
	impute, normal := layers.Impute{}, layers.Normalize{Range: true}
	whole, err := datasets.CSV{}.Read(strings.NewReader("a,b\n1,1\n5,2\n1,3\n"), "x")
	require.NoError(t, err)
	holed, err := datasets.CSV{}.Read(strings.NewReader("a,b\n1,1\n5,2\n,3\n1,4\n"), "x")
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		layers []graph.Layer
		want   float64 // for a missing number, which is 1; negative for an error
	}{
		{"alone", []graph.Layer{impute}, 1},
		{"pointer", []graph.Layer{&impute}, 1},
		{"first", []graph.Layer{impute, normal}, 0},
		{"named", []graph.Layer{layers.Named("m", impute), normal}, 0},
		{"in a sequence", []graph.Layer{layers.Sequential{impute, normal}}, 0},
		{"deep in a sequence", []graph.Layer{layers.Sequential{}, layers.Named("m", layers.Sequential{layers.Sequential{impute}}), normal}, 0},
		{"behind what changes nothing", []graph.Layer{layers.Identity{}, impute}, 1},
		{"behind another", []graph.Layer{normal, impute}, -1},
		{"behind another in a sequence", []graph.Layer{layers.Sequential{normal, impute}}, -1},
		{"behind buckets", []graph.Layer{layers.Bucket{}, impute}, -1},
		{"none", []graph.Layer{normal}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			columns := layers.Columns{Groups: []layers.Group{{Names: []string{"a"}, Layers: c.layers}}}
			for _, table := range []*datasets.Table{whole, holed} {
				const want = `column "a": got no value, want one, or an Impute in front of the other layers of its group`
				fitted, err := columns.Adapt(table)
				if c.want < 0 && table == holed {
					require.ErrorContains(t, err, want)
					continue
				}
				require.NoError(t, err)
				m, err := graph.Compile(fitted, graph.Config{})
				require.NoError(t, err)
				answers, err := m.PredictRows(context.Background(), []map[string]any{{"a": nil}})
				if c.want < 0 {
					require.ErrorContains(t, err, want)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, []graph.Answer{{Value: c.want}}, answers)
			}
		})
	}
}
