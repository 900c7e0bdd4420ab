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
	fewBytes = 512 << 10
)

// A sampleCost says what a program needs for one sample, in bytes.
type sampleCost struct {
	memory  int     // that it runs in
	traffic float64 // that its operations read and write, without the parameters
	weights float64 // of the parameters, which each piece reads again
	fixed   bool    // the bits of a sample may depend on the number of samples
}

// pieceRows returns how many of the key's samples to compute at a time.
func (m *Model) pieceRows(ctx context.Context, key programKey, in []*Tensor) (int, error) {
	rows, bytes := key.batch, 0
	most := min(rows, predictRows)
	for _, x := range in {
		bytes += tensors.Size(x.Shape()) * int(x.Dtype().Size())
	}
	if workers := m.pool.Workers(); bytes >= fewBytes && rows > workers {
		c, err := m.sampleCost(ctx, key, workers)
		if err != nil {
			return 0, err
		}
		most = min(most, c.rows(rows, workers))
	}
	if most < rows && !m.rows(key.inputs).Independent {
		return rows, nil
	}
	return most, nil
}

// rows returns the number of samples of a piece of n: a multiple of the workers, whose values stay in the cache, unless that would
// save less than reading the parameters for each piece costs.
func (c sampleCost) rows(n, workers int) int {
	if c.fixed || c.memory*n <= pieceBytes {
		return n
	}
	piece := max(workers, pieceBytes/c.memory/workers*workers)
	if pieces := (n + piece - 1) / piece; c.traffic*float64(n) < 4*c.weights*float64(pieces) {
		return n
	}
	return piece
}

// sampleCost returns the cost of a sample for the key, from a program for a few of them.
func (m *Model) sampleCost(ctx context.Context, key programKey, samples int) (c sampleCost, err error) {
	s := m.programs
	key.batch = samples
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
	err = m.store.read(func() error {
		for _, w := range m.store.params.list {
			c.weights += float64(tensors.Size(w.shape) * int(m.cfg.DType.Size()))
		}
		return nil
	})
	total := 0.0
	for _, o := range p.Ops() {
		total += o.Bytes()
	}
	c.memory, c.traffic = p.Memory()/samples, max(0, total-c.weights)/float64(samples)
	c.fixed = slices.ContainsFunc(p.Ops(), func(o *ops.Op) bool { return o.Phase != ops.Forward })
	s.costsMu.Lock()
	defer s.costsMu.Unlock()
	if len(s.costs) >= knownShapes {
		clear(s.costs)
	}
	s.costs[key] = c
	return c, err
}
