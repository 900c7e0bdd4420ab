package graph

import "github.com/nndiy/nndiy/internal/tensors"

// averageSlot returns the number of the optimizer's slot that has averages of the weights, -1 if there is none.
func (m *Model) averageSlot() int {
	for _, a := range optimizersAs[Averager](m.cfg.Optimizer) {
		if slot := a.Average(); slot >= 0 {
			return slot
		}
	}
	return -1
}

// average puts the averages of the weights in the place of the weights, which go to the averages' slot, or back.
func (m *Model) average(on bool) {
	slot := m.averageSlot()
	if slot < 0 || m.store.averaged == on {
		return
	}
	_ = m.store.change(func() error {
		for _, p := range m.store.list {
			if p.updateCount == 0 { // there is no average yet
				continue
			}
			a, b := tensors.Bytes(p.value), tensors.Bytes(p.slots[slot])
			for i := range a {
				a[i], b[i] = b[i], a[i]
			}
		}
		m.store.averaged = on
		return nil
	})
}

// resetAverage makes the averages of parameters that have been set what they were set to.
func (m *Model) resetAverage(list []*parameter) {
	if slot := m.averageSlot(); slot >= 0 {
		for _, p := range list {
			copy(tensors.Bytes(p.slots[slot]), tensors.Bytes(p.value))
		}
	}
}
