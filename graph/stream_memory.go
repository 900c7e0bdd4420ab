package graph

import (
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// streamMemory is what a Stream keeps between calls.
type streamMemory struct {
	batch     int       // rows; 0 at the start
	steps     int       // time steps so far
	states    []*Tensor // replaced in each call
	histories []*Tensor // (batch, room, ...), of which the first steps are in use
	room      int
}

// The names of a program's new values of states.
const (
	replaced = "state"
	added    = "history"
)

// leastRoom is the number of places that a history has at first. A longer one has the next power of two: as the program depends on
// it, few programs serve all lengths.
const leastRoom = 64

// clone returns a deep copy.
func (m streamMemory) clone() streamMemory {
	copies := func(list []*Tensor) []*Tensor {
		list = slices.Clone(list)
		for i, t := range list {
			list[i] = tensors.Clone(t)
		}
		return list
	}
	m.states, m.histories = copies(m.states), copies(m.histories)
	return m
}

// advance takes the new states of a program that has computed a piece of the given number of steps. most limits the steps of a
// stream; 0 means no limit.
func (m *streamMemory) advance(p *program.Program, batch, steps, most int) {
	states, histories := 0, 0
	room := leastRoom
	for room < m.steps+steps {
		room *= 2
	}
	if most > 0 {
		room = min(room, most)
	}
	for i := range p.States() {
		name, next := p.State(i)
		if name == replaced {
			if states == len(m.states) {
				m.states = append(m.states, tensors.Clone(next))
			} else {
				copy(tensors.Bytes(m.states[states]), tensors.Bytes(next))
			}
			states++
			continue
		}
		if histories == len(m.histories) {
			m.histories = append(m.histories, nil)
		}
		h := &m.histories[histories]
		if *h == nil || room != m.room {
			shape := slices.Clone([]int(next.Shape()))
			shape[1] = room
			larger := tensors.New(next.Dtype(), shape)
			if *h != nil {
				copySteps(larger, 0, *h, m.steps)
			}
			*h = larger
		}
		copySteps(*h, m.steps, next, steps)
		histories++
	}
	if histories > 0 {
		m.room = room
	}
	m.batch, m.steps = batch, m.steps+steps
}

// copySteps copies the first steps of src, (batch, time, ...), to dst, from the step at on.
func copySteps(dst *Tensor, at int, src *Tensor, steps int) {
	to, from := tensors.Bytes(dst), tensors.Bytes(src)
	batch := src.Shape()[0]
	step := len(from) / (batch * src.Shape()[1])
	for row := range batch {
		copy(to[(row*dst.Shape()[1]+at)*step:], from[row*src.Shape()[1]*step:][:steps*step])
	}
}

// fillTable sets a table to its values from the time first on.
func fillTable(t *Tensor, table timeTable, first int) {
	if t.Dtype() == tensor.Float32 {
		fill(tensors.Data[float32](t), table, first)
	} else {
		fill(tensors.Data[float64](t), table, first)
	}
}

func fill[T kernels.Float](values []T, table timeTable, first int) {
	width := tensors.Size(table.shape)
	for i := range values {
		values[i] = T(table.f(first+i/width, i%width))
	}
}
