package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/tensors"
)

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
	ps := m.store.params
	if !ps.averages.Load() {
		return
	}
	_ = ps.change(func() error {
		ps.average(on)
		return nil
	})
}

// average swaps the trained values of all parameters and their averages, unless that has been done. The caller holds the lock.
func (ps *Params) average(on bool) {
	if ps.averaged == on || !ps.averages.Load() {
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

// resetAverages sets the averages of parameters to their values, which have just been set.
func (ps *Params) resetAverages(list []*param) {
	for _, s := range ps.stores {
		if s.slot < 0 {
			continue
		}
		for _, value := range list {
			if p := s.byName[value.name]; p != nil && len(p.slots) > 0 {
				copy(tensors.Bytes(p.slots[s.slot]), tensors.Bytes(value.value))
			}
		}
	}
}

// checkAverages returns an error if the model of a store and another one both average a parameter.
func (ps *Params) checkAverages(s *store) error {
	for _, other := range ps.stores {
		if s.slot < 0 || other.slot < 0 {
			continue
		}
		for _, p := range s.list {
			if q := other.byName[p.name]; q != nil && p.trained && !p.excluded && !q.excluded {
				return fmt.Errorf("Config.Optimizer: parameter %s: got an average of its weights in two models over the same Params, "+
					"want it in one", p.name)
			}
		}
	}
	return nil
}
