package kernels

import "sync/atomic"

// A tileProduct is a convolution by tiles in one direction, with its transformed weights.
type tileProduct[T Float] struct {
	tiling
	weights []T
}

// tile sets t.tiles if tiles suit t. The caller must free them.
func (t *tapProduct[T]) tile(p *Pool, batch, groups int, w []T) {
	if g, ok := t.tiling(batch, t.outs); ok && groups == 1 && tilesPay[T]() && g.fasterEach() {
		if n := p.Workers(); batch < n { // the workers divide each image
			g.band = min(g.band, (g.down+n-1)/n)
		}
		t.tiles = tileProduct[T]{g, borrow[T](16 * t.outs * t.channels)}
		transformWeights(p, g, t.tiles.weights, w)
	}
}

// free returns the memory of t.
func (t *tileProduct[T]) free() {
	giveBack(t.weights)
	t.weights = nil
}

// image sets c to the convolution of one image, with a bias for each output unless nil, and a ReLU if relu is set. It
// returns false if a number is not finite. Then the caller must compute plain sums: the sums of a tile may not be finite
// where those of its elements are.
func (t *tileProduct[T]) image(p *Pool, c, image, bias []T, relu bool) bool {
	if p.Workers() == 1 {
		return t.computeBands(c, image, bias, relu, 0, t.bands())
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
	panel := tilePanel[T]()
	memory := borrow[T](t.band * t.across * (16*t.channels + (16+4)*panel))
	defer giveBack(memory)
	ok := true
	t.bandRows(lo, hi, func(y, rows int) {
		tiles := rows * t.across
		in, rest := memory[:16*tiles*t.channels], memory[16*tiles*t.channels:]
		tileImage(&t.tiling, in, image, y, rows)
		for j := 0; j < t.outs; j += panel {
			width := min(panel, t.outs-j)
			products, pixels := rest[:16*tiles*width], rest[16*tiles*width:][:4*tiles*width]
			t.multiply(products, in, t.weights[j*16*t.channels:], tiles, width)
			var b []T
			if bias != nil {
				b = bias[j:][:width]
			}
			ok = t.output(pixels, products, b, relu, rows, width) && ok
			t.store(c[j*t.rows*t.cols:], pixels, y, rows, width)
		}
	})
	return ok
}

// multiply sets the 16 matrices of c, tiles × width, to the products of those of in, tiles × channels, with those of a
// panel.
func (t *tileProduct[T]) multiply(c, in, panel []T, tiles, width int) {
	size := sizeof[T]()
	tileRows, _ := tileSize[T](isa)
	s := strip[T]{aRow: size * t.channels, aCol: size, aPanel: size * tileRows * t.channels, bRow: size * width, cRow: size * width,
		rows: tiles, cols: width, depth: t.channels, alpha: 1}
	for e, reversed := range reversedElements {
		u := e
		if t.reversed {
			u = reversed
		}
		s.a, s.b, s.c = in[e*tiles*t.channels:], panel[u*t.channels*width:], c[e*tiles*width:]
		runStrip(isa, &s)
	}
}

// output sets the pixels of a band, with channels innermost, to the finished products. It reports whether all of these are
// finite.
func (t *tileProduct[T]) output(pixels, products, bias []T, relu bool, rows, width int) (finite bool) {
	line := 2 * t.across * width
	end := tileEnd[T]{bias: bias, relu: relu}
	for i := range rows {
		tilesOut(pixels[2*i*line:], products[i*t.across*width:], line, rows*t.across*width, width, t.across, &end)
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
	o := transposition{n: t.cols, lines: min(2*rows, t.rows-2*y), srcRow: 1, srcStride: width, srcLine: 2 * t.across * width,
		dstRow: t.rows * t.cols, dstStride: 1, dstLine: t.cols}
	if 2*t.across == t.cols { // no gaps: one line holds all
		o.n, o.lines = o.n*o.lines, 1
	}
	for c := 0; c < width; c += 8 {
		transposeLines(o, planes[c*t.rows*t.cols+2*y*t.cols:], pixels[c:])
	}
}
