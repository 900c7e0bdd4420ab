package graph

import (
	"context"
	"errors"
	"fmt"
)

// Evaluate returns the mean loss over a dataset, as "loss", and each metric under its name. The network computes as in
// inference: Dropout does nothing.
func (m *Model) Evaluate(ctx context.Context, d Dataset) (Logs, error) {
	if d == nil || d.Len() == 0 {
		return nil, errors.New("graph: Evaluate: got no data")
	}
	logs, err := m.evaluate(ctx, d, 256)
	if err != nil {
		return nil, fmt.Errorf("graph: Evaluate: %w", err)
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
			err = m.evaluateBatch(t, batch)
		}
		if err != nil {
			return nil, err
		}
	}
	if t.rows == 0 {
		return nil, errors.New("got no batch from the data, want at least one")
	}
	logs := Logs{}
	t.add(logs, "")
	return logs, nil
}

func (m *Model) evaluateBatch(t *tally, b Batch) error {
	p, key, values, err := m.programOf(b, evaluateMode)
	if err != nil {
		return err
	}
	defer m.release(key, p)
	if err := m.store.read(func() error { return p.Run(0, values...) }); err != nil {
		return err
	}
	return t.batch(p, b, key.batch)
}
