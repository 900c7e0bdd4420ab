package kernels

// A stridedJob computes bands of images: the convolution of x, or the derivative by the input, from that by the result.
type stridedJob[T Float] struct {
	strided
	to, from, weights []T
	ep                *Epilogue[T]
	input             bool
	bands             int // of an image
	ys, xs            []phase
}

// convStrided is Conv, or ConvInput if input is set. A piece of work is an image, or a band if there are few images.
func convStrided[T Float](p *Pool, t strided, input bool, to, from, w []T, ep *Epilogue[T]) {
	j := stridedJob[T]{strided: t, to: to, from: from, weights: stridedPanels(p, t, w, input), ep: ep, input: input}
	defer giveBack(j.weights)
	lines := t.rows
	if input {
		j.ys, j.xs = t.Y.phases(), t.X.phases()
		lines = j.ys[0].count
	}
	if n := p.Workers(); t.Batch < n {
		j.band = min(t.band, (lines+n-1)/n)
	}
	j.bands = (lines + j.band - 1) / j.band
	grain := j.bands
	if t.Batch < p.Workers() {
		grain = 1
	}
	divide(p, t.Batch*j.bands, grain, j)
}

func (j *stridedJob[T]) piece(lo, hi int) {
	result, image := j.Out*j.rows*j.cols, j.In*j.Y.In*j.X.In
	for i := lo; i < hi; i++ {
		n, y := i/j.bands, i%j.bands*j.band
		if j.input {
			j.backward(j.to[n*image:][:image], j.from[n*result:][:result], n*image, y, min(y+j.band, j.ys[0].count))
		} else {
			j.forward(j.to[n*result:][:result], j.from[n*image:][:image], n*result, y, min(y+j.band, j.rows))
		}
	}
}

// lines returns the number of lines of an image that n lines of the result meet.
func (t *strided) lines(n int) int { return 2*n + 1 }

// layStrided lays out the lines of an image that the lines [y0, y1) of the result meet: first those that the first and the last row
// of the kernel meet, and then the others.
func layStrided[T Float](t *strided, dst, image []T, y0, y1 int) {
	n, line := y1-y0+1, 2*t.wide*t.In
	layOut(dst, image, t.In, t.Y.In, t.X.In, 2*y0-t.Y.Before, 2, -t.X.Before, n, 2*t.wide)
	layOut(dst[n*line:], image, t.In, t.Y.In, t.X.In, 2*y0+1-t.Y.Before, 2, -t.X.Before, n-1, 2*t.wide)
}

// row returns where the elements begin that row k of the kernel meets, for n lines of the result.
func (t *strided) row(k, n int) int { return [...]int{0, n + 1, 1}[k] * 2 * t.wide * t.In }

// forward computes the lines [y0, y1) of a result, which begins at element at of the whole tensor.
func (j *stridedJob[T]) forward(c, image []T, at, y0, y1 int) {
	size, panel, n := sizeof[T](), tilePanel[T](), y1-y0
	length := j.lines(n) * 2 * j.wide * j.In
	memory := borrow[T](length + n*j.wide*panel)
	defer giveBack(memory)
	in, out := memory[:length], memory[length:]
	layStrided(&j.strided, in, image, y0, y1)
	plane := j.rows * j.cols
	s := strip[T]{aRow: 2 * j.In * size, aCol: size, rows: (n-1)*j.wide + j.cols, depth: j.deep * j.In, c: out, alpha: 1, beta: 1}
	for o := 0; o < j.Out; o += panel {
		width := min(panel, j.Out-o)
		tileRows, _ := tileSize[T](isa)
		s.aPanel, s.bRow, s.cRow, s.cols, s.flags = tileRows*s.aRow, width*size, width*size, width, 0
		for k := 0; k < 9; k += j.deep {
			s.a, s.b = in[j.row(k/3, n)+k%3*j.In:], j.weights[(9*o+k*width)*j.In:]
			if k+j.deep == 9 {
				s.flags |= j.ep.inStrip()
				s.bias = j.biases(o)
			}
			runStrip(isa, &s)
			s.flags = addBeta
		}
		turn := transposition{n: j.cols, lines: n, srcRow: 1, srcStride: width, srcLine: j.wide * width, dstRow: plane, dstStride: 1, dstLine: j.cols}
		for i := 0; i < width; i += 8 {
			transposeLines(turn, c[(o+i)*plane+y0*j.cols:], out[i:])
		}
	}
	j.finish(c, at, plane, y0*j.cols, y1*j.cols)
}

// biases returns the biases from output o on, or nil.
func (j *stridedJob[T]) biases(o int) []T {
	if j.ep == nil || j.ep.Bias == nil {
		return nil
	}
	return j.ep.Bias[o:]
}

// finish applies the rest of the epilogue to the pixels [lo, hi) of each plane.
func (j *stridedJob[T]) finish(c []T, at, plane, lo, hi int) {
	for i := 0; i < len(c) && j.ep.rowwise(); i += plane {
		j.ep.segment(c[i+lo:i+hi], at+i+lo)
	}
}

// backward computes the lines [y0, y1) of each phase of an image's derivative, which begins at element at of the whole tensor.
func (j *stridedJob[T]) backward(dx, dy []T, at, y0, y1 int) {
	size, panel := sizeof[T](), tilePanel[T]()
	top, bottom, _ := span(j.ys)
	left, right, most := span(j.xs)
	lines, wide := y1-y0+bottom-top, most+right-left
	length := lines * wide * j.Out
	memory := borrow[T](length + 2*(y1-y0)*wide*panel)
	defer giveBack(memory)
	from, out := memory[:length], memory[length:]
	layOut(from, dy, j.Out, j.rows, j.cols, y0+top, 1, left, lines, wide)
	plane := j.Y.In * j.X.In
	s := strip[T]{aRow: j.Out * size, aCol: size, depth: j.Out, alpha: 1, beta: 1}
	for o := 0; o < j.In; o += panel {
		width := min(panel, j.In-o)
		tileRows, _ := tileSize[T](isa)
		s.aPanel, s.bRow, s.cRow, s.cols = tileRows*s.aRow, width*size, 2*width*size, width
		for _, y := range j.ys {
			n := min(y1, y.count) - y0
			if n < 1 {
				continue
			}
			for px, x := range j.xs {
				s.rows, s.c, s.flags = (n-1)*wide+x.count, out[px*width:], 0
				for i, ky := range y.taps {
					for l, kx := range x.taps {
						s.a = from[((y.offsets[i]-top)*wide+x.offsets[l]-left)*j.Out:]
						s.b = j.weights[(9*o+(3*ky+kx)*width)*j.Out:]
						if i+1 == len(y.taps) && l+1 == len(x.taps) {
							s.flags |= j.ep.inStrip()
							s.bias = j.biases(o)
						}
						runStrip(isa, &s)
						s.flags = addBeta
					}
				}
			}
			turn := transposition{n: j.X.In, lines: n, srcRow: 1, srcStride: width, srcLine: 2 * wide * width, dstRow: plane, dstStride: 1, dstLine: 2 * j.X.In}
			for i := 0; i < width; i += 8 {
				transposeLines(turn, dx[(o+i)*plane+(y.first+2*y0)*j.X.In:], out[i:])
			}
		}
	}
	j.finish(dx, at, plane, 2*y0*j.X.In, min(2*y1, j.Y.In)*j.X.In)
}

// span returns the least and the greatest offset of phases, and the greatest number of elements.
func span(phases []phase) (first, last, count int) {
	first, last = phases[0].offsets[0], phases[0].offsets[0]
	for _, p := range phases {
		for _, o := range p.offsets {
			first, last = min(first, o), max(last, o)
		}
		count = max(count, p.count)
	}
	return first, last, count
}
