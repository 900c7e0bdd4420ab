package graph

import (
	"io"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
	"github.com/nndiy/nndiy/graph/internal/sketch"
)

// WriteDOT writes a diagram of the network in Graphviz's DOT language. A box is a layer with its parameters, or the operations
// between two layers; a frame is a layer that consists of layers. Arrows show the shapes of the values that flow along them,
// with n for the batch size and any for dimensions that vary (see Any).
func (m *Model) WriteDOT(w io.Writer) error {
	return m.draw("WriteDOT", w, m.drawLayers, picture.WriteDOT)
}

// WriteSVG writes the diagram of WriteDOT as SVG, without frames; boxes show the full names of the layers.
func (m *Model) WriteSVG(w io.Writer) error {
	return m.draw("WriteSVG", w, m.drawLayers, picture.WriteSVG)
}

// WriteExpressionDOT writes the expression graph of a prediction in Graphviz's DOT language. A box is an operation as a layer
// emitted it, before fusion; a frame is a layer.
func (m *Model) WriteExpressionDOT(w io.Writer) error {
	return m.draw("WriteExpressionDOT", w, m.drawOperations, picture.WriteDOT)
}

// draw makes a diagram and writes it.
func (m *Model) draw(what string, w io.Writer, of func() (*picture.Graph, error), write func(io.Writer, *picture.Graph) error) error {
	if err := m.made(); err != nil {
		return public(what, err)
	}
	g, err := of()
	if err == nil {
		err = write(w, g)
	}
	if err != nil {
		return public(what, err)
	}
	return nil
}

// drawLayers draws the layers as in training, since some layers emit nothing in inference.
func (m *Model) drawLayers() (*picture.Graph, error) {
	e, b, err := m.expression(sketch.Batch, m.probes[0], true)
	if err != nil {
		return nil, err
	}
	layers := make([]sketch.Layer, len(b.layers))
	for i, l := range b.layers {
		layers[i] = sketch.Layer{Path: l.path, Depth: l.depth, In: l.span.in, Out: l.span.out, From: l.span.from, To: l.span.to}
	}
	var states []*ops.Node // they show which layers have state
	for _, u := range b.states.updates {
		states = append(states, u.value.n)
	}
	varies, err := m.varying(e, true)
	if err != nil {
		return nil, err
	}
	return sketch.Layers(e, layers, states, varies), nil
}

// drawOperations draws the operations of a prediction.
func (m *Model) drawOperations() (*picture.Graph, error) {
	e, _, err := m.expression(sketch.Batch, m.probes[0], false)
	if err != nil {
		return nil, err
	}
	varies, err := m.varying(e, false)
	if err != nil {
		return nil, err
	}
	return sketch.Operations(e, varies), nil
}

// varying returns the dimensions of an expression that vary; the expression is for the first probe.
func (m *Model) varying(e *ops.Expression, training bool) (sketch.Varies, error) {
	varies := sketch.Varies{}
	for _, shapes := range m.probes[1:] {
		other, _, err := m.expression(sketch.Batch, shapes, training)
		if err != nil {
			return nil, err
		}
		varies.Add(e, other)
	}
	return varies, nil
}
