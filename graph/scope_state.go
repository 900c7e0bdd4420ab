package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// State returns a tensor with the given name in the scope that is stored with the parameters, made by the initializer, saved
// and loaded, but not trained: only Update changes it (PyTorch's buffers; the moving averages of BatchNorm). If the layer
// was applied earlier in the same graph, State returns the value that application gave it.
func (s *Scope) State(name string, init Initializer, shape ...int) Node {
	s.begin()
	full := s.join(name)
	n := s.b.param(s.owner, full, init, shape, false)
	if n.err != nil {
		return n
	}
	if s.b.store.byName[full].trained {
		return s.b.fail("State", fmt.Errorf("got %q, the name of a trained parameter, want another name", name))
	}
	s.b.states.names[n.n] = full
	if i := s.b.states.find(full); i >= 0 {
		return s.b.states.updates[i].value
	}
	return n
}

// Update sets the value that a state, a node that State returned, gets after each training step. It has no effect outside
// training, and none in a Function.
func (s *Scope) Update(state, value Node) {
	s.begin()
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
		s.b.fail("Update", errors.New("got a node that is not a state, want one that State returned"))
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
	names   map[*ops.Node]string // the state's name, by the nodes of its values, the old and the new ones
	updates []stateUpdate
}

// A stateUpdate is the value that a state gets after a training step.
type stateUpdate struct {
	name  string
	value Node
}

// find returns the index of a state's update, negative if there is none.
func (s *builderStates) find(name string) int {
	return slices.IndexFunc(s.updates, func(u stateUpdate) bool { return u.name == name })
}

// updateStates sets the states to their new values after a run of a training program. Frozen states keep theirs.
func (m *Model) updateStates(p *program.Program) {
	for i := range p.States() {
		name, value := p.State(i)
		if state := m.store.byName[name]; state.changes() {
			copy(tensors.Bytes(state.value), tensors.Bytes(value))
		}
	}
}
