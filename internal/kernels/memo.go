package kernels

import "sync"

// A memo keeps the results of a function of shapes, so that a call with the same shape allocates nothing. The results must not be
// changed.
type memo[K comparable, V any] struct {
	mu      sync.RWMutex
	known   map[K]V
	compute func(K) V
}

// mostKnown is the largest number of results that a memo keeps.
const mostKnown = 1 << 10

func (m *memo[K, V]) get(k K) V {
	m.mu.RLock()
	v, ok := m.known[k]
	m.mu.RUnlock()
	if ok {
		return v
	}
	v = m.compute(k)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) == mostKnown {
		m.known = map[K]V{}
	}
	m.known[k] = v
	return v
}
