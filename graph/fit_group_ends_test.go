package graph_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
)

// TestGroupEnds: a stop, an error and the end of a context on one rank end the run on all, after the same step.
func TestGroupEnds(t *testing.T) {
	s := shardedNets[0]
	broken := errors.New("the disk is full")
	for _, c := range []struct {
		name  string
		event graph.Event
		err   error
		is    error // of all ranks
		text  string
	}{
		{"stop at a step", graph.StepEnd, graph.Stop, nil, ""},
		{"stop before a step", graph.StepBegin, graph.Stop, nil, ""},
		{"stop at an epoch", graph.EpochEnd, graph.Stop, nil, ""},
		{"error", graph.StepEnd, broken, nil, "the disk is full"},
		{"context", graph.StepEnd, context.Canceled, context.Canceled, ""},
		{"divergence", graph.EpochEnd, fmt.Errorf("no good: %w", graph.ErrDiverged), graph.ErrDiverged, "no good"},
	} {
		t.Run(c.name, func(t *testing.T) {
			steps := make([]int, 4)
			models := make([]string, 4)
			together(parallel.Local(4, 0), func(rank int, g graph.Group) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				m, _, err := s.fit(t, ctx, g, func(cfg *graph.FitConfig) {
					cfg.Callbacks = append(cfg.Callbacks, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
						steps[rank] = r.Total
						if r.Rank != 2 || r.Total < 3 || e != c.event {
							return nil
						}
						if c.err == context.Canceled {
							cancel()
							return nil
						}
						return c.err
					}))
				})
				models[rank] = m
				if (err == nil) != (c.is == nil && c.text == "") || c.is != nil && !errors.Is(err, c.is) || c.text != "" && !strings.Contains(fmt.Sprint(err), c.text) {
					t.Errorf("rank %d: got %v, want %v %q", rank, err, c.is, c.text)
				}
			})
			require.Equal(t, []int{3, 3, 3, 3}, steps)
			require.Equal(t, []string{models[0], models[0], models[0], models[0]}, models)
		})
	}
}

// TestGroupDiverged: a loss that is not finite on one rank takes all ranks back to the same weights.
func TestGroupDiverged(t *testing.T) {
	s := shardedNets[0]
	data := s.data(1, 90)
	data.X.Float64s()[85*5] = math.Inf(1) // in the third batch
	models := make([]string, 4)
	together(parallel.Local(4, 0), func(rank int, g graph.Group) {
		m := s.compile(t)
		_, err := m.Fit(context.Background(), data, graph.FitConfig{BatchSize: 40, Shards: 8, Group: g, NoShuffle: true})
		if !errors.Is(err, graph.ErrDiverged) || !strings.Contains(err.Error(), "step 3: ") {
			t.Errorf("rank %d: got %v, want a divergence at step 3", rank, err)
		}
		models[rank] = string(saved(t, m))
	})
	require.Equal(t, []string{models[0], models[0], models[0], models[0]}, models)
}

// TestGroupSilent: a rank that leaves is named by the others, with the step.
func TestGroupSilent(t *testing.T) {
	s := shardedNets[0]
	together(parallel.Local(2, 0), func(rank int, g graph.Group) {
		defer func() {
			g.Close()
			_ = recover() // of rank 1
		}()
		_, _, err := s.fit(t, context.Background(), g, func(cfg *graph.FitConfig) {
			cfg.Callbacks = append(cfg.Callbacks, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if r.Rank == 1 && r.Total == 4 {
					panic("gone")
				}
				return nil
			}))
		})
		if text := fmt.Sprint(err); !strings.Contains(text, "step 1") || !strings.Contains(text, "rank 1 has left") {
			t.Errorf("rank %d: got %v, want the silent rank and the step", rank, err)
		}
	})
}
