package serve

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/graph"
)

// A gatherer predicts the samples of waiting requests as one batch. No request waits for others to arrive: a request that finds
// a free slot takes it, yields once to other goroutines, and predicts its own samples together with those of the waiting
// requests that fit and have the same shape. Then it passes the slot to the first waiting request. So batches grow with the load.
type gatherer[T float] struct {
	model model
	shape []int // of a sample of the input, with sizes for dimensions that vary
	most  int   // maximum number of samples of a gathered batch; 0 or 1 means each request by itself
	count func(samples int)

	mu      sync.Mutex // guards the fields below
	free    []*slot[T]
	waiting []*task[T]
}

// A turn says how the wait of a task ended.
type turn int

const (
	predicted turn = iota // another request has predicted it, or failed
	leads                 // it got a slot, and predicts itself and others
)

// newGatherer returns a gatherer with one slot per processor, for batches of up to most samples. If a sample's output depends
// on the rest of its batch, even in the last bit, nothing is gathered.
func newGatherer[T float](m model, most int, count func(samples int)) *gatherer[T] {
	g := &gatherer[T]{model: m, shape: m.Input(), most: most, count: count}
	for range runtime.GOMAXPROCS(0) {
		g.free = append(g.free, newSlot[T](m.Input()))
	}
	if slices.Contains(g.shape, graph.Any) {
		_, shape, err := example(m)
		if err != nil {
			g.most = 0
			return g
		}
		g.shape = shape
	}
	if most > 1 && !g.independent() {
		g.most = 0
	}
	return g
}

// predict sets the task's output. The end of the context ends the wait for a slot, but not a batch that has started.
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

// forget removes a task from the waiting ones, and reports whether it was still waiting.
func (g *gatherer[T]) forget(t *task[T]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, t)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// lead predicts a task that has a slot, together with the waiting tasks that fit, and passes the slot on.
func (g *gatherer[T]) lead(ctx context.Context, t *task[T]) error {
	s := t.slot
	t.slot = nil
	s.batch = append(s.batch[:0], t)
	rows := t.rows
	if rows < g.most {
		runtime.Gosched()
	}
	g.mu.Lock()
	for i := 0; i < len(g.waiting); {
		switch next := g.waiting[i]; {
		case !slices.Equal(next.shape, t.shape) || (next.raw == nil) != (t.raw == nil):
			i++
		case rows+next.rows <= g.most:
			rows += next.rows
			s.batch = append(s.batch, next)
			g.waiting = slices.Delete(g.waiting, i, i+1)
		default:
			i = len(g.waiting)
		}
	}
	g.mu.Unlock()
	if len(s.batch) > 1 {
		ctx = context.WithoutCancel(ctx) // it serves other requests too
	}
	batch, err := s.batch, g.run(ctx, s, rows)
	for i, other := range batch {
		other.err = err
		if err != nil && len(batch) > 1 { // predict each by itself, so that only the bad ones fail
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

// run predicts the slot's batch. A panic, such as of a graph.RowEncoder, is an error: other requests wait for this one.
func (g *gatherer[T]) run(ctx context.Context, s *slot[T], rows int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("got a panic in the model: %v", r)
		}
	}()
	if s.batch[0].raw != nil {
		return g.runRaw(ctx, s, rows)
	}
	x := s.fill(rows, g.most)
	y, err := g.model.Predict(ctx, x)
	if err != nil {
		return err
	}
	out := y.Data().([]T)
	width := len(out) / x.Shape()[0]
	for _, t := range s.batch {
		t.out = append(t.out[:0], y.Shape()[1:]...)
		t.output, out = out[:t.rows*width], out[t.rows*width:]
	}
	return nil
}

// runRaw is run for raw rows. It repeats the first row where fill pads with zeros.
func (g *gatherer[T]) runRaw(ctx context.Context, s *slot[T], rows int) error {
	raw := s.batch[0].raw
	if n := roundUp(rows); rows <= g.most && (n != rows || len(s.batch) > 1) {
		raw = make([]map[string]any, 0, n)
		for _, t := range s.batch {
			raw = append(raw, t.raw...)
		}
		for len(raw) < n {
			raw = append(raw, raw[0])
		}
	}
	answers, err := g.model.(rowModel).PredictRows(ctx, raw)
	if err != nil {
		return err
	}
	for _, t := range s.batch {
		t.answers, answers = answers[:t.rows], answers[t.rows:]
	}
	return nil
}
