package graph

import (
	"context"
	"fmt"
	"maps"

	"github.com/nndiy/nndiy/internal/tensors"
)

// predictRows is the largest number of rows that Predict computes at a time.
const predictRows = 512

// Predict returns the main output for x, which holds any number n of samples: x has shape (n, Input...), the result
// (n, Output...). It computes at most 512 samples at a time, and stops with the context's error between two such pieces.
//
// Bits: on one machine, the output for a sample has the same bits whichever and however many samples are beside it, and
// whatever Config.Workers is. So a server may join the requests of several clients into one call. This holds if every layer
// treats samples independently in inference, as all of package layers do. One exception: if the network outputs a derivative
// (Grad), calls with one or two samples may differ from larger ones in the last bits.
//
// Concurrency: any number of goroutines may call Predict. A call takes a program compiled for its number of samples from a
// small cache, or compiles one; programs share only the parameters. A call with enough samples uses all cores; calls that run
// beside it use one core each.
//
// Memory: from the second use of unchanged parameters on, each weight matrix of up to 4 million elements is kept in memory a
// second time, in the order in which matrix products read it.
func (m *Model) Predict(ctx context.Context, x *Tensor) (*Tensor, error) {
	key, in, err := m.single(x)
	if err != nil {
		return nil, fmt.Errorf("graph: Predict: %w", err)
	}
	out := m.outs[0].make(m, key.batch)
	if err := m.predict(ctx, key, []*Tensor{out}, in); err != nil {
		return nil, fmt.Errorf("graph: Predict: %w", err)
	}
	return out, nil
}

// PredictInto is Predict with the result stored in out, a tensor in any layout that has the shape (n, Output...) and the
// element type Config.DType.
func (m *Model) PredictInto(ctx context.Context, out, x *Tensor) error {
	key, in, err := m.single(x)
	if err != nil {
		return fmt.Errorf("graph: PredictInto: %w", err)
	}
	if want := append([]int{key.batch}, m.outs[0].shape...); out == nil || !tensors.SameShape(out, want) || out.Dtype() != m.cfg.DType {
		got := "no tensor"
		if out != nil {
			got = fmt.Sprintf("%v of shape %v", out.Dtype(), []int(out.Shape()))
		}
		return fmt.Errorf("graph: PredictInto: output: got %s, want %v of shape %v", got, m.cfg.DType, want)
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

// PredictAll is Predict for a network with several inputs or outputs. It takes all inputs and returns all outputs by name;
// the main ones are called MainInput and MainOutput.
func (m *Model) PredictAll(ctx context.Context, inputs map[string]*Tensor) (map[string]*Tensor, error) {
	if err := checkNames(inputs, "input", m.inNames()); err != nil {
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

// single is feed for a network with one input.
func (m *Model) single(x *Tensor) (programKey, []*Tensor, error) {
	if len(m.ins) > 1 {
		return programKey{}, nil, fmt.Errorf("got one input, want %d: use PredictAll", len(m.ins))
	}
	return m.feed(Batch{X: x}, predictMode)
}

// make returns a tensor for the output of the given number of samples.
func (o outPort) make(m *Model, rows int) *Tensor {
	return tensors.New(m.cfg.DType, append([]int{rows}, o.shape...))
}

// predict computes the outputs, at most predictRows samples at a time.
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

// predictPiece computes the outputs of one piece.
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
