package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	w := Weights{}
	var loss float64
	err := m.gradients(context.Background(), b, func(p *program.Program, key programKey) error {
		loss = p.Loss()
		for i, param := range key.choice.trained {
			w[param.name] = tensors.Clone(p.Gradient(i))
		}
		return nil
	})
	if err != nil {
		return 0, nil, public("Gradients", err)
	}
	return loss, w, nil
}

// GradientsOver is Gradients for all samples of a dataset, in batches of size samples; 0 means one batch. The loss and its gradients
// are the means over the samples, or over the elements that count: the same for every size, as in Evaluate. Several losses of
// which one has a mask need one batch, unless the same part of each batch counts.
func (m *Model) GradientsOver(ctx context.Context, d Dataset, size int) (float64, Weights, error) {
	if err := m.made(); err != nil {
		return 0, nil, public("GradientsOver", err)
	}
	if isNil(d) || d.Len() == 0 {
		return 0, nil, errors.New("graph: GradientsOver: got no data, want at least one sample")
	}
	if size < 0 {
		return 0, nil, fmt.Errorf("graph: GradientsOver: got batches of %d samples, want 1 or more, or 0 for one batch", size)
	}
	loss, w, err := m.gradientsOver(ctx, d, size)
	return loss, w, public("GradientsOver", err)
}

func (m *Model) gradientsOver(ctx context.Context, d Dataset, size int) (float64, Weights, error) {
	t := newTally(m)
	t.scores = nil
	var trained *choice
	var sums [][]float64
	total := 0.0
	for b, err := range d.Batches(size, nil) {
		if err == nil {
			err = ended(ctx)
		}
		if err == nil {
			err = m.gradients(ctx, b, func(p *program.Program, key programKey) error {
				if trained == nil {
					trained, sums = key.choice, make([][]float64, len(key.choice.trained))
				}
				if trained != key.choice {
					return errors.New("got a parameter that was frozen or unfrozen between two batches, want the same ones in all")
				}
				count, err := t.alike(p, b, key.batch)
				if err != nil {
					return err
				}
				total += count
				for i := range sums {
					g, err := tensors.Float64s(p.Gradient(i))
					if err != nil {
						return err
					}
					if sums[i] == nil {
						sums[i] = make([]float64, len(g))
					}
					for k, v := range g {
						sums[i][k] += count * v
					}
				}
				return nil
			})
		}
		if err != nil {
			return 0, nil, err
		}
	}
	if err := checkCount(d, t.rows); err != nil {
		return 0, nil, err
	}
	if err := t.counted(); err != nil {
		return 0, nil, badInput(err)
	}
	w := Weights{}
	for i, param := range trained.trained {
		for k := range sums[i] {
			sums[i][k] /= total
		}
		w[param.name] = tensors.New(param.value.Dtype(), param.value.Shape())
		tensors.Set(w[param.name], sums[i])
	}
	return t.mean(), w, nil
}

// gradients runs the training program on a batch, and calls f while the program still holds the loss and the gradients.
func (m *Model) gradients(ctx context.Context, b Batch, f func(p *program.Program, key programKey) error) error {
	p, key, values, err := m.programOf(ctx, b, trainMode)
	if err != nil {
		return err
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
		return badRun(err)
	}
	if err := m.checkMasked(p, b); err != nil {
		return err
	}
	return f(p, key)
}

// alike is batch for gradients that are summed by its count. With several losses, each batch must then have the same part of all
// elements of each loss, or the sum is not the gradient of mean.
func (t *tally) alike(p *program.Program, b Batch, rows int) (count float64, err error) {
	before := slices.Clone(t.counts)
	if count, err = t.batch(p, b, rows); err != nil || !t.mixed {
		return count, err
	}
	for i, o := range t.losses {
		if n := t.counts[i] - before[i]; n*float64(t.rows) != t.counts[i]*float64(rows) {
			return 0, fmt.Errorf("got several losses, and batches that differ in the part of their elements that counts for %s, want one batch of all samples", o.name)
		}
	}
	return count, nil
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
