package kernels

import "math"

// lineCols is the number of columns of a result that the kernels of depthwise convolutions compute at once.
const lineCols = 16

// A lineCut is the lines of a plane in blocks of lineCols columns, for a kernel that computes the result without a frame: it reads the
// plane itself, with masks at the ends of its lines.
type lineCut struct {
	from, to image // of the planes
	top      int   // lines of zeros before a plane
	stepY    int   // lines between two lines of the result
	kernel   int   // lines of the kernel
	weights  int   // elements of the kernel
	blocks   []lineBlock
}

// A lineBlock is some columns of a result.
type lineBlock struct {
	at    int // element of the first line of zeros that the first column of the kernel begins at
	to    int // first column of the result
	masks [8]uint16
}

// cutLines returns the cut of a convolution of each channel by itself, nil if the kernels do not compute it.
func cutLines(s ConvShape) *lineCut {
	y, x := s.Y, s.X
	if y.Kernel != x.Kernel || y.Kernel != 3 && y.Kernel != 5 || y.Stride > 2 || x.Stride > 2 || max(y.Dilation, x.Dilation) > 1 {
		return nil
	}
	c := &lineCut{from: image{y.In, x.In}, to: image{y.Out(), x.Out()}, top: y.Before, stepY: y.Stride, kernel: y.Kernel, weights: y.Kernel * x.Kernel}
	for to := 0; to < c.to.width; to += lineCols {
		b := lineBlock{to: to, at: to*x.Stride - x.Before}
		n := min(lineCols, c.to.width-to)
		inside := func(first int) (mask uint16) { // of the elements from first on
			for i := range 16 {
				if at := b.at + first + i; at >= 0 && at < x.In {
					mask |= 1 << i
				}
			}
			return mask
		}
		k := 0
		for kx := 0; kx < x.Kernel; kx += x.Stride {
			if b.masks[k] = inside(kx); x.Stride == 2 {
				k++
				b.masks[k] = inside(kx + 16)
			}
			k++
		}
		b.masks[k] = uint16(1<<n - 1)
		b.at -= y.Before * x.In
		c.blocks = append(c.blocks, b)
	}
	return c
}

var knownLines = memo[ConvShape, *lineCut]{compute: cutLines}

// convLines sets y to the convolution of x of each channel by itself. It returns false if the form in use has no kernel for it. The
// sums have the order of planes, and their bits.
func convLines[T Float](p *Pool, s ConvShape, y, x, w []T, ep *Epilogue[T]) bool {
	if !vectorLines[T]() {
		return false
	}
	n := s.Batch * s.Groups
	s.Batch = 1
	c := knownLines.get(s)
	if c == nil {
		return false
	}
	j := newLinesJob(c, s, y, x, w, ep)
	if n == s.Groups && c.from.size() > pointPixels { // one image: workers take lines, as they do of the convolutions around this one
		j.parts = max(1, min(p.Workers(), c.to.height))
	}
	j.planes = n
	divide(p, n*j.parts, max(1, 1<<13*j.parts/max(c.from.size(), c.to.size())), j)
	return true
}

// newLinesJob returns a linesJob of one part.
func newLinesJob[T Float](c *lineCut, s ConvShape, y, x, w []T, ep *Epilogue[T]) linesJob[T] {
	j := linesJob[T]{lineCut: c, groups: s.Groups, parts: 1, y: y, x: x, w: w, ep: ep, low: T(math.Inf(-1)), high: T(math.Inf(1)),
		rowwise: ep.rowwise(), compute: lineFunction(s)}
	switch {
	case ep == nil || ep.Deriv != nil:
	case ep.Act == ActReLU:
		j.low = 0
	case ep.Act == ActClip:
		j.low, j.high, j.rowwise = ep.Low, ep.High, false
	}
	return j
}

// convLinesInput is convLines for the derivative by the input: with stride 1, a convolution with the kernel reversed. Its sums have
// the reverse order of those of planes.
func convLinesInput[T Float](p *Pool, s ConvShape, dx, dy, w []T, ep *Epilogue[T]) bool {
	reversed := func(w Window) Window {
		return Window{In: w.Out(), Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation,
			Before: w.Kernel - 1 - w.Before, After: w.Kernel - 1 - w.After}
	}
	r := s
	r.Y, r.X = reversed(s.Y), reversed(s.X)
	if s.Y.Stride != 1 || s.X.Stride != 1 || min(r.Y.Before, r.Y.After, r.X.Before, r.X.After) < 0 {
		return false
	}
	weights := borrow[T](len(w))
	defer giveBack(weights)
	for n := s.depth(); len(w) > 0; w = w[n:] {
		at := len(weights) - len(w)
		for i, v := range w[:n] {
			weights[at+n-1-i] = v
		}
	}
	return convLines(p, r, dx, dy, weights, ep)
}

// A linesJob is convLines of some planes, in parts of their lines: first one part of all planes, then the next.
type linesJob[T Float] struct {
	*lineCut
	planes    int
	groups    int
	parts     int
	y, x, w   []T
	ep        *Epilogue[T]
	low, high T
	rowwise   bool
	compute   int // number of the kernel
}

func (j *linesJob[T]) piece(lo, hi int) {
	in, out := j.from.size(), j.to.size()
	for i := lo; i < hi; i++ {
		part, plane := i/j.planes, i%j.planes
		first, last := j.to.height*part/j.parts, j.to.height*(part+1)/j.parts
		j.lines(j.y[plane*out:(plane+1)*out], j.x[plane*in:(plane+1)*in], 0, j.from.height, plane%j.groups, plane*out, first, last)
	}
}

// lines computes the lines [first, last) of a plane y in group g, which begins at element at of the whole tensor, from x: height lines
// of a plane from line number top on, which have all that the result needs.
func (j *linesJob[T]) lines(y, x []T, top, height, g, at, first, last int) {
	bias := T(0)
	if j.ep != nil && j.ep.Bias != nil {
		bias = j.ep.Bias[g]
	}
	for k := range j.blocks {
		vectorLine(j, &j.blocks[k], y, x, j.w[g*j.weights:][:j.weights], bias, top, height, first, last)
	}
	if from := first * j.to.width; j.rowwise {
		j.ep.segment(y[from:last*j.to.width], at+from)
	}
}

// lineFunction returns the number of the kernel for a convolution.
func lineFunction(s ConvShape) int {
	return (s.Y.Kernel-3)/2*4 + (s.Y.Stride-1)*2 + s.X.Stride - 1
}
