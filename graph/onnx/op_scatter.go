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

// scatterElements adds values along an axis, or puts them there. ONNX allows no position twice unless it adds.
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
		return []*value{{node: zeros.ScatterAdd(axis, index, values).Where(written.Greater(c.s.Scalar(0)), x), made: true, kind: kind}}
	}
	return []*value{{node: x.ScatterAdd(axis, index, values), made: true, kind: kind}}
}
