package kernels

// ConvWeights sets dw to the derivative of Σ dy·Conv(x, w) with respect to w. It sums over pieces of the batch, whose
// number depends only on the shape, and then over the pieces in order.
func ConvWeights[T Float](p *Pool, s ConvShape, dw, x, dy []T) {
	_, out, _ := s.sizes()
	convWeights(p, s, dw, x, len(dy), outputs[T]{dy: dy, size: out})
}

// outputs are the derivatives by the outputs of a convolution, of size elements for each sample and group. If y is set, they are those
// by what is pooled of it, as in ConvWeightsPooled.
type outputs[T Float] struct {
	dy     []T
	size   int
	y      []T
	q      PoolShape
	pooled int // elements of dy for each sample and group
	relu   bool
}

// derivative returns the derivative of one sample and group. It may store it in dst.
func (o *outputs[T]) derivative(dst []T, at int) []T {
	if o.y == nil {
		return o.dy[at*o.size : (at+1)*o.size]
	}
	MaxPoolGrad(nil, o.q, dst, o.y[at*o.size:(at+1)*o.size], o.dy[at*o.pooled:(at+1)*o.pooled], o.relu)
	return dst
}

// derivatives returns the derivatives of some samples, one behind the other. Each has one group.
func (o *outputs[T]) derivatives(dst []T, at, count int) []T {
	if o.y == nil {
		return o.dy[at*o.size : (at+count)*o.size]
	}
	for i := range count {
		o.derivative(dst[i*o.size:][:o.size], at+i)
	}
	return dst
}

// convWeights is ConvWeights with outputs in place of dy. length is the number of elements of the convolution's result.
func convWeights[T Float](p *Pool, s ConvShape, dw, x []T, length int, d outputs[T]) {
	s.check("ConvWeights", len(x), length, len(dw))
	if s.isDepthwise() {
		weightsOfPlanes(p, s, dw, x, d)
		return
	}
	const most, elements = 8, 1 << 22
	pieces := max(1, min(s.Batch, most, elements/max(1, len(dw))))
	_, _, weights := s.sizes()
	t := weightProduct[T]{grid: s.grid(), shape: s, outs: s.Out / s.Groups, x: x, outputs: d}
	if tiles, ok := t.tiling(s.Batch, s.Out); ok && s.Groups == 1 && tilesPay[T]() && tiles.fasterSum() {
		if tiles.largerSum(pieces) {
			tiles = tiles.sized(4)
		}
		if tileWeights(p, tileSum[T]{tiles, x, d}, pieces, dw) {
			return
		}
	}
	if strides, ok := s.strided(); ok && stridedPays[T]() && stridedSum(p, stridedSumJob[T]{strided: strides, x: x, outputs: d}, pieces, dw) {
		return
	}
	t.pieces = t.cut(sizeof[T]())
	parts := borrow[T](pieces * len(dw))
	defer giveBack(parts)
	across := 1 // the workers divide the channels if there are too few pieces
	if pieces*s.Groups < p.Workers() {
		across = min(t.channels, p.Workers())
	}
	if 2*float64(s.Batch)*float64(len(dw))*float64(t.rows*t.cols) < parallelFlops {
		p = nil
	}
	divide(p, pieces*s.Groups*across, 1, weightsJob[T]{t, parts, pieces, across, weights})
	divide(p, s.Groups, 1, weightsSumJob[T]{parts, dw, pieces, weights, t.outs})
}

// A weightsJob computes the sums of the pieces of a batch: for each piece and group, some channels at a time.
type weightsJob[T Float] struct {
	weightProduct[T]
	parts                   []T
	count, across, elements int // pieces of the batch, pieces of the channels, elements of a sum
}

func (j *weightsJob[T]) piece(lo, hi int) {
	columns := borrowColumns[T](&j.grid)
	defer columns.free()
	for i := lo; i < hi; i++ {
		part, c := i/j.across, i%j.across
		piece, g := part/j.shape.Groups, part%j.shape.Groups
		j.sum(columns, j.parts[part*j.elements:][:j.elements], g, j.shape.Batch*piece/j.count, j.shape.Batch*(piece+1)/j.count,
			j.channels*c/j.across, j.channels*(c+1)/j.across)
	}
}

// A weightsSumJob adds the parts of each group, in order, and writes them to dw.
type weightsSumJob[T Float] struct {
	parts, dw             []T
	count, elements, outs int
}

func (j *weightsSumJob[T]) piece(lo, hi int) {
	taps := j.elements / max(1, j.outs)
	for g := lo; g < hi; g++ {
		sum := j.parts[g*j.elements:][:j.elements]
		for i := 1; i < j.count; i++ {
			Add(sum, sum, j.parts[i*len(j.dw)+g*j.elements:][:j.elements])
		}
		transpose(j.dw[g*j.elements:], sum, j.outs, taps, taps, j.outs)
	}
}

// fewTaps is the number of taps up to which inner products are faster than transposing the derivatives of the outputs.
const fewTaps = 6

// A weightProduct is the derivative of a convolution with respect to its weights. For each group it is a matrix with a row
// for each tap and a column for each output channel: the product of the columns of the images and the derivatives of the
// output, summed over the pixels.
type weightProduct[T Float] struct {
	grid
	outputs[T]
	pieces cut
	shape  ConvShape
	outs   int // output channels of a group
	x      []T
}

// sum sets the rows of sum that belong to the channels [c0, c1) of group g to the sum over the samples [n0, n1).
func (t *weightProduct[T]) sum(x *columns[T], sum []T, g, n0, n1, c0, c1 int) {
	in, out, _ := t.shape.sizes()
	clear(sum[c0*t.perChannel()*t.outs : c1*t.perChannel()*t.outs])
	memory := borrow[T](out)
	defer giveBack(memory)
	dots := t.channels*t.perChannel() <= fewTaps
	for n := n0; n < n1; n++ {
		at := n*t.shape.Groups + g
		dy := t.derivative(memory, at)
		for i := range t.pieces.count(&t.grid) {
			x.setArea(t.pieces.area(&t.grid, i))
			for ch := c0; ch < c1; ch += t.pieces.channels {
				x.load(t.x[at*in:(at+1)*in], ch, min(ch+t.pieces.channels, c1))
				if part := sum[ch*t.perChannel()*t.outs:]; dots {
					t.addDots(x, part, dy)
				} else {
					t.add(x, part, dy)
				}
			}
		}
	}
}

// add adds the products of the columns and the derivatives of one sample, a block of pixels at a time.
func (t *weightProduct[T]) add(x *columns[T], sum, dy []T) {
	size, pixels, n := sizeof[T](), t.rows*t.cols, x.area.pixels()
	tileRows, tileCols := tileSize[T](isa)
	if isa != Generic {
		tileRows = 6 // of runTapRows, in every form
	}
	lines := lines[T]{dy[x.area.y0*t.cols+x.area.x0:], pixels, 1}
	block := depthBlock(n)
	panels := borrow[T](ceilTo(t.outs, tileCols) * block)
	defer giveBack(panels)
	s := tapStrip[T]{strip: strip[T]{cRow: t.outs * size, flags: addBeta, alpha: 1, beta: 1}, taps: x.taps}
	s.aCol = size
	for k := 0; k < n; k += block {
		depth := min(block, n-k)
		lines.pack(panels, tileCols, 0, t.outs, k, k+depth)
		s.a = x.data[k:]
		s.bPanel = tileCols * depth * size
		for j := 0; j < t.outs; j += s.cols {
			s.outer(sum[j:], panels[j*depth:], len(x.taps), stripCols[T](isa, 2, t.outs-j), depth, tileRows, tileCols)
			runTapRows(&s)
		}
	}
}

// addDots is add for few taps: inner products with four channels of the derivatives at a time, which then stay in the
// cache.
func (t *weightProduct[T]) addDots(x *columns[T], sum, dy []T) {
	size, pixels, n := sizeof[T](), t.rows*t.cols, x.area.pixels()
	dy = dy[x.area.y0*t.cols+x.area.x0:]
	var dots [dotLinesAtOnce]T
	for o := 0; o < t.outs; o += len(dots) {
		four := dots[:min(len(dots), t.outs-o)]
		for k, tap := range x.taps {
			dotLines(isa, four, x.data[tap/size:][:n], dy[o*pixels:], pixels)
			for i, v := range four {
				sum[k*t.outs+o+i] += v
			}
		}
	}
}
