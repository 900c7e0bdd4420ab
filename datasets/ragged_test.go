package datasets_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

func TestPad(t *testing.T) {
	words := datasets.Sequences([][]int{{3, 1}, {4, 1, 5}, {9}})
	for _, r := range []struct {
		name  string
		list  datasets.Ragged
		value float64
		time  int
		want  string
	}{
		{"integers", words, 0, 0, "[3 3] [3 1 0 4 1 5 9 0 0] float64"},
		{"value, time", words, -1, 4, "[3 4] [3 1 -1 -1 4 1 5 -1 9 -1 -1 -1] float64"},
		{"float32", datasets.Sequences([][]float32{{1, 2}, {3}}), 0.5, 0, "[2 2] [1 2 3 0.5] float32"},
		{"features", datasets.Ragged{
			tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 2})), tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{3, 4, 5, 6})),
		}, 7, 0, "[2 2 2] [1 2 7 7 3 4 5 6] float64"},
	} {
		t.Run(r.name, func(t *testing.T) {
			padded, lengths, err := datasets.Pad(r.list, r.value, r.time)
			require.NoError(t, err)
			require.Equal(t, r.want, fmt.Sprint([]int(padded.Shape()), padded.Data(), padded.Dtype()))
			for i, n := range lengths.Data().([]int) {
				require.Equal(t, r.list[i].Shape()[0], n)
			}
		})
	}
	for want, f := range map[string]func() error{
		"datasets: Pad: got no sequences, want at least one":         func() error { _, _, err := datasets.Pad(nil, 0, 0); return err },
		"datasets: Pad: sequence 1: got no steps, want at least one": func() error { _, _, err := datasets.Pad(datasets.Sequences([][]int{{1}, {}}), 0, 0); return err },
		"datasets: Pad: sequence 1: got 3 steps, want at most 2":     func() error { _, _, err := datasets.Pad(words, 0, 2); return err },
		"datasets: Pad: sequence 0: got elements of string, want numbers": func() error {
			_, _, err := datasets.Pad(datasets.Ragged{tensor.New(tensor.WithShape(1), tensor.WithBacking([]string{"a"}))}, 0, 0)
			return err
		},
		"datasets: Pad: sequence 1: got shape (1, 3), want (time, ...) with the last dimensions [2] of sequence 0": func() error {
			_, _, err := datasets.Pad(datasets.Ragged{tensor.New(tensor.WithShape(1, 2), tensor.Of(tensor.Float32)), tensor.New(tensor.WithShape(1, 3), tensor.Of(tensor.Float32))}, 0, 0)
			return err
		},
	} {
		require.EqualError(t, f(), want)
	}
}

// counting returns n sequences of 1 to 9 steps, whose elements are the number of the sequence, and targets 100 more.
func counting(n int) (x, y datasets.Ragged, labels *graph.Tensor) {
	rng := rand.New(rand.NewPCG(7, 8))
	var steps, targets [][]int
	numbers := make([]int, n)
	for i := range n {
		s := slices.Repeat([]int{i}, 1+rng.IntN(9))
		steps, numbers[i] = append(steps, s), i
		targets = append(targets, slices.Repeat([]int{100 + i}, len(s)))
	}
	return datasets.Sequences(steps), datasets.Sequences(targets), tensor.New(tensor.WithShape(n), tensor.WithBacking(numbers))
}

// TestBuckets: each sequence comes once with its target and its length, batches have little padding, and the order follows the rng.
func TestBuckets(t *testing.T) {
	x, y, labels := counting(103)
	pass := func(b datasets.Buckets, size int, rng *rand.Rand) (order []int, padding int) {
		for batch, err := range b.Batches(size, rng) {
			require.NoError(t, err)
			n, time := batch.X.Shape()[0], batch.X.Shape()[1]
			lengths := batch.Inputs["lengths"].Data().([]int)
			require.Zero(t, time%max(b.Multiple, 1))
			for i := range n {
				id := int(batch.X.Float64s()[i*time])
				order = append(order, id)
				require.Equal(t, x[id].Shape()[0], lengths[i])
				for k := range time {
					want := []float64{float64(id), float64(100 + id)}
					if k >= lengths[i] {
						want = []float64{-1, -100}
						padding++
					}
					require.Equal(t, want[0], batch.X.Float64s()[i*time+k])
					require.Equal(t, want[0], batch.Inputs["again"].Float64s()[i*time+k])
					if b.Y != nil {
						require.Equal(t, want[1], batch.Y.Float64s()[i*time+k])
					}
				}
				if b.Labels != nil {
					require.Equal(t, id, batch.Y.Data().([]int)[i])
				}
			}
		}
		return order, padding
	}
	b := datasets.Buckets{X: x, Y: y, Inputs: map[string]datasets.Ragged{"again": x}, Lengths: "lengths", Value: -1, YValue: -100}
	require.Equal(t, 103, b.Len())
	plain, loose := pass(b, 10, nil)
	require.True(t, slices.IsSorted(plain))
	require.Len(t, plain, 103)
	first, tight := pass(b, 10, rand.New(rand.NewPCG(1, 2)))
	require.Less(t, 5*tight, loose)
	again, _ := pass(b, 10, rand.New(rand.NewPCG(1, 2)))
	require.Equal(t, first, again)
	other, _ := pass(b, 10, rand.New(rand.NewPCG(3, 2)))
	require.NotEqual(t, first, other)
	require.Equal(t, plain, slices.Sorted(slices.Values(other)))
	all, _ := pass(b, 0, nil)
	require.Equal(t, plain, all)
	b.Y, b.Labels, b.Multiple = nil, labels, 4
	order, _ := pass(b, 10, rand.New(rand.NewPCG(1, 2)))
	require.Equal(t, plain, slices.Sorted(slices.Values(order)))
}

// TestOneLength: each batch has sequences of one length, of X and of an additional input, and no padding.
func TestOneLength(t *testing.T) {
	x, y, _ := counting(57)
	other := slices.Clone(x)
	other[3], other[40] = x[8], x[9] // other lengths than x[3], x[40]
	b := datasets.Buckets{X: x, Y: y, Inputs: map[string]datasets.Ragged{"other": other}, OneLength: true}
	for _, rng := range []*rand.Rand{nil, rand.New(rand.NewPCG(1, 2))} {
		for _, size := range []int{0, 1, 4} {
			seen, steps, before := map[int]bool{}, 0, 0
			for batch, err := range b.Batches(size, rng) {
				require.NoError(t, err)
				n, time := batch.X.Shape()[0], batch.X.Shape()[1]
				require.True(t, size == 0 || n <= size)
				if steps++; rng == nil {
					require.GreaterOrEqual(t, time, before)
					before = time
				}
				for i := range n {
					id := int(batch.X.Float64s()[i*time])
					require.False(t, seen[id])
					seen[id] = true
					require.Equal(t, x[id].Shape()[0], time)
					require.Equal(t, slices.Repeat([]float64{float64(100 + id)}, time), batch.Y.Float64s()[i*time:][:time])
					width := batch.Inputs["other"].Shape()[1]
					require.Equal(t, other[id].Shape()[0], width)
					require.Equal(t, other[id].Data().([]int)[0], int(batch.Inputs["other"].Float64s()[i*width]))
				}
			}
			require.Len(t, seen, 57)
			require.Equal(t, steps, b.Steps(size))
		}
	}
	require.Equal(t, 6, datasets.Buckets{X: x}.Steps(10))
	require.Equal(t, 1, datasets.Buckets{}.Steps(10))
}

func TestBucketsErrors(t *testing.T) {
	x, y, labels := counting(3)
	for want, b := range map[string]datasets.Buckets{
		"datasets: Buckets: X: got no sequences, want at least one":                           {},
		"datasets: Buckets: Y: got 2 sequences, want 3 as in X":                               {X: x, Y: y[:2]},
		"datasets: Buckets: Inputs: a: sequence 0: got no steps, want at least one":           {X: x, Inputs: map[string]datasets.Ragged{"a": {nil, nil, nil}}},
		"datasets: Buckets: Labels: got a tensor beside Y, want one of the two":               {X: x, Y: y, Labels: labels},
		"datasets: Buckets: Labels: got shape (3), want 2 rows as in X":                       {X: x[:2], Labels: labels},
		`datasets: Buckets: Lengths: got the name "a", which one of Inputs has, want another`: {X: x, Inputs: map[string]datasets.Ragged{"a": x}, Lengths: "a"},
		"datasets: Buckets: Multiple: got 8 with OneLength, which leaves no padding, want 0":  {X: x, Multiple: 8, OneLength: true},
		"datasets: Buckets: Multiple: got -1, want 0 or more":                                 {X: x, Multiple: -1},
	} {
		require.Positive(t, b.Len())
		for _, err := range b.Batches(2, nil) {
			require.EqualError(t, err, want)
		}
	}
}
