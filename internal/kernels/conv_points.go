package kernels

// Sizes from which on points are faster.
const (
	pointChannels = 64  // channels of the input: fewer do not pay for transposing the result
	pointPixels   = 256 // pixels of an image: of more, few vectors are not full
	pointRows     = 96  // pixels that are computed at once, at most, so that their sums stay in the first-level cache
)

// A pointProduct is a convolution with kernels of one element, of images of few pixels. Its rows are pixels and its columns channels,
// so that vectors are full whatever the number of pixels. The weights are packed; the result is transposed, panel by panel.
type pointProduct[T Float] struct {
	channels, outs, pixels int
	weights                []T // packed; nil for none
	lent                   bool
}

// pointsPay reports whether points compute a convolution in one group and are faster. It depends only on the shape of one image.
func (t *tapProduct[T]) pointsPay() bool {
	if !tilesPay[T]() || isa == NEON || t.perChannel() != 1 || t.strideY != 1 || t.strideX != 1 || t.dy[0] != 0 || t.dx[0] != 0 ||
		t.rows != t.height || t.cols != t.width {
		return false
	}
	pixels, panel := t.rows*t.cols, t.points.panel()
	return t.outs%8 == 0 && t.outs >= panel && t.channels >= pointChannels && pixels >= 8 && pixels <= pointPixels &&
		ceilTo(t.outs, panel)*pixels <= ceilTo(pixels, panel)*t.outs // fewer lanes of vectors are empty
}

// packedPoints returns the number of elements of packed weights.
func (t *tapProduct[T]) packedPoints() int { return ceilTo(t.outs, t.points.panel()) * t.channels }

// packPoints packs weights.
func (t *tapProduct[T]) packPoints(to, w []T) {
	l := lines[T]{w, t.channels, 1}
	l.pack(to, t.points.panel(), 0, t.outs, 0, t.channels)
}

// free returns the memory of t.
func (t *pointProduct[T]) free() {
	if t.lent {
		giveBack(t.weights)
	}
	t.weights = nil
}

// panel returns the number of channels in a panel of the weights.
func (t *pointProduct[T]) panel() int {
	_, cols := tileSize[T](isa)
	return cols
}

// image sets c to the convolution of one image and applies ep. c begins at element at of the whole tensor.
func (t *pointProduct[T]) image(p *Pool, c, image, bias []T, ep *Epilogue[T], at int) {
	tileRows, _ := tileSize[T](isa)
	panels := (t.outs + t.panel() - 1) / t.panel()
	blocks := (t.pixels + pointRows - 1) / pointRows
	if n := p.Workers(); n > 1 && panels%n != 0 && panels < 8*n {
		blocks = max(blocks, n)
	}
	rows := ceilTo((t.pixels+blocks-1)/blocks, tileRows)
	blocks = (t.pixels + rows - 1) / rows
	j := pointsJob[T]{*t, c, image, bias, ep, at, rows, blocks}
	if p.Workers() == 1 {
		j.piece(0, panels*blocks)
		return
	}
	divide(p, panels*blocks, 1, j)
}

// A pointsJob computes pixels of one image: rows of them, in each of blocks, of each panel.
type pointsJob[T Float] struct {
	pointProduct[T]
	c, from, bias []T
	ep            *Epilogue[T]
	at            int
	rows, blocks  int
}

func (j *pointsJob[T]) piece(lo, hi int) {
	width := j.panel()
	sums := borrow[T](j.rows * width)
	defer giveBack(sums)
	for i := lo; i < hi; i++ {
		first, pixel := i/j.blocks*width, i%j.blocks*j.rows
		j.part(sums, first, min(width, j.outs-first), pixel, min(j.rows, j.pixels-pixel))
	}
}

// part computes width channels from first on of rows pixels from pixel on. The products of an element are summed in the order of the
// channels, in blocks that depend on their number alone.
func (j *pointsJob[T]) part(sums []T, first, width, pixel, rows int) {
	size, panel := sizeof[T](), j.panel()
	tileRows, _ := tileSize[T](isa)
	s := aheadStrip[T]{strip: strip[T]{aRow: size, aCol: j.pixels * size, aPanel: tileRows * size, bRow: panel * size, cRow: panel * size,
		rows: rows, cols: width, c: sums, alpha: 1, beta: 1}}
	weights := j.weights[first*j.channels:]
	if j.bias != nil {
		s.bias = j.bias[first:]
	}
	block, clipped := depthBlock(j.channels), false
	for k := 0; k < j.channels; k += block {
		s.depth, s.flags = min(block, j.channels-k), 0
		if k > 0 {
			s.flags = addBeta
		}
		if k+s.depth == j.channels {
			s.flags |= j.ep.inStrip()
			clipped = s.clip(isa, j.ep)
		}
		s.a, s.b = j.from[k*j.pixels+pixel:], weights[k*panel:]
		if next := weights[(k+s.depth)*panel:]; pixel == 0 && len(next) > 0 {
			s.fetchBehind(next)
		}
		runStrip(isa, &s.strip)
	}
	deriv := j.ep != nil && j.ep.Deriv != nil
	if !deriv && !clipped {
		j.ep.block(sums, panel, 0, rows, 0, width)
	}
	t := transposition{n: rows, lines: 1, srcRow: 1, srcStride: panel, dstRow: j.pixels, dstStride: 1}
	for c := 0; c < width; c += 8 {
		transposeLines(t, j.c[(first+c)*j.pixels+pixel:], sums[c:])
	}
	if deriv {
		for c := first; c < first+width; c++ {
			from := c*j.pixels + pixel
			j.ep.segment(j.c[from:][:rows], j.at+from)
		}
	}
}
