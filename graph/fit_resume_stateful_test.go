package graph_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

// tallying is a user's own callback, with a state of every kind.
type tallying struct {
	Count int
	Sums  map[string]float64
	Last  graph.Weights
	Names []string
	steps []int
}

func (c *tallying) State() graph.Saved {
	return graph.Saved{"count": &c.Count, "more": graph.Saved{"sums": &c.Sums, "last": &c.Last}, "names": &c.Names}
}

func (c *tallying) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		c.Count, c.Sums, c.Last, c.Names = 0, map[string]float64{"inf": math.Inf(1)}, nil, nil
	case graph.StepEnd:
		c.Count++
		c.Sums["loss"] += r.Loss
		c.Last = r.Model.Weights()
		c.steps = append(c.steps, r.Total)
	case graph.EpochBegin:
		c.Names = append(c.Names, "begin")
		r.Rate /= 2
	}
	return nil
}

// TestStateful: on resume a callback gets its state back, and no event counts twice.
func TestStateful(t *testing.T) {
	dir := t.TempDir()
	fit := func(resume string) *tallying {
		m, data := regression(t, graph.Config{Seed: 2})
		c := new(tallying)
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 16, Resume: resume, Callbacks: []graph.Callback{c,
			graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				r.After(func() error {
					never := e == graph.StepBegin || e == graph.TrainEnd
					if never || resume != "" && resume != filepath.Join(dir, "none") {
						require.Equal(t, never, r.SaveFile(filepath.Join(dir, "late")) != nil)
						return nil
					}
					return r.SaveFile(filepath.Join(dir, checkpoint.Name(100*r.Epoch+10*r.Step+int(e))))
				})
				if err := r.SaveFile("x"); err == nil {
					return errors.New("SaveFile: got no error outside After, want one")
				}
				return nil
			})}})
		require.NoError(t, err)
		return c
	}
	want := fit(filepath.Join(dir, "none"))
	for _, name := range files(t, dir) {
		got := fit(filepath.Join(dir, name))
		require.Equal(t, want.steps[len(want.steps)-len(got.steps):], append([]int{}, got.steps...), name)
		require.Equal(t, bits(want.Last), bits(got.Last), name)
		got.Last, got.steps = want.Last, want.steps
		require.Equal(t, want, got, name)
	}
}
