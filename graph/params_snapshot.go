package graph

import (
	"sync/atomic"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
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

// keep copies the weights every snapshotSteps steps, those of Apply included. The caller has checked that their loss is finite.
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

// renew is keep before an update with a user's gradients, whose loss is not known: it replaces a snapshot that is old by one of finite
// weights, and takes no first one, so that a model without Step has no copy of its weights.
func (s *snapshot) renew(m *Model) {
	if s.valid && m.store.steps-s.steps >= snapshotSteps && m.store.nonFinite(m.pool) == "" {
		s.keep(m)
	}
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
		if t != src[i] {
			copy(tensors.Bytes(t), tensors.Bytes(src[i]))
		}
	}
}

// nonFinite returns the name of a parameter with a NaN or infinite element, "" if there is none, not counting states that
// were non-finite when created.
func (s *store) nonFinite(pool *kernels.Pool) string {
	for _, p := range s.list {
		if p.mask {
			continue
		}
		bad := false
		if s.dtype == tensor.Float32 {
			bad = hasNonFinite(pool, tensors.Data[float32](p.value))
		} else {
			bad = hasNonFinite(pool, tensors.Data[float64](p.value))
		}
		if bad {
			return p.name
		}
	}
	return ""
}

// hasNonFinite is kernels.HasNonFinite on the workers of a pool: a Fit of one step spends much of its time here.
func hasNonFinite[T Float](pool *kernels.Pool, x []T) bool {
	const grain = 1 << 15
	if len(x) <= grain {
		return kernels.HasNonFinite(x)
	}
	var bad atomic.Bool
	pool.For(len(x), grain, func(lo, hi int) {
		if kernels.HasNonFinite(x[lo:hi]) {
			bad.Store(true)
		}
	})
	return bad.Load()
}
