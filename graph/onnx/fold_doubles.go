package onnx

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

// mapDoubles applies f to input 0.
func (c *call) mapDoubles(f func(x float64) float64) []*value {
	x := c.value(0)
	out := make([]float64, len(x.numbers))
	for i, v := range x.numbers {
		out[i] = f(v)
	}
	return c.doubles(x.dims, out)
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
	return c.doubles(at[0].shape, out)
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
