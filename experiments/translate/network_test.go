package main

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// translator returns a model that is not trained.
func translator(t *testing.T) *graph.Model {
	m, err := graph.Compile(Translator{Units: 16, Heads: 2}, graph.Config{Input: []int{graph.Any}, Inputs: map[string][]int{writtenInput: {len(iso)}}, Seed: 1})
	require.NoError(t, err)
	return m
}

// look is layers.MultiHeadAttention{}.Over with weights to see: the same numbers from the same parameters.
func TestLook(t *testing.T) {
	const units, characters, length = 6, 3, 5
	shapes := [][]int{{2, characters, units}, {2, length, units}, {2}}
	var in []*tensor.Dense
	rng := rand.New(rand.NewPCG(1, 1))
	for _, shape := range shapes[:2] {
		x := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shape...))
		for i := range x.Float64s() {
			x.Float64s()[i] = rng.NormFloat64()
		}
		in = append(in, x)
	}
	in = append(in, tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{5, 2})))
	of := func(l func(memory graph.Node) graph.Layer) *graph.Function {
		f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
			return []graph.Node{s.ApplyAs("a", l(x[1].Masked(x[2].Steps(length))), x[0])}
		}, shapes...)
		require.NoError(t, err)
		return f
	}
	ours := of(func(memory graph.Node) graph.Layer { return look{memory} })
	theirs := of(layers.MultiHeadAttention{NoBias: true}.Over)
	w := ours.Weights()
	memory, err := w["a/key"].Concat(1, w["a/value"])
	require.NoError(t, err)
	require.NoError(t, theirs.SetWeights(graph.Weights{"a/weight": w["a/query"], "a/memory_weight": memory, "a/out_weight": w["a/out"]}))
	got, err := ours.Call(context.Background(), in...)
	require.NoError(t, err)
	want, err := theirs.Call(context.Background(), in...)
	require.NoError(t, err)
	require.InDeltaSlice(t, want[0].Float64s(), got[0].Float64s(), 1e-12)
}

// A text alone and beside a longer one get the same translation and the same weights, which sum to 1.
func TestPadding(t *testing.T) {
	m := translator(t)
	long, short := "Wednesday the 28th of November, 2026", "1/2/06"
	both, err := decode(context.Background(), m, []string{long, short})
	require.NoError(t, err)
	for i, text := range []string{long, short} {
		alone, err := decode(context.Background(), m, []string{text})
		require.NoError(t, err)
		require.Equal(t, alone[0].date, both[i].date)
		for c, row := range both[i].weights {
			require.InDeltaSlice(t, alone[0].weights[c], row, 1e-5)
			sum := 0.0
			for _, w := range row {
				sum += w
			}
			require.InDelta(t, 1, sum, 1e-5)
			require.Len(t, row, len(text))
		}
	}
}

// Decoding is greedy: each character is the most probable one after those before it.
func TestGreedy(t *testing.T) {
	m := translator(t)
	texts := []string{"28.11.26", "20261128"}
	got, err := decode(context.Background(), m, texts)
	require.NoError(t, err)
	var list []pair
	for i, text := range texts {
		list = append(list, pair{text, got[i].date})
	}
	d, err := dataset(list)
	require.NoError(t, err)
	for b, err := range d.Batches(0, nil) {
		require.NoError(t, err)
		out, err := m.PredictAll(context.Background(), map[string]*graph.Tensor{graph.MainInput: b.X, writtenInput: b.Inputs[writtenInput]})
		require.NoError(t, err)
		require.Equal(t, 1.0, Exact{}.Score(out[graph.MainOutput], b.Y))
		b.Y.Float32s()[3] = float32(math.Mod(float64(b.Y.Float32s()[3])+1, 12))
		require.Equal(t, 0.5, Exact{}.Score(out[graph.MainOutput], b.Y))
	}
}

// No date is in two parts.
func TestParts(t *testing.T) {
	p := data(&lab.Lab{Options: lab.Options{Train: 5000, Valid: 2000, Seed: 1}})
	parts := map[string]int{}
	for i, list := range [][]pair{p.train, p.valid, p.test} {
		require.Len(t, list, []int{5000, 2000, 4000}[i])
		for _, x := range list {
			_, err := time.Parse(iso, x.date)
			require.NoError(t, err)
			if other, ok := parts[x.date]; ok && other != i {
				t.Fatalf("%s is in parts %d and %d", x.date, other, i)
			}
			parts[x.date] = i
		}
	}
}
