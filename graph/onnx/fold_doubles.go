package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// Known numbers of type float64 are computed now, as those from which a file computes the places of a sequence, for the digits that
// float32 does not have.

// hasDoubles reports whether input i is known numbers of type float64.
func (c *call) hasDoubles(i int) bool {
	if !c.has(i) {
		return false
	}
	v := c.value(i)
	return v != nil && v.numbers != nil && v.double
}

// doubles returns known numbers as the only output.
func (c *call) doubles(dims []int, numbers []float64) []*value {
	if c.err != nil || !c.spend(len(numbers)) {
		return nil
	}
	return []*value{{numbers: numbers, dims: dims, double: true}}
}

// wave returns the operator of a sine or a cosine, which computes known numbers of type float64 now.
func wave(f func(x graph.Node) graph.Node, of func(x float64) float64, cosine bool) operator {
	return operator{least: 1, most: 1, emit: func(c *call) []*value {
		if !c.hasDoubles(0) {
			return nodes(f(c.x(0)))
		}
		x := c.value(0)
		y := make([]float64, len(x.numbers))
		for i, v := range x.numbers {
			y[i] = of(v)
		}
		out := c.doubles(x.dims, y)
		if out != nil {
			out[0].waves = wavesOf(x, cosine)
		}
		return out
	}}
}

// wavesOf returns the waves of angles that are the places 0, 1, 2, ... times a number for each column; nil if they are not. Such a
// table is written again for any number of places.
func wavesOf(x *value, cosine bool) []graph.Wave {
	if len(x.dims) != 2 || x.dims[0] < 2 {
		return nil
	}
	width := x.dims[1]
	waves := make([]graph.Wave, width)
	for i := range waves {
		waves[i] = graph.Wave{Rate: x.numbers[width+i], Cosine: cosine}
	}
	for i, v := range x.numbers {
		if v != float64(i/width)*waves[i%width].Rate {
			return nil
		}
	}
	return waves
}

// foldDoubles applies f to inputs 0 and 1, which are broadcast.
func (c *call) foldDoubles(f func(a, b float64) float64) []*value {
	a, b := c.value(0), c.value(1)
	at := c.places(a.dims, b.dims)
	out := make([]float64, len(at[0].data))
	for i := range out {
		out[i] = f(a.numbers[at[0].data[i]], b.numbers[at[1].data[i]])
	}
	return c.doubles(at[0].shape, out)
}

// chooseDoubles is Where of known numbers.
func (c *call) chooseDoubles() []*value {
	cond, a, b := c.integers(0), c.value(1), c.value(2)
	at := c.places(cond.shape, a.dims, b.dims)
	out := make([]float64, len(at[0].data))
	for i := range out {
		if out[i] = b.numbers[at[2].data[i]]; cond.data[at[0].data[i]] != 0 {
			out[i] = a.numbers[at[1].data[i]]
		}
	}
	y := c.doubles(at[0].shape, out)
	if n := len(cond.data); y != nil && n == fromEnd(cond.shape, 1) && len(a.waves) == n && len(b.waves) == n {
		waves := slices.Clone(b.waves) // each column is one of a or of b
		for i, v := range cond.data {
			if v != 0 {
				waves[i] = a.waves[i]
			}
		}
		y[0].waves = waves
	}
	return y
}

// places returns for each shape which element is at each place of the shape to which all are broadcast.
func (c *call) places(shapes ...[]int) []*integers {
	list := make([]*integers, len(shapes))
	all := &integers{}
	if all.data = []int64{0}; c.err == nil {
		for _, s := range shapes {
			all = c.fold(all, c.count(s), func(_, b int64) int64 { return b })
		}
	}
	for i, s := range shapes {
		if list[i] = c.spread(c.count(s), all.shape); c.err != nil {
			list[i] = &integers{}
		}
	}
	return list
}

// count returns the numbers of the elements of a tensor in row-major order.
func (c *call) count(shape []int) *integers {
	return c.pick(list(0), shape, func([]int) int { return 0 }).added(0, 1)
}
