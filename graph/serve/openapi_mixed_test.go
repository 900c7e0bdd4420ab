package serve

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestOpenAPIMixed: the description allows what is answered, if only some elements of an input are integers, or have other limits.
func TestOpenAPIMixed(t *testing.T) {
	embedded := func(sizes ...int) *graph.Model { // 0 is for a number
		net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			var y graph.Node
			for i, size := range sizes {
				part := x.Slice(1, i, i+1)
				if size > 0 {
					part = s.Apply(layers.Embedding{Vocabulary: size, Units: 1}, part).Reshape(-1, 1)
				}
				if y = part; i > 0 {
					y = y.Add(part)
				}
			}
			return y
		})
		m, err := graph.Compile(net, graph.Config{Input: []int{len(sizes)}, Seed: 1})
		require.NoError(t, err)
		return m
	}
	many := make([]int, 100)
	for i := range many {
		many[i] = 5
	}
	many[len(many)-1] = 0
	last := make([]float64, len(many))
	last[len(last)-1] = 0.5
	for name, c := range map[string]struct {
		model *graph.Model
		row   []float64
	}{
		"a number and a category": {embedded(0, 4), []float64{50.5, 1}},
		"two vocabularies":        {embedded(10, 20, 30), []float64{9, 19, 29}},
		"many":                    {embedded(many...), last},
	} {
		t.Run(name, func(t *testing.T) {
			url := started(t, c.model, Config{})
			body, err := json.Marshal(map[string]any{"inputs": [][]float64{c.row}})
			require.NoError(t, err)
			var value any
			require.NoError(t, json.Unmarshal(body, &value))
			code, text := ask(t, url, string(body))
			require.Equal(t, 200, code, text)
			d := description(t, url)
			require.NoError(t, d.valid(d.at("paths", "/predict", "post", "requestBody", "content", "application/json", "schema").(map[string]any), value))
		})
	}
}
