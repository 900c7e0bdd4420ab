package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// An emission is the graph of a network for one batch size.
type emission struct {
	b *builder
	x []Node // the inputs, in the order of Model.ins
	y Node   // the main output
}

// output returns the node of an output of the model.
func (e emission) output(o outPort) (Node, error) {
	if o.name == MainOutput {
		return e.y, nil
	}
	y, ok := e.b.outputs[o.name]
	if !ok {
		return y, fmt.Errorf("graph: output %s: got none from the network, want the output that it had at Compile", o.name)
	}
	return y, y.err
}

// emit builds the network for a batch size and samples of the given shapes.
func (m *Model) emit(batch int, shapes sampleShapes, training bool) (e emission, err error) {
	return m.emitIn(newBuilder(m.store, training), batch, shapes)
}

// emitIn is emit in a graph without nodes.
func (m *Model) emitIn(b *builder, batch int, shapes sampleShapes) (e emission, err error) {
	e.b, b.idle = b, m.idle()
	for i, in := range m.ins {
		n := b.input(in.name, append([]int{batch}, shapes[i]...))
		if e.x = append(e.x, n); i > 0 {
			b.inputs[in.name] = n
		}
	}
	x := e.x[0]
	y, err := ops.Safely(func() (Node, error) {
		if m.path != "" {
			return b.within(m.path, func() Node { return b.record(b.scope().child(m.path, m.net, false), m.net, x) }), nil
		}
		if _, ok := m.net.(LayerFunc); !ok {
			b.outermost = kindOf(m.net)
			defer func() { b.outermost = "" }()
		}
		return b.emit(b.scope(), m.net, x), nil // in the whole network, layers have names without a prefix
	})
	switch {
	case err != nil:
		err = b.failPanic(b.panicked, err).err
	case b.err != nil:
		err = b.err
	case y.err != nil:
		err = y.err
	case y.Rank() == 0 || y.Dim(0) != batch:
		err = fmt.Errorf("graph: output: got shape %v for a batch of %d, want the batch as the first dimension", y.Shape(), batch)
	default:
		err = b.checkScanned(y)
	}
	e.y = y
	return e, err
}

// A lossGraph holds the nodes of the loss that training minimizes.
type lossGraph struct {
	total   Node   // the weighted sum of the losses, plus the penalties
	parts   []Node // the loss of each output that has one; nil if only one has
	targets []Node // the inputs for the targets, one for each output that has a target
	valid   []Node // for each output with a loss or metrics 1 where an element of the prediction counts; the zero Node if all do
	weight  Node   // the input for the weights of the samples or steps, if there are any
}

// emitLoss adds the losses, the penalties and the inputs for the targets to a graph. targets has the shape, batch included,
// of the target of each output that has one; weight is the shape of the weights, nil for none.
func (m *Model) emitLoss(e emission, targets [][]int, weight []int) (g lossGraph, err error) {
	b := e.b
	if weight != nil {
		g.weight = b.input("sample weight", weight)
	}
	for _, o := range m.outs {
		if !o.measured() {
			continue
		}
		y, err := e.output(o)
		if err != nil {
			return g, err
		}
		where := "target"
		if o.name != MainOutput {
			where = o.name + " target"
		}
		var t Node
		if o.targeted() {
			t = b.input(where, targets[len(g.targets)])
			g.targets = append(g.targets, t)
		}
		w, err := b.weighingOf(o, y, t, g.weight)
		if err != nil {
			return g, err
		}
		if g.valid = append(g.valid, w.valid); o.Loss == nil {
			continue
		}
		loss, err := b.lossOf(o, y, t, w)
		if err != nil {
			return g, err
		}
		g.parts = append(g.parts, loss)
		if w := o.factor(); w != 1 {
			loss = loss.Scale(w)
		}
		g.add(loss)
	}
	if len(g.parts) == 1 {
		g.parts = nil
	}
	for _, p := range b.penalties {
		g.add(p.Reshape())
	}
	if none(g.total) { // the network has penalties in training alone
		g.total = b.scope().Scalar(0)
	}
	return g, g.total.err
}

// add adds a term to the total.
func (g *lossGraph) add(term Node) {
	if none(g.total) {
		g.total = term
	} else {
		g.total = g.total.Add(term)
	}
}
