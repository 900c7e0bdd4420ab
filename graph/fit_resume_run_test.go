package graph_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// An uneven dataset yields more batches than Len and the size of a batch say. It may hide its length.
type uneven struct {
	graph.Dataset
	hidden bool
}

func (u uneven) Len() int {
	if u.hidden {
		return -1
	}
	return u.Dataset.Len()
}

func (u uneven) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return u.Dataset.Batches(size-1, rng)
}

// TestResumeRun: after a resume from any checkpoint, callbacks see the same Run as without a break, so that one that computes the rate
// from it sets the same rates.
func TestResumeRun(t *testing.T) {
	for name, change := range map[string]func(d graph.Dataset) graph.Dataset{
		"arrays":         func(d graph.Dataset) graph.Dataset { return d },
		"more batches":   func(d graph.Dataset) graph.Dataset { return uneven{d, false} },
		"unknown length": func(d graph.Dataset) graph.Dataset { return uneven{d, true} },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			fit := func(to, resume string) (seen []string, model string) {
				seen = []string{}
				m, data := regression(t, graph.Config{Seed: 2})
				record := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.StepBegin {
						if r.Total%5 == 0 {
							r.MeasureGradients() // of an update that may be two steps later
						}
						r.Rate = (0.1 + 0.01*r.StepLoss) / float64(1+r.Steps+r.Size)
					}
					if e != graph.TrainBegin && e != graph.TrainEnd {
						seen = append(seen, fmt.Sprint(e, r.Epoch, r.Step, r.Steps, r.Total, r.Samples, r.Size, r.Rate, r.Loss, r.StepLoss, r.Logs,
							r.ValidLogs, r.History, r.GradientNorms))
					}
					return nil
				})
				_, err := m.Fit(context.Background(), change(data), graph.FitConfig{Epochs: 3, BatchSize: 16, Accumulate: 3, Valid: data, ValidEvery: 2, Resume: resume,
					Callbacks: []graph.Callback{record, &callbacks.Checkpoint{Dir: to, EverySteps: 1, Every: 1}}})
				require.NoError(t, err)
				return seen, string(saved(t, m))
			}
			want, model := fit(dir, "")
			for _, name := range files(t, dir) {
				seen, again := fit(t.TempDir(), filepath.Join(dir, name))
				if len(seen) > 0 && strings.HasPrefix(seen[0], "EpochBegin") {
					seen = seen[1:] // the epoch begins once more
				}
				require.Equal(t, want[len(want)-len(seen):], seen, name)
				require.Equal(t, model, again, name)
			}
		})
	}
}
