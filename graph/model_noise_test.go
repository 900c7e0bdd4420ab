package graph_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// noisy adds noise to each sample, in inference too.
var noisy = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	keep := s.Noise(graph.Noise{Keep: 0.5}, x.Shape()...)
	return x.Mul(keep).Add(s.Noise(graph.Noise{}, x.Dim(0), 3)).Add(s.Noise(graph.Noise{Normal: true}, x.Shape()...))
})

// TestNoiseOfRows: equal rows get different noise, which depends only on the seed and on a row's number in the call.
func TestNoiseOfRows(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(noisy, graph.Config{Input: []int{3}, Seed: 4, DType: tensor.Float64})
	require.NoError(t, err)
	predict := func(m *graph.Model, rows int) []float64 {
		x := tensor.New(tensor.WithShape(rows, 3), tensor.WithBacking(make([]float64, 3*rows)))
		for i := range x.Float64s() {
			x.Float64s()[i] = 1
		}
		y, err := m.Predict(ctx, x)
		require.NoError(t, err)
		return y.Float64s()
	}
	many := predict(m, 5000)
	different := map[string]bool{}
	for i := range 5000 {
		different[fmt.Sprint(many[3*i:3*i+3])] = true
	}
	require.Len(t, different, 5000)
	for _, rows := range []int{1, 2, 511, 513, 1300} {
		require.Equal(t, many[:3*rows], predict(m, rows), "%d rows", rows)
	}

	require.Equal(t, many, predict(m.Seeded(4), 5000), "the model's own seed")
	seen := map[string]uint64{fmt.Sprint(many[:30]): 4}
	for seed := range uint64(100) {
		if seed == 4 {
			continue
		}
		drawn := predict(m.Seeded(seed), 10)
		require.Equal(t, drawn, predict(m.Seeded(seed), 10), "one seed draws the same")
		require.NotContains(t, seen, fmt.Sprint(drawn), "two seeds draw differently")
		seen[fmt.Sprint(drawn)] = seed
	}
	require.Equal(t, many, predict(m, 5000), "the model itself stays as it is")
}

// TestSeededEvaluate: Evaluate draws noise by the sample's number, whatever the batches.
func TestSeededEvaluate(t *testing.T) {
	ctx := context.Background()
	mean := graph.LossFunc(func(pred, _ graph.Node) graph.Node { return pred.Mean() })
	m, err := graph.Compile(noisy, graph.Config{Input: []int{3}, Seed: 4, DType: tensor.Float64, Loss: mean})
	require.NoError(t, err)
	const rows = 700
	x := tensor.New(tensor.WithShape(rows, 3), tensor.WithBacking(make([]float64, 3*rows)))
	for _, seed := range []uint64{4, 9} {
		y, err := m.Seeded(seed).Predict(ctx, x)
		require.NoError(t, err)
		sum := 0.0
		for _, v := range y.Float64s() {
			sum += v
		}
		logs, err := m.Seeded(seed).Evaluate(ctx, graph.Arrays{X: x, Y: x})
		require.NoError(t, err)
		require.InDelta(t, sum/(3*rows), logs["loss"], 1e-12)
	}
}

// TestAttentionDropoutOfRows: attention drops other weights in each row, by the row's number in the call.
func TestAttentionDropoutOfRows(t *testing.T) {
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.TrainingMode(true).Attention(x, x, x.Add(s.Table(func(i int) float64 { return float64(int(1) << i) }, 9, 1)), graph.Attention{Dropout: 0.5})
	}), graph.Config{Input: []int{9, 2}, Seed: 4, DType: tensor.Float64})
	require.NoError(t, err)
	predict := func(rows int) []float64 {
		y, err := m.Predict(context.Background(), tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(rows, 9, 2)))
		require.NoError(t, err)
		return y.Float64s()
	}
	many := predict(1500)
	different := map[string]bool{}
	for i := range 1500 {
		different[fmt.Sprint(many[18*i:18*i+18])] = true
	}
	require.Len(t, different, 1500)
	for _, rows := range []int{1, 511, 513} {
		require.Equal(t, many[:18*rows], predict(rows), "%d rows", rows)
	}
}
