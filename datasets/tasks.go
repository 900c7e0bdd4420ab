package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"

	"github.com/nndiy/nndiy/graph"
)

// A task computes one batch, with memory of its own. Tasks of one pass may run at the same time.
type task func() (graph.Batch, error)

// A tasked data set returns a pass as tasks, which Prefetch gives to its workers. The iterator itself does little work.
type tasked interface {
	graph.Dataset
	tasks(size int, rng *rand.Rand) iter.Seq2[task, error]
}

// tasksOf returns a pass over any data set as tasks. A data set that is not tasked computes its batches in the iterator.
func tasksOf(d graph.Dataset, size int, rng *rand.Rand) iter.Seq2[task, error] {
	if t, ok := d.(tasked); ok {
		return t.tasks(size, rng)
	}
	return func(yield func(task, error) bool) {
		for b, err := range d.Batches(size, rng) {
			if err == nil {
				b, err = copyBatch(b)
			}
			if !yield(func() (graph.Batch, error) { return b, nil }, err) || err != nil {
				return
			}
		}
	}
}

// batchesOf runs the tasks of a pass one after another.
func batchesOf(tasks iter.Seq2[task, error]) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		for t, err := range tasks {
			var b graph.Batch
			if err == nil {
				b, err = t()
			}
			if err != nil {
				yield(graph.Batch{}, err)
				return
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// failed returns a pass that is only an error.
func failed(err error) iter.Seq2[task, error] {
	return func(yield func(task, error) bool) { yield(nil, err) }
}

// isNil reports whether a data set is nil, or a nil pointer.
func isNil(d graph.Dataset) bool {
	if d == nil {
		return true
	}
	v := reflect.ValueOf(d)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// checkFrom returns an error if a data set is not there.
func checkFrom(where string, d graph.Dataset) error {
	if isNil(d) {
		return fmt.Errorf("datasets: %s: From: got nil, want a data set", where)
	}
	return nil
}

// lenOf returns the number of samples of a data set. Without one it is 1, so that Fit calls Batches, which returns the error.
func lenOf(d graph.Dataset) int {
	if isNil(d) {
		return 1
	}
	return d.Len()
}

// stepsOf returns the number of batches of a data set, 0 if it is not known.
func stepsOf(d graph.Dataset, size int) int {
	if isNil(d) {
		return 1
	}
	if c, ok := d.(graph.StepCounter); ok {
		return c.Steps(size)
	}
	n := d.Len()
	switch {
	case n < 0:
		return 0
	case size <= 0 || size > n:
		return min(n, 1)
	}
	return (n + size - 1) / size
}
