package graph

import (
	"errors"
	"fmt"
	"io"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Expression returns what the model computes to predict a batch of so many samples: the operations of the graph for
// inference, before they are lowered. It is for packages below this one that write a model in another form.
func (m *Model) Expression(batch int) (*ops.Expression, error) {
	if batch < 1 {
		return nil, fmt.Errorf("graph: Expression: got a batch of %d, want 1 or more", batch)
	}
	b, x, y, err := m.emit(batch, false)
	if err != nil {
		return nil, err
	}
	e := &ops.Expression{Inputs: []ops.Named{{Name: "input", Node: x.n}}, Outputs: []ops.Named{{Name: "output", Node: y.n}}}
	for _, name := range b.order {
		e.Params = append(e.Params, ops.Named{Name: name, Node: b.params[name].n, Trained: b.store.byName[name].trained})
	}
	return e, nil
}

// WriteFile writes a file as SaveFile does: a crash at any moment leaves the old file or the new one at the path, whole.
func WriteFile(path string, write func(io.Writer) error) error {
	if write == nil {
		return errors.New("graph: WriteFile: got no function")
	}
	if err := writeFile(path, write); err != nil {
		return fmt.Errorf("graph: WriteFile: %s: %w", path, err)
	}
	return nil
}

// At calls f, whose errors name the place: part of a layer that is no layer itself, such as an operation that was read from
// a file.
func (s *Scope) At(place string, f func() Node) Node { return s.b.within(s.join(place), f) }
