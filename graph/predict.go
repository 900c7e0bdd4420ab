package graph

import (
	"context"
	"fmt"
	"slices"
)

// check compares a tensor with what the model takes and returns its number of rows.
func (m *Model) check(what string, x *Tensor) (rows int, err error) {
	if x == nil {
		return 0, fmt.Errorf("%s: got no tensor", what)
	}
	s := x.Shape()
	if len(s) != len(m.cfg.Input)+1 || !slices.Equal([]int(s[1:]), m.cfg.Input) {
		want := fmt.Sprint(m.cfg.Input)
		return 0, fmt.Errorf("%s: got shape %v, want [n %s", what, []int(s), want[1:])
	}
	return s[0], nil
}

// predictRows is how many rows Predict computes at a time.
const predictRows = 512

// Predict returns the network's output for any number of samples, computed in pieces.
func (m *Model) Predict(ctx context.Context, x *Tensor) (*Tensor, error) {
	rows, err := m.check("input", x)
	if err != nil {
		return nil, fmt.Errorf("graph: Predict: %w", err)
	}
	out := newTensor(m.cfg.DType, append([]int{rows}, m.output...))
	return out, m.PredictInto(ctx, out, x)
}

// PredictInto is Predict into a tensor of the caller's, of the model's element type and the output's shape.
func (m *Model) PredictInto(ctx context.Context, out, x *Tensor) error {
	rows, err := m.check("input", x)
	if err != nil {
		return fmt.Errorf("graph: PredictInto: %w", err)
	}
	if want := append([]int{rows}, m.output...); out == nil || !sameShape(out, want) || out.Dtype() != m.cfg.DType {
		return fmt.Errorf("graph: PredictInto: output: want a tensor of %v with shape %v", m.cfg.DType, want)
	}
	if x.RequiresIterator() || !x.DataOrder().IsRowMajor() {
		x = cloneTensor(x)
	}
	for at := 0; at < rows; at += predictRows {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("graph: PredictInto: %w", err)
		}
		n := min(predictRows, rows-at)
		if err := m.predict(rowsOf(out, at, n), rowsOf(x, at, n)); err != nil {
			return fmt.Errorf("graph: PredictInto: rows %d to %d: %w", at, at+n-1, err)
		}
	}
	return nil
}

func (m *Model) predict(out, x *Tensor) error {
	key := programKey{mode: predictMode, batch: x.Shape()[0]}
	p, err := m.program(key)
	if err != nil {
		return err
	}
	defer m.release(key, p)
	m.params.RLock()
	defer m.params.RUnlock()
	if err := p.run(0, x); err != nil {
		return err
	}
	return copyTensor(out, p.output(0))
}
