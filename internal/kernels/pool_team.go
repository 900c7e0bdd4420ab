package kernels

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// spinTime is how long an idle worker looks for work before it sleeps: about twice the time in which a thread wakes up on a virtual
// machine, 100 microseconds. A worker that sleeps between two loops comes late to the second, and others do its part of it.
const spinTime = 200 * time.Microsecond

// lateTurns is the number of looks at a loop's workers, some microseconds, after which the caller notes how long it waits for them.
const lateTurns = 1024

// A team is the state that a Pool's goroutines share. It is separate from the Pool, so that the goroutines do not keep the
// Pool reachable.
type team struct {
	busy     sync.Mutex     // held while a loop runs
	n        int            // arguments of the running For
	grain    int            //
	f        func(_, _ int) //
	failed   any            // the value of a panic in a worker's call of f
	failMu   sync.Mutex     // guards failed
	late     atomic.Int64   // see Pool.Late
	portions []portion      // of the running loop, one for each worker, the caller's first
	sleepers []sleeper      // one for each worker; the caller's is not used
	closed   atomic.Bool
	_        [64]byte
	round    atomic.Uint64 // counts begins and ends: odd while a loop runs
	_        [64]byte
	active   atomic.Int64 // goroutines in the running loop, without the caller
	_        [64]byte
}

// A portion is the part of a loop that one worker starts on. A worker that has finished its own helps with the others. To help costs
// more than to wait for a moment: the elements are in the other core's cache, where the worker of the portion has put them in the loop
// before and looks for them in the next.
type portion struct {
	next  atomic.Int64 // the first grain not yet taken
	end   int64        // after the last grain
	chunk int64        // grains of a piece
	_     [40]byte
}

// A sleeper puts one worker to sleep and wakes it.
type sleeper struct {
	asleep atomic.Bool
	wake   chan struct{} // of length 1
}

// newTeam returns a team and starts its goroutines.
func newTeam(workers int) *team {
	t := &team{portions: make([]portion, workers), sleepers: make([]sleeper, workers)}
	for i := 1; i < workers; i++ {
		t.sleepers[i].wake = make(chan struct{}, 1)
		go t.worker(i)
	}
	return t
}

// begin offers a loop to the workers. It returns false if they are busy or closed, or if there are none.
func (t *team) begin(n, grain int, f func(lo, hi int)) bool {
	if len(t.portions) == 1 || t.closed.Load() || t.round.Load()&1 == 1 {
		return false
	}
	fetch(&t.busy)
	for i := range t.portions {
		fetch(&t.portions[i])
	}
	fetch(&t.round)
	if !t.busy.TryLock() {
		return false
	}
	t.n, t.grain, t.f = n, grain, f
	grains, w := (n+grain-1)/grain, len(t.portions)
	for i := range t.portions {
		s := &t.portions[i]
		lo, hi := grains*i/w, grains*(i+1)/w
		s.next.Store(int64(lo))
		s.end = int64(hi)
		s.chunk = int64(max(1, (hi-lo+3)/4))
	}
	t.round.Add(1)
	for i := 1; i < min(w, grains); i++ {
		t.sleepers[i].notify()
	}
	return true
}

// fetch has the line at p fetched to be written. To change a line that another core has written or read takes 50 to 800 ns, until it has
// come from there; lines that are fetched beforehand come at the same time.
func fetch[E any](p *E) { fetchToWrite((*byte)(unsafe.Pointer(p))) }

// end closes the loop, waits for the workers still in it, and panics again if one of them has panicked.
func (t *team) end() {
	fetch(&t.busy)
	t.round.Add(1)
	var since time.Duration
	for i := 1; t.active.Load() != 0; i++ {
		if i%64 == 0 {
			runtime.Gosched()
		}
		if i == lateTurns {
			since = clock()
		}
	}
	if since > 0 {
		t.late.Add(int64(clock() - since))
	}
	failed := t.failed
	t.f, t.failed = nil, nil
	t.busy.Unlock()
	if failed != nil {
		panic(failed)
	}
}

// work runs pieces of the loop until none is left: worker i's own portion first, then the others', if their workers are late.
func (t *team) work(i int) {
	start := clock()
	n := t.portions[i].run(t)
	for k := 1; k < len(t.portions); k++ {
		s := &t.portions[(i+k)%len(t.portions)]
		if s.taken() {
			continue
		}
		end := clock()
		if n > 0 && s.ends(end+min((end-start)/time.Duration(n), spinTime)) { // it waits as long as one of its pieces took
			continue
		}
		s.run(t)
		start, n = 0, 0
	}
}

// run runs pieces until none is left, and returns their number.
func (s *portion) run(t *team) (n int) {
	for ; !s.taken(); n++ {
		lo := s.next.Add(s.chunk) - s.chunk
		if lo >= s.end {
			break
		}
		hi := min(lo+s.chunk, s.end)
		t.f(int(lo)*t.grain, min(int(hi)*t.grain, t.n))
	}
	return n
}

// taken reports whether no piece is left.
func (s *portion) taken() bool { return s.next.Load() >= s.end }

// ends waits until no piece is left, but not longer than until the given time, and reports whether none is.
func (s *portion) ends(last time.Duration) bool {
	for n := 1; !s.taken(); n++ {
		if n%64 == 0 {
			runtime.Gosched()
		}
		if n%4 == 0 && clock() > last {
			return false
		}
	}
	return true
}

var started = time.Now()

// clock returns the time since the program began, in half the time that time.Now takes.
func clock() time.Duration { return time.Since(started) }

// worker is the main loop of worker i's goroutine.
func (t *team) worker(i int) {
	for round := uint64(0); t.wait(i, &round); {
		t.join(i, round)
	}
}

// join takes part in the loop of the given round, if that still runs.
func (t *team) join(i int, round uint64) {
	fetch(&t.portions[i])
	t.active.Add(1)
	defer t.active.Add(-1)
	if t.round.Load() != round {
		return
	}
	defer func() {
		if e := recover(); e != nil {
			t.failMu.Lock()
			t.failed = e
			t.failMu.Unlock()
		}
	}()
	t.work(i)
}

// wait waits for a loop later than *round and stores its round there. It returns false when the team is closed.
func (t *team) wait(i int, round *uint64) bool {
	start := time.Now()
	for n := 1; !t.closed.Load(); n++ {
		if now := t.round.Load(); now&1 == 1 && now != *round {
			*round = now
			return true
		}
		if n%64 != 0 {
			continue
		}
		if time.Since(start) < spinTime {
			runtime.Gosched()
			continue
		}
		t.sleepers[i].sleep(func() bool {
			now := t.round.Load()
			return t.closed.Load() || now&1 == 1 && now != *round
		})
		start = time.Now()
	}
	return false
}

// close ends the goroutines.
func (t *team) close() {
	t.closed.Store(true)
	for i := 1; i < len(t.sleepers); i++ {
		t.sleepers[i].notify()
	}
}

// sleep sleeps until notified, unless ready reports that there is something to do.
func (s *sleeper) sleep(ready func() bool) {
	s.asleep.Store(true)
	if ready() && s.asleep.CompareAndSwap(true, false) {
		return
	}
	<-s.wake
}

// notify wakes the worker if it sleeps.
func (s *sleeper) notify() {
	if s.asleep.CompareAndSwap(true, false) {
		s.wake <- struct{}{}
	}
}
