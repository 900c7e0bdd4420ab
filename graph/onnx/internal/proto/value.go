package proto

import (
	"encoding/binary"
	"fmt"
	"math"
)

// decode reads the type of an input or an output. It must be a tensor; those of nested graphs may have no type.
func (v *Value) decode(b []byte) error {
	err := each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.string(&v.Name)
		case 2:
			return f.message("type", func(b []byte) error {
				return each(b, func(f field) error {
					switch f.number {
					case 1:
						return f.message("tensor", v.decodeTensor)
					case 4, 5, 8, 9:
						return fmt.Errorf("got a sequence, a map, an optional or a sparse value, want a tensor")
					}
					return nil
				})
			})
		case 3:
			return f.string(&v.Doc)
		}
		return nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("%.64q: %w", v.Name, err)
	case v.Name == "":
		return fmt.Errorf("got no name, want one")
	}
	return nil
}

func (v *Value) decodeTensor(b []byte) error {
	return each(b, func(f field) error {
		switch f.number {
		case 1:
			return f.integer((*int64)(&v.Type))
		case 2:
			v.Dims = []Dim{}
			return f.message("shape", func(b []byte) error {
				return each(b, func(f field) error {
					if f.number == 1 {
						return add(f, "dimension", &v.Dims, (*Dim).decode)
					}
					return nil
				})
			})
		}
		return nil
	})
}

func (d *Dim) decode(b []byte) error {
	return each(b, func(f field) error {
		switch f.number {
		case 1:
			d.Zero = f.value == 0
			if d.Size = int64(f.value); d.Size < 0 {
				return fmt.Errorf("got size %d, want 0 or more", d.Size)
			}
			return f.want(varintType)
		case 2:
			return f.string(&d.Name)
		}
		return nil
	})
}

// float32s decodes little-endian numbers.
func float32s(raw []byte) []float32 {
	if len(raw) == 0 {
		return nil
	}
	list := make([]float32, len(raw)/4)
	for i := range list {
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return list
}
