package parallel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// DefaultTimeout is how long a group waits for a silent partner by default.
const DefaultTimeout = time.Minute

// Local returns the members of a group within this process, one for each rank; each is for one goroutine. timeout is how long an
// exchange waits for its partner; 0 means DefaultTimeout. A member one of whose exchanges has failed, as by the timeout or the end of a
// context, cannot be used any more. A size below 1 has no members. The ranks train models of their own:
//
//	for rank, group := range parallel.Local(4, 0) {
//		go func() { history, err := models[rank].Fit(ctx, data, graph.FitConfig{Shards: 8, Group: group}) ... }()
//	}
func Local(size int, timeout time.Duration) []graph.Group {
	size = max(size, 0)
	l := &local{timeout: timeout, links: map[[2]int]chan []byte{}, closed: make([]chan struct{}, size)}
	if timeout == 0 {
		l.timeout = DefaultTimeout
	}
	list := make([]graph.Group, size)
	for rank := range list {
		l.closed[rank] = make(chan struct{})
		list[rank] = &member{local: l, rank: rank}
	}
	return list
}

// local is what the members of a group have in common.
type local struct {
	timeout time.Duration
	closed  []chan struct{} // by rank

	mu    sync.Mutex
	links map[[2]int]chan []byte // by sender and receiver
}

// link returns the channel from one rank to another.
func (l *local) link(from, to int) chan []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.links[[2]int{from, to}]
	if c == nil {
		c = make(chan []byte, 1)
		l.links[[2]int{from, to}] = c
	}
	return c
}

// A member is one rank of a local group.
type member struct {
	*local
	rank   int
	close  sync.Once
	broken error // an exchange has failed: the members are not in step
}

var _ graph.Group = (*member)(nil)

// Rank implements graph.Group.
func (m *member) Rank() int { return m.rank }

// Size implements graph.Group.
func (m *member) Size() int { return len(m.closed) }

// Exchange implements graph.Group. After an error of an exchange every later one is an error, too: the partner's next message may be
// the answer to the one that failed.
func (m *member) Exchange(ctx context.Context, partner int, out, in []byte) error {
	if partner < 0 || partner >= m.Size() || partner == m.rank {
		return fmt.Errorf("parallel: Exchange: got partner %d for rank %d of %d, want another rank", partner, m.rank, m.Size())
	}
	select {
	case <-m.closed[m.rank]:
		return errors.New("parallel: Exchange: the group is closed")
	default:
	}
	if m.broken != nil {
		return fmt.Errorf("parallel: Exchange: an exchange has failed before: %w", m.broken)
	}
	if m.broken = m.exchange(ctx, partner, out, in); m.broken != nil {
		return fmt.Errorf("parallel: Exchange: %w", m.broken)
	}
	return nil
}

// exchange is Exchange in a group whose members are in step.
func (m *member) exchange(ctx context.Context, partner int, out, in []byte) error {
	timer := time.NewTimer(m.timeout)
	defer timer.Stop()
	silent := func() error { return fmt.Errorf("got nothing from rank %d within %v", partner, m.timeout) }
	select {
	case m.link(m.rank, partner) <- append([]byte(nil), out...):
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return silent()
	}
	var got []byte
	answers := m.link(partner, m.rank)
	select {
	case got = <-answers:
	case <-m.closed[partner]:
		select {
		case got = <-answers: // it has sent this before
		default:
			return fmt.Errorf("rank %d has left the group", partner)
		}
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return silent()
	}
	if len(got) != len(in) {
		return fmt.Errorf("got %d bytes from rank %d, want %d", len(got), partner, len(in))
	}
	copy(in, got)
	return nil
}

// Close implements graph.Group.
func (m *member) Close() error {
	m.close.Do(func() { close(m.closed[m.rank]) })
	return nil
}
