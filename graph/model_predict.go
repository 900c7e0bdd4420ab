package graph

import (
	"context"
	"fmt"
	"maps"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// predictRows is the largest number of rows that Predict computes at a time.
const predictRows = 512

// Predict returns the main output for x, which holds any number n of samples: x has shape (n, Input...), the result
// (n, Output...), where a dimension that is Any has a size of its own in each call. It computes at most 512 samples at a time, and
// fewer if their values are larger than a processor's cache; between two such pieces it stops with the context's error. If there
// are enough samples, each core computes some of them by itself. A network
// that mixes the samples of a batch, such as one with a mean over the batch, is computed as a whole: Predict finds out
// from the operations, and what it does not know counts as mixing. An error of x is an ErrInput.
//
// Bits: on one machine, the output for a sample has the same bits whichever and however many samples are beside it, and
// whatever Config.Workers is, if the network does not mix samples, as no layer of package layers does in inference. So a server
// may join the requests of several clients into one call. One exception: if the network outputs a derivative (Grad), calls with
// one or two samples may differ from larger ones in the last bits. Noise (Scope.Noise) depends on the seed and on the sample's
// number in the call, see Seeded.
//
// Concurrency: any number of goroutines may call Predict. A call takes a program compiled for its number of samples from a
// cache, or compiles one; programs share only the parameters. A call with enough samples uses all cores; calls that run beside
// it use one core each.
//
// Memory: programs that do not run at the same time share their memory. From the second use of unchanged parameters on, each
// weight matrix of up to 4 million elements is kept in memory a second time, in the order in which matrix products read it.
func (m *Model) Predict(ctx context.Context, x *Tensor) (*Tensor, error) {
	if err := m.made(); err != nil {
		return nil, public("Predict", err)
	}
	key, in, err := m.single(x)
	if err != nil {
		return nil, public("Predict", err)
	}
	out, err := m.makeOutputs(key)
	if err != nil {
		return nil, public("Predict", err)
	}
	if err := m.predict(ctx, key, out, in); err != nil {
		return nil, public("Predict", err)
	}
	return out[0], nil
}

// PredictInto is Predict with the result stored in out, a tensor in any layout that has the shape (n, Output...) and the
// element type Config.DType.
func (m *Model) PredictInto(ctx context.Context, out, x *Tensor) error {
	if err := m.made(); err != nil {
		return public("PredictInto", err)
	}
	key, in, err := m.single(x)
	if err != nil {
		return public("PredictInto", err)
	}
	shapes, err := m.outputShapes(key.inputs)
	if err != nil {
		return public("PredictInto", err)
	}
	if want := append([]int{key.batch}, shapes[0]...); out == nil || !tensors.SameShape(out, want) || out.Dtype() != m.cfg.DType {
		got := "no tensor"
		if out != nil {
			got = fmt.Sprintf("%v of shape %v", tensors.ElementType(out), []int(out.Shape()))
		}
		return fmt.Errorf("graph: PredictInto: output: got %s, want %v of shape %v", got, m.cfg.DType, want)
	}
	rows := out
	if !tensors.Contiguous(out) {
		rows = tensors.New(m.cfg.DType, out.Shape())
	}
	err = m.predict(ctx, key, []*Tensor{rows}, in)
	if err == nil && rows != out {
		err = tensors.Copy(out, rows)
	}
	if err != nil {
		return public("PredictInto", err)
	}
	return nil
}

// PredictAll is Predict for a network with several inputs or outputs. It takes all inputs and returns all outputs by name;
// the main ones are called MainInput and MainOutput.
func (m *Model) PredictAll(ctx context.Context, inputs map[string]*Tensor) (map[string]*Tensor, error) {
	if err := m.made(); err != nil {
		return nil, public("PredictAll", err)
	}
	if err := checkNames(inputs, "input", m.inNames()); err != nil {
		return nil, public("PredictAll", badInput(err))
	}
	b := Batch{X: inputs[MainInput], Inputs: maps.Clone(inputs)}
	delete(b.Inputs, MainInput)
	key, in, err := m.feed(b, everyMode)
	if err != nil {
		return nil, public("PredictAll", err)
	}
	list, err := m.makeOutputs(key)
	if err != nil {
		return nil, public("PredictAll", err)
	}
	named := map[string]*Tensor{}
	for i, o := range m.outs {
		named[o.name] = list[i]
	}
	if err := m.predict(ctx, key, list, in); err != nil {
		return nil, public("PredictAll", err)
	}
	return named, nil
}

// Seeded returns the model with another seed for the noise that it draws in Predict, PredictInto, PredictAll and Evaluate: each
// seed gives other noise, and one seed always the same. So a network with noise of its own in inference can be sampled, in
// several goroutines. The parameters are those of m.
func (m *Model) Seeded(seed uint64) *Model {
	if m.made() != nil {
		return &Model{}
	}
	s := *m
	s.seed = seed
	return &s
}

// TrainingMode returns the model as it computes in training, for Predict, PredictInto, PredictAll and Evaluate: Dropout drops, noise
// is drawn from the seed, and BatchNorm normalizes by the rows of the call. Nothing changes: states such as running statistics
// stay. One seed always gives the same noise, so predictions with several seeds are samples of a network with dropout (Gal and
// Ghahramani, 2016, "Dropout as a Bayesian approximation"); their spread shows how sure the network is:
//
//	for seed := range uint64(100) {
//		y, err := model.TrainingMode(seed).Predict(ctx, x)
//		...
//	}
//
// The parameters are those of m. The programs are compiled once for all seeds. Evaluate's loss then includes the penalties.
func (m *Model) TrainingMode(seed uint64) *Model {
	if m.made() != nil {
		return &Model{}
	}
	s := *m
	s.programs, s.training, s.seed = m.sampling, true, seed
	return &s
}

// noise returns the draw of random numbers in inference, for a batch whose first row has the given number in the call.
func (m *Model) noise(row int, inputs string) program.Draw {
	d := program.Draw{Seed: m.seed, Row: row}
	if row > 0 {
		d.Rows = m.rows(inputs).Noise
	}
	return d
}

// single is feed for a network with one input.
func (m *Model) single(x *Tensor) (programKey, []*Tensor, error) {
	if len(m.ins) > 1 {
		return programKey{}, nil, fmt.Errorf("got one input, want %d: use PredictAll", len(m.ins))
	}
	return m.feed(Batch{X: x}, predictMode)
}

// makeOutputs returns tensors for the outputs of a key's mode.
func (m *Model) makeOutputs(key programKey) ([]*Tensor, error) {
	shapes, err := m.outputShapes(key.inputs)
	if err != nil {
		return nil, err
	}
	if key.mode == predictMode {
		shapes = shapes[:1]
	}
	list := make([]*Tensor, len(shapes))
	for i, s := range shapes {
		list[i] = tensors.New(m.cfg.DType, append([]int{key.batch}, s...))
	}
	return list, nil
}

// predict computes the outputs.
func (m *Model) predict(ctx context.Context, key programKey, out, in []*Tensor) error {
	for i, x := range in {
		var err error
		if in[i], err = tensors.RowMajor(x); err != nil {
			return badInput(err)
		}
	}
	rows := key.batch
	c, err := m.cutting(ctx, key, in)
	if err != nil {
		return err
	}
	at := 0
	if c.apart > 0 {
		if at, err = m.predictApart(ctx, key, c.apart, out, in); err != nil {
			return err
		}
	}
	for ; at < rows; at += c.rows {
		if err := m.predictPiece(ctx, key, at, min(at+c.rows, rows), out, in); err != nil {
			return err
		}
	}
	return nil
}

// predictPiece computes the outputs for the samples [from, to).
func (m *Model) predictPiece(ctx context.Context, key programKey, from, to int, out, in []*Tensor) error {
	if err := ended(ctx); err != nil {
		return err
	}
	key.batch = to - from
	p, err := m.program(ctx, key)
	if err != nil {
		return fmt.Errorf("rows %d to %d: %w", from, to-1, err)
	}
	defer m.release(key, p)
	x := make([]*Tensor, len(in))
	for i, t := range in {
		x[i] = tensors.Rows(t, from, key.batch)
	}
	if err := m.store.read(func() error { return p.Run(m.noise(from, key.inputs), x...) }); err != nil {
		return fmt.Errorf("rows %d to %d: %w", from, to-1, badRun(err))
	}
	for i, t := range out {
		if err := tensors.Copy(tensors.Rows(t, from, key.batch), p.Prediction(i)); err != nil {
			return err
		}
	}
	return nil
}
