package proto

import (
	"fmt"
	"math/bits"
	"path"
	"strconv"
)

// External describes where the elements of a tensor are in another file.
type External struct {
	Location       string // path below the folder of the model's file, with slashes
	Offset, Length int64  // in bytes
}

// decodeEntry reads a StringStringEntryProto.
func (p *Property) decodeEntry(b []byte) error { return p.decode(b) }

// setExternal sets External from the entries of the file. A missing length is the one that the dimensions need.
func (t *Tensor) setExternal(entries []Property) error {
	x := &External{Length: -1}
	for _, p := range entries {
		var err error
		switch p.Key {
		case "location":
			x.Location = path.Clean(p.Value)
		case "offset":
			x.Offset, err = strconv.ParseInt(p.Value, 10, 62)
		case "length":
			x.Length, err = strconv.ParseInt(p.Value, 10, 62)
		}
		if err != nil || x.Offset < 0 {
			return fmt.Errorf("external data: %.32s: got %.64q, want a number of 0 or more", p.Key, p.Value)
		}
	}
	if x.Location == "" || x.Location == "." {
		return fmt.Errorf("external data: got no location, want the name of a file")
	}
	want, err := t.bytes()
	if err != nil {
		return err
	}
	if x.Length < 0 {
		x.Length = want
	}
	if x.Length != want {
		return fmt.Errorf("external data: got %d bytes, want %d for %v of %v", x.Length, want, t.Type, head(t.Dims))
	}
	t.External = x
	return nil
}

// bytes returns the number of bytes that the dimensions need.
func (t *Tensor) bytes() (int64, error) {
	n := uint64(t.Type.Bytes())
	for _, d := range t.Dims {
		hi, lo := bits.Mul64(n, uint64(d))
		if d < 0 || hi != 0 || lo>>62 != 0 {
			return 0, fmt.Errorf("got dimensions %v, want sizes of 0 or more and fewer than 2^62 bytes", head(t.Dims))
		}
		n = lo
	}
	return int64(n), nil
}

// Tensors calls f with each tensor of the model: initializers and attributes, also those of nested graphs and functions.
func (m *Model) Tensors(f func(t *Tensor) error) error {
	if err := m.Graph.tensors(f); err != nil {
		return err
	}
	for i := range m.Functions {
		if err := nodeTensors(m.Functions[i].Nodes, f); err != nil {
			return err
		}
	}
	return nil
}

func (g *Graph) tensors(f func(t *Tensor) error) error {
	for i := range g.Initializers {
		if err := f(&g.Initializers[i]); err != nil {
			return err
		}
	}
	return nodeTensors(g.Nodes, f)
}

func nodeTensors(nodes []Node, f func(t *Tensor) error) error {
	for i := range nodes {
		for k := range nodes[i].Attributes {
			a := &nodes[i].Attributes[k]
			if a.Tensor != nil {
				if err := f(a.Tensor); err != nil {
					return err
				}
			}
			if a.Graph != nil {
				if err := a.Graph.tensors(f); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
