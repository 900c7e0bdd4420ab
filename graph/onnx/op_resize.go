package onnx

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

const resizing = "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode"

// resize enlarges or shrinks some axes.
func resize(c *call) []*value {
	if c.opset < 11 {
		return c.resized(1, c.oldResizing())
	}
	r := graph.Resizing{Antialias: c.int("antialias", 0) != 0, Inside: c.int("exclude_outside", 0) != 0}
	mode, ok := map[string]graph.Interpolation{"nearest": graph.ResizeFloor, "linear": graph.ResizeLinear, "cubic": graph.ResizeCubic}[c.string("mode", "nearest")]
	if !ok {
		c.fail("attribute mode: got %.16q, want nearest, linear or cubic", c.string("mode", ""))
	}
	switch r.Interpolation = mode; mode {
	case graph.ResizeCubic:
		r.Slope = c.float("cubic_coeff_a", -0.75)
	case graph.ResizeFloor:
		name := c.string("nearest_mode", "round_prefer_floor")
		if r.Interpolation, ok = nearest[name]; !ok {
			c.fail("attribute nearest_mode: got %.32q, want round_prefer_floor, round_prefer_ceil, floor or ceil", name)
		}
	}
	name := c.string("coordinate_transformation_mode", "half_pixel")
	if r.Positions, ok = positions[name]; !ok {
		c.fail("attribute coordinate_transformation_mode: got %.32q, want half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners or asymmetric", name)
	}
	if policy := c.string("keep_aspect_ratio_policy", "stretch"); policy != "stretch" {
		c.fail("attribute keep_aspect_ratio_policy: got %.32q, want stretch", policy)
	}
	return c.resized(2, r)
}

var nearest = map[string]graph.Interpolation{
	"floor": graph.ResizeFloor, "ceil": graph.ResizeCeil, "round_prefer_floor": graph.ResizeRoundDown, "round_prefer_ceil": graph.ResizeRoundUp,
}

var positions = map[string]graph.Positions{
	"half_pixel": graph.HalfPixel, "half_pixel_symmetric": graph.HalfPixel, "pytorch_half_pixel": graph.HalfPixel,
	"align_corners": graph.AlignCorners, "asymmetric": graph.Asymmetric,
}

// upsample is the older name of Resize, before opset 10.
func upsample(c *call) []*value { return c.resized(1, c.oldResizing()) }

// oldResizing returns the setting of Resize and Upsample before opset 11.
func (c *call) oldResizing() graph.Resizing {
	r := graph.Resizing{Interpolation: graph.ResizeFloor, Positions: graph.Asymmetric}
	switch mode := c.string("mode", "nearest"); mode {
	case "nearest":
	case "linear", "bilinear":
		r.Interpolation = graph.ResizeLinear
	default:
		c.fail("attribute mode: got %.16q, want nearest or linear", mode)
	}
	return r
}

// A stretch is a new size of an axis. scale is 0 if it is the quotient of the sizes.
type stretch struct {
	axis, size int
	scale      float64
}

// stretches returns the axes whose size changes: by the scales in input i, or to the sizes in input i+1.
func (c *call) stretches(x graph.Node, i int) (list []stretch) {
	scales, _ := c.numbers(i)
	var sizes []int
	if len(scales) == 0 && c.has(i+1) {
		sizes = c.sizes(i + 1)
	}
	axes := span(0, x.Rank())
	if c.attribute("axes", proto.Ints) != nil {
		axes = c.ints("axes")
	}
	if c.err != nil || x.Err() != nil || len(scales)+len(sizes) != len(axes) {
		c.fail("got %d scales and %d sizes for %d axes of shape %v, want a constant one for each", len(scales), len(sizes), len(axes), x.Shape())
		return nil
	}
	for k, a := range axes {
		if a < 0 {
			a += x.Rank()
		}
		if a < 0 || a >= x.Rank() {
			c.fail("got axes %v for shape %v, want its axes", axes, x.Shape())
			return nil
		}
		n, scale := x.Dim(a), 0.0
		var size int
		if sizes != nil {
			if size = sizes[k]; a == 0 && size == 1 { // the file was written for one sample
				size = n
			}
		} else {
			scale = proto.Decimal(float32(scales[k]))
			size = int(min(math.Floor(float64(float32(n)*float32(scale))), 2*maxDim))
		}
		if size < 1 || size > maxDim || !(scale >= 0) || a == 0 && size != n {
			c.fail("got scales %v and sizes %v for shape %v, want positive ones of at most %d, and 1 for the batch", scales, sizes, x.Shape(), maxDim)
			return nil
		}
		if float32(scale) == float32(float64(size)/float64(n)) {
			scale = 0
		}
		if size != n || scale != 0 {
			list = append(list, stretch{a, size, scale})
		}
	}
	return list
}

// resized resizes by the scales in input i, or to the sizes in input i+1.
func (c *call) resized(i int, r graph.Resizing) []*value {
	x := c.x(0)
	list := c.stretches(x, i)
	if c.err != nil {
		return nil
	}
	if y, ok := c.repeated(x, list, r); ok {
		return nodes(y)
	}
	for _, k := range list {
		q := r
		q.Scale = k.scale
		switch name := c.string("coordinate_transformation_mode", ""); {
		case name == "pytorch_half_pixel" && k.size == 1:
			q.Positions = graph.Asymmetric // the only element is the first one
		case name == "half_pixel_symmetric" && k.scale != 0:
			return nodes(c.fail("got scale %v for %d elements with half_pixel_symmetric, want one that gives an integer", k.scale, x.Dim(k.axis)))
		}
		x = x.Resize(k.axis, k.size, q)
	}
	return nodes(x)
}

// repeated returns images whose rows and columns are repeated, if that is what the resizing does.
func (c *call) repeated(x graph.Node, list []stretch, r graph.Resizing) (graph.Node, bool) {
	switch (graph.Resizing{Interpolation: r.Interpolation, Positions: r.Positions}) {
	case graph.Resizing{Interpolation: graph.ResizeFloor, Positions: graph.Asymmetric}, graph.Resizing{Interpolation: graph.ResizeRoundDown},
		graph.Resizing{Interpolation: graph.ResizeRoundUp}:
	default:
		return x, false
	}
	by := [4]int{1, 1, 1, 1}
	for _, k := range list {
		if x.Rank() != 4 || k.axis < 2 || k.scale != 0 || k.size%x.Dim(k.axis) != 0 {
			return x, false
		}
		by[k.axis] = k.size / x.Dim(k.axis)
	}
	if len(list) == 0 {
		return x, true
	}
	n, h, w := x.Dim(0)*x.Dim(1), x.Dim(2), x.Dim(3)
	y := c.broadcast(x.Reshape(n, h, 1, w, 1), []int{n, h, by[2], w, by[3]})
	return y.Reshape(x.Dim(0), x.Dim(1), h*by[2], w*by[3]), true
}
