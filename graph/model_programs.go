package graph

import (
	"context"
	"sync"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
)

// programBytes limits the bytes that the programs of a model take, apart from the memory that they run in.
const programBytes = 96 << 20

// programs are the compiled programs of a model, and what is known of its graph for inference.
type programs struct {
	mu        sync.Mutex // guards the cache and unclaimed
	cache     program.Cache[programKey]
	unclaimed map[programKey]*compilation // their callers did not wait for them

	shapes map[string][][]int // see Model.outputShapes
	stream streamPlan

	rowsMu sync.Mutex
	rows   map[string]ops.Rows // by the shapes of the inputs, see Model.rows

	costsMu sync.Mutex
	costs   map[programKey]sampleCost // see Model.sampleCost
}

func newPrograms() *programs {
	return &programs{rows: map[string]ops.Rows{}, costs: map[programKey]sampleCost{}, cache: program.Cache[programKey]{Limit: programBytes}, unclaimed: map[programKey]*compilation{}}
}

// A compilation of a program is over when done is closed.
type compilation struct {
	done chan struct{}
	p    *program.Program
	err  error
}

// program returns a program for the key: from the cache, or compiled. The caller gives it back with release. If the context
// ends first, program returns its error, and the next call for the key finds what was compiled meanwhile.
func (m *Model) program(ctx context.Context, key programKey) (*program.Program, error) {
	s := m.programs
	s.mu.Lock()
	p := s.cache.Take(key)
	var c *compilation
	if p == nil {
		c = s.unclaimed[key]
		delete(s.unclaimed, key)
	}
	s.mu.Unlock()
	if p != nil {
		return p, nil
	}
	if c == nil {
		c = &compilation{done: make(chan struct{})}
		compile := func() {
			defer close(c.done)
			c.p, c.err = m.newProgram(key)
		}
		if ctx.Done() == nil {
			compile()
		} else {
			go compile()
		}
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		s.mu.Lock()
		s.unclaimed[key] = c
		s.mu.Unlock()
		return nil, ctx.Err()
	}
	if c.err != nil {
		return nil, c.err
	}
	s.mu.Lock()
	s.cache.Lend(c.p)
	s.mu.Unlock()
	return c.p, nil
}

// release gives a program back.
func (m *Model) release(key programKey, p *program.Program) {
	m.programs.mu.Lock()
	m.programs.cache.Put(key, p)
	m.programs.mu.Unlock()
}
