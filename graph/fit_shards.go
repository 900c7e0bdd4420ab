package graph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// maxShards limits FitConfig.Shards.
const maxShards = 1 << 16

// shards cut each batch of a Fit and add up what their parts compute, see FitConfig.Shards.
type shards struct {
	ranks
	*stepper
	count       int    // of all processes
	first, last int    // those of this process, last excluded
	rows        int    // of the batch, of all processes
	place       string // of the step, for errors
	work        shardWork
	mine        []shard // those of this process
	total       *tally  // of the batch
}

// A shard is a part of a batch.
type shard struct {
	number, at, rows int // its rows in the batch of all processes
	batch            Batch
	key              programKey
	fed              fed
	values           []*Tensor
	tally            *tally
	count            float64 // of samples or elements that its loss is a mean over
}

// checkShards returns an error if Shards and Group do not fit.
func (cfg FitConfig) checkShards() error {
	s := cfg.Shards
	if s < 0 || s > maxShards || s > 0 && bits.OnesCount(uint(s)) != 1 {
		return fmt.Errorf("Shards: got %d, want 0 or a power of two up to %d", s, maxShards)
	}
	if cfg.Group == nil {
		return nil
	}
	n, rank := cfg.Group.Size(), cfg.Group.Rank()
	switch {
	case n < 1 || rank < 0 || rank >= n:
		return fmt.Errorf("Group: got rank %d of %d, want a rank below the size", rank, n)
	case s == 0 && n > 1:
		return fmt.Errorf("Shards: got 0 with a Group of %d, want a multiple of it", n)
	case s > 0 && s%n != 0:
		return fmt.Errorf("Group: got size %d, want one that divides Shards, %d", n, s)
	}
	return nil
}

// newShards returns the shards of a fitting; nil if batches are not cut.
func newShards(s *stepper, cfg FitConfig) *shards {
	if cfg.Shards == 0 {
		return nil
	}
	d := &shards{ranks: ranks{group: cfg.Group}, stepper: s, count: cfg.Shards, total: newTally(s.model)}
	each := cfg.Shards / d.size()
	d.first = d.rank() * each
	d.last = d.first + each
	d.mine = make([]shard, each)
	for i := range d.mine {
		d.mine[i].number, d.mine[i].tally = d.first+i, newTally(s.model)
	}
	if s.model.cfg.DType == tensor.Float32 {
		d.work = newLanes[float32](d)
	} else {
		d.work = newLanes[float64](d)
	}
	return d
}

// cut returns the first row of shard i of a batch.
func (d *shards) cut(i int) int { return i * d.rows / d.count }

// A PartDataset is a Dataset that can yield parts of its batches, so that each process of a FitConfig.Group reads only its own rows.
// Parts yields the batches that Dataset.Batches would yield with the same arguments, of each only the rows from to to-1 that cut
// returns for its number of rows; a part without rows may be the zero Batch. For a Dataset without Parts, each process reads whole
// batches and takes its rows.
type PartDataset interface {
	Dataset
	Parts(size int, rng *rand.Rand, cut func(rows int) (from, to int)) iter.Seq2[Batch, error]
}

// batches yields this process's rows of each batch, and sets rows.
func (d *shards) batches(set Dataset, size int, rng *rand.Rand) iter.Seq2[Batch, error] {
	cut := func(rows int) (from, to int) {
		d.rows = rows
		return d.cut(d.first), d.cut(d.last)
	}
	if d.size() == 1 {
		return func(yield func(Batch, error) bool) {
			for b, err := range set.Batches(size, rng) {
				if d.rows = 0; err == nil && b.X != nil && b.X.Dims() > 0 {
					d.rows = b.X.Shape()[0]
				}
				if !yield(b, err) {
					return
				}
			}
		}
	}
	if p, ok := set.(PartDataset); ok {
		return p.Parts(size, rng, cut)
	}
	return func(yield func(Batch, error) bool) {
		for b, err := range set.Batches(size, rng) {
			if err == nil && (b.X == nil || b.X.Dims() == 0) {
				err = errors.New("batch: got no input, want X")
			}
			if err == nil {
				from, to := cut(b.X.Shape()[0])
				b, err = b.part(from, to-from)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// part returns n rows of a batch from row at on, which share its memory where that is contiguous.
func (b Batch) part(at, n int) (Batch, error) {
	if n == 0 {
		return Batch{}, nil
	}
	rows := b.X.Shape()[0]
	var err error
	part := Arrays(b).each(func(what string, t *Tensor) *Tensor {
		if err == nil {
			err = sameRows(what, t, rows)
		}
		if err == nil {
			t, err = tensors.RowMajor(t)
		}
		if err != nil {
			return nil
		}
		return tensors.Rows(t, at, n)
	})
	return part, err
}

// prepare cuts this process's rows into shards and finds the programs' keys and values.
func (d *shards) prepare(batch Batch) error {
	begin := d.cut(d.first)
	for i := range d.mine {
		s := &d.mine[i]
		s.at, s.rows = d.cut(s.number), d.cut(s.number+1)-d.cut(s.number)
		s.tally.reset()
		s.count, s.values = 0, nil
		if s.rows == 0 {
			continue
		}
		var err error
		if s.batch, err = batch.part(s.at-begin, s.rows); err == nil {
			s.key, s.values, err = d.model.feedTo(&s.fed, s.batch, trainMode)
		}
		if err != nil {
			return d.blame(s, err)
		}
	}
	return nil
}

// blame says of an error in which shard it is.
func (d *shards) blame(s *shard, err error) error {
	if d.count == 1 {
		return err
	}
	return fmt.Errorf("shard %d, rows %d to %d: %w", s.number, s.at, s.at+s.rows-1, err)
}

// step trains on a batch, of which this process has its rows.
func (d *shards) step(ctx context.Context, batch Batch, rate float64) error {
	m := d.model
	for {
		if err := d.prepare(batch); err != nil {
			return err
		}
		if err := d.work.lend(ctx); err != nil {
			return err
		}
		current := false // false if a Freeze came in between
		choice := m.store.choice.Load()
		err := m.store.change(func() error {
			current = choice == m.store.choice.Load()
			for i := range d.mine {
				current = current && (d.mine[i].rows == 0 || d.mine[i].key.choice == choice)
			}
			if !current {
				return nil
			}
			return d.update(ctx, rate)
		})
		d.work.release()
		if current {
			return err
		}
	}
}

// update computes the gradients of this process's shards, adds them up over all processes, and updates the parameters.
func (d *shards) update(ctx context.Context, rate float64) error {
	m := d.model
	m.store.params.average(false)
	d.updater.choose()
	err := d.work.run()
	if err == nil {
		rate, err = d.gather(ctx, rate)
	}
	if err != nil {
		if errors.Is(err, ErrDiverged) {
			d.restore()
		}
		return err
	}
	m.store.safe.keep(m)
	count := d.total.weight()
	d.stepper.tally.join(d.total)
	d.stepper.loss = d.total.mean()
	return d.work.finish(ctx, count, rate)
}
