package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// State returns a tensor of that name in the scope that belongs to the model as parameters do, made by the initializer,
// saved and loaded, but never trained: it changes by Update alone. Where the layer has been applied before, to another
// node, it is what that application made of it.
func (s *Scope) State(name string, init Initializer, shape ...int) Node {
	full := s.join(name)
	n := s.b.param(full, init, shape, false)
	if n.err != nil {
		return n
	}
	if s.b.store.byName[full].trained {
		return s.b.fail("State", fmt.Errorf("got %q, which is a parameter that is trained", name))
	}
	s.b.states.names[n.n] = full
	if i := s.b.states.find(full); i >= 0 {
		return s.b.states.updates[i].value
	}
	return n
}

// Update gives a state, a node that State returned, a new value after each step of training. Graphs that are not for
// training, and a Function's, change nothing.
func (s *Scope) Update(state, value Node) {
	switch {
	case state.err != nil:
		s.b.keep(state.err)
		return
	case value.err != nil:
		s.b.keep(value.err)
		return
	case state.b != s.b || value.b != s.b:
		s.b.fail("Update", errNoNode)
		return
	}
	name, ok := s.b.states.names[state.n]
	switch {
	case !ok:
		s.b.fail("Update", errors.New("got a node that State did not return"))
		return
	case !slices.Equal(state.Shape(), value.Shape()):
		s.b.fail("Update", fmt.Errorf("%s: got shape %v, want %v", name, value.Shape(), state.Shape()))
		return
	}
	s.b.states.names[value.n] = name
	if i := s.b.states.find(name); i >= 0 {
		s.b.states.updates[i].value = value
		return
	}
	s.b.states.updates = append(s.b.states.updates, stateUpdate{name, value})
}

// builderStates are the states in a graph under construction.
type builderStates struct {
	names   map[*ops.Node]string // of the nodes of states and of their new values
	updates []stateUpdate
}

// A stateUpdate is the value that a state takes after a training step.
type stateUpdate struct {
	name  string
	value Node
}

// find returns the place of a state among the updates, negative if it has none.
func (s *builderStates) find(name string) int {
	return slices.IndexFunc(s.updates, func(u stateUpdate) bool { return u.name == name })
}

// updateStates gives the states their new values from a program for training that has run.
func (m *Model) updateStates(p *program.Program) {
	for i := range p.States() {
		name, value := p.State(i)
		if state := m.store.byName[name]; !state.frozen {
			copy(tensors.Bytes(state.value), tensors.Bytes(value))
		}
	}
}
