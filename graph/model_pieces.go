package graph

import (
	"context"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

var (
	// pieceBytes is the memory up to which Predict computes samples together: values that are larger than the cache shared by
	// the processor's cores would be read from main memory by each operation. It is a variable for tests.
	pieceBytes = 16 << 20

	// fewBytes are inputs for which Predict does not look at how much memory a sample needs.
	fewBytes = 4 << 10
)

// A sampleCost says what a program needs for one sample, in bytes.
type sampleCost struct {
	memory  int     // that it runs in
	traffic float64 // that its operations read and write, without weights
	weights float64 // that depends on parameters alone, which each piece reads again
	fixed   bool    // the bits of a sample may depend on the number of samples
}

// A cutting says how Predict computes samples. If apart is not 0, each worker computes the same number of samples by itself, in pieces
// of at most apart. The other samples are computed by all workers together, in pieces of at most rows.
type cutting struct{ rows, apart int }

// cutting returns how to compute the key's samples.
func (m *Model) cutting(ctx context.Context, key programKey, in []*Tensor) (cutting, error) {
	rows, bytes := key.batch, 0
	c := cutting{rows: min(rows, predictRows)}
	for _, x := range in {
		bytes += tensors.Size(x.Shape()) * int(x.Dtype().Size())
	}
	if workers := m.pool.Workers(); bytes >= fewBytes && rows >= workers && rows > 1 {
		cost, err := m.sampleCost(ctx, key)
		if err != nil {
			return c, err
		}
		c = cost.cutting(rows, workers)
	}
	if (c.rows < rows || c.apart > 0) && !m.rows(key.inputs).Independent {
		return cutting{rows: rows}, nil
	}
	return c, nil
}

// cutting returns how to compute n samples. Workers that compute samples apart also read all weights, and not each a part of them.
func (c sampleCost) cutting(n, workers int) cutting {
	result := cutting{rows: min(n, predictRows)}
	if c.fixed {
		return result
	}
	pays := func(rows int, factor float64) bool { // more is saved than the weights cost that each piece reads
		return c.traffic*float64(n) >= factor*c.weights*float64((n+rows-1)/rows)
	}
	fit := min(n, predictRows, pieceBytes/max(1, c.memory)) / workers // samples of each worker whose values stay in the cache
	if apart := max(1, fit); workers > 1 && pays(apart, 1) {
		result.apart = apart
	}
	if rows := max(1, fit) * workers; c.memory*n > pieceBytes && pays(rows, 4) {
		result.rows = min(result.rows, rows)
	}
	return result
}

// sampleCost returns the cost of a sample for the key, from a program for one of them.
func (m *Model) sampleCost(ctx context.Context, key programKey) (c sampleCost, err error) {
	s := m.programs
	key.batch = 1
	s.costsMu.Lock()
	c, ok := s.costs[key]
	s.costsMu.Unlock()
	if ok {
		return c, nil
	}
	p, err := m.program(ctx, key)
	if ended := ended(ctx); err != nil && ended != nil {
		return c, ended
	} else if err != nil { // the network accepts other numbers of samples only
		return sampleCost{fixed: true}, nil
	}
	defer m.release(key, p)
	for _, o := range p.Ops() {
		values, weights := o.Traffic()
		c.traffic += values
		c.weights += weights
	}
	c.memory = p.Memory()
	c.fixed = slices.ContainsFunc(p.Ops(), func(o *ops.Op) bool { return o.Phase != ops.Forward })
	s.costsMu.Lock()
	defer s.costsMu.Unlock()
	if len(s.costs) >= knownShapes {
		clear(s.costs)
	}
	s.costs[key] = c
	return c, nil
}
