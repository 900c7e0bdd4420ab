package layers_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestRowFields: a model knows the columns that it takes, also one that another program opens.
func TestRowFields(t *testing.T) {
	for target, kind := range map[string]graph.Kind{"price": graph.KindNumber, "class": graph.KindCategory} {
		t.Run(target, func(t *testing.T) {
			columns, err := layers.Columns{}.Adapt(cars(t, 60, target))
			require.NoError(t, err)
			m, err := graph.Compile(layers.Sequential{columns, columns.Head()}, graph.Config{})
			require.NoError(t, err)
			want := []graph.Field{
				{Name: "age", Kind: graph.KindNumber}, {Name: "power", Kind: graph.KindNumber}, {Name: "make", Kind: graph.KindCategory},
				{Name: "model", Kind: graph.KindCategory}, {Name: "built", Kind: graph.KindTime}, {Name: "advert", Kind: graph.KindText},
				{Name: target, Kind: kind, Target: true},
			}
			require.ElementsMatch(t, want, m.RowFields())
			require.Equal(t, want[6], m.RowFields()[6])
			path := filepath.Join(t.TempDir(), "m.safetensors")
			require.NoError(t, m.SaveFile(path))
			opened, err := graph.Open(path)
			require.NoError(t, err)
			require.Equal(t, m.RowFields(), opened.RowFields())
		})
	}
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	require.Nil(t, m.RowFields())
}
