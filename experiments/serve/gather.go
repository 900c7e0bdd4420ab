package main

import (
	"context"
	"runtime"
	"slices"
	"sync"
)

// A gatherer predicts the samples of requests that wait as one batch. Nobody waits for others to come: a request that finds one
// of the slots free takes it, lets those go on that are ready to, and predicts with its own samples those of all that wait, as
// far as they fit; when it is done it hands the slot to the first of those that have come meanwhile. So batches grow with the
// load.
type gatherer[T float] struct {
	model model
	shape []int // of a sample of the input
	most  int   // samples of a batch that is gathered; 0 if each request is predicted by itself
	count func(samples int)

	mu      sync.Mutex // guards what follows
	free    []*slot[T]
	waiting []*task[T]
}

// A turn is what happens to a task that has waited.
type turn int

const (
	predicted turn = iota // it has its output, or its error
	leads                 // it has a slot, and predicts itself and others
)

// newGatherer returns a gatherer with as many slots as there are processors, of batches of up to most samples; but if the
// model's outputs depend on the batch they are part of, in their last bits even, of none.
func newGatherer[T float](m model, most int, count func(samples int)) *gatherer[T] {
	g := &gatherer[T]{model: m, shape: m.Input(), most: most, count: count}
	for range runtime.GOMAXPROCS(0) {
		g.free = append(g.free, newSlot[T](m.Input()))
	}
	if most > 0 && !g.independent() {
		g.most = 0
	}
	return g
}

// predict sets the task's output. While it waits for its turn, the context ends that; once it has begun, it is done soon.
func (g *gatherer[T]) predict(ctx context.Context, t *task[T]) error {
	g.mu.Lock()
	if n := len(g.free); n > 0 {
		t.slot, g.free = g.free[n-1], g.free[:n-1]
		g.mu.Unlock()
		return g.lead(ctx, t)
	}
	g.waiting = append(g.waiting, t)
	g.mu.Unlock()
	next := leads
	select {
	case next = <-t.turn:
	case <-ctx.Done():
		if g.forget(t) {
			return ctx.Err()
		}
		next = <-t.turn
	}
	if next == leads {
		return g.lead(ctx, t)
	}
	return t.err
}

// forget removes a task from those that wait, if it still does.
func (g *gatherer[T]) forget(t *task[T]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, t)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// lead predicts a task, which has a slot, and those that wait and fit, and hands the slot on.
func (g *gatherer[T]) lead(ctx context.Context, t *task[T]) error {
	s := t.slot
	t.slot = nil
	s.batch = append(s.batch[:0], t)
	rows := t.rows
	if rows < g.most {
		runtime.Gosched()
	}
	g.mu.Lock()
	for len(g.waiting) > 0 && rows+g.waiting[0].rows <= g.most {
		rows += g.waiting[0].rows
		s.batch = append(s.batch, g.waiting[0])
		g.waiting = slices.Delete(g.waiting, 0, 1)
	}
	g.mu.Unlock()
	if len(s.batch) > 1 {
		ctx = context.WithoutCancel(ctx) // of others too
	}
	batch, err := s.batch, g.run(ctx, s, rows)
	for i, other := range batch {
		other.err = err
		if err != nil && len(batch) > 1 { // whose fault is it?
			s.batch = batch[i : i+1]
			other.err = g.run(ctx, s, other.rows)
		}
		if i > 0 {
			other.turn <- predicted
		}
	}
	s.batch, err = batch, t.err
	clear(s.batch)
	g.count(rows)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.free = append(g.free, s)
		return err
	}
	next := g.waiting[0]
	g.waiting = slices.Delete(g.waiting, 0, 1)
	next.slot = s
	next.turn <- leads
	return err
}

// run predicts the slot's batch.
func (g *gatherer[T]) run(ctx context.Context, s *slot[T], rows int) error {
	x := s.fill(rows, g.most)
	y, err := g.model.Predict(ctx, x)
	if err != nil {
		return err
	}
	out := y.Data().([]T)
	width := len(out) / x.Shape()[0]
	for _, t := range s.batch {
		t.output, out = out[:t.rows*width], out[t.rows*width:]
	}
	return nil
}
