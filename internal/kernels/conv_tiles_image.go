package kernels

import "sync/atomic"

// A tileProduct is a convolution by tiles in one direction, with its transformed weights.
type tileProduct[T Float] struct {
	tiling
	weights []T
	lent    bool // the weights must be given back
	split   bool // the workers divide the outputs of an image
}

// tiled returns the tiling of t for each image, or false if tiles do not suit t.
func (t *tapProduct[T]) tiled(batch, groups int) (g tiling, ok bool) {
	g, ok = t.tiling(batch, t.outs)
	if !ok || groups != 1 || !tilesPay[T]() || !g.fasterEach() {
		return g, false
	}
	if g.largerEach() {
		g = g.sized(4)
	}
	return g, true
}

// tile sets t.tiles if tiles suit t, to the transformed weights of packed, if it has them, or of w. The caller must free them.
func (t *tapProduct[T]) tile(p *Pool, batch, groups int, w []T, packed *PackedConv[T]) {
	g, ok := t.tiled(batch, groups)
	if !ok {
		return
	}
	n := p.Workers()
	split := batch < n && g.splitsOutputs(n, tilePanel[T]())
	if batch < n && !split { // the workers divide each image, in as many bands each
		bands := max(n, g.bands()/n*n)
		g.band = (g.down + bands - 1) / bands
	}
	g.group = max(1, min(g.group, batch/(2*n))) // work for all workers
	if packed != nil && packed.order == t.order(g.tile) {
		t.tiles = tileProduct[T]{g, packed.weights, false, split}
		return
	}
	_, _, size := g.panels(tilePanel[T]())
	t.tiles = tileProduct[T]{g, borrow[T](size), true, split}
	transformWeights(p, g, t.tiles.weights, w)
}

// together returns the number of images to compute together.
func (t *tileProduct[T]) together() int { return max(1, t.group) }

// free returns the memory of t.
func (t *tileProduct[T]) free() {
	if t.lent {
		giveBack(t.weights)
	}
	t.weights = nil
}

// image sets c to the convolution of one image, with a bias for each output unless nil, and a ReLU if relu is set. It
// returns false if a number is not finite. Then the caller must compute plain sums: the sums of a tile may not be finite
// where those of its elements are.
func (t *tileProduct[T]) image(p *Pool, c, image, bias []T, relu bool) bool {
	if p.Workers() == 1 {
		return t.computeBands(c, image, bias, relu, 0, t.bands())
	}
	if t.split {
		return t.computeSplit(p, c, image, bias, relu)
	}
	return divide(p, t.bands(), 1, bandsJob[T]{*t, c, image, bias, relu, 0}).bad == 0
}

// A bandsJob computes the bands of an image. It counts the pieces with numbers that are not finite.
type bandsJob[T Float] struct {
	tileProduct[T]
	c, from, bias []T
	relu          bool
	bad           int32
}

func (j *bandsJob[T]) piece(lo, hi int) {
	if !j.computeBands(j.c, j.from, j.bias, j.relu, lo, hi) {
		atomic.AddInt32(&j.bad, 1)
	}
}

// computeBands computes the bands [lo, hi) of an image. It returns what image does.
func (t *tileProduct[T]) computeBands(c, image, bias []T, relu bool, lo, hi int) bool {
	bad := uint64(0)
	t.bandRows(lo, hi, func(y, rows int) { bad |= t.compute(c, image, bias, relu, 1, y, rows) })
	return bad == 0
}

// splitsOutputs reports whether several workers divide the outputs of an image, in panels of the given number of outputs, and not its
// rows: there are more outputs than tiles, so the weights, of which each reads its own part then, are more than the elements of the
// image, of which each reads all.
func (t *tiling) splitsOutputs(workers, panel int) bool {
	return t.outs >= t.down*t.across && t.outs >= panel*workers
}

// computeSplit is image, divided by outputs.
func (t *tileProduct[T]) computeSplit(p *Pool, c, image, bias []T, relu bool) bool {
	tiles, panel := t.down*t.across, tilePanel[T]()
	in := borrow[T](t.elements() * apart(tiles*t.channels))
	defer giveBack(in)
	divide(p, t.down, 1, tileRowsJob[T]{t.tiling, in, image})
	return divide(p, (t.outs+panel-1)/panel, 1, tilePanelsJob[T]{*t, c, in, bias, relu, 0}).bad == 0
}

// A tileRowsJob transforms rows of tiles of an image.
type tileRowsJob[T Float] struct {
	tiling
	in, image []T
}

func (j *tileRowsJob[T]) piece(lo, hi int) {
	tileImage(&j.tiling, j.in[lo*j.across*j.channels:], j.image, lo, hi-lo, apart(j.down*j.across*j.channels))
}

// A tilePanelsJob computes some panels of the outputs of an image. It counts the pieces with numbers that are not finite.
type tilePanelsJob[T Float] struct {
	tileProduct[T]
	c, in, bias []T
	relu        bool
	bad         int32
}

func (j *tilePanelsJob[T]) piece(lo, hi int) {
	panel, tiles := tilePanel[T](), j.down*j.across
	memory := borrow[T](j.elements()*apart(tiles*panel) + j.tile*j.tile*tiles*panel)
	defer giveBack(memory)
	if j.tileProduct.outputs(j.c, j.in, memory, j.bias, j.relu, 1, 0, j.down, lo*panel, min(hi*panel, j.outs)) != 0 {
		atomic.AddInt32(&j.bad, 1)
	}
}

// compute computes the rows of tiles [y, y+rows) of some images, one behind the other. It returns a set of the images in which a
// number is not finite.
func (t *tileProduct[T]) compute(c, images, bias []T, relu bool, count, y, rows int) (bad uint64) {
	panel, elements := tilePanel[T](), t.elements()
	each := rows * t.across
	tiles := count * each
	inStride := apart(tiles * t.channels)
	memory := borrow[T](elements*(inStride+apart(tiles*panel)) + t.tile*t.tile*each*panel)
	defer giveBack(memory)
	in, rest := memory[:elements*inStride], memory[elements*inStride:]
	for i := range count {
		tileImage(&t.tiling, in[i*each*t.channels:], images[i*t.channels*t.height*t.width:], y, rows, inStride)
	}
	return t.outputs(c, in, rest, bias, relu, count, y, rows, 0, t.outs)
}

// outputs computes the outputs [j0, j1) from transformed images; j0 is a multiple of a panel. It returns what compute does.
func (t *tileProduct[T]) outputs(c, in, memory, bias []T, relu bool, count, y, rows, j0, j1 int) (bad uint64) {
	panel, elements, plane := tilePanel[T](), t.elements(), t.rows*t.cols
	_, panelSize, _ := t.panels(panel)
	each := rows * t.across
	tiles := count * each
	for j := j0; j < j1; j += panel {
		width := min(panel, j1-j)
		stride := apart(tiles * width)
		products, pixels := memory[:elements*stride], memory[elements*stride:]
		t.multiply(products, in, t.weights[j/panel*panelSize:], tiles, width)
		var b []T
		if bias != nil {
			b = bias[j:][:width]
		}
		for i := range count {
			if !t.output(pixels, products[i*each*width:], b, relu, rows, width, stride) {
				bad |= 1 << i
			}
			t.store(c[(i*t.outs+j)*plane:], pixels, y, rows, width)
		}
	}
	return bad
}

// multiply sets the matrices of c, tiles × width, to the products of those of in, tiles × channels, with those of a panel.
func (t *tileProduct[T]) multiply(c, in, panel []T, tiles, width int) {
	size := sizeof[T]()
	tileRows, _ := tileSize[T](isa)
	matrix, _, _ := t.panels(tilePanel[T]())
	aStride, cStride := apart(tiles*t.channels), apart(tiles*width)
	s := strip[T]{aRow: size * t.channels, aCol: size, aPanel: size * tileRows * t.channels, bRow: size * width, cRow: size * width,
		rows: tiles, cols: width, depth: t.channels, alpha: 1}
	for e := range t.elements() {
		u := e
		if t.reversed {
			u = t.reversedElement(e)
		}
		s.a, s.b, s.c = in[e*aStride:], panel[u*matrix:], c[e*cStride:]
		runStrip(isa, &s)
	}
}

// output sets the pixels of a band, with channels innermost, to the finished products, which are stride apart. It reports whether all
// of these are finite.
func (t *tileProduct[T]) output(pixels, products, bias []T, relu bool, rows, width, stride int) (finite bool) {
	line := t.tile * t.across * width
	end := tileEnd[T]{bias: bias, relu: relu}
	for i := range rows {
		tilesOut(t.tile, pixels[t.tile*i*line:], products[i*t.across*width:], line, stride, width, t.across, &end)
	}
	for _, v := range end.check {
		if v != 0 {
			return false
		}
	}
	return true
}

// store writes the pixels inside the result to its planes.
func (t *tileProduct[T]) store(planes, pixels []T, y, rows, width int) {
	y, rows = t.tile*y, t.tile*rows
	o := transposition{n: t.cols, lines: min(rows, t.rows-y), srcRow: 1, srcStride: width, srcLine: t.tile * t.across * width,
		dstRow: t.rows * t.cols, dstStride: 1, dstLine: t.cols}
	if t.tile*t.across == t.cols { // no gaps: one line holds all
		o.n, o.lines = o.n*o.lines, 1
	}
	for c := 0; c < width; c += 8 {
		transposeLines(o, planes[c*t.rows*t.cols+y*t.cols:], pixels[c:])
	}
}
