package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
)

// Map is a data set whose batches are those of another one, changed by a function. To compute them in several goroutines, put a
// Prefetch around it:
//
//	train := datasets.Prefetch{From: datasets.Map{From: files, Func: read}}
type Map struct {
	From graph.Dataset

	// Func returns the batch that takes the place of b, with the same number of samples. It may change b's tensors or return new
	// ones; within a Prefetch it must be safe for concurrent use. rng is a generator for this batch only, drawn from the
	// generator of the pass, so that the numbers are the same for any number of workers, and after a run is resumed; it is nil in
	// a pass without one, such as validation.
	Func func(b graph.Batch, rng *rand.Rand) (graph.Batch, error)
}

var (
	_ graph.StepCounter = Map{}
	_ tasked            = Map{}
)

// Len implements graph.Dataset.
func (m Map) Len() int { return lenOf(m.From) }

// Steps implements graph.StepCounter.
func (m Map) Steps(size int) int { return stepsOf(m.From, size) }

// Batches implements graph.Dataset.
func (m Map) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(m.tasks(size, rng))
}

func (m Map) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	if err := checkFrom("Map", m.From); err != nil {
		return failed(err)
	}
	if m.Func == nil {
		return failed(errors.New("datasets: Map: Func: got nil, want a function"))
	}
	return mapped("Map", m.From, size, rng, m.Func)
}

// mapped returns a pass over from whose batches are changed by f. Errors of f begin with where.
func mapped(where string, from graph.Dataset, size int, rng *rand.Rand, f func(graph.Batch, *rand.Rand) (graph.Batch, error)) iter.Seq2[task, error] {
	return func(yield func(task, error) bool) {
		var key uint64
		if rng != nil {
			key = rng.Uint64()
		}
		number := uint64(0)
		for t, err := range tasksOf(from, size, rng) {
			if err != nil {
				yield(nil, err)
				return
			}
			at := number
			number++
			ok := yield(func() (graph.Batch, error) {
				b, err := t()
				if err != nil {
					return b, err
				}
				var own *rand.Rand
				if rng != nil {
					own = rand.New(rand.NewPCG(key, at))
				}
				if b, err = f(b, own); err == nil {
					_, err = sampleCount(b)
				}
				if err != nil {
					return graph.Batch{}, placed(fmt.Sprintf("%s: batch %d", where, at), err)
				}
				return b, nil
			}, nil)
			if !ok {
				return
			}
		}
	}
}
