package graph

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/nndiy/nndiy/graph/internal/collective"
)

// A Group is a number of processes that train one model together, see FitConfig.Group. Package graph/parallel has a group within
// one process, graph/parallel/mpi one of the processes that mpirun starts. Rank and Size never change.
type Group interface {
	Rank() int // of this process, from 0 to Size-1
	Size() int // number of processes, a power of two
	// Exchange sends out to the process with the rank partner and fills in with the bytes that it sends, at once: both call it, each
	// with the other's rank, and the length of in on one side is that of out on the other. Exchange waits for the partner as long as
	// the group allows; the error for a partner that stays silent names it. It also returns when the context ends, and the group
	// may then be unusable.
	Exchange(ctx context.Context, partner int, out, in []byte) error
	Close() error // ends this process's part in the group
}

// A MemoryGroup is a Group that sends from its own memory and receives into it without a copy. Fit keeps the sums of the gradients there.
type MemoryGroup interface {
	Group
	// Memory returns n bytes, aligned for any number, with undefined content, for Exchange. They are valid until the next call of
	// Memory, which may return the same bytes. nil means that there is no such memory.
	Memory(n int) []byte
}

// ranks are the processes of one Fit as they agree with one another: each gathers the messages of all. With a nil Group it is one
// process.
type ranks struct {
	group Group
	over  bool // a rank has failed or stopped, which ends the exchanges of this Fit
}

// rank returns the rank of this process.
func (r *ranks) rank() int {
	if r.group == nil {
		return 0
	}
	return r.group.Rank()
}

// size returns the number of processes.
func (r *ranks) size() int {
	if r.group == nil {
		return 1
	}
	return r.group.Size()
}

// rankErrors are the errors that keep their identity from one rank to another, by their codes; 0 means none.
var rankErrors = []error{nil, Stop, ErrDiverged, context.Canceled, context.DeadlineExceeded, errors.New("another error")}

// A rankError is an error that another rank has reported.
type rankError struct {
	rank int
	code byte
	text string
}

func (e rankError) Error() string { return fmt.Sprintf("rank %d: %s", e.rank, e.text) }
func (e rankError) Unwrap() error { return rankErrors[e.code] }

// agree gathers a message from each rank, in a step of training that at names. If a rank reports an error, all ranks return one: their
// own, or that of the lowest rank; an error other than Stop takes precedence. Ranks that are at different steps are an error.
func (r *ranks) agree(ctx context.Context, at string, payload []byte, own error) ([][]byte, error) {
	if r.size() == 1 {
		return [][]byte{payload}, own
	}
	if r.over {
		return nil, own
	}
	code, text := byte(0), ""
	if own != nil {
		text = withoutPrefix(own.Error())
		for code = 1; int(code) < len(rankErrors)-1 && !errors.Is(own, rankErrors[code]); code++ {
		}
	}
	message := append([]byte{code}, appendText(appendText(nil, at), text)...)
	ctx, end := lasting(ctx)
	defer end()
	list, err := collective.Gather(ctx, r.group, append(message, payload...))
	if err != nil {
		r.over = true
		return nil, errors.Join(own, fmt.Errorf("%s: %w", at, err))
	}
	var ends, apart error // the first that is not Stop; ranks that are at different steps
	for rank := range list {
		m := list[rank]
		var where, what string
		failed := rankError{rank: rank, code: m[0]}
		where, m = takeText(m[1:])
		what, m = takeText(m)
		failed.text, list[rank] = what, m
		switch {
		case failed.code > 1 && (ends == nil || errors.Is(ends, Stop)):
			ends = failed
		case failed.code == 1 && ends == nil:
			ends = Stop
		case failed.code == 0 && where != at && apart == nil:
			apart = fmt.Errorf("got rank %d at %q, want it at %q as rank %d", rank, where, at, r.rank())
		}
	}
	if ends == nil {
		ends = apart
	}
	if ends == nil {
		return list, nil
	}
	r.over = true
	if own != nil && !errors.Is(own, Stop) {
		return nil, own
	}
	return nil, ends
}

// broadcast returns rank 0's message on all ranks.
func (r *ranks) broadcast(ctx context.Context, message []byte) ([]byte, error) {
	if r.size() == 1 {
		return message, nil
	}
	ctx, end := lasting(ctx)
	defer end()
	return collective.Broadcast(ctx, r.group, message)
}

// exchangeGrace is how long an exchange goes on after the end of Fit's context: a rank that lives comes to it and learns of the end.
const exchangeGrace = 500 * time.Millisecond

// lasting returns a context for an exchange, which outlasts ctx for some time.
func lasting(ctx context.Context) (context.Context, func()) {
	if ctx.Done() == nil {
		return ctx, func() {}
	}
	long, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(exchangeGrace, func() { cancel(ctx.Err()) })
	})
	return long, func() {
		stop()
		cancel(nil)
	}
}

// appendText appends a string and its length.
func appendText(to []byte, text string) []byte {
	return append(binary.LittleEndian.AppendUint32(to, uint32(len(text))), text...)
}

// takeText is the inverse of appendText.
func takeText(from []byte) (text string, rest []byte) {
	b, rest := takeBytes(from)
	return string(b), rest
}

func takeBytes(from []byte) (b, rest []byte) {
	if len(from) < 4 {
		return nil, nil
	}
	n := min(int(binary.LittleEndian.Uint32(from)), len(from)-4)
	return bytes.Clone(from[4 : 4+n]), from[4+n:]
}
