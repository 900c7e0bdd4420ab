package proto

import (
	"encoding/binary"
	"math"
)

// Encode returns the model as bytes; the same model gives the same bytes.
func Encode(m *Model) []byte {
	w := &writer{}
	w.integer(1, m.IR)
	w.string(2, m.Producer)
	w.message(7, func() { m.Graph.encode(w) })
	for _, o := range m.Opsets {
		w.message(8, func() { o.encode(w) })
	}
	for _, p := range m.Metadata {
		w.message(14, func() {
			w.string(1, p.Key)
			w.string(2, p.Value)
		})
	}
	for i := range m.Functions {
		w.message(25, func() { m.Functions[i].encode(w) })
	}
	return w.b
}

func (f *Function) encode(w *writer) {
	w.string(1, f.Name)
	for i, names := range [][]string{f.Inputs, f.Outputs, f.Attributes} {
		for _, name := range names {
			w.bytes(4+i, []byte(name))
		}
	}
	for i := range f.Nodes {
		w.message(7, func() { f.Nodes[i].encode(w) })
	}
	for _, o := range f.Opsets {
		w.message(9, func() { o.encode(w) })
	}
	w.string(10, f.Domain)
	for i := range f.Defaults {
		w.message(11, func() { f.Defaults[i].encode(w) })
	}
}

func (o *Opset) encode(w *writer) {
	w.string(1, o.Domain)
	w.integer(2, o.Version)
}

func (g *Graph) encode(w *writer) {
	for i := range g.Nodes {
		w.message(1, func() { g.Nodes[i].encode(w) })
	}
	w.string(2, g.Name)
	for i := range g.Initializers {
		w.message(5, func() { g.Initializers[i].encode(w) })
	}
	for _, v := range g.Inputs {
		w.message(11, func() { v.encode(w) })
	}
	for _, v := range g.Outputs {
		w.message(12, func() { v.encode(w) })
	}
}

func (n *Node) encode(w *writer) {
	for _, name := range n.Inputs {
		w.bytes(1, []byte(name)) // an empty one keeps its place
	}
	for _, name := range n.Outputs {
		w.bytes(2, []byte(name))
	}
	w.string(3, n.Name)
	w.string(4, n.Operator)
	for _, a := range n.Attributes {
		w.message(5, func() { a.encode(w) })
	}
	w.string(7, n.Domain)
}

func (a *Attribute) encode(w *writer) {
	w.string(1, a.Name)
	w.string(21, a.Reference)
	kind := a.Kind
	if a.Reference != "" {
		kind = 0
	}
	switch kind {
	case Float:
		w.key(2, fixed32Type)
		w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(a.Float))
	case Int:
		w.integer(3, a.Int)
	case String:
		w.bytes(4, []byte(a.String))
	case Dense:
		w.message(5, func() { a.Tensor.encode(w) })
	case Nested:
		w.message(6, func() { a.Graph.encode(w) })
	case Floats:
		w.message(7, func() {
			for _, v := range a.Floats {
				w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(v))
			}
		})
	case Ints:
		w.integers(8, a.Ints)
	case Strings:
		for _, v := range a.Strings {
			w.bytes(9, []byte(v))
		}
	}
	w.integer(20, int64(a.Kind))
}

func (v *Value) encode(w *writer) {
	w.string(1, v.Name)
	w.message(2, func() {
		w.message(1, func() {
			w.integer(1, int64(v.Type))
			if v.Dims == nil {
				return
			}
			w.message(2, func() {
				for _, d := range v.Dims {
					w.message(1, func() {
						if d.Size > 0 || d.Zero {
							w.integer(1, d.Size)
						}
						w.string(2, d.Name)
					})
				}
			})
		})
	})
	w.string(3, v.Doc)
}
