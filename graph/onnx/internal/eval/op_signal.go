package eval

import (
	"math"
	"math/cmplx"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	window := op(1, 1, "output_datatype periodic", windowFunction)
	register(map[string]operator{
		"HannWindow": window, "HammingWindow": window, "BlackmanWindow": window,
		"DFT": op(1, 3, "axis inverse onesided", dft), "STFT": op(2, 4, "onesided", stft),
		"MelWeightMatrix": op(5, 5, "output_datatype", melWeights),
	})
}

// windowFunction is a sum of cosines over a number of elements.
func windowFunction(c *call) *Tensor {
	n := c.one(0)
	a := map[string][3]float64{"HannWindow": {0.5, 0.5, 0}, "HammingWindow": {25.0 / 46, 21.0 / 46, 0}, "BlackmanWindow": {0.42, 0.5, 0.08}}[c.node.Operator]
	out := c.made(proto.Float64, n)
	period := float64(n)
	if c.int("periodic", 1) == 0 {
		period = float64(n - 1)
	}
	for i := range out.data.(list[float64]) {
		v := 2 * math.Pi * float64(i) / period
		out.data.(list[float64])[i] = a[0] - a[1]*math.Cos(v) + a[2]*math.Cos(2*v)
	}
	return out.as(c.elementType("output_datatype", proto.Float32))
}

// transform is the discrete Fourier transform of x, in time O(n log n) if n is a power of 2, else O(n²).
func transform(x []complex128, inverse bool) []complex128 {
	n := len(x)
	sign := -2 * math.Pi / float64(n)
	if inverse {
		sign = -sign
	}
	out := make([]complex128, n)
	if n > 1 && n%2 == 0 {
		even, odd := make([]complex128, n/2), make([]complex128, n/2)
		for i := range even {
			even[i], odd[i] = x[2*i], x[2*i+1]
		}
		even, odd = transform(even, inverse), transform(odd, inverse)
		for k := range even {
			t := cmplx.Rect(1, sign*float64(k)) * odd[k]
			out[k], out[k+n/2] = even[k]+t, even[k]-t
		}
		return out
	}
	for k := range out {
		for i, v := range x {
			out[k] += v * cmplx.Rect(1, sign*float64(i*k%n))
		}
	}
	return out
}

// dft transforms one axis of (..., 1) real or (..., 2) complex numbers.
func dft(c *call) *Tensor {
	x := c.in(0)
	rank := len(x.Shape)
	c.want(rank >= 2 && (x.Shape[rank-1] == 1 || x.Shape[rank-1] == 2) && isFloat(x), "got %v of shape %v, want floating-point numbers (..., 1) or (..., 2)", x.Type(), x.Shape)
	axis := c.int("axis", 1)
	if c.opset >= 20 {
		if axis = -2; c.opt(2) != nil {
			axis = c.one(2)
		}
	}
	axis = c.axis(axis, rank)
	c.want(axis < rank-1, "got axis %d of shape %v, want one before the last", axis, x.Shape)
	n := x.Shape[axis]
	if c.opt(1) != nil {
		n = c.one(1)
	}
	inverse, bins := c.flag("inverse"), n
	if c.flag("onesided") {
		c.want(!inverse, "got onesided and inverse, want one of them")
		bins = n/2 + 1
	}
	c.want(n > 0, "got length %d, want 1 or more", n)
	width := x.Shape[rank-1]
	shape := slices.Clone(x.Shape)
	shape[axis], shape[rank-1] = bins, 2
	in, out := x.Doubles(), c.made(proto.Float64, shape...)
	y := out.data.(list[float64])
	step := sizeOf(x.Shape[axis+1 : rank-1])
	signal := make([]complex128, sizeOf(c.shape(n)))
	for o := range sizeOf(x.Shape[:axis]) {
		for i := range step {
			c.spend(product(n, oddPart(n)+32))
			for k := range signal {
				signal[k] = 0
				if k >= x.Shape[axis] {
					continue
				}
				at := ((o*x.Shape[axis]+k)*step + i) * width
				if signal[k] = complex(in[at], 0); width == 2 {
					signal[k] = complex(in[at], in[at+1])
				}
			}
			for k, v := range transform(signal, inverse)[:bins] {
				if inverse {
					v /= complex(float64(n), 0)
				}
				at := ((o*bins+k)*step + i) * 2
				y[at], y[at+1] = real(v), imag(v)
			}
		}
	}
	return out.as(x.Type())
}

// oddPart returns the largest odd divisor.
func oddPart(n int) int {
	for n > 0 && n%2 == 0 {
		n /= 2
	}
	return n
}

// stft transforms frames of signals (batch, length, 1 or 2) or (batch, length): one every step elements, multiplied by a window.
func stft(c *call) *Tensor {
	x := c.in(0)
	if len(x.Shape) == 2 {
		x = x.reshaped(x.Shape[0], x.Shape[1], 1)
	}
	c.want(len(x.Shape) == 3 && (x.Shape[2] == 1 || x.Shape[2] == 2) && isFloat(x), "got %v of shape %v, want floating-point numbers (batch, length, 1 or 2)", x.Type(), x.Shape)
	step, n := c.one(1), 0
	var window []float64
	if c.opt(2) != nil {
		window = c.in(2).Doubles()
		n = len(window)
	}
	if c.opt(3) != nil {
		c.want(window == nil || c.one(3) == n, "got a window of %d elements and frames of %d, want as many", n, c.one(3))
		n = c.one(3)
	}
	c.want(step > 0 && n > 0 && n <= x.Shape[1], "got step %d and frames of %d for shape %v, want 1 or more and a length of at least a frame", step, n, x.Shape)
	frames, bins, width := (x.Shape[1]-n)/step+1, n, x.Shape[2]
	if c.int("onesided", 1) != 0 {
		bins = n/2 + 1
	}
	in, out := x.Doubles(), c.made(proto.Float64, x.Shape[0], frames, bins, 2)
	y := out.data.(list[float64])
	signal := make([]complex128, sizeOf(c.shape(n)))
	for b := range x.Shape[0] {
		for f := range frames {
			c.spend(product(n, oddPart(n)+32))
			for k := range signal {
				at := (b*x.Shape[1] + f*step + k) * width
				if signal[k] = complex(in[at], 0); width == 2 {
					signal[k] = complex(in[at], in[at+1])
				}
				if window != nil {
					signal[k] *= complex(window[k], 0)
				}
			}
			for k, v := range transform(signal, false)[:bins] {
				at := ((b*frames+f)*bins + k) * 2
				y[at], y[at+1] = real(v), imag(v)
			}
		}
	}
	return out.as(x.Type())
}

// melWeights is the matrix that maps a spectrum to mel bins: triangles whose corners are equally far apart on the mel scale.
func melWeights(c *call) *Tensor {
	bins, n, rate := c.one(0), c.one(1), float64(c.one(2))
	low, high := c.real(3), c.real(4)
	c.want(bins >= 0 && n > 0 && rate > 0 && low >= 0 && high > low, "got %d bins of %d at %v from %v to %v, want positive sizes and a range", bins, n, rate, low, high)
	mel := func(f float64) float64 { return 2595 * math.Log10(1+f/700) }
	spectrum := n/2 + 1
	edges := make([]int, sizeOf(c.shape(bins+2)))
	from, to := mel(low), mel(high)
	for i := range edges {
		m := from + float64(i)*(to-from)/float64(bins+2)
		edges[i] = int(math.Floor(float64(n+1) * 700 * (math.Pow(10, m/2595) - 1) / rate))
	}
	out := c.made(proto.Float64, spectrum, bins)
	y := out.data.(list[float64])
	set := func(row, col int, v float64) {
		if row >= 0 && row < spectrum {
			y[row*bins+col] = v
		}
	}
	for b := range bins {
		lo, mid, hi := edges[b], edges[b+1], edges[b+2]
		if mid == lo {
			set(mid, b, 1)
		} else {
			for j := lo; j <= min(mid, spectrum); j++ {
				set(j, b, float64(j-lo)/float64(mid-lo))
			}
		}
		for j := mid; j < min(hi, spectrum); j++ {
			set(j, b, float64(hi-j)/float64(hi-mid))
		}
	}
	return out.as(c.elementType("output_datatype", proto.Float32))
}
