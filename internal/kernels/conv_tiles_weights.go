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
	_, _, size := t.panels(tilePanel[T]())
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
	size, in, out, elements := sizeof[T](), t.channels*t.height*t.width, t.outs*t.rows*t.cols, t.elements()
	panel := tilePanel[T]()
	matrix, panelSize, _ := t.panels(panel)
	most := t.band * t.across
	memory := borrow[T](elements*(apart(t.group*most*t.channels)+apart(t.group*most*panel)) + t.tile*t.tile*most*panel)
	kept := borrow[T](t.group * out)
	defer giveBack(memory)
	defer giveBack(kept)
	s := strip[T]{aRow: size, aCol: size * t.channels, rows: t.channels, alpha: 1, beta: 1}
	for n := n0; n < n1; n += t.group {
		count := min(t.group, n1-n)
		dy := t.derivatives(kept, n, count)
		t.bandRows(0, t.bands(), func(y, rows int) {
			each := rows * t.across
			s.depth = count * each
			xStride := apart(s.depth * t.channels)
			d, rest := memory[:elements*xStride], memory[elements*xStride:]
			for i := range count {
				tileImage(&t.tiling, d[i*each*t.channels:], t.x[(n+i)*in:][:in], y, rows, xStride)
			}
			for j := 0; j < t.outs; j += panel {
				s.cols = min(panel, t.outs-j)
				tileRows, _ := tileSize[T](isa)
				s.aPanel = size * tileRows
				s.bRow, s.cRow = size*s.cols, size*s.cols
				stride := apart(s.depth * s.cols)
				for i := range count {
					t.transform(rest[i*each*s.cols:], rest[elements*stride:], dy[i*out:], j, y, rows, s.cols, stride)
				}
				for e := range elements {
					s.a, s.b, s.c = d[e*xStride:], rest[e*stride:], sum[j/panel*panelSize+e*matrix:]
					runStrip(isa, &s)
				}
			}
			s.flags = addBeta
		})
	}
}

// transform writes A·y·Aᵀ of the derivatives of some outputs in a band to dst: a matrix for each element, tiles × outputs; they are
// stride apart. It lays out the pixels in a buffer.
func (t *tileSum[T]) transform(dst, pixels, dy []T, j, y, rows, width, stride int) {
	plane, line := t.rows*t.cols, t.tile*t.across*width
	layOut(pixels, dy[j*plane:][:width*plane], width, t.rows, t.cols, t.tile*y, 1, 0, t.tile*rows, t.tile*t.across)
	for i := range rows {
		tilesSpread(t.tile, dst[i*t.across*width:], pixels[t.tile*i*line:], stride, line, width, t.across)
	}
}
