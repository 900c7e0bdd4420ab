package graph

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
)

// batches returns the batches of an epoch, of which each rank has its rows.
func (f *fitting) batches(rng *rand.Rand) iter.Seq2[Batch, error] {
	if f.shards == nil {
		return f.train.Batches(f.run.Config.BatchSize, rng)
	}
	return f.shards.batches(f.train, f.run.Config.BatchSize, rng)
}

// trainOn trains on a batch.
func (f *fitting) trainOn(ctx context.Context, batch Batch) error {
	if f.shards == nil {
		return f.step(ctx, batch, f.run.Rate)
	}
	f.shards.place = fmt.Sprintf("epoch %d, step %d", f.run.Epoch, f.run.Step+1)
	return f.shards.step(ctx, batch, f.run.Rate)
}

// agreeOn makes an event end in the same way on all ranks: with Stop if it ends with that on one, and with rank 0's learning rate.
func (f *fitting) agreeOn(e Event, result error) error {
	if f.size() == 1 || len(f.run.Config.Callbacks) == 0 || e == StepBegin || e == ValidBegin || e == TrainEnd ||
		result != nil && !errors.Is(result, Stop) { // an error ends training on this rank, and the others learn of it
		return result
	}
	r := f.run
	stop := byte(0)
	if result != nil {
		stop = 1
	}
	message := binary.LittleEndian.AppendUint64([]byte{stop}, math.Float64bits(r.Rate))
	if e == EpochEnd {
		message = append(message, f.model.store.checksum()...)
	}
	list, err := f.ranks().agree(f.ctx, fmt.Sprintf("%v of epoch %d, step %d", e, r.Epoch, r.Step), message, nil)
	if err != nil {
		return err
	}
	for rank, m := range list {
		if m[0] == 1 {
			result = Stop
		}
		if string(m[9:]) != string(message[9:]) {
			f.ranks().over = true
			return fmt.Errorf("%v: got parameters with checksum %s on rank %d, want %s: a callback must change them on all ranks",
				e, m[9:], rank, message[9:])
		}
	}
	r.Rate = math.Float64frombits(binary.LittleEndian.Uint64(list[0][1:]))
	return result
}

// agreeLate returns whether rank 0 is late.
func (f *fitting) agreeLate(late bool) (bool, error) {
	if f.size() == 1 || f.run.Config.MaxTime == 0 {
		return late, nil
	}
	list, err := f.ranks().agree(f.ctx, fmt.Sprintf("MaxTime at epoch %d, step %d", f.run.Epoch, f.run.Step), fmt.Append(nil, late), nil)
	if err != nil {
		return late, err
	}
	return string(list[0]) == "true", nil
}

// agreeGood returns the error of a rank that has not come through a part of the epoch. Without it the other ranks would change more
// than that rank, before they learn of its error.
func (f *fitting) agreeGood(part string) error {
	if f.size() == 1 {
		return nil
	}
	_, err := f.ranks().agree(f.ctx, fmt.Sprintf("the end of %s of epoch %d", part, f.run.Epoch), nil, nil)
	return err
}

// end makes the run end in the same way on all ranks.
func (f *fitting) end(err error) error {
	if f.size() == 1 {
		return err
	}
	_, agreed := f.ranks().agree(f.ctx, "the end of the run", nil, err)
	return agreed
}
