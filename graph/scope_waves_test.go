package graph_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// TestWaves: sines and cosines of the places, for any length, and the same in pieces of a stream.
func TestWaves(t *testing.T) {
	waves := []graph.Wave{{Rate: 0.5}, {Rate: 0.5, Cosine: true}, {Rate: -3}, {}, {Cosine: true}, {Rate: 1e-3}}
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return x.Add(s.Waves(waves, x.Dim(1), 2, 3))
	}), graph.Config{Input: []int{graph.Any, 2, 3}, DType: tensor.Float64})
	require.NoError(t, err)
	const length = 9
	x := random(1, 2, length, 2, 3)
	y, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	for i, got := range y.Float64s() {
		place, w := float64(i/6%length), waves[i%6]
		want := math.Sin(place * w.Rate)
		if w.Cosine {
			want = math.Cos(place * w.Rate)
		}
		require.InDelta(t, x.Float64s()[i]+want, got, 1e-12)
	}
	s, err := m.Stream()
	require.NoError(t, err)
	for at := 0; at < length; at += 4 {
		to := min(at+4, length)
		part, err := s.Next(context.Background(), steps(x, at, to))
		require.NoError(t, err)
		require.Equal(t, steps(y, at, to).Data(), part.Data())
	}
}

// TestWavesErrors: what does not fit is an error of Compile.
func TestWavesErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		waves []graph.Wave
		time  int
		shape []int
		want  string
	}{
		{"too few", []graph.Wave{{}}, 3, []int{2}, "Waves: got 1 waves and shape [2], want one wave for each element"},
		{"no time", []graph.Wave{{}}, 0, nil, "Waves: got shape [0], want dimensions of 1 or more"},
		{"no elements", nil, 3, []int{0}, "Waves: got shape [3 0], want dimensions of 1 or more"},
		{"infinite", []graph.Wave{{}, {Rate: math.Inf(1)}}, 3, []int{2}, "Waves: wave 1: Rate: got +Inf, want a finite number"},
		{"not a number", []graph.Wave{{Rate: math.NaN()}}, 3, nil, "Waves: wave 0: Rate: got NaN, want a finite number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
				s.Waves(c.waves, c.time, c.shape...)
				return x
			}), graph.Config{Input: []int{2}})
			require.ErrorContains(t, err, c.want)
		})
	}
}
