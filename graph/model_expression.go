package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/friend"
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// expression emits the network for a batch of the given size and samples of the given shapes, and returns its operations as the
// layers emitted them, before lowering.
func (m *Model) expression(batch int, shapes sampleShapes, training bool) (*ops.Expression, *builder, error) {
	if batch < 1 {
		return nil, nil, fmt.Errorf("graph: Expression: got a batch of %d, want 1 or more", batch)
	}
	em, err := m.emit(batch, shapes, training)
	if err != nil {
		return nil, nil, err
	}
	e := new(ops.Expression)
	for i, in := range m.ins {
		e.Inputs = append(e.Inputs, ops.Named{Name: in.name, Node: em.x[i].n})
	}
	for _, o := range m.outs {
		y, err := em.output(o)
		if err != nil {
			return nil, nil, err
		}
		e.Outputs = append(e.Outputs, ops.Named{Name: o.name, Node: y.n})
	}
	for _, name := range em.b.order {
		p := em.b.store.byName[name]
		e.Params = append(e.Params, ops.Named{Name: name, Node: em.b.params[name].n, Trained: p.trained})
	}
	return e, em.b, nil
}

func init() {
	friend.Expression = func(m *Model, batch int, shapes [][]int) (*ops.Expression, error) {
		if err := m.made(); err != nil {
			return nil, err
		}
		e, _, err := m.expression(batch, shapes, false)
		if err != nil {
			return nil, err
		}
		return e.Plain(), nil
	}
	friend.Probes = func(m *Model) [][][]int {
		var list [][][]int
		if m.made() != nil {
			return [][][]int{nil} // Expression returns the error
		}
		for _, shapes := range m.probes {
			list = append(list, shapes)
		}
		return list
	}
	friend.Apart = func(net Layer, cfg Config) bool {
		m, err := prepare(net, cfg)
		if err != nil {
			return false
		}
		m.store.shapes = true // no values
		shapes := make(sampleShapes, len(m.ins))
		for i, in := range m.ins {
			shapes[i] = in.shape
		}
		em, err := m.emit(rowPrimes[0], shapes, false)
		if err != nil || m.setOutputs(em) != nil {
			return false
		}
		return m.analyzeRows(shapes).Independent
	}
	friend.At = func(s *Scope, place string, f func() Node) Node {
		s.begin()
		return s.b.within(s.join(place), f)
	}
	friend.Learns = func(s *Scope) bool { return s.training && !s.b.idle }
	friend.Unary = Node.unary
	friend.Limited = (*Scope).limited
}
