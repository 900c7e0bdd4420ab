package graph

import (
	"context"
	"fmt"
	"sync"
	"unsafe"

	"github.com/nndiy/nndiy/graph/internal/collective"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A shardWork is the part of shards that depends on the element type.
type shardWork interface {
	length() int                    // elements of the gradients and states
	lend(ctx context.Context) error // takes programs for the shards
	release()                       // gives them back
	run() error                     // computes the sums of the gradients and states of this process's shards
	// finish adds those of all processes, and updates the parameters with the mean over count samples or elements.
	finish(ctx context.Context, count, rate float64) error
}

// lanes run shards side by side. Each has as many shards as the others, in their order, so that its sum is a part of the tree.
type lanes[T Float] struct {
	*shards
	work   *workOf[T]
	list   []*lane[T]
	states []*parameter // that training steps set
	choice *choice
	size   int // elements of the gradients, in the order of choice.trained, and of the states
	buffer []T // for the sum over processes

	joinPieces func(lo, hi int)
	into, from []T // of joinPieces
}

// A lane runs its shards one after the other on its own workers.
type lane[T Float] struct {
	shards   []shard
	pool     *kernels.Pool // nil for one worker
	borrowed []borrowed
	sums     [][]T // of the tree's nodes under way; the first is the lane's sum
	err      error
}

// A borrowed program runs the shards of its size and parity: the gradients of two shards are in use at once.
type borrowed struct {
	key    programKey
	parity int
	p      *program.Program
}

// newLanes divides the workers among as many lanes as there are workers for.
func newLanes[T Float](d *shards) *lanes[T] {
	l := &lanes[T]{shards: d, work: d.updater.work.(*workOf[T])}
	m := d.model
	workers, n := m.pool.Workers(), 1
	for n*2 <= min(workers, len(d.mine)) {
		n *= 2
	}
	pools := m.store.lanePools(n, workers/n)
	each := len(d.mine) / n
	for i := range n {
		l.list = append(l.list, &lane[T]{shards: d.mine[i*each : (i+1)*each], pool: pools[i]})
	}
	for _, name := range m.updated {
		l.states = append(l.states, m.store.byName[name])
	}
	l.joinPieces = func(lo, hi int) { kernels.Add(l.into[lo:hi], l.into[lo:hi], l.from[lo:hi]) }
	return l
}

// lanePools returns n pools of the given size, nil for size 1. The same call returns the same pools.
func (s *store) lanePools(n, size int) []*kernels.Pool {
	if size == 1 {
		return make([]*kernels.Pool, n)
	}
	if len(s.pools) < n || s.pools[0].Workers() != size {
		s.pools = nil
		for range n {
			s.pools = append(s.pools, kernels.NewPool(size))
		}
	}
	return s.pools[:n]
}

func (l *lanes[T]) length() int { return l.size }

func (l *lanes[T]) lend(ctx context.Context) error {
	for _, lane := range l.list {
		for i := range lane.shards {
			s := &lane.shards[i]
			if s.rows == 0 {
				continue
			}
			s.key.shard, s.key.pool = true, lane.pool
			if lane.borrow(s.key, i%2) != nil {
				continue
			}
			p, err := l.model.program(ctx, s.key)
			if err != nil {
				if ctx.Err() == nil {
					err = badInput(err)
				}
				l.release()
				return l.blame(s, err)
			}
			lane.borrowed = append(lane.borrowed, borrowed{s.key, i % 2, p})
		}
	}
	return nil
}

// borrow returns the program for a shard, nil if there is none.
func (l *lane[T]) borrow(key programKey, parity int) *program.Program {
	for _, b := range l.borrowed {
		if b.key == key && b.parity == parity {
			return b.p
		}
	}
	return nil
}

func (l *lanes[T]) release() {
	for _, lane := range l.list {
		for _, b := range lane.borrowed {
			l.model.release(b.key, b.p)
		}
		lane.borrowed = lane.borrowed[:0]
	}
}

// choose adapts to a new choice of trained parameters.
func (l *lanes[T]) choose() {
	c := l.model.store.choice.Load()
	if l.choice == c {
		return
	}
	l.choice, l.size = c, 0
	for _, p := range c.trained {
		l.size += tensors.Size(p.shape)
	}
	for _, p := range l.states {
		l.size += tensors.Size(p.shape)
	}
	levels := 1
	for n := 2; n < len(l.list[0].shards); n *= 2 {
		levels++
	}
	each := (l.size + 15) / 16 * 16 // so that all of them begin at a line of the cache
	n := each * levels * len(l.list)
	if l.shards.size() > 1 {
		n += collective.Buffer[T](l.size)
	}
	memory := l.memory(n)
	for _, lane := range l.list {
		lane.sums = nil
		for range levels {
			lane.sums = append(lane.sums, memory[:l.size:l.size])
			memory = memory[each:]
		}
	}
	l.buffer = memory
}

// memory returns n elements, of the group's memory if it has some.
func (l *lanes[T]) memory(n int) []T {
	if m, ok := l.group.(MemoryGroup); ok && l.shards.size() > 1 {
		if b := m.Memory(n * int(unsafe.Sizeof(T(0)))); len(b) > 0 {
			return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
		}
	}
	return make([]T, n)
}

func (l *lanes[T]) run() error {
	l.choose()
	var wait sync.WaitGroup
	for i, lane := range l.list {
		run := func() { lane.err = l.sum(lane, 0, len(lane.shards), 0) }
		if i+1 == len(l.list) {
			run()
			continue
		}
		wait.Add(1)
		go func() {
			defer wait.Done()
			run()
		}()
	}
	wait.Wait()
	for _, lane := range l.list {
		if lane.err != nil {
			return lane.err
		}
	}
	for stride := 1; stride < len(l.list); stride *= 2 {
		for i := 0; i < len(l.list); i += 2 * stride {
			l.join(l.list[i].sums[0], l.list[i+stride].sums[0])
		}
	}
	return nil
}

// join adds b to a on all workers.
func (l *lanes[T]) join(a, b []T) {
	l.into, l.from = a, b
	l.model.pool.For(len(a), updatePiece, l.joinPieces)
}

func (l *lanes[T]) finish(ctx context.Context, count, rate float64) error {
	sum := l.list[0].sums[0]
	if l.shards.size() > 1 {
		lasting, end := lasting(ctx)
		defer end()
		if err := collective.Sum(lasting, l.group, sum, l.buffer, l.join); err != nil {
			l.over = true
			return fmt.Errorf("sum of the gradients: %w", err)
		}
	}
	l.work.pool = l.model.pool
	at := 0
	for i, p := range l.choice.trained {
		n := tensors.Size(p.shape)
		l.work.grads[i] = sum[at : at+n : at+n]
		at += n
	}
	l.updater.stepSum(count, rate)
	rows := T(l.total.rows)
	for _, s := range l.states {
		value := tensors.Data[T](s.value)
		for i := range value {
			if s.changes() {
				value[i] = sum[at+i] / rows
			}
		}
		at += len(value)
	}
	l.model.store.steps++
	return nil
}
