package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"GridSample": op(2, 2, "align_corners mode padding_mode", gridSample),
		"RoiAlign":   op(3, 3, "coordinate_transformation_mode mode output_height output_width sampling_ratio spatial_scale", roiAlign),
		"MaxRoiPool": op(2, 2, "pooled_shape spatial_scale", maxRoiPool),
	})
}

// gridSample takes the elements of images at the positions of a grid, from -1 to 1.
func gridSample(c *call) *Tensor {
	x, grid := c.in(0), c.in(1)
	n := len(x.Shape) - 2
	c.want(n >= 1 && len(grid.Shape) == n+2 && grid.Shape[0] == x.Shape[0] && grid.Shape[n+1] == n && isFloat(x), "got %v of shapes %v and %v, want floating-point numbers (batch, channels, ...) and (batch, ..., %d)", x.Type(), x.Shape, grid.Shape, n)
	mode, padding, corners := c.str("mode", "linear"), c.str("padding_mode", "zeros"), c.flag("align_corners")
	mode = map[string]string{"bilinear": "linear", "linear": "linear", "nearest": "nearest", "bicubic": "cubic", "cubic": "cubic"}[mode]
	c.want(mode != "" && (c.opset >= 20 || c.str("mode", "bilinear") != "linear" || n == 2), "attribute mode: got %.16q, want linear, nearest or cubic", c.str("mode", ""))
	c.want(slices.Contains([]string{"zeros", "border", "reflection"}, padding), "attribute padding_mode: got %.16q, want zeros, border or reflection", padding)
	shape := append(slices.Clone(x.Shape[:2]), grid.Shape[1:n+1]...)
	in, at, out := x.Doubles(), grid.Doubles(), c.made(proto.Float64, shape...)
	size, points := x.Shape[2:], sizeOf(grid.Shape[1:n+1])
	pixels, by := sizeOf(size), strides(size)
	reach := map[string]int{"nearest": 1, "linear": 2, "cubic": 4}[mode]
	c.spend(product(out.Size(), int(math.Pow(float64(reach), float64(n)))))
	filter := resizing{mode: mode, slope: -0.75}
	for b := range x.Shape[0] {
		for k := range points {
			taps, weights := []int{0}, []float64{1}
			for d := range n {
				p := at[(b*points+k)*n+n-1-d]
				if p = ((p+1)*float64(size[d]) - 1) / 2; corners {
					p = (at[(b*points+k)*n+n-1-d] + 1) / 2 * float64(size[d]-1)
				}
				if padding != "zeros" && mode != "cubic" {
					p = float64(folded1(p, size[d], padding, corners))
				}
				p = min(max(p, -maxExtent), maxExtent)
				if math.IsNaN(p) {
					p = -maxExtent
				}
				first := int(math.Floor(p)) - reach/2 + 1
				if mode == "nearest" {
					first = int(math.RoundToEven(p))
				}
				var nextTaps []int
				var nextWeights []float64
				for j := first; j < first+reach; j++ {
					w, q := 1.0, j
					if mode != "nearest" {
						w = filter.weight(math.Abs(p - float64(j)))
					}
					if padding != "zeros" {
						q = int(math.RoundToEven(folded1(float64(j), size[d], padding, corners)))
					}
					if q < 0 || q >= size[d] {
						continue
					}
					for i, t := range taps {
						nextTaps, nextWeights = append(nextTaps, t+q*by[d]), append(nextWeights, w*weights[i])
					}
				}
				taps, weights = nextTaps, nextWeights
			}
			for ch := range x.Shape[1] {
				total, plane := 0.0, in[(b*x.Shape[1]+ch)*pixels:]
				for i, t := range taps {
					total += weights[i] * plane[t]
				}
				out.data.(list[float64])[(b*x.Shape[1]+ch)*points+k] = total
			}
		}
	}
	return out.as(x.Type())
}

// folded1 moves a position into n elements: to the border, or reflected there.
func folded1(p float64, n int, padding string, corners bool) float64 {
	if padding == "reflection" {
		least, span := -0.5, float64(n)
		if corners {
			least, span = 0, float64(n-1)
		}
		if span == 0 {
			return 0
		}
		p = math.Abs(p - least)
		turns := math.Floor(p / span)
		p -= turns * span
		if math.Mod(turns, 2) != 0 {
			p = span - p
		}
		p += least
	}
	return min(max(p, 0), float64(n-1))
}

// regions returns the regions (number, 4) of images.
func (c *call) regions(x *Tensor, boxes []float64, n int) {
	c.want(len(x.Shape) == 4 && isFloat(x), "got %v of shape %v, want floating-point numbers (batch, channels, height, width)", x.Type(), x.Shape)
	c.want(n == 0 || len(boxes)%n == 0, "got %d numbers for %d regions, want 4 or 5 for each", len(boxes), n)
}

// roiAlign averages, or takes the maximum of, samples in the bins of regions; a sample is interpolated.
func roiAlign(c *call) *Tensor {
	x, boxes, batches := c.in(0), c.in(1).Doubles(), c.sizes(2)
	n := len(batches)
	c.regions(x, boxes, n)
	c.want(len(boxes) == 4*n, "got %d numbers for %d regions, want 4 for each", len(boxes), n)
	channels, height, width := x.Shape[1], x.Shape[2], x.Shape[3]
	rows, cols, ratio, scale := c.int("output_height", 1), c.int("output_width", 1), c.int("sampling_ratio", 0), c.float("spatial_scale", 1)
	c.want(rows > 0 && cols > 0 && ratio >= 0 && height > 0 && width > 0, "got %d × %d bins with %d samples, want 1 or more", rows, cols, ratio)
	half := c.str("coordinate_transformation_mode", "half_pixel") == "half_pixel" && c.opset >= 16
	most := c.str("mode", "avg") == "max"
	in, out := x.Doubles(), c.made(proto.Float64, n, channels, rows, cols)
	for r, b := range batches {
		c.want(b >= 0 && b < x.Shape[0], "input 3: got image %d, want 0 to %d", b, x.Shape[0]-1)
		offset := 0.0
		if half {
			offset = 0.5
		}
		x1, y1, x2, y2 := boxes[4*r]*scale-offset, boxes[4*r+1]*scale-offset, boxes[4*r+2]*scale-offset, boxes[4*r+3]*scale-offset
		w, h := x2-x1, y2-y1
		if !half {
			w, h = max(w, 1), max(h, 1)
		}
		bh, bw := h/float64(rows), w/float64(cols)
		ny, nx := ratio, ratio
		if ratio == 0 {
			ny, nx = samplesOf(bh), samplesOf(bw)
		}
		c.spend(product(channels, rows, cols, ny, nx, 4))
		for ch := range channels {
			plane := in[(b*channels+ch)*height*width:][:height*width]
			for o := range rows * cols {
				total, best := 0.0, math.Inf(-1)
				for s := range ny * nx {
					y := y1 + (float64(o/cols)+(float64(s/nx)+0.5)/float64(ny))*bh
					x := x1 + (float64(o%cols)+(float64(s%nx)+0.5)/float64(nx))*bw
					v, largest := interpolated(plane, height, width, y, x)
					total += v
					best = max(best, largest)
				}
				at := (r*channels+ch)*rows*cols + o
				switch {
				case ny*nx == 0: // a region without an area has no samples
				case most:
					out.data.(list[float64])[at] = best
				default:
					out.data.(list[float64])[at] = total / float64(ny*nx)
				}
			}
		}
	}
	return out.as(x.Type())
}

// samplesOf is the number of samples in a bin of a size: none if it is 0 or less.
func samplesOf(size float64) int {
	if !(size > 0) {
		return 0
	}
	return int(min(math.Ceil(size), maxExtent))
}

// interpolated returns a plane's value between its elements, and the largest of the four weighted elements.
func interpolated(plane []float64, height, width int, y, x float64) (value, most float64) {
	if !(y >= -1 && y <= float64(height) && x >= -1 && x <= float64(width)) {
		return 0, 0
	}
	y, x = max(y, 0), max(x, 0)
	y0, x0 := min(int(y), height-1), min(int(x), width-1)
	y1, x1 := min(y0+1, height-1), min(x0+1, width-1)
	if y0 == height-1 {
		y = float64(y0)
	}
	if x0 == width-1 {
		x = float64(x0)
	}
	ly, lx := y-float64(y0), x-float64(x0)
	parts := [4]float64{(1 - ly) * (1 - lx) * plane[y0*width+x0], (1 - ly) * lx * plane[y0*width+x1], ly * (1 - lx) * plane[y1*width+x0], ly * lx * plane[y1*width+x1]}
	return parts[0] + parts[1] + parts[2] + parts[3], slices.Max(parts[:])
}

// maxRoiPool takes the maximum in each bin of regions (image, x1, y1, x2, y2).
func maxRoiPool(c *call) *Tensor {
	x, rois := c.in(0), c.in(1)
	size, scale := c.ints("pooled_shape"), c.float("spatial_scale", 1)
	c.want(len(rois.Shape) == 2 && rois.Shape[1] == 5 && len(size) == 2 && min(size[0], size[1]) > 0, "got regions of shape %v and bins %v, want (number, 5) and two sizes", rois.Shape, size)
	n, boxes := rois.Shape[0], rois.Doubles()
	c.regions(x, boxes, n)
	channels, height, width := x.Shape[1], x.Shape[2], x.Shape[3]
	in, out := x.Doubles(), c.made(proto.Float64, n, channels, size[0], size[1])
	for r := range n {
		box := boxes[5*r : 5*r+5]
		b := int(box[0])
		c.want(b >= 0 && b < x.Shape[0], "input 2: got image %v, want 0 to %d", box[0], x.Shape[0]-1)
		var from, length [2]int
		for d := range 2 {
			from[d] = int(math.Round(min(max(box[2-d]*scale, -maxExtent), maxExtent)))
			length[d] = max(int(math.Round(min(max(box[4-d]*scale, -maxExtent), maxExtent)))-from[d]+1, 1)
		}
		for ch := range channels {
			for o := range size[0] * size[1] {
				var lo, hi [2]int
				for d, i := range [2]int{o / size[1], o % size[1]} {
					bin, most := float64(length[d])/float64(size[d]), [2]int{height, width}[d]
					lo[d] = min(max(int(math.Floor(float64(i)*bin))+from[d], 0), most)
					hi[d] = min(max(int(math.Ceil(float64(i+1)*bin))+from[d], 0), most)
				}
				best, found := 0.0, false
				for y := lo[0]; y < hi[0]; y++ {
					for x := lo[1]; x < hi[1]; x++ {
						if v := in[((b*channels+ch)*height+y)*width+x]; !found || v > best {
							best, found = v, true
						}
					}
				}
				out.data.(list[float64])[(r*channels+ch)*size[0]*size[1]+o] = best
			}
		}
	}
	return out.as(x.Type())
}
