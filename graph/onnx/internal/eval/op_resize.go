package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"Resize":   op(1, 4, "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode", resize),
		"Upsample": op(1, 2, "height_scale mode scales width_scale", resize),
	})
}

// A resizing is the setting of Resize along one axis.
type resizing struct {
	mode, coordinates, nearest string
	slope                      float64 // of the cubic filter
	inside                     bool    // elements outside have no weight
	antialias                  bool
	extrapolation              bool // positions outside get the extrapolation value
	in, out                    int
	scale                      float64
	length                     float64 // of the result: scale times in, not rounded
	from, to                   float64 // the region of tf_crop_and_resize, as fractions
}

func resize(c *call) *Tensor {
	x := c.in(0)
	c.want(len(x.Shape) > 0, "got a scalar, want a tensor with axes")
	r := resizing{mode: c.str("mode", "nearest"), coordinates: "asymmetric", nearest: "floor", slope: c.float("cubic_coeff_a", -0.75), inside: c.flag("exclude_outside"), antialias: c.flag("antialias")}
	if r.mode == "bilinear" {
		r.mode = "linear"
	}
	if c.opset >= 11 {
		r.coordinates, r.nearest = c.str("coordinate_transformation_mode", "half_pixel"), c.str("nearest_mode", "round_prefer_floor")
	}
	c.want(slices.Contains([]string{"nearest", "linear", "cubic"}, r.mode), "attribute mode: got %.16q, want nearest, linear or cubic", r.mode)
	c.want(slices.Contains([]string{"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"}, r.coordinates),
		"attribute coordinate_transformation_mode: got %.32q, want a mode of the operator", r.coordinates)
	c.want(slices.Contains([]string{"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"}, r.nearest), "attribute nearest_mode: got %.32q, want round_prefer_floor, round_prefer_ceil, floor or ceil", r.nearest)
	axes, scales, sizes := c.stretches(x)
	var regions []float64
	if r.coordinates == "tf_crop_and_resize" {
		regions = c.in(1).Doubles()
		c.want(len(regions) == 2*len(axes), "input 2: got %d numbers, want two for each axis", len(regions))
	}
	c.want(isFloat(x) || r.mode == "nearest" || x.Type() != proto.Bool, "got elements of %v, want numbers", x.Type())
	y, outside := x, make([][]bool, len(x.Shape))
	extrapolated := false
	for i, a := range axes {
		r := r
		r.in, r.out, r.scale, r.length = x.Shape[a], sizes[i], scales[i], scales[i]*float64(x.Shape[a])
		if exact := float64(r.out) / float64(r.in); float32(exact) == float32(r.scale) { // a quotient of the sizes, rounded
			r.scale, r.length = exact, float64(r.out)
		}
		if regions != nil {
			r.from, r.to, r.extrapolation = regions[i], regions[len(axes)+i], true
		}
		if r.in == r.out && r.scale == 1 && regions == nil {
			continue
		}
		c.want(r.in > 0 || r.out == 0, "got an empty axis, want elements")
		y, outside[a] = c.stretched(y, a, r)
		extrapolated = extrapolated || slices.Contains(outside[a], true)
	}
	if extrapolated {
		y = c.extrapolated(y, outside, c.float("extrapolation_value", 0))
	}
	return y
}

// stretches returns the axes that are resized, with their factors and sizes.
func (c *call) stretches(x *Tensor) (axes []int, scales []float64, sizes []int) {
	axes = c.axes(c.ints("axes"), len(x.Shape))
	if c.attribute("axes") == nil {
		for i := range x.Shape {
			axes = append(axes, i)
		}
	}
	at := 2
	if c.opset < 11 {
		at = 1
	}
	switch {
	case c.node.Operator == "Upsample" && c.opset < 7:
		scales = []float64{1, 1, c.float("height_scale", 1), c.float("width_scale", 1)}
	case c.node.Operator == "Upsample" && c.opset < 9:
		scales = c.floats("scales")
	case c.opt(at) != nil && c.in(at).Size() > 0:
		scales = c.in(at).Doubles()
	default:
		sizes = c.sizes(at + 1)
	}
	c.want(len(scales)+len(sizes) == len(axes), "got %d factors and %d sizes for %d axes, want one for each", len(scales), len(sizes), len(axes))
	policy := c.str("keep_aspect_ratio_policy", "stretch")
	if sizes != nil {
		least, most := math.Inf(1), 0.0
		for i, a := range axes {
			c.want(sizes[i] >= 0, "got size %d, want 0 or more", sizes[i])
			scales = append(scales, float64(sizes[i])/float64(x.Shape[a]))
			least, most = min(least, scales[i]), max(most, scales[i])
		}
		if policy != "stretch" {
			c.want(policy == "not_larger" || policy == "not_smaller", "attribute keep_aspect_ratio_policy: got %.16q, want stretch, not_larger or not_smaller", policy)
			for i, a := range axes {
				if scales[i] = least; policy == "not_smaller" {
					scales[i] = most
				}
				sizes[i] = int(math.Floor(scales[i]*float64(x.Shape[a]) + 0.5))
			}
		}
		return axes, scales, sizes
	}
	for i, a := range axes {
		n := math.Floor(float64(float32(scales[i]) * float32(x.Shape[a]))) // in float32, as exporters expect: 5 elements times 1.4 are 7
		c.want(scales[i] > 0 && n <= maxElements, "got a factor of %v, want more than 0 and at most %d elements", scales[i], maxElements)
		sizes = append(sizes, int(n))
		scales[i] = proto.Decimal(float32(scales[i]))
	}
	return axes, scales, sizes
}

// stretched resizes one axis.
func (c *call) stretched(x *Tensor, axis int, r resizing) (*Tensor, []bool) {
	shape := slices.Clone(x.Shape)
	shape[axis] = r.out
	c.shape(shape...)
	c.shape(r.out, 8)
	outside := make([]bool, r.out)
	if r.mode == "nearest" {
		list := make([]int, r.out)
		for o := range list {
			at, _, out := r.taps(o)
			list[o], outside[o] = at[0], out
		}
		if x.Type() == proto.Float32 {
			y := c.filled(x.Type(), shape...)
			nearest(floats(y), floats(x), list, r.in, sizeOf(shape[axis+1:]))
			return y, outside
		}
		index, step := c.index(shape...), sizeOf(shape[axis+1:])
		for i := range index {
			o := i / step % r.out
			index[i] = (i/step/r.out*r.in+list[o])*step + i%step
		}
		return &Tensor{shape, x.data.take(index, nil)}, outside
	}
	in, out := x.Doubles(), make([]float64, sizeOf(shape))
	from, to := c.lines(x, axis), c.lines(&Tensor{Shape: shape}, axis)
	for o := range r.out {
		at, weights, beyond := r.taps(o)
		outside[o] = beyond
		c.spend(product(len(at), from.count))
		for i := range from.count {
			total := 0.0
			for k, w := range weights {
				total += w * in[from.start(i)+at[k]*from.step]
			}
			out[to.start(i)+o*to.step] = total
		}
	}
	if ends, ok := ranges[x.Type()]; ok { // a cubic filter goes beyond the elements
		for i, v := range out {
			out[i] = min(max(math.RoundToEven(v), ends[0]), ends[1])
		}
	}
	return of(shape, out).as(x.Type()), outside
}

// nearest sets each vector of an axis to the elements of one of n elements that list names. Elements are rows of step numbers.
func nearest(to, from []float32, list []int, n, step int) {
	for ; len(to) > 0; from = from[n*step:] {
		if step == 1 {
			for o, k := range list {
				to[o] = from[k]
			}
			to = to[len(list):]
			continue
		}
		for _, k := range list {
			copy(to[:step], from[k*step:])
			to = to[step:]
		}
	}
}

// ranges are the ends of the integer types; those of 64 bits are the furthest that float64 has.
var ranges = map[proto.ElementType][2]float64{
	proto.Int8: {math.MinInt8, math.MaxInt8}, proto.Int16: {math.MinInt16, math.MaxInt16}, proto.Int32: {math.MinInt32, math.MaxInt32}, proto.Int64: {math.MinInt64, 0x1p63 - 1024},
	proto.Uint8: {0, math.MaxUint8}, proto.Uint16: {0, math.MaxUint16}, proto.Uint32: {0, math.MaxUint32}, proto.Uint64: {0, 0x1p64 - 2048},
}

// extrapolated sets the elements outside of the region to a value.
func (c *call) extrapolated(y *Tensor, outside [][]bool, value float64) *Tensor {
	index, by := c.index(y.Shape...), strides(y.Shape)
	for i := range index {
		index[i] = i
		for k, list := range outside {
			if list != nil && list[i/by[k]%y.Shape[k]] {
				index[i] = -1
			}
		}
	}
	return &Tensor{y.Shape, y.data.take(index, scalar(value).as(y.Type()).data)}
}
