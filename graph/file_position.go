package graph

import (
	"fmt"
	"maps"
	"slices"
)

// A position records how far a model has been trained: what its file stores besides tensors and configuration.
type position struct {
	seed     uint64
	steps    int
	epochs   int
	averaged bool           // see store
	updates  map[string]int // number of updates of each parameter that has been updated
	frozen   []string
}

func (p *position) state() Saved {
	return Saved{
		"seed": &p.seed, "steps": &p.steps, "epochs": &p.epochs, "averaged": &p.averaged, "updates": &p.updates, "frozen": &p.frozen,
	}
}

// position returns the model's position.
func (m *Model) position() *position {
	p := &position{seed: m.cfg.Seed, steps: m.store.steps, epochs: m.store.epochs, averaged: m.averaged()}
	for _, param := range m.own() {
		if param.updateCount > 0 {
			if p.updates == nil {
				p.updates = map[string]int{}
			}
			p.updates[param.name] = param.updateCount
		}
		if param.frozen {
			p.frozen = append(p.frozen, param.name)
		}
	}
	return p
}

// averaged reports whether the values of the parameters are averages, made by the model itself or before it was read from a file.
func (m *Model) averaged() bool {
	return m.store.params.averaged && m.store.steps > 0 && (m.store.slot >= 0 || m.cfg.Optimizer == nil)
}

// check returns an error if a position read from a file cannot belong to the model.
func (p *position) check(m *Model) error {
	switch {
	case p.seed != m.cfg.Seed:
		return fmt.Errorf("Seed: got %d in the file, want %d as in the model", p.seed, m.cfg.Seed)
	case p.steps < 0 || p.epochs < 0:
		return fmt.Errorf("got %d steps and %d epochs, want 0 or more", p.steps, p.epochs)
	case p.averaged && (p.steps == 0 || m.cfg.Optimizer != nil && m.store.slot < 0):
		return fmt.Errorf("got averages of the weights after %d steps, want them only after a step of an optimizer that is an Averager", p.steps)
	}
	for _, name := range slices.Concat(p.frozen, slices.Sorted(maps.Keys(p.updates))) {
		if m.store.byName[name] == nil {
			return fmt.Errorf("the file has parameter %.100q, the model does not", name)
		}
		if n := p.updates[name]; n < 0 || n > p.steps {
			return fmt.Errorf("parameter %.100q: got %d updates, want from 0 to %d, the number of steps", name, n, p.steps)
		}
	}
	return nil
}

// setPosition sets the model's position.
func (m *Model) setPosition(p *position) {
	m.store.steps, m.store.epochs = p.steps, p.epochs
	if ps := m.store.params; !ps.averages.Load() {
		ps.averaged = p.averaged
	}
	for _, param := range m.store.list {
		param.updateCount, param.frozen = p.updates[param.name], slices.Contains(p.frozen, param.name)
	}
}
