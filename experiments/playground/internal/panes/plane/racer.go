package plane

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
)

// A racer is a network in training, with its curves.
type racer struct {
	model, view *graph.Model
	train       graph.Arrays
	valid       graph.Arrays // without rows if there are no points for validation
	batch       int
	seed        uint64

	step, epoch int
	next        func() (graph.Batch, error, bool) // the batches of the epoch under way
	stop        func()
	logs        graph.Logs
	sum         float64 // of the batches' losses
	batches     int
	curves      curves
}

func newRacer(s Settings, train, valid graph.Arrays, optimizer string, rate float64) (*racer, error) {
	m, err := s.compile(optimizer, rate)
	if err != nil {
		return nil, err
	}
	v, err := s.view(m)
	if err != nil {
		return nil, err
	}
	r := &racer{model: m, view: v, train: train, valid: valid, batch: s.Batch, seed: s.Seed, logs: graph.Logs{}}
	return r, r.record()
}

// advance trains on one batch. The page shows this loop as two for statements.
func (r *racer) advance(ctx context.Context) error {
	if r.next == nil {
		rng := rand.New(rand.NewPCG(r.seed, uint64(r.epoch)))
		r.next, r.stop = iter.Pull2(r.train.Batches(r.batch, rng))
	}
	b, err, ok := r.next()
	if !ok {
		return errors.New("plane: got no batch, want one")
	}
	if err == nil {
		err = r.model.StepInto(ctx, r.logs, b)
	}
	if err != nil {
		return err
	}
	r.step++
	r.batches++
	r.sum += r.logs["loss"]
	if r.batches*r.batch < r.train.Len() {
		return nil
	}
	r.close()
	r.epoch++
	return r.record()
}

// close ends the epoch under way.
func (r *racer) close() {
	if r.stop != nil {
		r.stop()
	}
	r.next, r.stop = nil, nil
}

// record adds the losses of the epoch to the curves: the mean of the batches', or that of all points before the first epoch.
func (r *racer) record() error {
	loss := r.sum / float64(max(r.batches, 1))
	if r.batches == 0 {
		logs, err := r.model.Evaluate(context.Background(), r.train)
		if err != nil {
			return err
		}
		loss = logs["loss"]
	}
	r.sum, r.batches = 0, 0
	v := validation{}
	if r.valid.X != nil {
		logs, err := r.model.Evaluate(context.Background(), r.valid)
		if err != nil {
			return err
		}
		v = validation{logs["loss"], logs["accuracy"]}
	}
	r.curves.add(loss, v)
	return nil
}
