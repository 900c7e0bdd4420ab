package datasets

import (
	"errors"
	"iter"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// defaultBuffer is what a Buffer of 0 means.
const defaultBuffer = 1024

// Shuffle is a data set that mixes the samples of another one, for streams, which cannot be read in any order: it fills a buffer,
// then puts each sample that comes in the place of one drawn at random, which goes out. So a sample can come any number of samples
// later than in From, and at most Buffer earlier. The samples have tensors of the same dimensions. A pass without a rng keeps the order.
type Shuffle struct {
	From   graph.Dataset
	Buffer int // samples in memory; 0 means 1024
}

var _ graph.Dataset = Shuffle{}

// Len implements graph.Dataset.
func (s Shuffle) Len() int { return lenOf(s.From) }

// Batches implements graph.Dataset.
func (s Shuffle) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	if err := checkFrom("Shuffle", s.From); err != nil {
		return batchesOf(failed(err))
	}
	if err := settings.CheckIn("datasets: Shuffle", settings.Count("Buffer", s.Buffer, 0)); err != nil {
		return batchesOf(failed(err))
	}
	if rng == nil {
		return s.From.Batches(size, nil)
	}
	return rebatched("Shuffle", size, func(r *rebatcher) error {
		most := settings.Or(s.Buffer, defaultBuffer)
		own := fork(rng) // From may draw from rng in another goroutine
		var buffer stack
		for b, err := range s.From.Batches(size, rng) {
			var o opened
			if err == nil {
				o, err = buffer.open(b)
			}
			if err != nil {
				return err
			}
			for i := range o.rows {
				if buffer.rows < most {
					buffer.add(o, i, 1)
					continue
				}
				at := own.IntN(most)
				r.move(&buffer, at)
				buffer.set(at, o, i)
				if err := r.full(); err != nil {
					return err
				}
			}
		}
		for buffer.rows > 0 {
			at := own.IntN(buffer.rows)
			r.move(&buffer, at)
			buffer.drop(at)
			if err := r.full(); err != nil {
				return err
			}
		}
		return nil
	})
}

// A Stream is a data set of samples that come one after another from anywhere: a file larger than memory, a network connection, a
// simulation. It is a function that begins a pass and returns an iterator over its samples, in batches of any size, which Batches
// joins or divides; a batch is valid until the next one. The samples have tensors of the same dimensions. Their number is not known:
// Len is -1, so FitConfig.BatchSize must be set. rng is nil in a pass without a random order. Whatever is random must be drawn from
// rng, so that a run can be resumed.
type Stream func(rng *rand.Rand) iter.Seq2[graph.Batch, error]

var _ graph.Dataset = Stream(nil)

// Len implements graph.Dataset.
func (s Stream) Len() int { return -1 }

// Batches implements graph.Dataset. A size of 0 reads the whole stream into one batch.
func (s Stream) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return rebatched("Stream", size, func(r *rebatcher) error {
		if s == nil {
			return errors.New("got nil, want a function")
		}
		for b, err := range s(rng) {
			var o opened
			if err == nil {
				o, err = r.open(b)
			}
			if err != nil {
				return err
			}
			if err := r.take(o, 0, o.rows); err != nil {
				return err
			}
		}
		return nil
	})
}
