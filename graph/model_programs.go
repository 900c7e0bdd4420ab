package graph

import (
	"context"
	"runtime"
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
	unclaimed map[programKey]*compilation // under way, and nobody waits for them
	compiling chan struct{}               // has an element for each compilation whose caller may leave

	shapes map[string][][]int // see Model.outputShapes
	stream streamPlan

	rowsMu sync.Mutex
	rows   map[string]ops.Rows // by the shapes of the inputs, see Model.rows

	costsMu sync.Mutex
	costs   map[programKey]sampleCost // see Model.sampleCost
}

func newPrograms() *programs {
	return &programs{rows: map[string]ops.Rows{}, costs: map[programKey]sampleCost{}, cache: program.Cache[programKey]{Limit: programBytes}, unclaimed: map[programKey]*compilation{}, compiling: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
}

// A compilation of a program is over when done is closed.
type compilation struct {
	done chan struct{}
	p    *program.Program
	err  error
}

// program returns a program for the key: from the cache, or compiled. The caller gives it back with release. If the context
// ends first, program returns its error, and the compiled program goes to the cache. Callers that leave can have few compilations under
// way, so that neither they nor what they leave behind fill the memory.
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
		if ctx.Done() == nil {
			s.finish(key, c, m.newProgram)
		} else {
			select {
			case s.compiling <- struct{}{}:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			go func() {
				s.finish(key, c, m.newProgram)
				<-s.compiling
			}()
		}
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		s.leave(key, c)
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

// finish compiles a program, and gives it to the cache if nobody waits for it any more.
func (s *programs) finish(key programKey, c *compilation, compile func(programKey) (*program.Program, error)) {
	c.p, c.err = compile(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(c.done)
	if s.unclaimed[key] == c {
		delete(s.unclaimed, key)
		s.keep(key, c)
	}
}

// leave says that nobody waits for a compilation any more.
func (s *programs) leave(key programKey, c *compilation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-c.done:
		s.keep(key, c)
	default:
		s.unclaimed[key] = c
	}
}

// keep puts a program that nobody waits for into the cache. s.mu must be held.
func (s *programs) keep(key programKey, c *compilation) {
	if c.err == nil {
		s.cache.Lend(c.p)
		s.cache.Put(key, c.p)
	}
}

// release gives a program back.
func (m *Model) release(key programKey, p *program.Program) {
	m.programs.mu.Lock()
	m.programs.cache.Put(key, p)
	m.programs.mu.Unlock()
}
