package graph_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// learned is a data set that knows its length from the end of its first pass on, as a cache of a stream does.
type learned struct {
	data  graph.Arrays
	known bool
}

func (l *learned) Len() int {
	if l.known {
		return l.data.Len()
	}
	return -1
}

func (l *learned) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		l.known = true
		l.data.Batches(size, rng)(yield)
	}
}

// TestResumeLength: a run resumes with the same bits whether or not its data know their length, at the checkpoint and at the resume; a
// length that is another one is an error.
func TestResumeLength(t *testing.T) {
	data := func(n int, known bool) *learned {
		return &learned{graph.Arrays{X: random(1, n, 2), Y: random(2, n, 1)}, known}
	}
	fit := func(train, valid graph.Dataset, size, steps int, path string) (any, error) {
		m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
		require.NoError(t, err)
		cfg := graph.FitConfig{BatchSize: size, Epochs: 3, MaxSteps: steps, Valid: valid, Resume: path}
		if path != "" {
			cfg.Callbacks = []graph.Callback{&callbacks.Checkpoint{Path: path, EverySteps: 1}}
		}
		_, err = m.Fit(context.Background(), train, cfg)
		return m.Weights()["weight"].Data(), err
	}
	const n = 10
	for _, size := range []int{3, 10, 16} { // 16 becomes 10 if the length is known
		for _, known := range [][4]bool{{}, {false, false, true, true}, {true, true, false, false}, {true, false, false, true}, {true, true, true, true}} {
			for _, steps := range []int{1, 2, 5} {
				t.Run(fmt.Sprint(size, known, steps), func(t *testing.T) {
					want, err := fit(data(n, true), data(4, true), size, 6, "")
					require.NoError(t, err)
					path := filepath.Join(t.TempDir(), "checkpoint")
					_, err = fit(data(n, known[0]), data(4, known[1]), size, steps, path)
					require.NoError(t, err)
					if known[0] && known[1] {
						_, err = fit(data(n+1, true), data(4, true), size, 6, path)
						require.ErrorContains(t, err, "got a checkpoint of a run with {Samples:10")
						_, err = fit(data(n, true), data(5, true), size, 6, path)
						require.ErrorContains(t, err, "Valid:4")
					}
					_, err = fit(data(n, known[2]), nil, size, 6, path)
					require.ErrorContains(t, err, "got a checkpoint of a run with")
					got, err := fit(data(n, known[2]), data(4, known[3]), size, 6, path)
					require.NoError(t, err)
					require.Equal(t, want, got)
				})
			}
		}
	}
}
