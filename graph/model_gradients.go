package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Gradients returns the training loss of one batch and its derivatives by the parameters that are trained. It changes
// nothing.
func (m *Model) Gradients(x, y *Tensor) (float64, Weights, error) {
	return m.GradientsOf(Batch{X: x, Y: y})
}

// GradientsOf is Gradients of a batch that has several inputs or targets, or weights.
func (m *Model) GradientsOf(b Batch) (float64, Weights, error) {
	p, key, values, err := m.programOf(b, trainMode)
	if err != nil {
		return 0, nil, fmt.Errorf("graph: Gradients: %w", err)
	}
	defer m.release(key, p)
	if err := m.store.read(func() error { return p.Run(m.store.steps, values...) }); err != nil {
		return 0, nil, fmt.Errorf("graph: Gradients: %w", err)
	}
	w := Weights{}
	for i, param := range key.choice.trained {
		w[param.name] = tensors.Clone(p.Gradient(i))
	}
	return p.Loss(), w, nil
}

// programOf returns the program for a batch, and the values that it is fed with.
func (m *Model) programOf(b Batch, mode mode) (*program.Program, programKey, []*Tensor, error) {
	key, values, err := m.feed(b, mode)
	if err != nil {
		return nil, key, nil, err
	}
	p, err := m.program(key)
	return p, key, values, err
}
