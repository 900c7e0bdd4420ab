package main

import (
	"math/bits"
	"slices"

	"gorgonia.org/tensor"
)

// A slot holds the memory of a batch. Only one batch at a time uses it.
type slot[T float] struct {
	shape []int // of a sample
	width int   // number of elements of a sample
	batch []*task[T]
	x     map[int]*tensor.Dense // inputs by number of samples
}

func newSlot[T float](shape []int) *slot[T] {
	s := &slot[T]{shape: shape, width: 1, x: map[int]*tensor.Dense{}}
	for _, n := range shape {
		s.width *= n
	}
	return s
}

// fill returns the batch's samples as a tensor. A gathered batch is padded with rows of zeros to one of a few sizes, because
// the model compiles a program for each size.
func (s *slot[T]) fill(rows, most int) *tensor.Dense {
	n := roundUp(rows)
	if rows > most || n == rows && len(s.batch) == 1 {
		return s.tensor(rows, s.batch[0].input)
	}
	x := s.x[n]
	if x == nil {
		x = s.tensor(n, make([]T, n*s.width))
		s.x[n] = x
	}
	rest := x.Data().([]T)
	for _, t := range s.batch {
		rest = rest[copy(rest, t.input):]
	}
	clear(rest)
	return x
}

func (s *slot[T]) tensor(rows int, data []T) *tensor.Dense {
	return tensor.New(tensor.WithShape(slices.Concat([]int{rows}, s.shape)...), tensor.WithBacking(data))
}

// roundUp returns the smallest number, n or above, that is a power of two or three times a power of two.
func roundUp(n int) int {
	power := 1 << bits.Len(uint(n-1))
	if three := power / 4 * 3; n <= three {
		return three
	}
	return power
}
