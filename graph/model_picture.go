package graph

import (
	"fmt"
	"io"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
	"github.com/nndiy/nndiy/graph/internal/sketch"
)

// WriteDOT writes a picture of the layers in the DOT language of Graphviz: a box for each layer, with its parameters, and for
// operations between layers; arrows with the shapes of what flows, the batch shown as n. Layers that are made of layers are
// frames around those.
func (m *Model) WriteDOT(w io.Writer) error {
	return m.draw("WriteDOT", w, m.drawLayers, picture.WriteDOT)
}

// WriteSVG writes the picture of WriteDOT as SVG, without frames: a box has the layer's full name.
func (m *Model) WriteSVG(w io.Writer) error {
	return m.draw("WriteSVG", w, m.drawLayers, picture.WriteSVG)
}

// WriteExpressionDOT writes the expression graph of a prediction in the DOT language: a box for each operation, as the layers
// emitted it, before anything is fused; frames are layers.
func (m *Model) WriteExpressionDOT(w io.Writer) error {
	return m.draw("WriteExpressionDOT", w, m.drawOperations, picture.WriteDOT)
}

// draw makes a picture and writes it.
func (m *Model) draw(what string, w io.Writer, of func() (*picture.Graph, error), write func(io.Writer, *picture.Graph) error) error {
	g, err := of()
	if err == nil {
		err = write(w, g)
	}
	if err != nil {
		return fmt.Errorf("graph: %s: %w", what, err)
	}
	return nil
}

// drawLayers draws the layers as in training, when none of them is missing.
func (m *Model) drawLayers() (*picture.Graph, error) {
	e, b, err := m.expression(sketch.Batch, true)
	if err != nil {
		return nil, err
	}
	layers := make([]sketch.Layer, len(b.layers))
	for i, l := range b.layers {
		layers[i] = sketch.Layer{Path: l.path, Depth: l.depth, In: l.span.in, Out: l.span.out, From: l.span.from, To: l.span.to}
	}
	var states []*ops.Node // they show that a layer has state
	for _, u := range b.states.updates {
		states = append(states, u.value.n)
	}
	return sketch.Layers(e, layers, states), nil
}

// drawOperations draws the operations of a prediction.
func (m *Model) drawOperations() (*picture.Graph, error) {
	e, _, err := m.expression(sketch.Batch, false)
	if err != nil {
		return nil, err
	}
	return sketch.Operations(e), nil
}
