package onnx

import "github.com/nndiy/nndiy/graph"

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

// scatterElements adds values along an axis, or puts them there: of several for one place, which ONNX leaves open, the last, as a Runner
// and onnxruntime do.
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
		zero := c.s.Scalar(0)
		written := c.s.Scalar(1).BroadcastTo(values.Shape()...)
		if c.err == nil && index.Err() == nil && index.Rank() == values.Rank() && index.Dim(axis) > 1 {
			at, from := index.Reverse(axis).Sort(axis) // of equal ones, the last comes first
			values = values.Reverse(axis).GatherElements(axis, from)
			again := at.Slice(axis, 1, 0).Equal(at.Slice(axis, 0, -1))
			written = graph.Concat(axis, written.Slice(axis, 0, 1), again.Neg().Shift(1))
			index, values = at, values.Where(written, zero)
		}
		zeros := x.Where(zero, zero) // also where x is NaN
		put, some := zeros.ScatterAdd(axis, index, values), zeros.ScatterAdd(axis, index, written)
		return []*value{{node: put.Where(some, x), made: true, kind: kind}}
	}
	return []*value{{node: x.ScatterAdd(axis, index, values), made: true, kind: kind}}
}
