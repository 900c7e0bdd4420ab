package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestAnyInputs checks networks with several inputs that vary: by themselves, or equal to another, or in another ratio.
func TestAnyInputs(t *testing.T) {
	mean := func(x graph.Node) graph.Node { return x.Mean(1) }
	any3 := []int{graph.Any, 3}
	for _, c := range []struct {
		name   string
		net    graph.LayerFunc
		inputs map[string][]int
		output []int
		probes int // of sizes, with the first
	}{
		{"apart", func(s *graph.Scope, x graph.Node) graph.Node { return mean(x).Add(mean(s.Input("b"))) }, map[string][]int{"b": any3}, []int{3}, 3},
		{"joined", func(s *graph.Scope, x graph.Node) graph.Node { return graph.Concat(1, x, s.Input("b")) }, map[string][]int{"b": any3}, any3, 3},
		{"equal", func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Input("mask").Expand(-1)) },
			map[string][]int{"mask": {graph.Any}}, any3, 2},
		{"two pairs", func(s *graph.Scope, x graph.Node) graph.Node {
			return mean(x.Mul(s.Input("x mask").Expand(-1))).Add(mean(s.Input("y").Mul(s.Input("y mask").Expand(-1))))
		}, map[string][]int{"x mask": {graph.Any}, "y mask": {graph.Any}, "y": any3}, []int{3}, 3},
		{"twice as long", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Input("b").Reshape(x.Dim(0), x.Dim(1), 2, 3).Mean(2).Add(x)
		},
			map[string][]int{"b": any3}, any3, 2},
		{"attention", func(s *graph.Scope, x graph.Node) graph.Node {
			y := s.Input("memory")
			return x.MatMul(y.SwapAxes(1, 2)).Softmax().MatMul(y)
		}, map[string][]int{"memory": any3}, any3, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: any3, Inputs: c.inputs})
			require.NoError(t, err)
			require.Equal(t, c.output, m.Output())
			require.Len(t, graph.Probes(m), c.probes)
		})
	}
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Input("mask").Expand(-1)) }),
		graph.Config{Input: any3, Inputs: map[string][]int{"mask": {graph.Any}}})
	require.NoError(t, err)
	out, err := m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": random(1, 2, 5, 3), "mask": random(1, 2, 5)})
	require.NoError(t, err)
	require.Equal(t, []int{2, 5, 3}, []int(out["output"].Shape()))
	_, err = m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": random(1, 2, 5, 3), "mask": random(1, 2, 4)})
	require.ErrorIs(t, err, graph.ErrInput)
	require.ErrorContains(t, err, "got these sizes from input [n 5 3], mask [n 4]")
}

// TestAnyRows checks predictions in pieces, and those of networks that mix rows for some sizes only.
func TestAnyRows(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}}, graph.Config{Input: []int{graph.Any, 2}})
	require.NoError(t, err)
	x := random(1, 1200, 3, 2)
	all, err := m.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, []int{1200, 3, 3}, []int(all.Shape()))
	last, err := m.Predict(ctx, part(t, x, 1198, 1200))
	require.NoError(t, err)
	require.Equal(t, all.Float32s()[1198*9:], last.Float32s())
	none, err := m.Predict(ctx, tensor.New(tensor.WithShape(0, 7, 2), tensor.Of(tensor.Float32)))
	require.NoError(t, err)
	require.Equal(t, []int{0, 7, 3}, []int(none.Shape()))

	mixes := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		if x.Dim(1) > 4 {
			return x.Sub(x.Mean(0))
		}
		return x
	})
	m, err = graph.Compile(mixes, graph.Config{Input: []int{graph.Any, 2}})
	require.NoError(t, err)
	for _, time := range []int{3, 5, 1009} {
		x := random(2, 600, time, 2)
		got, err := m.Predict(ctx, x)
		require.NoError(t, err)
		fixed, err := graph.Compile(mixes, graph.Config{Input: []int{time, 2}})
		require.NoError(t, err)
		want, err := fixed.Predict(ctx, x)
		require.NoError(t, err)
		require.Equal(t, want.Data(), got.Data(), time)
	}
}

// part returns rows of a tensor.
func part(t *testing.T, x *tensor.Dense, from, to int) *tensor.Dense {
	v, err := x.Slice(tensor.S(from, to))
	require.NoError(t, err)
	return v.Materialize().(*tensor.Dense)
}
