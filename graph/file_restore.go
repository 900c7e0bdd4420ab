package graph

import (
	"fmt"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/internal/tensors"
)

// restore sets the model's parameters, optimizer slots and position from the file; on error it changes nothing. The file must
// describe the same network, with the same element type and seed. If all is set, restore also sets the other models over the same
// Params.
func (f *modelFile) restore(m *Model, all bool) error {
	if m.path != "" && f.Metadata[modelKey] == "" {
		return errNoModel
	}
	return m.store.choose(func() error { return f.restoreInto(m, all) })
}

func (f *modelFile) restoreInto(m *Model, all bool) error {
	p := new(position)
	if err := registry.DecodeState("model", []byte(f.Metadata[modelKey]), p.state(), specials...); err != nil {
		return err
	}
	if err := p.check(m.store); err != nil {
		return err
	}
	values, err := f.values(m, p.Steps > 0, all)
	if err != nil {
		return err
	}
	var others *set
	if all {
		if others, err = f.set(m.store.params, m.store); err != nil {
			return err
		}
	}
	switch {
	case others != nil:
		m.store.params.average(others.averaged)
	case m.store.slot >= 0:
		m.store.params.average(p.Averaged)
	}
	others.restore()
	copyAll(m.store.tensors(), values)
	m.store.params.version++
	m.store.setPosition(p)
	return nil
}

// values returns the file's tensors in the order of store.tensors; slots are zero if the model was not trained. If again is not set,
// the model is being opened: its parameters already have the file's values and its slots are zero, and they are returned themselves.
func (f *modelFile) values(m *Model, trained, again bool) ([]*Tensor, error) {
	var list []*Tensor
	used := map[string]bool{}
	byName := newSource(f).tensors
	get := func(name string, p *parameter, read func(*safetensors.Tensor, []int, tensor.Dtype) (*Tensor, error)) error {
		used[name] = true
		t := byName[name]
		if t == nil {
			return fmt.Errorf("the model has tensor %.100q, the file does not", name)
		}
		v, err := read(t, p.shape, m.cfg.DType)
		list = append(list, v)
		return err
	}
	for _, p := range m.store.list {
		if !again {
			used[p.name], list = true, append(list, p.value)
		} else if err := get(p.name, p, stored); err != nil {
			return nil, err
		}
		for i, slot := range p.slots {
			if !trained && !again {
				list = append(list, slot)
			} else if !trained {
				list = append(list, tensors.New(m.cfg.DType, p.shape))
			} else if err := get(slotName(i, p.name), p, exact); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range f.Tensors {
		if m.untrainable != nil && strings.HasPrefix(t.Name, slotPrefix) {
			continue
		}
		if !used[t.Name] && !strings.HasPrefix(t.Name, runPrefix) && !strings.HasPrefix(t.Name, setPrefix) {
			return nil, fmt.Errorf("the file has tensor %.100q, the model does not", t.Name)
		}
	}
	return list, nil
}
