//go:build linux && (amd64 || arm64)

package mpi

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
)

// An engine calls an MPI library. All its methods are for one thread.
type engine struct {
	rank, size int
	library    string

	world, bytes, ignore uintptr // handles and constants, which differ from library to library
	functions            map[string]uintptr

	memory   []byte // outside of Go's heap: the words below, then the two buffers
	requests [2]uintptr
	word     uintptr // for results
	out, in  []byte
	lent     []byte // see lend

	near bool // all ranks are on this machine, which has a core for each
}

const (
	messageTag = 17
	wordBytes  = 16 << 10
)

// newEngine loads the launcher's library and initializes MPI.
func newEngine(l *launcher) (*engine, error) {
	setDefault("UCX_ERROR_SIGNALS", "") // else MPICH's UCX replaces Go's signal handlers, and a nil dereference kills the process
	setDefault("OMPI_MCA_mpi_yield_when_idle", "1")
	var library uintptr
	var failed []string
	for _, name := range l.libraries {
		handle, err := purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err == nil {
			library = handle
			break
		}
		failed = append(failed, err.Error())
	}
	if library == 0 {
		return nil, fmt.Errorf("the library of %s: %s", l.name, strings.Join(failed, "; "))
	}
	e := &engine{functions: map[string]uintptr{}}
	for _, name := range []string{"Init", "Comm_rank", "Comm_size", "Comm_set_errhandler", "Get_library_version", "Isend", "Irecv", "Test", "Finalize", "Abort"} {
		f, err := purego.Dlsym(library, "MPI_"+name)
		if err != nil {
			return nil, err
		}
		e.functions[name] = f
	}
	var err error
	if e.memory, err = syscall.Mmap(-1, 0, wordBytes+2*bufferBytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE); err != nil {
		return nil, err
	}
	base := uintptr(unsafe.Pointer(&e.memory[0]))
	e.requests, e.word = [2]uintptr{base, base + 8}, base+16
	e.out, e.in = e.memory[wordBytes:][:bufferBytes], e.memory[wordBytes+bufferBytes:]
	errorsReturn, err := e.identify(library)
	if err != nil {
		return nil, err
	}
	if err := e.call("Init", 0, 0); err != nil {
		return nil, err
	}
	if err := e.call("Comm_set_errhandler", e.world, errorsReturn); err != nil {
		return nil, err
	}
	if e.rank, err = e.number("Comm_rank"); err != nil {
		return nil, err
	}
	if e.size, err = e.number("Comm_size"); err != nil {
		return nil, err
	}
	e.near = l.local == e.size && e.size <= machineCores()
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_TIMERSLACK, 1, 0) // else a nap of this thread is 50 µs longer
	return e, nil
}

// identify sets the handles of the library, and returns that of MPI_ERRORS_RETURN.
func (e *engine) identify(library uintptr) (errorsReturn uintptr, err error) {
	text := e.memory[1024:][:8192] // MPICH's MPI_MAX_LIBRARY_VERSION_STRING
	if err := e.call("Get_library_version", uintptr(unsafe.Pointer(&text[0])), e.word); err != nil {
		return 0, err
	}
	version, _, _ := strings.Cut(string(text), "\x00")
	version = strings.Join(strings.Fields(version), " ")
	if world, err := purego.Dlsym(library, "ompi_mpi_comm_world"); err == nil {
		e.world = world
		if e.bytes, err = purego.Dlsym(library, "ompi_mpi_byte"); err != nil {
			return 0, err
		}
		e.library, _, _ = strings.Cut(strings.ReplaceAll(version, "Open MPI v", "Open MPI "), ",")
		return purego.Dlsym(library, "ompi_mpi_errors_return")
	}
	if rest, ok := strings.CutPrefix(version, "MPICH Version: "); ok {
		number, _, _ := strings.Cut(rest, " ")
		e.world, e.bytes, e.ignore, e.library = 0x44000000, 0x4c00010d, 1, "MPICH "+number
		return 0x54000001, nil
	}
	return 0, fmt.Errorf("got the MPI library %.100q, want Open MPI or MPICH", version)
}

// call calls a function of MPI.
func (e *engine) call(name string, arguments ...uintptr) error {
	code, _, _ := purego.SyscallN(e.functions[name], arguments...)
	if int32(code) != 0 {
		return fmt.Errorf("MPI_%s: got error %d", name, int32(code))
	}
	return nil
}

// number calls a function of the group that returns a number.
func (e *engine) number(name string) (int, error) {
	err := e.call(name, e.world, e.word)
	return int(*(*int32)(unsafe.Pointer(&e.memory[16]))), err
}

// exchange sends and receives at once, in pieces of the size of the buffers. Messages in lent memory need no buffers.
func (e *engine) exchange(ctx context.Context, partner int, out, in []byte, timeout time.Duration) error {
	for first := true; first || len(out) > 0 || len(in) > 0; first = false {
		from, to := out[:min(len(out), bufferBytes)], in[:min(len(in), bufferBytes)]
		n, k, direct := len(from), len(to), e.hasLent(in)
		if !e.hasLent(out) {
			from = e.out[:copy(e.out, from)]
		}
		if !direct {
			to = e.in[:k]
		}
		if n > 0 {
			if err := e.post("Isend", 0, from, partner); err != nil {
				return err
			}
		}
		if k > 0 {
			if err := e.post("Irecv", 1, to, partner); err != nil {
				return err
			}
		}
		if err := e.wait(ctx, partner, n > 0, k > 0, timeout); err != nil {
			return err
		}
		if !direct {
			copy(in, to)
		}
		out, in = out[n:], in[k:]
	}
	return nil
}

func (e *engine) post(name string, request int, buffer []byte, partner int) error {
	return e.call(name, uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)), e.bytes, uintptr(partner), messageTag, e.world, e.requests[request])
}

// spins is the number of polls without a nap: a partner on the same machine most often answers within them. After them each poll
// naps, since spinning starves the network where cores are few. spinTime is how long ranks spin that have no network between them and
// a core each; they let other threads run at each poll.
const (
	spins    = 100
	spinTime = time.Millisecond
)

// wait polls until both requests are complete.
func (e *engine) wait(ctx context.Context, partner int, sends, receives bool, timeout time.Duration) error {
	open := [2]bool{sends, receives}
	var began time.Time
	nap := 20 * time.Microsecond
	yield := func() { _, _, _ = syscall.RawSyscall(syscall.SYS_SCHED_YIELD, 0, 0, 0) }
	for polls := 0; ; polls++ {
		for i := range open {
			if !open[i] {
				continue
			}
			if err := e.call("Test", e.requests[i], e.word, e.ignore); err != nil {
				return fmt.Errorf("rank %d: %w", partner, err)
			}
			open[i] = *(*int32)(unsafe.Pointer(&e.memory[16])) == 0
		}
		if !open[0] && !open[1] {
			return nil
		}
		if polls < spins {
			yield()
			continue
		}
		switch now := time.Now(); {
		case began.IsZero():
			began = now
		case ctx.Err() != nil:
			return fmt.Errorf("waiting for rank %d: %w", partner, ctx.Err())
		case now.Sub(began) > timeout:
			return fmt.Errorf("no word from rank %d within %v", partner, timeout)
		case e.near && now.Sub(began) < spinTime:
			yield()
			continue
		}
		t := syscall.NsecToTimespec(nap.Nanoseconds())
		_ = syscall.Nanosleep(&t, nil)
		nap = min(nap*5/4, 500*time.Microsecond)
	}
}

func (e *engine) finalize() error { return e.call("Finalize") }

func (e *engine) abort() { _ = e.call("Abort", e.world, 1) }

// machineCores returns the number of cores of the machine, whether this process may use them or not.
func machineCores() int {
	text, err := os.ReadFile("/sys/devices/system/cpu/online")
	if err != nil {
		return 0
	}
	n := 0
	for _, part := range strings.Split(strings.TrimSpace(string(text)), ",") {
		var from, to int
		switch k, _ := fmt.Sscanf(part, "%d-%d", &from, &to); k {
		case 1:
			n++
		case 2:
			n += to - from + 1
		}
	}
	return n
}
