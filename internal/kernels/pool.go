package kernels

import (
	"runtime"
	"sync"
)

// A Pool is a fixed number of workers that share out loops. The goroutine that calls For is one of them, so a Pool of 1
// starts no goroutine, and neither does a nil Pool, which is valid. The workers end when the Pool is closed or unreachable.
type Pool struct {
	team *team
}

// NewPool returns a Pool of the given number of workers; 0 means GOMAXPROCS.
func NewPool(workers int) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &Pool{newTeam(workers)}
	runtime.AddCleanup(p, (*team).close, p.team)
	return p
}

// Default returns a Pool of GOMAXPROCS workers that the whole program shares, made on first use.
var Default = sync.OnceValue(func() *Pool { return NewPool(0) })

// Workers returns the number of workers, the calling goroutine included.
func (p *Pool) Workers() int {
	if p == nil {
		return 1
	}
	return len(p.team.portions)
}

// Close ends the workers. A later For runs on the calling goroutine alone.
func (p *Pool) Close() {
	if p != nil {
		p.team.close()
	}
}

// For calls f(lo, hi) on consecutive pieces of [0, n) and returns when all are done. The pieces' bounds are multiples of
// grain, but for the last one's end; which worker runs a piece, and how long the pieces are, is open, so f's results must
// not depend on it. A panic in f is raised again here. For is safe for concurrent use; inside f, and while another
// goroutine's For has the workers, it runs inline.
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
