package kernels

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pools returns a nil Pool and Pools of 1, 2, 3 and 7 workers, which are closed when the test ends.
func pools(tb testing.TB) []*Pool {
	ps := []*Pool{nil}
	for _, w := range []int{1, 2, 3, 7} {
		p := NewPool(w)
		tb.Cleanup(p.Close)
		ps = append(ps, p)
	}
	return ps
}

// shortPools returns pools, and in short tests, which run in an emulator, only those of 2 and 3 workers.
func shortPools(tb testing.TB) []*Pool {
	if testing.Short() {
		return pools(tb)[2:4]
	}
	return pools(tb)
}

func TestPoolCoversEachElementOnce(t *testing.T) {
	for _, p := range pools(t) {
		for _, n := range []int{0, 1, 2, 3, 7, 8, 9, 64, 1000, 4097} {
			for _, grain := range []int{0, 1, 3, 8, 5000} {
				seen := make([]atomic.Int32, n)
				p.For(n, grain, func(lo, hi int) {
					if g := max(grain, 1); lo%g != 0 || hi%g != 0 && hi != n || lo >= hi {
						t.Errorf("For(%d, %d): piece [%d, %d)", n, grain, lo, hi)
					}
					for i := lo; i < hi; i++ {
						seen[i].Add(1)
					}
				})
				for i := range seen {
					if c := seen[i].Load(); c != 1 {
						t.Fatalf("%d workers: For(%d, %d) saw element %d %d times", p.Workers(), n, grain, i, c)
					}
				}
			}
		}
	}
}

func TestPoolWorkers(t *testing.T) {
	for i, want := range []int{1, 1, 2, 3, 7} {
		if got := pools(t)[i].Workers(); got != want {
			t.Errorf("pool %d: %d workers, want %d", i, got, want)
		}
	}
	if p := NewPool(0); p.Workers() != runtime.GOMAXPROCS(0) {
		t.Errorf("NewPool(0): got %d workers, want GOMAXPROCS", p.Workers())
	}
	if p := Default(); p != Default() {
		t.Error("Default: got two Pools, want one")
	}
}

func TestPoolNestedAndConcurrent(t *testing.T) {
	p := NewPool(3)
	defer p.Close()
	var sum atomic.Int64
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for range 200 {
				p.For(20, 1, func(lo, hi int) {
					p.For(hi-lo, 1, func(l, h int) { sum.Add(int64(h - l)) })
				})
			}
		})
	}
	g.Wait()
	if sum.Load() != 8*200*20 {
		t.Errorf("got %d elements, want %d", sum.Load(), 8*200*20)
	}
}

func TestPoolPanicReachesTheCaller(t *testing.T) {
	for _, p := range pools(t) {
		for bad := range 16 {
			got := func() (e any) {
				defer func() { e = recover() }()
				p.For(16, 1, func(lo, hi int) {
					if lo <= bad && bad < hi {
						panic("bad piece")
					}
				})
				return nil
			}()
			if got != "bad piece" {
				t.Fatalf("%d workers: got panic %v", p.Workers(), got)
			}
			var n atomic.Int64 // the Pool must still work
			p.For(16, 1, func(lo, hi int) { n.Add(int64(hi - lo)) })
			if n.Load() != 16 {
				t.Fatalf("after a panic: got %d of 16 elements", n.Load())
			}
		}
	}
}

func TestPoolWorksAfterSleepAndAfterClose(t *testing.T) {
	p := NewPool(4)
	for i := range 20 {
		if i == 15 {
			p.Close()
		}
		var n atomic.Int64
		p.For(100, 1, func(lo, hi int) { n.Add(int64(hi - lo)) })
		if n.Load() != 100 {
			t.Fatalf("loop %d: got %d of 100 elements", i, n.Load())
		}
		time.Sleep(2 * spinTime) // long enough for the workers to sleep
	}
}

// TestPoolHelpsALateWorker: one piece lasts until all others have run, so another worker runs what is left of its portion.
func TestPoolHelpsALateWorker(t *testing.T) {
	for _, p := range pools(t)[2:] {
		const n = 64
		for _, slow := range []int{0, n / 2, n - 1} {
			var ran atomic.Int32
			p.For(n, 1, func(lo, hi int) {
				if lo <= slow && slow < hi {
					for deadline := time.Now().Add(10 * time.Second); int(ran.Load()) < n-(hi-lo); runtime.Gosched() {
						if time.Now().After(deadline) {
							t.Errorf("%d workers: piece [%d, %d) waited for %d others, got %d", p.Workers(), lo, hi, n-(hi-lo), ran.Load())
							break
						}
					}
				}
				ran.Add(int32(hi - lo))
			})
		}
	}
}

func TestPoolLeavesNoGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		NewPool(9).For(100, 1, func(_, _ int) {}) // unreachable afterwards
		NewPool(9).Close()
	}
	for range 1000 {
		runtime.GC()
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("got %d goroutines, want %d", runtime.NumGoroutine(), before)
}

func TestPoolAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	f := func(_, _ int) {}
	if n := testing.AllocsPerRun(1000, func() { p.For(100, 1, f) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func BenchmarkPoolFor(b *testing.B) {
	p := NewPool(2)
	defer p.Close()
	f := func(_, _ int) {}
	for b.Loop() {
		p.For(8, 1, f)
	}
}

// TestPoolLate: a Pool counts how long a loop waits for a worker that is late.
func TestPoolLate(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	if (*Pool)(nil).Late() != 0 || p.Late() != 0 {
		t.Errorf("got %v and %v before any loop, want 0", (*Pool)(nil).Late(), p.Late())
	}
	const nap = 20 * time.Millisecond
	for try := 0; p.Late() < nap/4; try++ {
		if try > 100 {
			t.Fatalf("got %v after %d loops with a worker that sleeps, want more", p.Late(), try)
		}
		var under atomic.Bool
		p.For(2, 1, func(lo, hi int) {
			if lo == 0 { // the caller's part, which ends when the worker is in its own; a caller that has both parts gives up after a second
				for begin := time.Now(); !under.Load() && time.Since(begin) < time.Second; {
					runtime.Gosched()
				}
				return
			}
			under.Store(true)
			time.Sleep(nap)
		})
	}
}
