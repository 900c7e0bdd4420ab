package eval

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels"
)

// position returns where output o is among the input's elements.
func (r *resizing) position(o int) float64 {
	v := float64(o)
	switch r.coordinates {
	case "asymmetric":
		return v / r.scale
	case "align_corners":
		if r.out == 1 {
			return 0
		}
		return v * float64(r.in-1) / float64(r.out-1)
	case "tf_half_pixel_for_nn":
		return (v + 0.5) / r.scale
	case "tf_crop_and_resize":
		if r.out == 1 {
			return 0.5 * (r.from + r.to) * float64(r.in-1)
		}
		return r.from*float64(r.in-1) + v*(r.to-r.from)*float64(r.in-1)/float64(r.out-1)
	case "pytorch_half_pixel":
		if r.out == 1 {
			return 0
		}
	case "half_pixel_symmetric":
		return float64(r.in)/2*(1-float64(r.out)/r.length) + (v+0.5)/r.scale - 0.5
	}
	return (v+0.5)/r.scale - 0.5
}

// taps returns the elements that output o is a weighted sum of, and the weights.
func (r *resizing) taps(o int) (at []int, weights []float64, outside bool) {
	p := r.position(o)
	outside = r.extrapolation && (p < 0 || p > float64(r.in-1))
	if r.mode == "nearest" {
		p := kernels.NearHalf(p)
		var k float64
		switch r.nearest {
		case "floor":
			k = math.Floor(p)
		case "ceil":
			k = math.Ceil(p)
		case "round_prefer_ceil":
			k = math.Floor(p + 0.5)
		default:
			k = math.Ceil(p - 0.5)
		}
		return []int{int(min(max(k, 0), float64(r.in-1)))}, []float64{1}, outside
	}
	wide := 1.0 // how much the filter is stretched
	if r.antialias && r.scale < 1 {
		wide = 1 / r.scale
	}
	reach := 1.0
	if r.mode == "cubic" {
		reach = 2
	}
	from, to := int(math.Floor(p-reach*wide))+1, int(math.Ceil(p+reach*wide))-1
	if wide == 1 {
		from = int(math.Floor(p)) - int(reach) + 1
		to = from + 2*int(reach) - 1
	}
	total := 0.0
	for k := from; k <= to; k++ {
		w := r.weight(math.Abs(p-float64(k)) / wide)
		if r.inside && (k < 0 || k >= r.in) {
			w = 0
		}
		at, weights = append(at, min(max(k, 0), r.in-1)), append(weights, w)
		total += w
	}
	for i := range weights {
		weights[i] /= total
	}
	return at, weights, outside
}

// weight is the filter at a distance.
func (r *resizing) weight(d float64) float64 {
	if r.mode == "linear" {
		return max(1-d, 0)
	}
	a := r.slope
	switch {
	case d <= 1:
		return ((a+2)*d-(a+3))*d*d + 1
	case d < 2:
		return ((a*d-5*a)*d+8*a)*d - 4*a
	}
	return 0
}
