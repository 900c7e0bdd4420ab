package graph

import (
	"context"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Gradients returns the training loss of one batch, with input x and target y, and the gradients of the loss with respect to
// the parameters that are not frozen, by their full names. It changes neither parameters nor states. Dropout draws the noise
// of the next training step. If the optimizer averages the weights (see Averager), the gradients are those at the weights
// themselves, as in training. Apply takes them to the optimizer.
func (m *Model) Gradients(x, y *Tensor) (float64, Weights, error) {
	return m.GradientsOf(Batch{X: x, Y: y})
}

// GradientsOf is Gradients for a batch that may have additional inputs and targets, and weights.
func (m *Model) GradientsOf(b Batch) (float64, Weights, error) {
	if err := m.made(); err != nil {
		return 0, nil, public("Gradients", err)
	}
	p, key, values, err := m.programOf(context.Background(), b, trainMode)
	if err != nil {
		return 0, nil, public("Gradients", err)
	}
	defer m.release(key, p)
	run := func() error { return p.Run(m.trainingDraw(), values...) }
	if ps := m.store.params; ps.averages.Load() {
		err = ps.change(func() error {
			defer ps.average(ps.averaged)
			ps.average(false)
			return run()
		})
	} else {
		err = m.store.read(run)
	}
	if err != nil {
		return 0, nil, public("Gradients", badRun(err))
	}
	if err := m.checkMasked(p, b); err != nil {
		return 0, nil, public("Gradients", err)
	}
	w := Weights{}
	for i, param := range key.choice.trained {
		w[param.name] = tensors.Clone(p.Gradient(i))
	}
	return p.Loss(), w, nil
}

// programOf returns the program for a batch, its key, and the values of its inputs.
func (m *Model) programOf(ctx context.Context, b Batch, mode mode) (*program.Program, programKey, []*Tensor, error) {
	return m.programFor(ctx, new(fed), b, mode)
}

// programFor is programOf for a caller that gives the same memory for many batches.
func (m *Model) programFor(ctx context.Context, f *fed, b Batch, mode mode) (*program.Program, programKey, []*Tensor, error) {
	key, values, err := m.feedTo(f, b, mode)
	if err != nil {
		return nil, key, nil, err
	}
	p, err := m.program(ctx, key)
	if err != nil && ctx.Err() == nil { // Compile has tried the network; now there are targets
		err = badInput(err)
	}
	return p, key, values, err
}

// trainingDraw returns the draw of random numbers that is due in training.
func (m *Model) trainingDraw() program.Draw {
	return program.Draw{Seed: m.cfg.Seed, Step: m.store.steps}
}
