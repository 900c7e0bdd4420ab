package mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
)

// A Config holds the settings of Start.
type Config struct {
	// Timeout is how long a process waits for a silent one, such as one whose machine or network is gone: no MPI reports that. It must
	// be longer than the longest time for which the ranks can be apart, such as that of reading data. 0 means parallel.DefaultTimeout.
	Timeout time.Duration
	Library string // path of the MPI library; "" means the one of the launcher that has started the program
	Threads int    // threads of a rank, as GOMAXPROCS; 0 means the cores that it may use, divided among the ranks that share them
}

// A Group is the processes of one run of mpirun. Its methods are for one goroutine at a time.
type Group struct {
	rank, size int
	library    string // name and version; "" for a process without a launcher
	threads    int
	timeout    time.Duration
	work       chan func(*engine) // for the goroutine that calls MPI; nil without a launcher
	broken     error              // an exchange has failed: the ranks are not in step
	closed     bool
}

var _ graph.MemoryGroup = (*Group)(nil)

// bufferBytes is the length of the pieces into which a longer message is cut: MPI counts with 32 bits.
const bufferBytes = 4 << 20

func errorf(format string, a ...any) error { return fmt.Errorf("mpi: "+format, a...) }

// Start joins the group of the launcher that has started this process: Open MPI's or MPICH's mpirun, or srun --mpi=pmix. Without a
// launcher the group has one member. Start sets GOMAXPROCS, see Config.Threads, so call it before graph.Compile, and once. A library
// that does not belong to the launcher is an error, since each process would be a group of its own.
func Start(cfg Config) (*Group, error) {
	switch {
	case cfg.Timeout < 0:
		return nil, errorf("Start: Timeout: got %v, want 0 or more", cfg.Timeout)
	case cfg.Threads < 0:
		return nil, errorf("Start: Threads: got %d, want 0 or more", cfg.Threads)
	}
	g := &Group{size: 1, timeout: cfg.Timeout, threads: cfg.Threads}
	if g.timeout == 0 {
		g.timeout = parallel.DefaultTimeout
	}
	l := findLauncher(os.Getenv)
	if l != nil {
		if cfg.Library != "" {
			l.libraries = []string{cfg.Library}
		}
		if err := g.start(l); err != nil {
			return nil, errorf("Start: %w", err)
		}
		if g.threads == 0 {
			cores := machineCores()
			g.threads = threadsFor(cores, runtime.NumCPU(), l.local)
		}
	}
	if g.threads > 0 {
		runtime.GOMAXPROCS(g.threads)
	}
	g.threads = runtime.GOMAXPROCS(0)
	return g, nil
}

// joined says that MPI has been initialized, which it can be once in a process.
var joined atomic.Bool

// start loads the library on the goroutine that makes all calls of MPI, which is locked to its thread.
func (g *Group) start(l *launcher) error {
	if joined.Load() {
		return errors.New("got a second call, want one in a process: MPI cannot be initialized again")
	}
	g.work = make(chan func(*engine))
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		e, err := newEngine(l)
		if err == nil {
			joined.Store(true)
			g.rank, g.size, g.library = e.rank, e.size, e.library
			if err = l.check(e.library, e.size); err != nil {
				e.finalize()
			}
		}
		done <- err
		if err != nil {
			return
		}
		for f := range g.work {
			f(e)
		}
	}()
	return <-done
}

// call calls f on the goroutine of MPI.
func (g *Group) call(f func(*engine) error) error {
	done := make(chan error, 1)
	g.work <- func(e *engine) { done <- f(e) }
	return <-done
}

// Rank implements graph.Group.
func (g *Group) Rank() int { return g.rank }

// Size implements graph.Group.
func (g *Group) Size() int { return g.size }

// Threads returns the number of threads that this rank computes with.
func (g *Group) Threads() int { return g.threads }

// String describes the group: "rank 0 of 4, Open MPI 4.1.4, 2 threads".
func (g *Group) String() string {
	library := g.library
	if library == "" {
		library = "no MPI"
	}
	threads := "threads"
	if g.threads == 1 {
		threads = "thread"
	}
	return fmt.Sprintf("rank %d of %d, %s, %d %s", g.rank, g.size, library, g.threads, threads)
}

// Exchange implements graph.Group. After an error the group cannot be used any more.
func (g *Group) Exchange(ctx context.Context, partner int, out, in []byte) error {
	switch {
	case g.closed:
		return errorf("Exchange: the group is closed")
	case g.broken != nil:
		return errorf("Exchange: an exchange has failed before: %w", g.broken)
	case partner < 0 || partner >= g.size || partner == g.rank:
		return errorf("Exchange: got partner %d for rank %d of %d, want another rank", partner, g.rank, g.size)
	}
	g.broken = g.call(func(e *engine) error { return e.exchange(ctx, partner, out, in, g.timeout) })
	if g.broken != nil {
		return errorf("Exchange: %w", g.broken)
	}
	return nil
}

// Memory implements graph.MemoryGroup. The memory is outside of Go's heap and stays mapped until the program ends.
func (g *Group) Memory(n int) (memory []byte) {
	if g.work == nil || g.closed || n <= 0 {
		return nil
	}
	_ = g.call(func(e *engine) error { memory = e.lend(n); return nil })
	return memory
}

// Close waits for the other ranks and ends this process's part in the group. It is the last thing a program does: once a process has
// ended, the launcher may end the others. If a rank does not come, or an exchange has failed
// before, it ends all processes of the group, this one included, with a status that is not 0.
func (g *Group) Close() error {
	if g.closed || g.work == nil {
		g.closed = true
		return nil
	}
	if g.broken == nil {
		g.broken = parallel.Barrier(context.Background(), g)
	}
	if g.broken != nil {
		g.Abort(g.broken)
	}
	g.closed = true
	left := make(chan error, 1)
	go func() {
		left <- g.call(func(e *engine) error { return e.finalize() })
		close(g.work)
	}()
	select {
	case err := <-left:
		return err
	case <-time.After(leaveGrace):
		return nil
	}
}

// leaveGrace is how long Close waits for MPI_Finalize. MPICH 4.0 waits there for good, now and then, for a rank on another machine that
// has closed its end before. All ranks have passed the barrier by then, so nothing is left to say to them.
const leaveGrace = 5 * time.Second

// abortGrace is how long a rank waits before it ends all processes, so that others can say what they know.
const abortGrace = 500 * time.Millisecond

// Abort writes a line with the rank and the error to the standard error output, and ends all processes of the group with status 1. In
// a process without a launcher it ends this one. It does not return.
func (g *Group) Abort(err error) {
	if err == nil {
		err = errors.New("aborted")
	}
	fmt.Fprintf(os.Stderr, "rank %d of %d: %v\n", g.rank, g.size, err)
	if g.work != nil && !g.closed {
		time.Sleep(abortGrace)
		go func() { // a library that hangs must not keep this process
			time.Sleep(4 * abortGrace)
			os.Exit(1)
		}()
		_ = g.call(func(e *engine) error { e.abort(); return nil })
	}
	os.Exit(1)
}

// Run starts the group, calls f and returns the exit status of the program. If f returns nil on all ranks, the group is closed and the
// status is 0. If it returns an error or panics on one, that rank writes a line with it, and all processes of the group end with a
// status that is not 0. A process that leaves by os.Exit(0) instead is not missed by MPICH, which then ends the others with status 0 and
// no word: let rank 0 write a line at the end, and trust only a run that wrote it.
func Run(cfg Config, f func(g *Group) error) (status int) {
	g, err := Start(cfg)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if v := recover(); v != nil {
			buffer := make([]byte, 16<<10)
			g.Abort(fmt.Errorf("panic: %v\n%s", v, buffer[:runtime.Stack(buffer, false)]))
		}
	}()
	if err := f(g); err != nil {
		g.Abort(err)
	}
	if err := g.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
