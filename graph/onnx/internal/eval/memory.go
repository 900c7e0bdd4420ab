package eval

import (
	"math/bits"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A memory has the elements of values that are used no more, for values that are made later, in this run or in the next one. What a run
// does not use is dropped at its end, so a program keeps what its last runs needed. The nil memory makes new elements.
type memory struct {
	now, before map[int][]list[float32] // by capacity: given back in this run, and left from the one before
}

// leastReused is the number of elements from which on it pays to use them again.
const leastReused = 64

// room returns the capacity of a list of n elements: one of eight between two powers of two, so that lists of similar sizes take each
// other's place.
func room(n int) int {
	step := 1 << max(bits.Len(uint(n-1))-4, 0)
	return (n + step - 1) &^ (step - 1)
}

// begin starts a run.
func (m *memory) begin() { m.now, m.before = map[int][]list[float32]{}, m.now }

// take returns n elements of any values.
func (m *memory) take(n int) list[float32] {
	if m == nil || n < leastReused {
		return make(list[float32], n)
	}
	size := room(n)
	for _, free := range []map[int][]list[float32]{m.now, m.before} {
		if all := free[size]; len(all) > 0 {
			free[size] = all[:len(all)-1]
			return all[len(all)-1][:n]
		}
	}
	return make(list[float32], n, size)
}

// give gives elements back that nothing else uses. Only lists that take could have made are kept.
func (m *memory) give(l list[float32]) {
	if m == nil || cap(l) < leastReused || room(cap(l)) != cap(l) {
		return
	}
	l = l[:cap(l)]
	if Spoil {
		for i := range l {
			l[i] = nan
		}
	}
	m.now[cap(l)] = append(m.now[cap(l)], l)
}

// made returns zeros.
func (c *call) made(kind proto.ElementType, shape ...int) *Tensor {
	t := c.filled(kind, shape...)
	if l, single := t.data.(list[float32]); single {
		clear(l)
	}
	return t
}

// filled is made for elements that the caller sets all.
func (c *call) filled(kind proto.ElementType, shape ...int) *Tensor {
	n := c.count(shape)
	t := &Tensor{Shape: append([]int{}, shape...)}
	if kind == proto.Float32 {
		t.data = c.memory.take(n)
	} else {
		t.data = blanks[kind].empty(n)
	}
	return t
}
