package graph

import (
	"fmt"
	"maps"
	"slices"
)

// A position records how far a model has been trained: what its file stores besides tensors and configuration.
type position struct {
	Seed     uint64
	Steps    int
	Epochs   int
	Averaged bool           // see store
	Updates  map[string]int // number of updates of each parameter that has been updated
	Frozen   []string
}

func (p *position) state() Saved {
	return Saved{
		"seed": &p.Seed, "steps": &p.Steps, "epochs": &p.Epochs, "averaged": &p.Averaged, "updates": &p.Updates, "frozen": &p.Frozen,
	}
}

// position returns the model's position, with those of the given parameters.
func (s *store) position(list []*parameter) *position {
	p := &position{Seed: s.seed, Steps: s.steps, Epochs: s.epochs, Averaged: s.averaged()}
	for _, param := range list {
		if param.updateCount > 0 {
			if p.Updates == nil {
				p.Updates = map[string]int{}
			}
			p.Updates[param.name] = param.updateCount
		}
		if param.frozen {
			p.Frozen = append(p.Frozen, param.name)
		}
	}
	return p
}

// averaged reports whether the values of the parameters are averages, made by the model itself or before it was read from a file.
func (s *store) averaged() bool {
	return s.params.averaged && s.steps > 0 && (s.slot >= 0 || !s.trains)
}

// check returns an error if a position read from a file cannot belong to the model.
func (p *position) check(s *store) error {
	switch {
	case p.Seed != s.seed:
		return fmt.Errorf("Seed: got %d in the file, want %d as in the model", p.Seed, s.seed)
	case p.Steps < 0 || p.Epochs < 0:
		return fmt.Errorf("got %d steps and %d epochs, want 0 or more", p.Steps, p.Epochs)
	case p.Averaged && (p.Steps == 0 || s.trains && s.slot < 0):
		return fmt.Errorf("got averages of the weights after %d steps, want them only after a step of an optimizer that is an Averager", p.Steps)
	}
	for _, name := range slices.Concat(p.Frozen, slices.Sorted(maps.Keys(p.Updates))) {
		if s.byName[name] == nil {
			return fmt.Errorf("the file has parameter %.100q, the model does not", name)
		}
		if n := p.Updates[name]; n < 0 || n > p.Steps {
			return fmt.Errorf("parameter %.100q: got %d updates, want from 0 to %d, the number of steps", name, n, p.Steps)
		}
	}
	return nil
}

// setPosition sets the model's position.
func (s *store) setPosition(p *position) {
	s.steps, s.epochs = p.Steps, p.Epochs
	if ps := s.params; !ps.averages.Load() {
		ps.averaged = p.Averaged
	}
	for _, param := range s.list {
		param.updateCount, param.frozen = p.Updates[param.name], slices.Contains(p.Frozen, param.name)
	}
}
