package kernels

import (
	"runtime"
	"sync"
	"time"
)

// A Pool is a fixed number of workers that run loops together. The goroutine that calls For is one of them. So a Pool of 1
// worker starts no goroutine; neither does a nil Pool, which is valid. The workers end when the Pool is closed or
// unreachable.
type Pool struct {
	team *team
}

// NewPool returns a Pool with the given number of workers; 0 or less means GOMAXPROCS.
func NewPool(workers int) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &Pool{newTeam(workers)}
	runtime.AddCleanup(p, (*team).close, p.team)
	return p
}

// Default returns a Pool of GOMAXPROCS workers, shared by the whole program and made on first use.
var Default = sync.OnceValue(func() *Pool { return NewPool(0) })

// Workers returns the number of workers, including the calling goroutine.
func (p *Pool) Workers() int {
	if p == nil {
		return 1
	}
	return len(p.team.portions)
}

// Close ends the workers. After that, For runs on the calling goroutine only.
func (p *Pool) Close() {
	if p != nil {
		p.team.close()
	}
}

// Late returns how long calls of For have waited at their ends for workers that took much longer than the others, as those do whose core the
// operating system has given to another program.
func (p *Pool) Late() time.Duration {
	if p == nil {
		return 0
	}
	return time.Duration(p.team.late.Load())
}

// For calls f(lo, hi) on consecutive pieces of [0, n) and returns when all calls have returned. The bounds of the pieces
// are multiples of grain, except the end of the last. Which worker runs a piece, and how long the pieces are, is
// unspecified; f's results must not depend on it. If f panics, For panics with the same value. For is safe for concurrent
// use. Inside f, and while another goroutine's For has the workers, it runs on the calling goroutine only.
func (p *Pool) For(n, grain int, f func(lo, hi int)) {
	if n <= 0 {
		return
	}
	grain = max(grain, 1)
	if p == nil || n <= grain || !p.team.begin(n, grain, f) {
		f(0, n)
		return
	}
	defer p.team.end()
	p.team.work(0)
	runtime.KeepAlive(p)
}
