package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A position is how far a model has been trained: what its file has of it beside tensors and configuration.
type position struct {
	seed     uint64
	steps    int
	epochs   int
	averaged bool           // see store
	updates  map[string]int // counts, of each parameter that has been updated
	frozen   []string
}

func (p *position) state() Saved {
	return Saved{
		"seed": &p.seed, "steps": &p.steps, "epochs": &p.epochs, "averaged": &p.averaged, "updates": &p.updates, "frozen": &p.frozen,
	}
}

// position returns the model's.
func (m *Model) position() *position {
	p := &position{seed: m.cfg.Seed, steps: m.store.steps, epochs: m.store.epochs, averaged: m.store.averaged}
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

// check returns an error if a position that was read can't be one of the model.
func (p *position) check(m *Model) error {
	switch {
	case p.seed != m.cfg.Seed:
		return fmt.Errorf("the file's Seed is %d, want %d as the model's", p.seed, m.cfg.Seed)
	case p.steps < 0 || p.epochs < 0:
		return fmt.Errorf("got %d steps and %d epochs, want 0 or more", p.steps, p.epochs)
	case p.averaged && (p.steps == 0 || m.cfg.Optimizer != nil && m.averageSlot() < 0):
		return errors.New("the file has averages of the weights, and the optimizer keeps none")
	}
	for _, name := range slices.Concat(p.frozen, slices.Sorted(maps.Keys(p.updates))) {
		if m.store.byName[name] == nil {
			return fmt.Errorf("the file tells of a parameter %.100q, which the model has not", name)
		}
		if n := p.updates[name]; n < 0 || n > p.steps {
			return fmt.Errorf("parameter %.100q: got %d updates in %d steps", name, n, p.steps)
		}
	}
	return nil
}

// moveTo makes a position the model's.
func (m *Model) moveTo(p *position) {
	m.store.steps, m.store.epochs, m.store.averaged = p.steps, p.epochs, p.averaged
	for _, param := range m.store.list {
		param.updateCount, param.frozen = p.updates[param.name], slices.Contains(p.frozen, param.name)
	}
}
