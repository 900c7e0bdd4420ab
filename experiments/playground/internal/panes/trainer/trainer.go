// Package trainer trains a network in short slices of time, for the panes about digits.
package trainer

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/graph"
)

// A Trainer is a model in training. Its first five fields are set before the first step.
type Trainer struct {
	Model *graph.Model
	Data  graph.Dataset
	Batch int    // samples of a step
	Seed  uint64 // of the order of the samples and of the noise of Data
	Judge *Judge // measures the model on test images

	Running bool    // whether Slice trains
	Steps   int     // number of steps so far
	History History // the losses
	Speed   panes.Meter

	rng  *rand.Rand
	next func() (graph.Batch, error, bool)
	stop func()
	logs graph.Logs

	looked time.Time // when Judge looked last
}

// Step trains on one batch. The steps go through the data again and again, each time in another order.
func (t *Trainer) Step() error {
	if t.rng == nil {
		t.rng, t.logs = rand.New(rand.NewPCG(t.Seed, 0)), graph.Logs{}
	}
	batch, err := t.batch()
	if err != nil {
		return err
	}
	if err := t.Model.StepInto(context.Background(), t.logs, batch); err != nil {
		return err
	}
	t.Steps++
	t.History.add(t.logs["loss"])
	t.Judge.changed()
	t.Speed.Add(1)
	return nil
}

// Run begins or ends training in slices.
func (t *Trainer) Run(on bool) {
	t.Running = on
	t.Speed.Reset()
}

// Train trains for n steps, whether training runs or not.
func (t *Trainer) Train(n int) error {
	if n < 1 || n > 10000 {
		return fmt.Errorf("count: got %d, want 1 to 10000", n)
	}
	for range n {
		if err := t.Step(); err != nil {
			return err
		}
	}
	return nil
}

// between is the time between two looks at test images while training runs.
const between = 200 * time.Millisecond

// Slice trains until the given time if Running is set. Beside that, it measures the model on a few test images at a time; after
// training it continues until it has measured all. It reports whether there is more to do.
func (t *Trainer) Slice(until time.Time) (more bool, err error) {
	for t.Running && time.Now().Before(until) {
		if err := t.Step(); err != nil {
			t.Running = false
			return false, fmt.Errorf("training: %w", err)
		}
	}
	if t.Steps == 0 || t.Judge.Done() || t.Running && time.Since(t.looked) < between {
		return t.Running, nil
	}
	t.looked = time.Now()
	err = t.Judge.look(t.Model)
	return err == nil && (t.Running || !t.Judge.Done()), err
}

// batch returns the next batch.
func (t *Trainer) batch() (graph.Batch, error) {
	for range 2 {
		if t.next == nil {
			t.next, t.stop = iter.Pull2(t.Data.Batches(t.Batch, t.rng))
		}
		if batch, err, ok := t.next(); ok {
			return batch, err
		}
		t.Close()
	}
	return graph.Batch{}, graph.ErrInput // no data
}

// Close ends a pass over the data, which the next step begins again.
func (t *Trainer) Close() {
	if t.stop != nil {
		t.stop()
	}
	t.next, t.stop = nil, nil
}
