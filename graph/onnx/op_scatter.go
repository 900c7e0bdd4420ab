package onnx

// gatherElements takes elements along an axis. The other dimensions of the index may be smaller than those of the data.
func gatherElements(c *call) []*value {
	x, kind := c.any(0)
	axis := c.axis(x, 0)
	if c.err != nil {
		return nil
	}
	index := c.index(1, x.Dim(axis))
	for a := range x.Rank() {
		if n := index.Dim(a); a != axis && index.Rank() == x.Rank() && n < x.Dim(a) {
			x = x.Slice(a, 0, n)
		}
	}
	return []*value{{node: x.GatherElements(axis, index), made: true, kind: kind}}
}

// scatterElements adds values along an axis, or puts them there. PyTorch's files put one value at a position several times, such as the 1
// of a class that is named twice; of different values, which ONNX leaves open, it takes the mean.
func scatterElements(c *call) []*value {
	x, kind := c.numeric(0)
	values, given := c.numeric(2)
	axis := c.axis(x, 0)
	how := c.string("reduction", "none")
	switch {
	case c.err != nil:
		return nil
	case how != "add" && how != "none":
		c.fail("attribute reduction: got %.16q, want none or add", how)
		return nil
	case kind != given:
		c.fail("input 3: got other elements than those of input 1, want the same type")
		return nil
	}
	index := c.index(1, x.Dim(axis))
	if how == "none" {
		zeros := x.Where(c.s.Scalar(0), c.s.Scalar(0)) // also where x is NaN
		ones := c.s.Scalar(1).BroadcastTo(values.Shape()...)
		written := zeros.ScatterAdd(axis, index, ones)
		mean := zeros.ScatterAdd(axis, index, values).Div(written.Maximum(c.s.Scalar(1)))
		return []*value{{node: mean.Where(written.Greater(c.s.Scalar(0)), x), made: true, kind: kind}}
	}
	return []*value{{node: x.ScatterAdd(axis, index, values), made: true, kind: kind}}
}
