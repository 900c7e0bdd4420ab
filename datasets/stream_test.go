package datasets

import (
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// numbered returns n samples whose only element is first, first+1 and so on; Y has the number as an int.
func numbered(first, n int) graph.Arrays {
	x, y := make([]float32, n), make([]int, n)
	for i := range x {
		x[i], y[i] = float32(first+i), first+i
	}
	return graph.Arrays{X: tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y))}
}

// read returns the samples of a pass batch by batch. X and Y must agree.
func readAll(t testing.TB, d graph.Dataset, size int, rng *rand.Rand) [][]float32 {
	t.Helper()
	var all [][]float32
	for b, err := range d.Batches(size, rng) {
		require.NoError(t, err)
		v, err := memoryOf(b.X)
		require.NoError(t, err)
		all = append(all, slices.Clone(v.Interface().([]float32)))
		if b.Y != nil && b.Y.Dtype() == tensor.Int {
			y, err := memoryOf(b.Y)
			require.NoError(t, err)
			for i, n := range y.Interface().([]int) {
				require.Equal(t, float32(n), all[len(all)-1][i])
			}
		}
	}
	return all
}

func generator() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// counting is a stream of the samples of numbered(0, n), in batches of 1, 2, 3, 1, 2, ...
func counting(n int) Stream {
	return func(*rand.Rand) iter.Seq2[graph.Batch, error] {
		return func(yield func(graph.Batch, error) bool) {
			for at, k := 0, 1; at < n; at, k = at+k, k%3+1 {
				if !yield(graph.Batch(numbered(at, min(k, n-at))), nil) {
					return
				}
			}
		}
	}
}

func chunks(size int, values ...float32) [][]float32 {
	return slices.Collect(slices.Chunk(values, size))
}

func upTo(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i)
	}
	return v
}

var double = func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) {
	x, err := memoryOf(b.X)
	if err != nil {
		return b, err
	}
	v := slices.Clone(x.Interface().([]float32))
	for i := range v {
		v[i] *= 2
	}
	return graph.Batch{X: tensor.New(tensor.WithShape(b.X.Shape()...), tensor.WithBacking(v))}, nil
}

// TestPlumbing: what each data set yields in its own order.
func TestPlumbing(t *testing.T) {
	even := func(b graph.Batch, row int) bool { return b.X.Float32s()[row] == float32(2*int(b.X.Float32s()[row]/2)) }
	for _, c := range []struct {
		name string
		d    graph.Dataset
		len  int
		want [][]float32
	}{
		{"map", Map{numbered(0, 5), double}, 5, [][]float32{{0, 2, 4}, {6, 8}}},
		{"filter", Filter{numbered(0, 11), even}, -1, [][]float32{{0, 2, 4}, {6, 8, 10}}},
		{"filter of a stream", Filter{counting(8), even}, -1, [][]float32{{0, 2, 4}, {6}}},
		{"concat", Concat{numbered(0, 2), numbered(2, 1), numbered(3, 4)}, 7, chunks(3, upTo(7)...)},
		{"concat with a stream", Concat{numbered(0, 2), counting(2)}, -1, [][]float32{{0, 1, 0}, {1}}},
		{"take", Take{numbered(0, 9), 5}, 5, chunks(3, upTo(5)...)},
		{"take more than there are", Take{numbered(0, 4), 5}, 4, chunks(3, upTo(4)...)},
		{"take of a stream", Take{counting(100), 4}, -1, chunks(3, upTo(4)...)},
		{"rows", Rows{numbered(0, 9), []int{8, 1, 1, 5}}, 4, [][]float32{{8, 1, 1}, {5}}},
		{"rows of rows", Rows{Rows{numbered(0, 9), []int{8, 1, 3}}, []int{2, 0}}, 2, [][]float32{{3, 8}}},
		{"shuffle", Shuffle{From: numbered(0, 5)}, 5, chunks(3, upTo(5)...)},
		{"prefetch", Prefetch{From: numbered(0, 7)}, 7, chunks(3, upTo(7)...)},
		{"cache", &Cache{From: numbered(0, 7)}, 7, chunks(3, upTo(7)...)},
		{"cache of a stream", &Cache{From: counting(7)}, -1, chunks(3, upTo(7)...)},
		{"cache in a file", &Cache{From: counting(7), Path: filepath.Join(t.TempDir(), "c")}, -1, chunks(3, upTo(7)...)},
		{"stream", counting(7), -1, chunks(3, upTo(7)...)},
		{"drawn by weight", Weighted{From: numbered(0, 3), Weight: []float64{0, 1, 0}, N: 4}, 4, [][]float32{{1, 1, 1}, {1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.len, c.d.Len())
			require.Equal(t, c.want, readAll(t, c.d, 3, nil))
			require.Equal(t, [][]float32{slices.Concat(c.want...)}, readAll(t, c.d, 0, nil), "one batch of all")
			require.Equal(t, c.want, readAll(t, Prefetch{From: c.d}, 3, nil), "computed ahead")
			for range c.d.Batches(1, nil) { // the loop may end at any time
				break
			}
			if s, ok := c.d.(graph.StepCounter); ok && c.len >= 0 {
				require.Equal(t, len(c.want), s.Steps(3))
			}
		})
	}
}

// TestOrders: a pass with a generator has every sample once, in an order that depends on the generator, and is the same with the
// same generator, also when it is read ahead.
func TestOrders(t *testing.T) {
	for _, c := range []struct {
		name string
		d    graph.Dataset
		same bool // samples drawn, rather than all of them
	}{
		{"map", Map{numbered(0, 40), func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) { return b, nil }}, true},
		{"concat", Concat{numbered(0, 15), numbered(15, 25)}, true},
		{"rows", Rows{numbered(0, 40), allRows(40)}, true},
		{"shuffle", Shuffle{From: counting(40), Buffer: 7}, true},
		{"shuffle with a large buffer", Shuffle{From: counting(40)}, true},
		{"shuffle of what is read ahead", Shuffle{From: Prefetch{From: numbered(0, 40)}, Buffer: 5}, true},
		{"a part of what is read ahead", Concat{Take{Prefetch{From: numbered(0, 40)}, 20}, Take{Prefetch{From: numbered(0, 40)}, 20}}, false},
		{"cache", &Cache{From: counting(40)}, true},
		{"cache in a file", &Cache{From: numbered(0, 40), Path: filepath.Join(t.TempDir(), "c")}, true},
		{"drawn by weight", Weighted{From: numbered(0, 40), Weight: slices.Repeat([]float64{1, 2}, 20)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := readAll(t, c.d, 6, generator())
			flat := slices.Concat(want...)
			require.Len(t, flat, 40)
			require.NotEqual(t, upTo(40), flat)
			require.Equal(t, want, readAll(t, c.d, 6, generator()))
			require.NotEqual(t, want, readAll(t, c.d, 6, rand.New(rand.NewPCG(3, 4))))
			for workers := 1; workers <= 5; workers++ {
				require.Equal(t, want, readAll(t, Prefetch{From: c.d, Workers: workers, Ahead: workers%3 + 1}, 6, generator()))
			}
			if c.same {
				slices.Sort(flat)
				require.Equal(t, upTo(40), flat)
			}
		})
	}
}

// TestShuffleBuffer: with a buffer of n, no sample comes more than n-1 samples too early.
func TestShuffleBuffer(t *testing.T) {
	for at, v := range slices.Concat(readAll(t, Shuffle{From: counting(500), Buffer: 9}, 4, generator())...) {
		require.LessOrEqual(t, int(v), at+9)
	}
}

// TestMapRandom: each batch has its own generator, the same for any number of workers and for a pass that begins anew, as a run that
// is resumed does; without one there is none.
func TestMapRandom(t *testing.T) {
	d := Map{numbered(0, 30), func(b graph.Batch, rng *rand.Rand) (graph.Batch, error) {
		if rng != nil {
			v := b.X.Float32s()
			for i := range v {
				v[i] = rng.Float32()
			}
		}
		return graph.Batch{X: b.X}, nil
	}}
	want := readAll(t, d, 4, generator())
	flat := slices.Concat(want...)
	slices.Sort(flat)
	require.Len(t, slices.Compact(flat), 30, "all batches have different numbers")
	for workers := range 4 {
		require.Equal(t, want, readAll(t, Prefetch{From: d, Workers: workers}, 4, generator()))
	}
	require.Equal(t, chunks(4, upTo(30)...), readAll(t, Prefetch{From: d}, 4, nil))
}

// TestWeighted: samples come in proportion to their weights, balanced classes equally often.
func TestWeighted(t *testing.T) {
	labels := dense([]float32{0, 0, 0, 0, 0, 0, 1, 2, 2, 2}, 10)
	weight, err := Balanced(labels)
	require.NoError(t, err)
	d := Weighted{From: graph.Arrays{X: labels}, Weight: weight, N: 30_000}
	count := map[float32]int{}
	for _, v := range slices.Concat(readAll(t, d, 1000, generator())...) {
		count[v]++
	}
	for class := range 3 {
		require.InDelta(t, 10_000, count[float32(class)], 400) // 5 standard deviations
	}
}
