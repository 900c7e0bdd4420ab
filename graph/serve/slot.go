package serve

import (
	"math/bits"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A slot holds the memory of a batch. Only one batch at a time uses it.
type slot[T float] struct {
	varies bool // samples have different shapes
	batch  []*task[T]
	x      map[int]*tensor.Dense // inputs by number of samples, unless samples have different shapes
	data   []T                   // memory of the input, if they do
}

func newSlot[T float](shape []int) *slot[T] {
	return &slot[T]{varies: slices.Contains(shape, graph.Any), x: map[int]*tensor.Dense{}}
}

// fill returns the batch's samples as a tensor. A gathered batch is padded with rows of zeros to one of a few sizes, because
// the model compiles a program for each size.
func (s *slot[T]) fill(rows, most int) *tensor.Dense {
	n := roundUp(rows)
	first := s.batch[0]
	if rows > most || n == rows && len(s.batch) == 1 {
		return inputOf(rows, first.shape, first.input)
	}
	x := s.x[n]
	if size := n * size(first.shape); s.varies {
		s.data = slices.Grow(s.data[:0], size)[:size]
		x = inputOf(n, first.shape, s.data)
	} else if x == nil {
		x = inputOf(n, first.shape, make([]T, size))
		s.x[n] = x
	}
	rest := x.Data().([]T)
	for _, t := range s.batch {
		rest = rest[copy(rest, t.input):]
	}
	clear(rest)
	return x
}

// inputOf returns samples of a shape as a tensor.
func inputOf[T float](rows int, shape []int, data []T) *tensor.Dense {
	return tensor.New(tensor.WithShape(slices.Concat([]int{rows}, shape)...), tensor.WithBacking(data))
}

// size returns the number of elements of a shape.
func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// roundUp returns the smallest number, n or above, that is a power of two or three times a power of two.
func roundUp(n int) int {
	power := 1 << bits.Len(uint(n-1))
	if three := power / 4 * 3; n <= three {
		return three
	}
	return power
}
