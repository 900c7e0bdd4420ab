package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Prefetch is a data set that computes the batches of another one ahead, in goroutines, while the network trains on those before.
// The batches are the same, in the same order and with the same bits, for any number of workers. An error comes in its place in the
// order. When the loop over the batches ends, for whatever reason, so do the goroutines, each after its batch.
//
// Map, Rows, Weighted, MixUp, CutMix, PictureSet and WindowSet, also within each other, are computed by all workers. Any other data
// set is read by one goroutine, whose batches are copied. From may read the generator of the pass while the loop runs, so the loop
// must not.
type Prefetch struct {
	From    graph.Dataset
	Workers int // goroutines; 0 means one for each core that Go uses
	Ahead   int // batches that may be ready or in work beside the one in use, which bounds the memory; 0 means 2 for each worker
}

var _ graph.StepCounter = Prefetch{}

// Len implements graph.Dataset.
func (p Prefetch) Len() int { return lenOf(p.From) }

// Steps implements graph.StepCounter.
func (p Prefetch) Steps(size int) int { return stepsOf(p.From, size) }

const maxAhead = 1 << 16 // more is probably a mistake

// A fetched is a batch that a worker has computed, or what came of it in its place.
type fetched struct {
	batch graph.Batch
	err   error
	panic any
}

// Batches implements graph.Dataset. A panic of From becomes a panic of the loop.
func (p Prefetch) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		err := checkFrom("Prefetch", p.From)
		if err == nil {
			err = settings.CheckIn("datasets: Prefetch", settings.Count("Workers", p.Workers, 0), settings.Count("Ahead", p.Ahead, 0))
		}
		if err == nil && max(p.Workers, p.Ahead) > maxAhead {
			err = fmt.Errorf("datasets: Prefetch: Workers and Ahead: got %d and %d, want at most %d", p.Workers, p.Ahead, maxAhead)
		}
		if err != nil {
			yield(graph.Batch{}, err)
			return
		}
		workers := settings.Or(p.Workers, runtime.GOMAXPROCS(0))
		f := fetching{
			stop:  make(chan struct{}),
			queue: make(chan chan fetched, settings.Or(p.Ahead, 2*workers)-1), // one more waits to get in
			jobs:  make(chan job),
		}
		defer f.end()
		f.wg.Go(func() { f.feed(tasksOf(p.From, size, rng)) })
		for range workers {
			f.wg.Go(func() {
				for j := range f.jobs {
					j.run()
				}
			})
		}
		for out := range f.queue {
			got := <-out
			if got.panic != nil {
				panic(got.panic)
			}
			if !yield(got.batch, got.err) || got.err != nil {
				return
			}
		}
	}
}

// A fetching is one pass of a Prefetch.
type fetching struct {
	stop  chan struct{}     // closed when nobody wants more
	queue chan chan fetched // the results in order, each to come
	jobs  chan job
	wg    sync.WaitGroup
}

// A job is a task and where its result goes.
type job struct {
	task task
	out  chan<- fetched // has room for it
}

// end stops the goroutines and waits for them.
func (f *fetching) end() {
	close(f.stop)
	f.wg.Wait()
}

// feed gives the tasks of a pass to the workers.
func (f *fetching) feed(tasks iter.Seq2[task, error]) {
	defer close(f.queue)
	defer close(f.jobs)
	last := make(chan fetched, 1)
	job{out: last, task: func() (graph.Batch, error) {
		for t, err := range tasks {
			if err != nil {
				return graph.Batch{}, err
			}
			out := make(chan fetched, 1)
			select {
			case f.jobs <- job{t, out}:
			case <-f.stop:
				return graph.Batch{}, errStopped
			}
			select {
			case f.queue <- out:
			case <-f.stop:
				return graph.Batch{}, errStopped
			}
		}
		return graph.Batch{}, errStopped
	}}.run()
	if r := <-last; r.err != errStopped {
		last <- r
		select {
		case f.queue <- last:
		case <-f.stop:
		}
	}
}

// run runs the task, and sends a result whatever happens.
func (j job) run() {
	result := fetched{err: errors.New("datasets: Prefetch: got a goroutine that ended with runtime.Goexit, want a batch or an error")}
	defer func() {
		if r := recover(); r != nil {
			result = fetched{panic: fmt.Sprintf("datasets: Prefetch: %v\n\n%s", r, debug.Stack())}
		}
		j.out <- result
	}()
	b, err := j.task()
	result = fetched{batch: b, err: err}
}
