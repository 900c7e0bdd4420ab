package eval

import "github.com/nndiy/nndiy/internal/kernels"

// kept returns what is made of input i. For an input that is the same in all runs it is made once, if the program can afford the bytes.
// A node keeps the first thing that it makes of an input.
func kept[V any](c *call, i, bytes int, make func() V) V {
	n := c.node
	if !n.constant[i] {
		return make()
	}
	before := n.kept[i].Load()
	if before != nil {
		if v, ok := (*before).(V); ok {
			return v
		}
	}
	v := make()
	if before == nil && c.program.afford(bytes) {
		var any any = v
		n.kept[i].Store(&any)
	}
	return v
}

// packed returns input i, which has matrices of the given shape one after another: each packed for products, transposed or
// not.
func packed[T kernels.Float](c *call, i, rows, cols int, transposed bool) []*kernels.Packed[T] {
	return kept(c, i, c.inputs[i].bytes(), func() []*kernels.Packed[T] {
		var all []*kernels.Packed[T]
		data := []T(c.inputs[i].data.(list[T]))
		for at := 0; at < len(data); at += rows * cols {
			m := kernels.Dense(data[at:][:rows*cols], rows, cols)
			if transposed {
				m = m.Transposed()
			}
			all = append(all, kernels.Pack(pool(), m))
		}
		return all
	})
}
