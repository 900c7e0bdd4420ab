package graph_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
)

// A brittle is a Dataset that yields err.
type brittle struct {
	graph.Arrays
	err error
}

func (d brittle) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	if d.err == nil {
		return d.Arrays.Batches(size, rng)
	}
	return func(yield func(graph.Batch, error) bool) { yield(graph.Batch{}, d.err) }
}

// TestGroupEndsAlike: if one rank fails where the others do not wait for it, all end with the same model and history, those of one
// process that fails there, and another Fit goes on with the same bits.
func TestGroupEndsAlike(t *testing.T) {
	s := shardedNets[0] // accumulates 2 of the 3 batches of an epoch, so that one is left
	full := errors.New("the disk is full")
	after := func(event graph.Event, step int) func(*graph.FitConfig) {
		return func(cfg *graph.FitConfig) {
			cfg.Callbacks = []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if e == event && r.Total == step {
					r.After(func() error { return full })
				}
				return nil
			})}
		}
	}
	for name, fails := range map[string]func(*graph.FitConfig){
		"validation without callbacks":                func(cfg *graph.FitConfig) { cfg.Valid = brittle{s.data(7, 20), full} },
		"after the last step of an epoch":             after(graph.StepEnd, 3),
		"after the last step of an epoch, at the end": after(graph.StepEnd, 6),
		"after a validation":                          after(graph.ValidEnd, 3),
		"after the last validation":                   after(graph.ValidEnd, 6),
		"after an epoch":                              after(graph.EpochEnd, 3),
	} {
		t.Run(name, func(t *testing.T) {
			nothing := graph.CallbackFunc(func(*graph.Run, graph.Event) error { return nil })
			fit := func(g graph.Group, failing bool) (ends []string) {
				m := s.compile(t)
				for _, now := range []bool{failing, false} {
					cfg := graph.FitConfig{Epochs: 2, BatchSize: shardedBatch, Accumulate: s.accumulate, Shards: 8, Group: g, Valid: brittle{s.data(7, 20), nil}}
					if name != "validation without callbacks" {
						cfg.Callbacks = []graph.Callback{nothing}
					}
					if now {
						fails(&cfg)
					}
					h, err := m.Fit(context.Background(), s.data(1, shardedRows), cfg)
					if failed := err != nil && strings.Contains(err.Error(), full.Error()); failed != (len(ends) == 0) {
						t.Errorf("got error %v in Fit %d, want one in the first", err, len(ends)+1)
					}
					ends = append(ends, fmt.Sprintf("%x %v", saved(t, m), h))
				}
				return ends
			}
			want := fit(nil, true)
			together(parallel.Local(2, 0), func(rank int, g graph.Group) {
				for i, got := range fit(g, rank == 1) {
					if got != want[i] {
						t.Errorf("rank %d: got another model or history after Fit %d than in one process", rank, i+1)
					}
				}
			})
		})
	}
}

// TestGroupEpochs: ranks whose models have been trained for different numbers of epochs would shuffle differently, which is an error.
func TestGroupEpochs(t *testing.T) {
	s := shardedNets[3]
	data := s.data(1, 8)
	x, err := data.X.Concat(0, data.X)
	require.NoError(t, err)
	y, err := data.Y.Concat(0, data.Y)
	require.NoError(t, err)
	together(parallel.Local(2, 0), func(rank int, g graph.Group) {
		m := s.compile(t)
		set, cfg := data, graph.FitConfig{Epochs: 2, BatchSize: 8, NoShuffle: true}
		if rank == 1 {
			set, cfg.Epochs = graph.Arrays{X: x, Y: y}, 1
		}
		_, err := m.Fit(context.Background(), set, cfg)
		require.NoError(t, err)
		_, err = m.Fit(context.Background(), data, graph.FitConfig{Shards: 2, Group: g})
		if text := fmt.Sprint(err); !strings.Contains(text, "after 2 steps and 1 epochs on rank 1, want ") {
			t.Errorf("rank %d: got %q, want the numbers of epochs", rank, text)
		}
	})
}
