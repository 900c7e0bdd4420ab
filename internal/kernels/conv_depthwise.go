package kernels

import "slices"

// A depthwise computes the derivative with respect to the weights of a convolution of each channel by itself: one output channel for
// each input channel. An image of one channel is a plane. It is copied to a frame with its padding, in which all pixels of the result
// meet a tap at the same distance, if there are gaps at the ends of the lines of the result.
type depthwise[T Float] struct {
	shape ConvShape
	y, x  depthAxis
	n     int   // pixels of the result in a frame, with gaps
	taps  []int // for each tap, the element of the frame that the first pixel meets
}

// A depthAxis is one dimension of a frame. Elements of the plane that are a stride apart are neighbours in it: it has a part for each
// phase, the remainder of the element's place divided by the stride.
type depthAxis struct {
	window Window
	low    int   // place of the first element of each phase
	count  int   // elements of each phase
	phase  []int // of each tap
	place  []int // in its phase
}

func newDepthAxis(w Window) depthAxis {
	a := depthAxis{window: w}
	for k := range w.Kernel {
		q, r := floorDiv(k*w.Dilation-w.Before, w.Stride)
		a.phase, a.place = append(a.phase, r), append(a.place, q)
	}
	a.low = slices.Min(a.place)
	a.count = w.Out() + slices.Max(a.place) - a.low
	for k := range a.place {
		a.place[k] -= a.low
	}
	return a
}

// isDepthwise reports whether a depthwise can compute the derivative.
func (s ConvShape) isDepthwise() bool {
	fits := func(w Window) bool { return w.Kernel > 0 && w.Stride <= w.Kernel && w.Out() > 0 && w.In > 0 }
	return s.Groups == s.In && s.Groups == s.Out && s.Groups > 1 && s.Y.Kernel*s.X.Kernel > 1 && fits(s.Y) && fits(s.X)
}

// depthwiseOf returns the depthwise of a shape, whose batch does not matter.
func depthwiseOf[T Float](s ConvShape) *depthwise[T] {
	s.Batch = 1
	return scratchOf[T]().depthwise.get(s)
}

func newDepthwise[T Float](s ConvShape) *depthwise[T] {
	d := &depthwise[T]{shape: s, y: newDepthAxis(s.Y), x: newDepthAxis(s.X)}
	d.n = (s.Y.Out()-1)*d.x.count + s.X.Out()
	for ky, py := range d.y.phase {
		for kx, px := range d.x.phase {
			tap := ((py*s.X.Stride+px)*d.y.count+d.y.place[ky])*d.x.count + d.x.place[kx]
			d.taps = append(d.taps, tap)
		}
	}
	return d
}

// size returns the number of elements of a frame. Some follow that are read for sums that nobody needs.
func (d *depthwise[T]) size() int {
	return d.shape.Y.Stride*d.shape.X.Stride*d.y.count*d.x.count + d.x.count + dotLinesAtOnce
}

// fill copies a plane to a frame.
func (d *depthwise[T]) fill(frame, plane []T) {
	sy, sx, width := d.shape.Y.Stride, d.shape.X.Stride, d.shape.X.In
	part := d.y.count * d.x.count
	for py := range sy {
		for i := range d.y.count {
			at := (py*sx*d.y.count + i) * d.x.count
			row := (d.y.low+i)*sy + py
			for px := range sx {
				line := frame[at+px*part:][:d.x.count]
				if row < 0 || row >= d.shape.Y.In {
					clear(line)
					continue
				}
				x := d.x.low*sx + px
				if from, to := inside(x, sx, len(line), width); from < to {
					copyInside(line, plane[row*width+x+from*sx:(row+1)*width], from, to, sx)
				} else {
					clear(line)
				}
			}
		}
	}
	clear(frame[sy*sx*part:])
}

// weightsDepthwise is ConvWeights. The derivative of a tap is an inner product of two frames, one with zeros in its gaps, so that an
// infinity in x makes all taps NaN. It is summed over the samples in their order.
func weightsDepthwise[T Float](p *Pool, s ConvShape, dw, x []T, d outputs[T]) {
	divide(p, s.Groups, 1, depthwiseJob[T]{d, depthwiseOf[T](s), s.Batch, dw, x})
}

// A depthwiseJob is weightsDepthwise of some channels.
type depthwiseJob[T Float] struct {
	outputs[T]
	d     *depthwise[T]
	batch int
	dw, x []T
}

func (j *depthwiseJob[T]) piece(lo, hi int) {
	d := j.d
	in, out, weights := d.shape.sizes()
	width := d.shape.X.Out()
	frame, wide, memory := borrow[T](d.size()), borrow[T](d.n), borrow[T](out)
	defer giveBack(frame)
	defer giveBack(wide)
	defer giveBack(memory)
	clear(wide)
	for g := lo; g < hi; g++ {
		sum := j.dw[g*weights:][:weights]
		clear(sum)
		for n := range j.batch {
			at := n*d.shape.Groups + g
			dy := j.derivative(memory, at)
			for i := range d.shape.Y.Out() {
				copy(wide[i*d.x.count:], dy[i*width:(i+1)*width])
			}
			d.fill(frame, j.x[at*in:(at+1)*in])
			d.dots(sum, frame, wide)
		}
	}
}

// dots adds the derivatives of one plane to sum. Neighbours in a line of the kernel's phase are computed at once.
func (d *depthwise[T]) dots(sum, frame, wide []T) {
	var four [dotLinesAtOnce]T
	for ky := range d.y.phase {
		row := d.taps[ky*d.shape.X.Kernel:][:d.shape.X.Kernel]
		for px := range d.shape.X.Stride {
			for from := 0; from < d.x.count; from += len(four) {
				done := false
				for kx, tap := range row {
					if at := d.x.place[kx] - from; d.x.phase[kx] == px && at >= 0 && at < len(four) {
						if !done {
							dotLines(isa, four[:], wide, frame[tap-at:], 1)
							done = true
						}
						sum[ky*d.shape.X.Kernel+kx] += four[at]
					}
				}
			}
		}
	}
}
