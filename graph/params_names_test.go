package graph_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestNamesOfParts: the parameters of a part have the names of the whole model, and those of the layer alone behind the part's path.
func TestNamesOfParts(t *testing.T) {
	for name, layer := range map[string]graph.Layer{
		"dense":      layers.Dense{Units: 3},
		"sequential": layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}, layers.Dense{Units: 3}},
		"named":      layers.Named("own", layers.Dense{Units: 3}),
		"named in":   layers.Sequential{layers.Named("own", layers.Sequential{layers.Dense{Units: 3}}), layers.Dense{Units: 3}},
		"states":     layers.Sequential{layers.BatchNorm{}, layers.Dense{Units: 3}},
		"residual":   layers.Residual{Layer: layers.Sequential{layers.Dense{Units: 4}, layers.LayerNorm{}}},
		"function": graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Apply(layers.Dense{Units: 2}, s.ApplyAs("first", layers.Dense{Units: 3}, x))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			alone, err := graph.Compile(layer, graph.Config{Input: []int{4}, Seed: 1})
			require.NoError(t, err)
			net := layers.Sequential{layers.Named("outer", layers.Sequential{layers.Dense{Units: 4}, layers.Named("part", layer)}), layers.Dense{Units: 1}}
			whole, err := graph.Compile(net, graph.Config{Input: []int{5}, Seed: 2})
			require.NoError(t, err)
			part, err := whole.Sub("outer/part")
			require.NoError(t, err)
			weights := graph.Weights{}
			for name, w := range part.Weights() {
				require.Equal(t, w, whole.Weights()[name])
				weights[strings.TrimPrefix(name, "outer/part/")] = w
			}
			require.NoError(t, alone.SetWeights(weights))
			x := random(1, 3, 4)
			want, err := part.Predict(context.Background(), x)
			require.NoError(t, err)
			got, err := alone.Predict(context.Background(), x)
			require.NoError(t, err)
			require.Equal(t, want.Data(), got.Data())

			require.ErrorContains(t, alone.SetWeights(part.Weights()), `; want the names without "outer/part/" in front; Model.Sub explains`)
			require.ErrorContains(t, part.SetWeights(alone.Weights()), `; want "outer/part/" in front of the names; Model.Sub explains`)
			all, err := whole.Sub("")
			require.NoError(t, err)
			require.Equal(t, whole.Weights(), all.Weights())
		})
	}
}
