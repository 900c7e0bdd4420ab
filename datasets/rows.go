package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// Indexed is a data set whose samples can be read in any order, such as graph.Arrays, PictureSet and WindowSet.
type Indexed interface {
	graph.Dataset
	// Rows returns the samples with the given numbers, from 0 to Len-1, in this order and in memory of their own. It is safe for
	// concurrent use.
	Rows(index []int) (graph.Batch, error)
}

// Rows is a data set of chosen samples of another one, such as those of a fold. A number may come more than once. Without a rng the
// samples come in the order of Index.
type Rows struct {
	From  Indexed
	Index []int // numbers of the samples, from 0 to From.Len()-1
}

var (
	_ Indexed           = Rows{}
	_ graph.StepCounter = Rows{}
	_ tasked            = Rows{}
	_ Indexed           = graph.Arrays{}
)

// checkIndex returns an error for a number that is not that of one of n samples.
func checkIndex(index []int, n int) error {
	if len(index) == 0 {
		return errors.New("Index: got no numbers, want at least one")
	}
	for k, i := range index {
		if i < 0 || i >= n {
			return fmt.Errorf("Index: got %d as number %d, want 0 to %d", i, k, n-1)
		}
	}
	return nil
}

// filledFrom lets a data set find out the number of its samples: a Cache of a stream knows it once it has read the stream.
func filledFrom(d Indexed) error {
	if c, ok := d.(*Cache); ok {
		_, err := c.filled()
		return err
	}
	return nil
}

func (r Rows) check() error {
	if err := checkFrom("Rows", r.From); err != nil {
		return err
	}
	if err := filledFrom(r.From); err != nil {
		return err
	}
	return placed("Rows", checkIndex(r.Index, r.From.Len()))
}

// Len implements graph.Dataset. Without Index it is 1, so that Fit calls Batches, which returns the error.
func (r Rows) Len() int { return max(len(r.Index), 1) }

// Steps implements graph.StepCounter.
func (r Rows) Steps(size int) int { return stepsFor(r.Len(), size) }

// Rows implements Indexed: index has positions in r.Index.
func (r Rows) Rows(index []int) (graph.Batch, error) {
	if err := r.check(); err != nil {
		return graph.Batch{}, err
	}
	if err := checkIndex(index, len(r.Index)); err != nil {
		return graph.Batch{}, placed("Rows", err)
	}
	numbers := make([]int, len(index))
	for k, i := range index {
		numbers[k] = r.Index[i]
	}
	return r.From.Rows(numbers)
}

// Batches implements graph.Dataset.
func (r Rows) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(r.tasks(size, rng))
}

func (r Rows) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	if err := r.check(); err != nil {
		return failed(err)
	}
	return rowTasks(r.From, slices.Clone(r.Index), size, rng)
}

// rowTasks returns tasks that read the samples with the given numbers, which rng shuffles.
func rowTasks(from Indexed, order []int, size int, rng *rand.Rand) iter.Seq2[task, error] {
	return func(yield func(task, error) bool) {
		order := slices.Clone(order)
		if rng != nil {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		for part := range slices.Chunk(order, stepSize(len(order), size)) {
			if !yield(func() (graph.Batch, error) { return from.Rows(part) }, nil) {
				return
			}
		}
	}
}

// allRows returns the numbers of n samples.
func allRows(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// stepSize returns the size of a batch of n samples where size 0 means all.
func stepSize(n, size int) int {
	if size <= 0 || size > n {
		return max(n, 1)
	}
	return size
}

// stepsFor returns the number of batches of n samples, 0 if n is negative, which means that it is not known.
func stepsFor(n, size int) int {
	if n < 0 {
		return 0
	}
	size = stepSize(n, size)
	return (n + size - 1) / size
}
