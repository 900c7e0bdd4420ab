package graph

import (
	"fmt"
	"io"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/picture"
)

// WriteDOT writes a picture of the layers in the DOT language of Graphviz: a box for each layer, with its parameters, and for
// operations between layers; arrows with the shapes of what flows, the batch shown as n. Layers that are made of layers are
// frames around those.
func (m *Model) WriteDOT(w io.Writer) error { return m.draw("WriteDOT", w, m.sketch, picture.WriteDOT) }

// WriteSVG writes the picture of WriteDOT as SVG, without frames: a box has the layer's full name.
func (m *Model) WriteSVG(w io.Writer) error { return m.draw("WriteSVG", w, m.sketch, picture.WriteSVG) }

// WriteExpressionDOT writes the expression graph of a prediction in the DOT language: a box for each operation, as the layers
// emitted it, before anything is fused; frames are layers.
func (m *Model) WriteExpressionDOT(w io.Writer) error {
	return m.draw("WriteExpressionDOT", w, m.expression, picture.WriteDOT)
}

// draw makes a picture and writes it.
func (m *Model) draw(what string, w io.Writer, sketch func() (*picture.Graph, error), write func(io.Writer, *picture.Graph) error) error {
	g, err := sketch()
	if err == nil {
		err = write(w, g)
	}
	if err != nil {
		return fmt.Errorf("graph: %s: %w", what, err)
	}
	return nil
}

// A span is the part of a graph that one application of a layer emitted.
type span struct {
	in, out  *ops.Node
	from, to int64 // numbers of the first node and behind the last
}

// count returns the number that the next node will have.
func (b *builder) count() int64 { return int64(len(b.g.G.AllNodes())) }

// pictureBatch is the batch of a graph that is drawn: a prime that no layer is likely to have as a size of its own.
const pictureBatch = 1009

// pictured returns a shape as pictures show it.
func pictured(shape []int) string {
	text := "["
	for i, d := range shape {
		if i > 0 {
			text += " "
		}
		switch {
		case d == pictureBatch:
			text += "n"
		case d%pictureBatch == 0 && d > 0:
			text += fmt.Sprintf("%dn", d/pictureBatch)
		default:
			text += fmt.Sprint(d)
		}
	}
	return text + "]"
}

// roots returns the outputs of a model in a graph, in the order of Model.outs.
func (m *Model) roots(e emission) (nodes []*ops.Node, err error) {
	for _, o := range m.outs {
		y, err := e.output(o)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, y.n)
	}
	return nodes, nil
}

// paramLine describes a parameter.
func (m *Model) paramLine(name, within string) string {
	p := m.store.byName[name]
	if within != "" && len(name) > len(within)+1 && name[:len(within)+1] == within+"/" {
		name = name[len(within)+1:]
	}
	line := name + " " + fmt.Sprint(p.shape)
	if !p.trained {
		line += ", not trained"
	}
	return line
}
