package proto

import "fmt"

// decode reads a function of the file.
func (fn *Function) decode(b []byte) error {
	err := each(b, func(f field) error {
		var name string
		switch f.number {
		case 1:
			return f.string(&fn.Name)
		case 4:
			err := f.string(&name)
			fn.Inputs = append(fn.Inputs, name)
			return err
		case 5:
			err := f.string(&name)
			fn.Outputs = append(fn.Outputs, name)
			return err
		case 6:
			err := f.string(&name)
			fn.Attributes = append(fn.Attributes, name)
			return err
		case 7:
			return add(f, "node", &fn.Nodes, func(n *Node, b []byte) error { return n.decode(b, 0) })
		case 9:
			return add(f, "opset", &fn.Opsets, (*Opset).decode)
		case 10:
			return f.string(&fn.Domain)
		case 11:
			return add(f, "attribute", &fn.Defaults, func(a *Attribute, b []byte) error { return a.decode(b, 0) })
		}
		return nil
	})
	if err == nil && fn.Name == "" {
		err = fmt.Errorf("got no name, want one")
	}
	return err
}
