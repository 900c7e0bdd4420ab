package graph

import (
	"context"
	"errors"
	"math"
)

// Evaluate returns the mean loss over a dataset, as "loss", each metric under its name, and each
// scalar of Scope.Log under its own. The network computes as in inference: Dropout does nothing.
func (m *Model) Evaluate(ctx context.Context, d Dataset) (Logs, error) {
	if err := m.made(); err != nil {
		return nil, public("Evaluate", err)
	}
	if isNil(d) || d.Len() == 0 {
		return nil, errors.New("graph: Evaluate: got no data, want at least one sample")
	}
	logs, err := m.evaluate(ctx, d, 256)
	if err != nil {
		return nil, public("Evaluate", err)
	}
	return logs, nil
}

func (m *Model) evaluate(ctx context.Context, d Dataset, size int) (Logs, error) {
	t := newTally(m)
	for batch, err := range d.Batches(max(min(size, predictRows), 64), nil) {
		if err == nil {
			err = ended(ctx)
		}
		if err == nil {
			err = m.evaluateBatch(ctx, t, batch)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := checkCount(d, t.rows); err != nil {
		return nil, err
	}
	logs := Logs{}
	return logs, t.add(logs, "")
}

// evaluateBatch adds a batch to what is measured. A loss that is not finite because of the data is an error.
func (m *Model) evaluateBatch(ctx context.Context, t *tally, b Batch) error {
	p, key, values, err := m.programOf(ctx, b, evaluateMode)
	if err != nil {
		return err
	}
	defer m.release(key, p)
	draw := m.noise(0, "")
	if p.Noisy() {
		draw = m.noise(t.rows, key.inputs)
	}
	if err := m.store.read(func() error { return p.Run(draw, values...) }); err != nil {
		return badRun(err)
	}
	if loss := p.Loss(); math.IsNaN(loss) || math.IsInf(loss, 0) {
		if bad := b.nonFinite(t.rows); bad != "" {
			return nonFiniteError{loss, bad}
		}
	}
	if err := m.checkMasked(p, b); err != nil {
		return err
	}
	_, err = t.batch(p, b, key.batch)
	return err
}
