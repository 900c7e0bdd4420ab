package optimizers

import (
	"sync"

	"github.com/nndiy/nndiy/graph"
)

// A scratch is memory that updates use one after the other.
type scratch[T graph.Float] struct {
	data []T
	pool *sync.Pool
}

var scratches32, scratches64 sync.Pool

// scratchOf returns memory of at least n elements, whose values are left from earlier uses; free gives it back.
func scratchOf[T graph.Float](n int) *scratch[T] {
	pool := &scratches32
	if _, double := any(T(0)).(float64); double {
		pool = &scratches64
	}
	s, _ := pool.Get().(*scratch[T])
	if s == nil {
		s = &scratch[T]{pool: pool}
	}
	if len(s.data) < n {
		s.data = make([]T, n)
	}
	return s
}

func (s *scratch[T]) free() { s.pool.Put(s) }
