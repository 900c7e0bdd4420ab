package onnx

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// pad adds elements before and after the axes, zeros or another number.
func pad(c *call) []*value {
	x := c.x(0)
	pads, fill := c.ints("pads"), c.float("value", 0)
	if c.has(1) {
		pads = c.sizes(1)
	}
	if v, ok := c.numbers(2); ok && len(v) == 1 {
		fill = v[0]
	} else if c.has(2) {
		c.fail("input 3: got no constant number, want one")
	}
	axes := span(0, x.Rank())
	if c.has(3) {
		axes = c.sizes(3)
	}
	if mode := c.string("mode", "constant"); mode != "constant" {
		c.fail("attribute mode: got %.16q, want constant", mode)
	}
	if len(pads) != 2*len(axes) {
		c.fail("got %d paddings for %d axes, want two for each axis", len(pads), len(axes))
	}
	if c.err != nil {
		return nil
	}
	inner := x.Shape()
	for i, a := range axes {
		if before, after := pads[i], pads[len(axes)+i]; before < 0 || after < 0 {
			return nodes(c.fail("got padding of %d, %d, want 0 or more", before, after))
		} else {
			x = x.Pad(a, before, after)
		}
	}
	if fill != 0 && x.Err() == nil {
		x = c.fillAround(x, fill, inner, axes, pads)
	}
	return nodes(x)
}

// fillAround replaces the zeros that have been padded around elements of shape inner by a number: it adds a table that is
// zero for the inner elements.
func (c *call) fillAround(x graph.Node, fill float64, inner, axes, pads []int) graph.Node {
	shape, before := make([]int, x.Rank()), make([]int, x.Rank()) // the table's shape is 1 where nothing is padded
	for i, a := range axes {
		a = (a + len(shape)) % len(shape)
		if before[a] += pads[i]; x.Dim(a) != inner[a] {
			shape[a] = x.Dim(a)
		}
	}
	for a := range shape {
		shape[a] = max(shape[a], 1)
	}
	n, ok := sizeOf(shape, c.left)
	if !ok {
		return c.fail("got a padding of shape %v that is not 0, %s", shape, wantFewer)
	}
	c.spend(n)
	table := c.s.Table(func(i int) float64 {
		for a := len(shape) - 1; a >= 0; a-- {
			at := i%shape[a] - before[a]
			if i /= shape[a]; shape[a] > 1 && (at < 0 || at >= inner[a]) {
				return fill
			}
		}
		return 0
	}, shape...)
	return x.Add(table)
}

const resizing = "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode"

// resize enlarges images by integer factors, repeating elements.
func resize(c *call) []*value {
	mode := c.string("mode", "nearest") + " " + c.string("coordinate_transformation_mode", "half_pixel") + " " + c.string("nearest_mode", "round_prefer_floor")
	switch mode {
	case "nearest asymmetric floor", "nearest half_pixel round_prefer_floor", "nearest half_pixel round_prefer_ceil":
	default:
		return nodes(c.fail("got mode %.64q, want nearest asymmetric floor or nearest half_pixel round_prefer_floor", mode))
	}
	if c.opset < 11 {
		return c.repeated(1)
	}
	if c.attribute("axes", proto.Ints) != nil {
		return nodes(c.fail("got unsupported attribute axes"))
	}
	return c.repeated(2)
}

// upsample is the older name of Resize, before opset 10.
func upsample(c *call) []*value {
	if mode := c.string("mode", "nearest"); mode != "nearest" {
		return nodes(c.fail("attribute mode: got %.16q, want nearest", mode))
	}
	return c.repeated(1)
}

// repeated repeats rows and columns by the scales in input i, or up to the sizes in input i+1.
func (c *call) repeated(i int) []*value {
	x := c.x(0)
	scales, _ := c.numbers(i)
	if len(scales) == 0 && c.has(i+1) && x.Rank() == 4 {
		for k, to := range c.sizes(i + 1) {
			scales = append(scales, float64(to)/float64(x.Dim(k%4)))
			if k == 0 && to == 1 { // the file was written for one sample
				scales[0] = 1
			}
		}
	}
	if c.err != nil || x.Rank() != 4 || len(scales) != 4 || scales[0] != 1 || scales[1] != 1 {
		return nodes(c.fail("got shape %v and scales %v, want (batch, channels, height, width) and constant scales of height and width", x.Shape(), scales))
	}
	for _, f := range scales {
		if f != float64(int(f)) || f < 1 || f > maxDim {
			return nodes(c.fail("got scales %v, want integers of 1 or more", scales))
		}
	}
	n, h, w := x.Dim(0)*x.Dim(1), x.Dim(2), x.Dim(3)
	down, right := int(scales[2]), int(scales[3])
	y := c.broadcast(x.Reshape(n, h, 1, w, 1), []int{n, h, down, w, right})
	return nodes(y.Reshape(x.Dim(0), x.Dim(1), h*down, w*right))
}
