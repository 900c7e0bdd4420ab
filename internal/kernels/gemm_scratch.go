package kernels

import (
	"math/bits"
	"sync"
)

// A stack keeps free values for reuse. Unlike a sync.Pool it is not emptied by the garbage collector, so that a training
// step allocates nothing. It never holds more values than were in use at once.
type stack[E any] struct {
	mu   sync.Mutex
	free []E
}

// pop returns a free value, if there is one.
func (s *stack[E]) pop() (e E, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		e, s.free, ok = s.free[n-1], s.free[:n-1], true
	}
	return e, ok
}

// push adds e to the free values.
func (s *stack[E]) push(e E) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, e)
}

// A scratch holds the free memory of one element type: slices by powers of two, products, columns of convolutions,
// tallies, and what attention needs.
type scratch[T Float] struct {
	slices    [bits.UintSize]stack[[]T]
	products  stack[*product[T]]
	columns   stack[*columns[T]]
	tallies   stack[[]tally[T]]
	attention stack[*attentionMemory[T]]
}

var (
	scratch32 scratch[float32]
	scratch64 scratch[float64]
)

// scratchOf returns the scratch of the element type.
func scratchOf[T Float]() *scratch[T] {
	if s, ok := any(&scratch32).(*scratch[T]); ok {
		return s
	}
	return any(&scratch64).(*scratch[T])
}

// borrow returns a slice of n elements with unspecified contents. The caller must return it with giveBack.
func borrow[T Float](n int) []T {
	class := bits.Len(uint(max(n, 1) - 1))
	if b, ok := scratchOf[T]().slices[class].pop(); ok {
		return b[:n]
	}
	return make([]T, n, 1<<class)
}

// giveBack returns a slice from borrow; it ignores nil.
func giveBack[T Float](b []T) {
	if b != nil {
		scratchOf[T]().slices[bits.Len(uint(cap(b)-1))].push(b)
	}
}

// freeTaps holds free lists of taps.
var freeTaps stack[[]int]

// borrowTaps returns a list of n taps with unspecified contents. The caller must return it with giveBackTaps.
func borrowTaps(n int) []int {
	b, _ := freeTaps.pop()
	if cap(b) < n {
		b = make([]int, n)
	}
	return b[:n]
}

func giveBackTaps(b []int) { freeTaps.push(b) }
