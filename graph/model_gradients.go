package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Gradients returns the training loss of one batch, with input x and target y, and the gradients of the loss with respect to
// the parameters that are not frozen, by their full names. It changes neither parameters nor states. Dropout draws the noise
// of the next training step.
func (m *Model) Gradients(x, y *Tensor) (float64, Weights, error) {
	return m.GradientsOf(Batch{X: x, Y: y})
}

// GradientsOf is Gradients for a batch that may have additional inputs and targets, and weights.
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

// programOf returns the program for a batch, its key, and the values of its inputs.
func (m *Model) programOf(b Batch, mode mode) (*program.Program, programKey, []*Tensor, error) {
	key, values, err := m.feed(b, mode)
	if err != nil {
		return nil, key, nil, err
	}
	p, err := m.program(key)
	return p, key, values, err
}
