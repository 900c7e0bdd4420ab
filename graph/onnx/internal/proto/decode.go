package proto

import (
	"errors"
	"fmt"
	"math"
)

// Decode reads a model. Its tensors refer to parts of b, which must not change afterwards.
func Decode(b []byte) (*Model, error) {
	m := &Model{Opsets: make([]Opset, 0, count(b, 8)), Metadata: make([]Property, 0, count(b, 14))}
	graphs := 0
	err := each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.integer(&m.IR)
		case 2:
			return f.string(&m.Producer)
		case 7:
			if graphs++; graphs > 1 {
				return errors.New("got two graphs, want one")
			}
			return f.message("graph", func(b []byte) error { return m.Graph.decode(b, 0) })
		case 8:
			return add(f, "opset", &m.Opsets, (*Opset).decode)
		case 14:
			return add(f, "metadata", &m.Metadata, (*Property).decode)
		case 25:
			return add(f, "function", &m.Functions, (*Function).decode)
		}
		return nil
	})
	if err == nil && graphs == 0 {
		err = errors.New("got no graph, want one")
	}
	if err != nil && graphs == 0 {
		err = fmt.Errorf("%w: is this an ONNX file?", err)
	}
	return m, err
}

// message reads an embedded message.
func (f field) message(what string, decode func([]byte) error) error {
	err := f.want(bytesType)
	if err == nil {
		err = decode(f.data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// add reads an embedded message and appends it to a list.
func add[T any](f field, what string, list *[]T, decode func(*T, []byte) error) error {
	var v T
	if err := f.message(what, func(b []byte) error { return decode(&v, b) }); err != nil {
		return fmt.Errorf("%w (number %d)", err, len(*list)+1)
	}
	*list = append(*list, v)
	return nil
}

// count returns how many fields have the given number, so that their list can be made at its final size.
func count(b []byte, number int) int {
	n := 0
	_ = each(b, func(f field) error { // reading the fields returns the error again
		if f.number == number {
			n++
		}
		return nil
	})
	return n
}

func (o *Opset) decode(b []byte) error {
	return each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.string(&o.Domain)
		case 2:
			return f.integer(&o.Version)
		}
		return nil
	})
}

func (p *Property) decode(b []byte) error {
	return each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.string(&p.Key)
		case 2:
			return f.string(&p.Value)
		}
		return nil
	})
}

// maxDepth is how deeply graphs may be nested in attributes of nodes.
const maxDepth = 16

// decode reads a graph, which is nested in depth others.
func (g *Graph) decode(b []byte, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("got a graph nested in %d others, want at most %d", depth, maxDepth)
	}
	g.Nodes, g.Initializers = make([]Node, 0, count(b, 1)), make([]Tensor, 0, count(b, 5))
	return each(b, func(f field) error {
		switch f.number {
		case 1:
			return add(f, "node", &g.Nodes, func(n *Node, b []byte) error { return n.decode(b, depth) })
		case 2:
			return f.string(&g.Name)
		case 5:
			return add(f, "initializer", &g.Initializers, (*Tensor).decode)
		case 11:
			return add(f, "input", &g.Inputs, (*Value).decode)
		case 12:
			return add(f, "output", &g.Outputs, (*Value).decode)
		case 15:
			return errors.New("got a sparse initializer, want dense ones")
		}
		return nil
	})
}

func (n *Node) decode(b []byte, depth int) error {
	if a := count(b, 5); a > 0 {
		n.Attributes = make([]Attribute, 0, a)
	}
	err := each(b, func(f field) error {
		var name string
		switch f.number {
		case 1:
			err := f.string(&name)
			n.Inputs = append(n.Inputs, name)
			return err
		case 2:
			err := f.string(&name)
			n.Outputs = append(n.Outputs, name)
			return err
		case 3:
			return f.string(&n.Name)
		case 4:
			return f.string(&n.Operator)
		case 5:
			return add(f, "attribute", &n.Attributes, func(a *Attribute, b []byte) error { return a.decode(b, depth) })
		case 7:
			return f.string(&n.Domain)
		}
		return nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("%.64q: %w", n.Name, err)
	case n.Operator == "" || len(n.Outputs) == 0:
		return fmt.Errorf("%.64q: got operator %.64q with %d outputs, want an operator with at least one output", n.Name, n.Operator, len(n.Outputs))
	}
	return nil
}

func (a *Attribute) decode(b []byte, depth int) error {
	var floats []byte
	err := each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.string(&a.Name)
		case 2:
			a.Float = math.Float32frombits(uint32(f.value))
			return f.want(fixed32Type)
		case 3:
			return f.integer(&a.Int)
		case 4:
			a.String = string(f.data)
			return f.want(bytesType)
		case 5:
			a.Tensor = &Tensor{}
			return f.message("tensor", a.Tensor.decode)
		case 6:
			if a.Graph != nil {
				return errors.New("got two graphs, want one")
			}
			a.Graph = &Graph{}
			return f.message("graph", func(b []byte) error { return a.Graph.decode(b, depth+1) })
		case 7:
			return f.fixed(&floats, 4)
		case 8:
			return f.integers(&a.Ints)
		case 9:
			a.Strings = append(a.Strings, string(f.data))
			return f.want(bytesType)
		case 20:
			return f.integer((*int64)(&a.Kind))
		case 21:
			return f.string(&a.Reference)
		}
		return nil
	})
	a.Floats = float32s(floats)
	switch {
	case err != nil:
		return fmt.Errorf("%.64q: %w", a.Name, err)
	case a.Name == "":
		return errors.New("got no name, want one")
	case a.Reference != "":
		return nil
	case a.Kind == Dense && a.Tensor == nil:
		return fmt.Errorf("%.64q: got no tensor, want one", a.Name)
	case a.Kind == Nested && a.Graph == nil:
		return fmt.Errorf("%.64q: got no graph, want one", a.Name)
	}
	return nil
}
