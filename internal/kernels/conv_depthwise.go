package kernels

// A planes computes a convolution of each channel by itself, or its derivative by the input. A plane, an image of one channel, is copied
// to a frame with the zeros around it. There, all pixels of a result meet a tap at the same distance, so a result is a sum of shifted
// copies of the frame, with gaps at the ends of its lines.
type planes struct {
	from, to image // of the planes
	top      int   // lines of zeros before a plane
	left     int   // zeros before each line
	phases   int   // lines of the frame that are this number apart are neighbours
	lines    int   // of each phase
	line     int   // elements of a line
	results  []planeResult
}

// An image is the size of a plane.
type image struct{ height, width int }

func (i image) size() int { return i.height * i.width }

// A planeResult is a part of the planes that are computed: the pixels (y + i·apartY, x + j·apartX).
type planeResult struct {
	rows, cols     int
	y, x           int
	apartY, apartX int
	step           int   // elements of the frame between two pixels of a line
	kernel         []int // the kernel's elements
	taps           []int // of the frame, for each of them, in elements
}

// usesPlanes reports whether planes compute a convolution in both directions. With larger strides most sums would be dropped.
func (s ConvShape) usesPlanes() bool { return s.isDepthwise() && s.X.Stride <= 2 }

// forwardPlanes returns the planes of a convolution.
func forwardPlanes(s ConvShape) *planes {
	y, x := s.Y, s.X
	p := &planes{from: image{y.In, x.In}, to: image{y.Out(), x.Out()}, top: y.Before, left: x.Before, phases: y.Stride,
		lines: (y.In + y.Before + y.After + y.Stride - 1) / y.Stride, line: x.In + x.Before + x.After}
	r := planeResult{rows: y.Out(), cols: x.Out(), apartY: 1, apartX: 1, step: x.Stride}
	for ky := range y.Kernel {
		q, phase := floorDiv(ky*y.Dilation, y.Stride)
		for kx := range x.Kernel {
			r.kernel = append(r.kernel, ky*x.Kernel+kx)
			r.taps = append(r.taps, (phase*p.lines+q)*p.line+kx*x.Dilation)
		}
	}
	p.results = []planeResult{r}
	return p
}

// inputPlanes returns the planes of the derivative by the input, with a result for each phase.
func inputPlanes(s ConvShape) *planes {
	ys, xs := s.Y.phases(), s.X.phases()
	p := &planes{from: image{s.Y.Out(), s.X.Out()}, to: image{s.Y.In, s.X.In}, phases: 1}
	reach := func(list []phase, n int) (before, all int) {
		last := n
		for _, f := range list {
			for _, d := range f.offsets {
				before, last = max(before, -d), max(last, f.count+d)
			}
		}
		return before, before + last
	}
	p.top, p.lines = reach(ys, p.from.height)
	p.left, p.line = reach(xs, p.from.width)
	for _, y := range ys {
		for _, x := range xs {
			r := planeResult{rows: y.count, cols: x.count, y: y.first, x: x.first, apartY: s.Y.Stride, apartX: s.X.Stride, step: 1}
			for i, ky := range y.taps {
				for j, kx := range x.taps {
					r.kernel = append(r.kernel, ky*s.X.Kernel+kx)
					r.taps = append(r.taps, (y.offsets[i]+p.top)*p.line+x.offsets[j]+p.left)
				}
			}
			p.results = append(p.results, r)
		}
	}
	return p
}

var (
	knownForward = memo[ConvShape, *planes]{compute: forwardPlanes}
	knownInput   = memo[ConvShape, *planes]{compute: inputPlanes}
)

// convPlanes sets y to the convolution of x, or with input to the derivative by the input of a sum whose derivative by the output is x.
func convPlanes[T Float](p *Pool, s ConvShape, input bool, y, x, w []T, ep *Epilogue[T]) {
	if depthwise3Planes(p, s, input, y, x, w, ep) {
		return
	}
	n := s.Batch * s.Groups
	s.Batch = 1
	known := &knownForward
	if input {
		known = &knownInput
	}
	j := planesJob[T]{planes: known.get(s), groups: s.Groups, weights: s.depth(), y: y, x: x, w: w, ep: ep}
	divide(p, n, max(1, 1<<13/j.frame()), j)
}

// A planesJob is convPlanes of some planes.
type planesJob[T Float] struct {
	*planes
	groups, weights int
	y, x, w         []T
	ep              *Epilogue[T]
}

func (j *planesJob[T]) piece(lo, hi int) {
	frame, wide := borrow[T](j.frame()), borrow[T](j.wide())
	weights, taps := borrow[T](j.weights), borrowTaps(j.weights)
	clear(frame)
	in, out := j.from.size(), j.to.size()
	for i := lo; i < hi; i++ {
		g := i % j.groups
		fillFrame(j.planes, frame, j.x[i*in:(i+1)*in])
		kernel, y := j.w[g*j.weights:][:j.weights], j.y[i*out:(i+1)*out]
		for k := range j.results {
			r := &j.results[k]
			for l, e := range r.kernel {
				weights[l], taps[l] = kernel[e], r.taps[l]*sizeof[T]()
			}
			j.sum(r, wide, frame, weights, taps, g)
			store(r, y, wide, j.to.width, j.line)
		}
		if j.ep.rowwise() {
			j.ep.segment(y, i*out)
		}
	}
	giveBackTaps(taps)
	giveBack(weights)
	giveBack(wide)
	giveBack(frame)
}

// frame returns the number of elements of a frame. The last ones are read for products that nobody needs.
func (p *planes) frame() int { return p.phases*p.lines*p.line + dotLinesAtOnce }

// wide returns the number of elements of the largest result with its gaps.
func (p *planes) wide() (n int) {
	for i := range p.results {
		n = max(n, p.results[i].wide(p.line))
	}
	return n
}

func (r *planeResult) wide(line int) int { return max(0, (r.rows-1)*line+(r.cols-1)*r.step+1) }

// fillFrame copies a plane into a frame of zeros.
func fillFrame[T Float](p *planes, frame, plane []T) {
	width := p.from.width
	for phase := range p.phases {
		first := ((phase-p.top)%p.phases + p.phases) % p.phases // row of the plane
		n := (p.from.height - first + p.phases - 1) / p.phases
		if n <= 0 {
			continue
		}
		to, rows := frame[(phase*p.lines+(first+p.top)/p.phases)*p.line+p.left:], plane[first*width:]
		if vectorBordered(to, rows, width, n, p.line, p.phases*width) {
			continue
		}
		for i := range n {
			copy(to[i*p.line:][:width], rows[i*p.phases*width:])
		}
	}
}

// sum sets wide to the result of a frame in group g.
func (j *planesJob[T]) sum(r *planeResult, wide, frame, weights []T, taps []int, g int) {
	n := r.wide(j.line)
	bias := T(0)
	size, depth := sizeof[T](), len(r.taps)
	tileRows, tileCols := tileSize[T](isa)
	s := tapStrip[T]{strip: strip[T]{a: weights, aRow: depth * size, aCol: size, aPanel: tileRows * depth * size, bPanel: tileCols * size,
		cRow: len(wide) * size, rows: 1, depth: depth, alpha: 1, beta: 1, flags: j.ep.inStrip() &^ addBias}, taps: taps}
	if j.ep != nil && j.ep.Bias != nil {
		s.bias, bias = j.ep.Bias[g:], j.ep.Bias[g]
		s.flags |= addRowBias
	}
	if depth == 0 {
		if s.flags&applyReLU != 0 {
			bias = max(bias, 0)
		}
		Fill(wide[:n], bias)
		return
	}
	for at := 0; at < n; at += s.cols {
		s.cols, s.b, s.c = tapCols[T](isa, 1, n-at), frame[at:], wide[at:]
		runTaps(&s)
	}
}

// store writes a result to its pixels. wide has lines of the given length, plane of width elements.
func store[T Float](r *planeResult, plane, wide []T, width, line int) {
	if r.step == 1 && r.apartX == 1 && r.cols == width && r.apartY == 1 && vectorBordered(plane[r.y*width:], wide, width, r.rows, width, line) {
		return
	}
	for i := range r.rows {
		to, from := plane[(r.y+i*r.apartY)*width:][r.x:width], wide[i*line:][:(r.cols-1)*r.step+1]
		switch {
		case r.step == 2:
			takeSecond(to[:r.cols], from)
		case r.apartX == 2:
			putSecond(to, from)
		default:
			copy(to, from)
		}
	}
}
