package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// feed returns the key of the program for a batch, and the values of the program's inputs: those of the model, and unless the
// mode predicts, the targets and the weights of the samples.
func (m *Model) feed(b Batch, mode mode) (key programKey, list []*Tensor, err error) {
	return m.feedTo(new(fed), b, mode)
}

// A fed holds the memory that feedTo uses.
type fed struct {
	list            []*Tensor
	inputs, targets encoding
}

// An encoding holds the shapes of the inputs or targets of one batch, and what encodeShapes returned for those of the last.
type encoding struct {
	shapes, last [][]int
	text         string
}

// encode returns encodeShapes of the shapes, without an allocation if they are those of the last batch.
func (e *encoding) encode() string {
	if e.text == "" || !slices.EqualFunc(e.shapes, e.last, slices.Equal[[]int]) {
		e.text, e.last = encodeShapes(e.shapes), nil
		for _, s := range e.shapes {
			e.last = append(e.last, slices.Clone(s))
		}
	}
	return e.text
}

// feedTo is feed for a caller that gives the same memory for many batches. The values are valid until the next call with it.
func (m *Model) feedTo(f *fed, b Batch, mode mode) (key programKey, list []*Tensor, err error) {
	defer func() {
		if err != nil && err != m.untrainable && err != errNoLoss {
			err = badInput(err)
		}
	}()
	if f.list == nil {
		f.list = make([]*Tensor, 0, len(m.ins)+len(m.outs)+1)
	}
	list, f.inputs.shapes, f.targets.shapes = f.list[:0], f.inputs.shapes[:0], f.targets.shapes[:0]
	for i, in := range m.ins {
		x := b.X
		if i > 0 {
			x = b.Inputs[in.name]
		}
		rows, err := in.rows(x)
		if err != nil {
			return key, nil, err
		}
		if i > 0 && rows != key.batch {
			return key, nil, fmt.Errorf("%s: got %d rows, want %d as in %s", in.name, rows, key.batch, MainInput)
		}
		key.batch = rows
		list = append(list, x)
		if m.varies {
			f.inputs.shapes = append(f.inputs.shapes, x.Shape()[1:])
		}
	}
	if len(b.Inputs) > 0 {
		if err := checkNames(b.Inputs, "input", m.inNames()[1:]); err != nil {
			return key, nil, err
		}
	}
	if m.varies {
		key.inputs = f.inputs.encode()
	}
	key.mode = mode
	if mode.predicts() {
		return key, list, nil
	}
	if key.batch == 0 {
		return key, nil, fmt.Errorf("%s: got shape %v, want at least one row", MainInput, []int(b.X.Shape()))
	}
	if m.untrainable != nil {
		return key, nil, m.untrainable
	}
	if !m.trainable() {
		return key, nil, errNoLoss
	}
	if len(b.Targets) > 0 {
		if err := checkNames(b.Targets, "target", m.outNames()[1:]); err != nil {
			return key, nil, err
		}
	}
	for _, o := range m.outs {
		if !o.targeted() {
			continue
		}
		what, y := "target", b.Y
		if o.name != MainOutput {
			what, y = o.name+" target", b.Targets[o.name]
		}
		if err := sameRows(what, y, key.batch); err != nil {
			return key, nil, err
		}
		if slices.Contains(y.Shape(), 0) {
			return key, nil, fmt.Errorf("%s: got shape %v, want dimensions of 1 or more", what, []int(y.Shape()))
		}
		if !o.masked { // else checkMasked does it, after the run
			if err := checkRange(what, o.Loss, y); err != nil {
				return key, nil, err
			}
			if err := checkTarget(what, o.Loss, y, o.shape); err != nil {
				return key, nil, err
			}
		}
		list, f.targets.shapes = append(list, y), append(f.targets.shapes, y.Shape()[1:])
	}
	key.targets = f.targets.encode()
	if mode == trainMode {
		key.choice = m.store.choice.Load()
	}
	if b.Weight != nil {
		if !slices.ContainsFunc(m.outs, func(o outPort) bool { return o.Loss != nil }) {
			return key, nil, errors.New("weight: got sample weights for a model without a Loss, want none")
		}
		if err := checkWeight(b.Weight, key.batch, m.outs); err != nil {
			return key, nil, err
		}
		key.weights = ops.Encode(b.Weight.Shape()[1:])
		list = append(list, b.Weight)
	}
	return key, list, nil
}

var errNoLoss = errors.New("got a model compiled without a Loss, want Config.Loss, or a Scope.Penalty that depends on more than parameters")

// rows checks the shape of a tensor for the input and returns its number of rows.
func (in inPort) rows(x *Tensor) (int, error) {
	if x == nil {
		return 0, fmt.Errorf("%s: got no tensor, want shape %s", in.name, batchShape(in.shape))
	}
	s := x.Shape()
	if len(s) != len(in.shape)+1 || !fits(s[1:], in.shape) {
		return 0, fmt.Errorf("%s: got shape %v, want %s", in.name, []int(s), batchShape(in.shape))
	}
	return s[0], nil
}

// sameRows returns an error unless a tensor has the given number of rows.
func sameRows(what string, t *Tensor, rows int) error {
	switch {
	case t == nil:
		return fmt.Errorf("%s: got no tensor, want %d rows as the input has", what, rows)
	case t.Dims() == 0 || t.Shape()[0] != rows:
		return fmt.Errorf("%s: got shape %v, want %d rows as the input has", what, []int(t.Shape()), rows)
	}
	return nil
}

// checkNames returns an error for a name that is not a known one.
func checkNames(given map[string]*Tensor, what string, known []string) error {
	for name := range given {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%s: got the name %q, want one of %q", what, name, known)
		}
	}
	return nil
}

// inNames returns the names of the inputs, the main one first.
func (m *Model) inNames() []string {
	names := make([]string, len(m.ins))
	for i, in := range m.ins {
		names[i] = in.name
	}
	return names
}

// outNames returns the names of the outputs, the main one first.
func (m *Model) outNames() []string {
	names := make([]string, len(m.outs))
	for i, o := range m.outs {
		names[i] = o.name
	}
	return names
}

// ended returns the error of a context that is done or nil, nil if work may continue.
func ended(ctx context.Context) error {
	if ctx == nil {
		return errors.New("got no context, want one such as context.Background()")
	}
	return ctx.Err()
}
