package kernels

// A tapProduct is a convolution of images in one direction. For each image it is the product of a matrix of weights, with a
// row for each output channel and a column for each tap, and the columns of the image.
type tapProduct[T Float] struct {
	grid
	outs  int // channels of the output
	ep    *Epilogue[T]
	tiles tileProduct[T] // computes the images that it can; without weights, none

	points pointProduct[T] // computes all images, unless it has no weights
}

// bias returns the part of the epilogue's bias that belongs to a group, or nil.
func (t *tapProduct[T]) bias(group int) []T {
	if t.ep == nil || t.ep.Bias == nil {
		return nil
	}
	return t.ep.Bias[group*t.outs:][:t.outs]
}

// image sets c, outs × the grid's pixels, to the convolution of one image. It uses the columns x unless several workers
// divide the image. c begins at element at of the whole tensor, for the epilogue.
func (t *tapProduct[T]) image(p *Pool, x *columns[T], c, image, w, bias []T, at int) {
	if flops := 2 * t.outs * t.channels * t.perChannel() * t.rows * t.cols; float64(flops) < parallelFlops {
		p = nil
	}
	if t.points.weights != nil {
		t.points.image(p, c, image, bias, t.ep, at)
		return
	}
	if t.tiles.weights != nil && t.tiles.image(p, c, image, bias, t.ep.inStrip()&applyReLU != 0) {
		t.finish(area{0, t.rows, 0, t.cols}, c, at)
		return
	}
	k := t.cut(sizeof[T]())
	if n := p.Workers(); n > 1 && t.splitsOutputs(n) {
		tileRows, _ := tileSize[T](isa)
		divide(p, t.outs, pieceOf(t.outs, t.outs, tileRows, n), outputsJob[T]{*t, k, c, image, w, bias, at})
		return
	}
	if n := p.Workers(); n > 1 && t.rows > 1 { // the same number of nearly equal areas for each worker
		areas := ceilTo((t.rows+k.rows-1)/k.rows, n)
		k.rows = (t.rows + areas - 1) / areas
	} else if n > 1 {
		k.cols = min(k.cols, ceilTo((t.cols+n-1)/n, 64))
	}
	if n := k.count(&t.grid); p.Workers() == 1 {
		t.areas(x, k, c, image, w, bias, at, 0, n)
	} else {
		divide(p, n, 1, areasJob[T]{*t, k, c, image, w, bias, at})
	}
}

// splitsOutputs reports whether several workers divide the outputs of an image, and not its area: its weights, of which each reads its
// own part then, are more than the image, of which each reads all.
func (t *tapProduct[T]) splitsOutputs(workers int) bool {
	tileRows, _ := tileSize[T](isa)
	return t.outs*t.perChannel() > t.height*t.width && t.outs >= 2*tileRows*workers
}

// An outputsJob computes some outputs of one image.
type outputsJob[T Float] areasJob[T]

func (j *outputsJob[T]) piece(lo, hi int) {
	x := borrowColumns[T](&j.grid)
	defer x.free()
	t, depth, pixels := j.tapProduct, j.channels*j.perChannel(), j.rows*j.cols
	bias := j.biases
	if bias != nil {
		bias = bias[lo:hi]
	}
	t.outs = hi - lo
	t.areas(x, j.k, j.c[lo*pixels:hi*pixels], j.from, j.w[lo*depth:hi*depth], bias, j.at+lo*pixels, 0, j.k.count(&j.grid))
}

// An areasJob computes the areas of one image.
type areasJob[T Float] struct {
	tapProduct[T]
	k                  cut
	c, from, w, biases []T
	at                 int
}

func (j *areasJob[T]) piece(lo, hi int) {
	x := borrowColumns[T](&j.grid)
	defer x.free()
	j.areas(x, j.k, j.c, j.from, j.w, j.biases, j.at, lo, hi)
}

// areas computes the areas [lo, hi) of the cut.
func (t *tapProduct[T]) areas(x *columns[T], k cut, c, image, w, bias []T, at, lo, hi int) {
	for i := lo; i < hi; i++ {
		x.setArea(k.area(&t.grid, i))
		if !t.part(x, k, c, image, w, bias) {
			t.finish(x.area, c, at)
		}
	}
}

// part computes an area, and reports whether it has applied the whole epilogue. The products of an element are summed in the order of the
// taps, in blocks of channels.
func (t *tapProduct[T]) part(x *columns[T], k cut, c, image, w, bias []T) (whole bool) {
	size, pixels, n := sizeof[T](), t.rows*t.cols, x.area.pixels()
	c = c[x.area.y0*t.cols+x.area.x0:]
	tileRows, tileCols := tileSize[T](isa)
	depth := t.channels * t.perChannel()
	s := tapStrip[T]{strip: strip[T]{aRow: depth * size, aCol: size, aPanel: tileRows * depth * size, bPanel: tileCols * size, cRow: pixels * size, alpha: 1, beta: 1}}
	for ch := 0; ch < t.channels && depth > 0; ch += k.channels {
		last := min(ch+k.channels, t.channels)
		x.load(image, ch, last)
		s.taps, s.depth, s.flags = x.taps, len(x.taps), 0
		if ch > 0 {
			s.flags = addBeta
		} else if bias != nil {
			s.flags = addRowBias
		}
		if last == t.channels {
			s.flags |= t.ep.inStrip() &^ addBias
			whole = s.clip(isa, t.ep)
		}
		most := max(1, rowBytes/size/s.depth/tileRows) * tileRows
		for i := 0; i < t.outs; i += most {
			s.rows, s.a = min(most, t.outs-i), w[i*depth+ch*t.perChannel():]
			if bias != nil {
				s.bias = bias[i:]
			}
			for j := 0; j < n; j += s.cols {
				s.cols, s.b, s.c = tapCols[T](isa, s.rows, n-j), x.data[j:], c[i*pixels+j:]
				runTaps(&s)
			}
		}
	}
	if depth == 0 {
		t.empty(c, bias, n)
	}
	return whole
}

// empty sets n pixels that meet no element of the kernel.
func (t *tapProduct[T]) empty(c, bias []T, n int) {
	for i := range t.outs {
		v := T(0)
		if bias != nil {
			v = bias[i]
		}
		if t.ep.inStrip()&applyReLU != 0 && v < 0 {
			v = 0
		}
		Fill(c[i*t.rows*t.cols:][:n], v)
	}
}

// finish applies the rowwise part of the epilogue to an area of the result.
func (t *tapProduct[T]) finish(a area, c []T, at int) {
	if !t.ep.rowwise() {
		return
	}
	pixels, from, n := t.rows*t.cols, a.y0*t.cols+a.x0, a.pixels()
	if n == pixels {
		t.ep.segment(c, at)
		return
	}
	for i := range t.outs {
		t.ep.segment(c[i*pixels+from:][:n], at+i*pixels+from)
	}
}
