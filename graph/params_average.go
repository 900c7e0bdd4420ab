package graph

import "github.com/nndiy/nndiy/internal/tensors"

// averageSlot returns the index of the slot of an optimizer that stores averages of the weights, -1 if there is none.
func averageSlot(o Optimizer) int {
	for _, a := range optimizersAs[Averager](o) {
		if slot := a.Average(); slot >= 0 {
			return slot
		}
	}
	return -1
}

// average makes the values of the parameters those that training changes, or their averages if on is true.
func (m *Model) average(on bool) {
	if m.store.slot < 0 || m.store.params.averaged == on {
		return
	}
	_ = m.store.change(func() error {
		m.store.params.average(on)
		return nil
	})
}

// average swaps the trained values of all parameters and their averages, unless that has been done. The caller holds the lock.
func (ps *Params) average(on bool) {
	if ps.averaged == on {
		return
	}
	for _, s := range ps.stores {
		if s.slot < 0 {
			continue
		}
		for _, p := range s.list {
			if p.updateCount > 0 { // else there is no average yet
				value, average := p.value, p.slots[s.slot]
				value.Raw, average.Raw = average.Raw, value.Raw // programs stay bound to the tensor
			}
		}
	}
	ps.averaged = on
}

// resetAverage sets the averages of parameters to their values, which have just been set.
func (m *Model) resetAverage(list []*parameter) {
	if slot := m.store.slot; slot >= 0 {
		for _, p := range list {
			copy(tensors.Bytes(p.slots[slot]), tensors.Bytes(p.value))
		}
	}
}
