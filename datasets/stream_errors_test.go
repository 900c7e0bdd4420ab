package datasets

import (
	"iter"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// TestPlumbingErrors: what is missing or does not fit is an error with the place.
func TestPlumbingErrors(t *testing.T) {
	wide := graph.Arrays{X: dense(make([]float32, 6), 3, 2)}
	whole := graph.Arrays{X: tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]int{1, 2}))}
	keep := func(graph.Batch, int) bool { return true }
	for _, c := range []struct {
		d    graph.Dataset
		want string
	}{
		{Map{Func: double}, "datasets: Map: From: got nil, want a data set"},
		{Map{From: numbered(0, 2)}, "datasets: Map: Func: got nil"},
		{Map{(*Cache)(nil), double}, "datasets: Map: From: got nil"},
		{Filter{Keep: keep}, "datasets: Filter: From: got nil"},
		{Filter{From: wide}, "datasets: Filter: Keep: got nil"},
		{Concat{}, "datasets: Concat: got no data sets"},
		{Concat{wide, nil}, "datasets: Concat: data set 1: got nil"},
		{Concat{numbered(0, 2), wide}, "datasets: Concat: data set 1: batch after 2 samples: X: got samples of shape [2] of float32, want [1] of float32"},
		{Concat{whole, graph.Arrays{X: numbered(0, 2).X}}, "X: got samples of shape [1] of float32, want [1] of int"},
		{Concat{graph.Arrays{X: numbered(0, 2).X}, numbered(0, 2)}, "got the tensors X, Y, want X as in the samples before"},
		{Concat{numbered(0, 2), graph.Arrays{X: numbered(0, 2).X}}, "got the tensors X, want X, Y as in the samples before"},
		{Concat{Concat{Map{Func: double}}}, "datasets: Concat: data set 0: Concat: data set 0: Map: From: got nil"},
		{Take{N: 1}, "datasets: Take: From: got nil"},
		{Take{wide, 0}, "datasets: Take: N: got 0, want 1 or more"},
		{Rows{Index: []int{1}}, "datasets: Rows: From: got nil"},
		{Rows{From: wide}, "datasets: Rows: Index: got no numbers"},
		{Rows{wide, []int{1, 3}}, "datasets: Rows: Index: got 3 as number 1, want 0 to 2"},
		{Rows{wide, []int{-1}}, "got -1 as number 0"},
		{Weighted{}, "datasets: Weighted: From: got nil"},
		{Weighted{From: wide, Weight: []float64{1}}, "Weight: got 1 numbers, want 3"},
		{Weighted{From: wide, Weight: []float64{1, -1, 1}}, "Weight 1: got -1"},
		{Weighted{From: wide, Weight: []float64{0, 0, 0}}, "Weight: got the sum 0"},
		{Weighted{From: wide, Weight: []float64{1, 1, 1}, N: -1}, "N: got -1"},
		{Shuffle{}, "datasets: Shuffle: From: got nil"},
		{Prefetch{}, "datasets: Prefetch: From: got nil"},
		{Prefetch{From: wide, Workers: -1}, "datasets: Prefetch: Workers: got -1"},
		{Prefetch{From: wide, Ahead: -1}, "datasets: Prefetch: Ahead: got -1"},
		{&Cache{}, "datasets: Cache: From: got nil"},
		{&Cache{From: counting(0)}, "datasets: Cache: From: got no samples"},
		{&Cache{From: wide, MaxBytes: 23}, "datasets: Cache: MaxBytes: got more than 23 bytes"},
		{&Cache{From: wide, MaxBytes: 23, Path: filepath.Join(t.TempDir(), "c")}, "datasets: Cache: MaxBytes: got more than 23 bytes"},
		{&Cache{From: wide, Path: filepath.Join(t.TempDir(), "no", "c")}, "datasets: Cache:"},
		{Stream(nil), "datasets: Stream: got nil"},
	} {
		t.Run(c.want, func(t *testing.T) {
			require.NotZero(t, c.d.Len(), "Fit must call Batches to get the error")
			for _, rng := range []*rand.Rand{nil, generator()} {
				for _, d := range []graph.Dataset{c.d, Prefetch{From: c.d}} {
					var err error
					for _, err = range d.Batches(2, rng) {
					}
					require.ErrorContains(t, err, c.want)
				}
			}
		})
	}
}

// TestOtherTensors: samples whose tensors have other names are an error of every data set that puts samples together, even if the shapes
// are the same: weights must not become targets.
func TestOtherTensors(t *testing.T) {
	x, y := dense([]float32{1, 2}, 2, 1), dense([]float32{3, 4}, 2)
	named := func(name string) map[string]*graph.Tensor { return map[string]*graph.Tensor{name: y} }
	for _, c := range []struct {
		first, then graph.Arrays
		want        string
	}{
		{graph.Arrays{X: x, Y: y}, graph.Arrays{X: x, Weight: y}, "got the tensors X, Weight, want X, Y"},
		{graph.Arrays{X: x, Weight: y}, graph.Arrays{X: x, Y: y}, "got the tensors X, Y, want X, Weight"},
		{graph.Arrays{X: x, Inputs: named("a")}, graph.Arrays{X: x, Inputs: named("b")}, "got the tensors X, input b, want X, input a"},
		{graph.Arrays{X: x, Targets: named("a")}, graph.Arrays{X: x, Inputs: named("a")}, "got the tensors X, input a, want X, target a"},
		{graph.Arrays{X: x, Y: y, Weight: y}, graph.Arrays{X: x, Y: y, Targets: named("a")}, "got the tensors X, Y, target a, want X, Y, Weight"},
	} {
		stream := Stream(func(*rand.Rand) iter.Seq2[graph.Batch, error] {
			return func(yield func(graph.Batch, error) bool) {
				_ = yield(graph.Batch(c.first), nil) && yield(graph.Batch(c.then), nil)
			}
		})
		for _, d := range []graph.Dataset{
			Concat{c.first, c.then}, stream, Shuffle{From: stream}, Filter{stream, func(graph.Batch, int) bool { return true }},
			&Cache{From: stream}, &Cache{From: stream, Path: filepath.Join(t.TempDir(), "c")},
		} {
			var err error
			for _, err = range d.Batches(0, generator()) {
			}
			require.ErrorContains(t, err, "batch after 2 samples: "+c.want+" as in the samples before", "%T", d)
		}
	}
}

// TestShuffleErrors: so are a wrong Buffer, and targets that are no class numbers.
func TestShuffleErrors(t *testing.T) {
	wide := graph.Arrays{X: dense(make([]float32, 6), 3, 2)}
	var err error
	for _, err = range (Shuffle{From: wide, Buffer: -1}).Batches(2, generator()) {
	}
	require.ErrorContains(t, err, "datasets: Shuffle: Buffer: got -1")
	_, err = Balanced(wide.X)
	require.ErrorContains(t, err, "datasets: Balanced: y: got shape [3 2]")
}
