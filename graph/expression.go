package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Expression returns what the model computes to predict a batch of so many samples: the operations of the graph for
// inference, before they are lowered. It is for packages below this one that write a model in another form.
func (m *Model) Expression(batch int) (*ops.Expression, error) {
	if batch < 1 {
		return nil, fmt.Errorf("graph: Expression: got a batch of %d, want 1 or more", batch)
	}
	em, err := m.emit(batch, false)
	if err != nil {
		return nil, err
	}
	e := new(ops.Expression)
	for i, in := range m.ins {
		e.Inputs = append(e.Inputs, ops.Named{Name: in.name, Node: em.x[i].n})
	}
	for _, o := range m.outs {
		y, err := em.output(o)
		if err != nil {
			return nil, err
		}
		e.Outputs = append(e.Outputs, ops.Named{Name: o.name, Node: y.n})
	}
	for _, name := range em.b.order {
		p := em.b.store.byName[name]
		e.Params = append(e.Params, ops.Named{Name: name, Node: em.b.params[name].n, Trained: p.trained})
	}
	return e, nil
}

// At calls f, whose errors name the place: part of a layer that is no layer itself, such as an operation that was read from
// a file.
func (s *Scope) At(place string, f func() Node) Node { return s.b.within(s.join(place), f) }
