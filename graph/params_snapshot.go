package graph

import (
	"github.com/nndiy/nndiy/internal/tensors"
)

// snapshotSteps is the number of steps between two snapshots of the weights.
const snapshotSteps = 32

// A snapshot is the state to which training returns when it diverges. It stays with the parameters, so that many short Fits
// copy the weights as rarely as a long one.
type snapshot struct {
	valid        bool // false if it must not be used
	version      int  // of the Params; another one means that somebody else has set the parameters since
	tensors      []*Tensor
	steps        int
	updateCounts []int // of each parameter
}

// keep copies the weights every snapshotSteps steps. The caller has checked that their loss is finite.
func (s *snapshot) keep(m *Model) {
	if s.valid && s.version == m.store.params.version && m.store.steps-s.steps < snapshotSteps {
		return
	}
	s.valid, s.version = true, m.store.params.version
	list := m.store.changing()
	if s.tensors == nil {
		for _, t := range list {
			s.tensors = append(s.tensors, tensors.New(t.Dtype(), t.Shape()))
		}
	}
	s.steps = m.store.steps
	s.updateCounts = s.updateCounts[:0]
	for _, p := range m.store.list {
		s.updateCounts = append(s.updateCounts, p.updateCount)
	}
	copyAll(s.tensors, list)
}

// restore restores the weights of the last snapshot, if there is one.
func (s *snapshot) restore(m *Model) {
	if s.valid && s.version == m.store.params.version {
		copyAll(m.store.changing(), s.tensors)
		m.store.steps = s.steps
		for i, p := range m.store.list {
			p.updateCount = s.updateCounts[i]
		}
	}
}

// changing returns the parameters that training may change, frozen ones included, and the optimizer's state.
func (s *store) changing() []*Tensor {
	var list []*Tensor
	for _, p := range s.list {
		if !p.excluded {
			list = append(append(list, p.value), p.slots...)
		}
	}
	return list
}

func copyAll(dst, src []*Tensor) {
	for i, t := range dst {
		copy(tensors.Bytes(t), tensors.Bytes(src[i]))
	}
}

// nonFinite returns the name of a parameter with a NaN or infinite element, "" if there is none, not counting states that
// were non-finite when created.
func (s *store) nonFinite() string {
	for _, p := range s.list {
		if !p.mask && tensors.HasNonFinite(p.value) {
			return p.name
		}
	}
	return ""
}
