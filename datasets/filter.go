package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Filter is a data set of those samples of another one for which a function returns true. Their number is not known: Len is -1,
// so FitConfig.BatchSize must be set. All samples have tensors of the same dimensions.
type Filter struct {
	From graph.Dataset
	Keep func(b graph.Batch, row int) bool // whether to keep the sample with the given number in the batch
}

var _ graph.Dataset = Filter{}

// Len implements graph.Dataset.
func (f Filter) Len() int { return -1 }

// Batches implements graph.Dataset.
func (f Filter) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return rebatched("Filter", size, func(r *rebatcher) error {
		switch {
		case isNil(f.From):
			return errors.New("From: got nil, want a data set")
		case f.Keep == nil:
			return errors.New("Keep: got nil, want a function")
		}
		for b, err := range f.From.Batches(size, rng) {
			if err != nil {
				return err
			}
			o, err := r.open(b)
			if err != nil {
				return err
			}
			for i := range o.rows {
				if !f.Keep(b, i) {
					continue
				}
				if err := r.take(o, i, 1); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Concat is a data set of the samples of several ones, one after another, all with tensors of the same dimensions. A pass with a
// rng shuffles each of them by itself; put a Shuffle around Concat to mix them.
type Concat []graph.Dataset

var _ graph.Dataset = Concat{}

// Len implements graph.Dataset. It is -1 if the number of samples of one data set is not known.
func (c Concat) Len() int {
	n := 0
	for _, d := range c {
		k := lenOf(d)
		if k < 0 {
			return -1
		}
		n += k
	}
	if len(c) == 0 {
		return 1 // so that Fit calls Batches, which returns the error
	}
	return n
}

// Batches implements graph.Dataset.
func (c Concat) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return rebatched("Concat", size, func(r *rebatcher) error {
		if len(c) == 0 {
			return errors.New("got no data sets, want at least one")
		}
		for i, d := range c {
			if isNil(d) {
				return fmt.Errorf("data set %d: got nil, want a data set", i)
			}
		}
		// A data set may stop reading its generator anywhere, so each has its own.
		generators := make([]*rand.Rand, len(c))
		for i := range generators {
			generators[i] = fork(rng)
		}
		for i, d := range c {
			for b, err := range d.Batches(size, generators[i]) {
				var o opened
				if err == nil {
					o, err = r.open(b)
				}
				if err != nil {
					return placed(fmt.Sprintf("Concat: data set %d", i), err)
				}
				if err := r.take(o, 0, o.rows); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// fork returns a generator that draws from its own stream from now on; nil for nil.
func fork(rng *rand.Rand) *rand.Rand {
	if rng == nil {
		return nil
	}
	return rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
}

// Take is a data set of the first N samples of another one. In a pass with a rng, which shuffles, they are N random samples, drawn
// anew in each pass; for the same ones in every pass use Rows.
type Take struct {
	From graph.Dataset
	N    int // at least 1
}

var _ graph.Dataset = Take{}

// Len implements graph.Dataset. It is -1 if that of From is.
func (t Take) Len() int { return min(lenOf(t.From), max(t.N, 1)) }

// Batches implements graph.Dataset.
func (t Take) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		err := checkFrom("Take", t.From)
		if err == nil {
			err = settings.CheckIn("datasets: Take", settings.Count("N", t.N, 1))
		}
		if err != nil {
			yield(graph.Batch{}, err)
			return
		}
		if size <= 0 || size > t.N {
			size = t.N
		}
		left := t.N
		for b, err := range t.From.Batches(size, rng) {
			if err == nil {
				var n int
				if n, err = sampleCount(b); err == nil && n > left {
					b, err = cutBatch(b, left)
				}
				left -= n
				if err != nil {
					err = placed("Take", err)
				}
			}
			if !yield(b, err) || err != nil || left <= 0 {
				return
			}
		}
	}
}
