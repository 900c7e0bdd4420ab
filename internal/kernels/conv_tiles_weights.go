package kernels

// A tileSum is the derivative of a convolution with respect to its weights, by tiles: Gᵀ·[Σ (Bᵀ·d·B)⊙(A·y·Aᵀ)]·G, summed
// over all tiles y of the derivative of the result.
type tileSum[T Float] struct {
	tiling
	x []T
	outputs[T]
}

// tileWeights is convWeights by tiles. It returns false if a number is not finite, as tileProduct.image does.
func tileWeights[T Float](p *Pool, t tileSum[T], pieces int, dw []T) bool {
	size := 16 * t.outs * t.channels
	parts := borrow[T](pieces * size)
	defer giveBack(parts)
	divide(p, pieces, 1, tileSumJob[T]{t, parts, pieces, size})
	divide(p, size, 1<<12, partsJob[T]{parts, pieces, size})
	restoreWeights(p, t.tiling, dw, parts)
	return !HasNonFinite(dw)
}

// A tileSumJob computes the sums of the pieces of a batch, of size elements each.
type tileSumJob[T Float] struct {
	tileSum[T]
	parts       []T
	count, each int
}

func (j *tileSumJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i++ {
		j.sum(j.parts[i*j.each:][:j.each], j.batch*i/j.count, j.batch*(i+1)/j.count)
	}
}

// A partsJob adds the parts to the first, in order.
type partsJob[T Float] struct {
	parts       []T
	count, each int
}

func (j *partsJob[T]) piece(lo, hi int) {
	for i := 1; i < j.count; i++ {
		Add(j.parts[lo:hi], j.parts[lo:hi], j.parts[i*j.each+lo:i*j.each+hi])
	}
}

// sum sets sum, in the panels that restoreWeights reads, to the sum of the products over the samples [n0, n1).
func (t *tileSum[T]) sum(sum []T, n0, n1 int) {
	size, in := sizeof[T](), t.channels*t.height*t.width
	tileRows, _ := tileSize[T](isa)
	panel := tilePanel[T]()
	tiles := t.band * t.across
	memory, kept := borrow[T](tiles*(16*t.channels+20*panel)), borrow[T](t.outs*t.rows*t.cols)
	defer giveBack(memory)
	defer giveBack(kept)
	s := strip[T]{aRow: size, aCol: size * t.channels, aPanel: size * tileRows, rows: t.channels, alpha: 1, beta: 1}
	for n := n0; n < n1; n++ {
		dy := t.derivative(kept, n)
		t.bandRows(0, t.bands(), func(y, rows int) {
			tiles := rows * t.across
			s.depth = tiles
			d, rest := memory[:16*tiles*t.channels], memory[16*tiles*t.channels:]
			tileImage(&t.tiling, d, t.x[n*in:][:in], y, rows)
			for j := 0; j < t.outs; j += panel {
				s.cols = min(panel, t.outs-j)
				s.bRow, s.cRow = size*s.cols, size*s.cols
				t.transform(rest, dy, j, y, rows, s.cols)
				for e := range 16 {
					s.a, s.b, s.c = d[e*tiles*t.channels:], rest[e*tiles*s.cols:], sum[(j*16+e*s.cols)*t.channels:]
					runStrip(isa, &s)
				}
			}
			s.flags = addBeta
		})
	}
}

// transform writes A·y·Aᵀ of the derivatives of some outputs in a band to dst: 16 matrices, tiles × outputs. It uses dst
// after them as a buffer.
func (t *tileSum[T]) transform(dst, dy []T, j, y, rows, width int) {
	plane, line, stride := t.rows*t.cols, 2*t.across*width, rows*t.across*width
	pixels := dst[16*stride:]
	layOut(pixels, dy[j*plane:][:width*plane], width, t.rows, t.cols, 2*y, 0, 2*rows, 2*t.across)
	for i := range rows {
		tilesSpread(dst[i*t.across*width:], pixels[2*i*line:], stride, line, width, t.across)
	}
}
