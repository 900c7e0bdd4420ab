package graph

import (
	"context"
	"fmt"
	"maps"

	"github.com/nndiy/nndiy/internal/tensors"
)

// predictRows is how many rows Predict computes at a time.
const predictRows = 512

// Predict returns the network's output for any number of samples, computed in pieces.
//
// A sample's output has the same bits whatever other samples it is given with, how many they are, and how many workers there
// are: requests may be gathered. That holds for all networks whose layers treat samples each for itself in inference, as all
// of package layers do, on one machine; one whose output is itself a derivative, by Grad, may differ in the last bits
// between up to two samples and more.
//
// Any number of goroutines may call it at once. Each call takes a program for its number of rows out of a small cache, or
// compiles one, so that calls share nothing but the parameters, and calls of as many rows as before compile nothing. One
// alone uses all cores, as far as its rows are enough for that; while it does, others run on a core each.
//
// From the second use on of the same parameters, matrices of up to 4 million elements are kept a second time, in the order in
// which products read them.
func (m *Model) Predict(ctx context.Context, x *Tensor) (*Tensor, error) {
	key, in, err := m.only(x)
	if err != nil {
		return nil, fmt.Errorf("graph: Predict: %w", err)
	}
	out := m.outs[0].make(m, key.batch)
	if err := m.predict(ctx, key, []*Tensor{out}, in); err != nil {
		return nil, fmt.Errorf("graph: Predict: %w", err)
	}
	return out, nil
}

// PredictInto is Predict into a tensor of the caller's, of the model's element type and the output's shape.
func (m *Model) PredictInto(ctx context.Context, out, x *Tensor) error {
	key, in, err := m.only(x)
	if err != nil {
		return fmt.Errorf("graph: PredictInto: %w", err)
	}
	if want := append([]int{key.batch}, m.outs[0].shape...); out == nil || !tensors.SameShape(out, want) || out.Dtype() != m.cfg.DType {
		return fmt.Errorf("graph: PredictInto: output: want a tensor of %v with shape %v", m.cfg.DType, want)
	}
	rows := out
	if !tensors.Contiguous(out) {
		rows = m.outs[0].make(m, key.batch)
	}
	err = m.predict(ctx, key, []*Tensor{rows}, in)
	if err == nil && rows != out {
		err = tensors.Copy(out, rows)
	}
	if err != nil {
		return fmt.Errorf("graph: PredictInto: %w", err)
	}
	return nil
}

// PredictAll is Predict for a network with several inputs or outputs: it takes all inputs and returns all outputs by their
// names. The one that Emit is given is MainInput, the one that it returns MainOutput.
func (m *Model) PredictAll(ctx context.Context, inputs map[string]*Tensor) (map[string]*Tensor, error) {
	if err := surplus(inputs, "input", m.inNames()); err != nil {
		return nil, fmt.Errorf("graph: PredictAll: %w", err)
	}
	b := Batch{X: inputs[MainInput], Inputs: maps.Clone(inputs)}
	delete(b.Inputs, MainInput)
	key, in, err := m.feed(b, everyMode)
	if err != nil {
		return nil, fmt.Errorf("graph: PredictAll: %w", err)
	}
	list, named := make([]*Tensor, len(m.outs)), map[string]*Tensor{}
	for i, o := range m.outs {
		list[i] = o.make(m, key.batch)
		named[o.name] = list[i]
	}
	if err := m.predict(ctx, key, list, in); err != nil {
		return nil, fmt.Errorf("graph: PredictAll: %w", err)
	}
	return named, nil
}

// only returns what a program of a single input is fed with.
func (m *Model) only(x *Tensor) (programKey, []*Tensor, error) {
	if len(m.ins) > 1 {
		return programKey{}, nil, fmt.Errorf("the network takes %d inputs, want PredictAll", len(m.ins))
	}
	return m.feed(Batch{X: x}, predictMode)
}

// make returns a tensor for so many samples of the output.
func (o outPort) make(m *Model, rows int) *Tensor {
	return tensors.New(m.cfg.DType, append([]int{rows}, o.shape...))
}

// predict computes the outputs in pieces of predictRows samples.
func (m *Model) predict(ctx context.Context, key programKey, out, in []*Tensor) error {
	for i, x := range in {
		var err error
		if in[i], err = tensors.RowMajor(x); err != nil {
			return err
		}
	}
	piece := make([]*Tensor, len(in)+len(out))
	for at, rows := 0, key.batch; at < rows; at += predictRows {
		if err := ended(ctx); err != nil {
			return err
		}
		key.batch = min(predictRows, rows-at)
		for i, t := range in {
			piece[i] = tensors.Rows(t, at, key.batch)
		}
		for i, t := range out {
			piece[len(in)+i] = tensors.Rows(t, at, key.batch)
		}
		if err := m.predictPiece(key, piece[len(in):], piece[:len(in)]); err != nil {
			return fmt.Errorf("rows %d to %d: %w", at, at+key.batch-1, err)
		}
	}
	return nil
}

func (m *Model) predictPiece(key programKey, out, in []*Tensor) error {
	p, err := m.program(key)
	if err != nil {
		return err
	}
	defer m.release(key, p)
	if err := m.store.read(func() error { return p.Run(0, in...) }); err != nil {
		return err
	}
	for i, t := range out {
		if err := tensors.Copy(t, p.Prediction(i)); err != nil {
			return err
		}
	}
	return nil
}
