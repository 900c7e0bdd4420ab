package kernels

const (
	pairBytes    = 384 << 10 // of the values between the two convolutions that a worker keeps at a time
	pairChannels = 12        // channels of them: the rows of a tile
)

// ConvPairPays reports whether ConvPair computes two convolutions, the second of the result of the first, and is faster than one after
// the other: the first has kernels of one element, the second one kernel for each channel, and an image has many pixels. It depends on
// the shapes of a sample only.
func ConvPairPays[T Float](first, second ConvShape) bool {
	g := first.grid()
	if !vectorLines[T]() || first.Groups != 1 || !second.usesPlanes() || g.perChannel() != 1 || g.strideY != 1 || g.strideX != 1 ||
		g.dy[0] != 0 || g.dx[0] != 0 || g.rows != g.height || g.cols != g.width {
		return false
	}
	if first.Out != second.In || g.rows != second.Y.In || g.cols != second.X.In || g.rows*g.cols <= pointPixels ||
		g.channels == 0 || g.channels > g.cut(sizeof[T]()).channels || second.Y.Out() < 2 || second.X.Out() < 1 {
		return false
	}
	second.Batch = 1
	return knownLines.get(second) != nil
}

// ConvPair sets y to the second convolution of the first one of x, each with its epilogue, which may be nil and has no Deriv. A worker
// computes some lines of some channels in both: the values between stay in its cache, and no other reads them. ConvPairPays must be
// true. The result has the bits of the convolutions one after the other.
func ConvPair[T Float](p *Pool, first, second ConvShape, y, x, w, v []T, ep, after *Epilogue[T]) {
	in, _, weights := first.sizes()
	sameLength("ConvPair", len(x), first.Batch*in)
	sameLength("ConvPair", len(w), weights)
	_, out, taps := second.sizes()
	sameLength("ConvPair", len(y), second.Batch*second.Groups*out)
	sameLength("ConvPair", len(v), second.Groups*taps)
	ep.checkChannels("ConvPair", first.Out, 0)
	after.checkChannels("ConvPair", second.Out, 0)
	batch := first.Batch
	second.Batch = 1
	c := knownLines.get(second)
	parts := (pairChannels*c.from.size()*sizeof[T]() + pairBytes - 1) / pairBytes
	if n := p.Workers(); batch%n != 0 {
		parts = ceilTo(parts, n)
	}
	j := convPairJob[T]{linesJob: newLinesJob(c, second, y, nil, v, after), channels: first.In, from: x, w: w, before: ep}
	j.parts = min(parts, c.to.height)
	j.blocks = (first.Out + pairChannels - 1) / pairChannels
	divide(p, batch*j.parts*j.blocks, 1, j)
}

// A convPairJob is ConvPair in parts of the lines of an image, with some of the channels each.
type convPairJob[T Float] struct {
	linesJob[T]
	channels int // of the first convolution's input
	blocks   int // of the channels between the two
	from, w  []T // of the first convolution
	before   *Epilogue[T]
}

func (j *convPairJob[T]) piece(lo, hi int) {
	most := 0 // lines that a part reads
	for part := range j.parts {
		_, _, first, last := j.reach(part)
		most = max(most, last-first)
	}
	store := borrow[T](pairChannels * most * j.lineCut.from.width)
	defer giveBack(store)
	taps := borrowTaps(j.channels)
	defer giveBackTaps(taps)
	plane := j.lineCut.from.size()
	for k := range taps {
		taps[k] = k * plane * sizeof[T]()
	}
	for i := lo; i < hi; i++ {
		block, part, image := i%j.blocks, i/j.blocks%j.parts, i/j.blocks/j.parts
		channel := block * pairChannels
		j.both(store, taps, image, part, channel, min(channel+pairChannels, j.groups))
	}
}

// reach returns the lines of the result in a part, and the lines between the convolutions that they need.
func (j *convPairJob[T]) reach(part int) (from, to, first, last int) {
	from, to = j.lineCut.to.height*part/j.parts, j.lineCut.to.height*(part+1)/j.parts
	height := j.lineCut.from.height
	first = min(max(0, from*j.stepY-j.top), height)
	last = max(first, min(height, (to-1)*j.stepY-j.top+j.kernel))
	return from, to, first, last
}

// both computes the channels [lo, hi) of a part of an image.
func (j *convPairJob[T]) both(store []T, taps []int, image, part, lo, hi int) {
	from, to, first, last := j.reach(part)
	width, in, out := j.lineCut.from.width, j.lineCut.from.size(), j.lineCut.to.size()
	n := (last - first) * width
	store = store[:(hi-lo)*n]
	if n > 0 {
		j.between(store, taps, j.from[image*j.channels*in : (image+1)*j.channels*in][first*width:], n, lo, hi)
	}
	for c := lo; c < hi; c++ {
		plane := image*j.groups + c
		j.lines(j.y[plane*out:(plane+1)*out], store[(c-lo)*n:(c-lo+1)*n], first, last-first, c, plane*out, from, to)
	}
}

// between sets store to n elements of the channels [lo, hi) of the first convolution. image begins with the first of them.
func (j *convPairJob[T]) between(store []T, taps []int, image []T, n, lo, hi int) {
	size, depth := sizeof[T](), j.channels
	tileRows, tileCols := tileSize[T](isa)
	s := tapStrip[T]{strip: strip[T]{aRow: depth * size, aCol: size, aPanel: tileRows * depth * size, bPanel: tileCols * size, cRow: n * size,
		a: j.w[lo*depth:], rows: hi - lo, depth: depth, alpha: 1, beta: 1, flags: j.before.inStrip() &^ addBias}, taps: taps}
	if j.before != nil && j.before.Bias != nil {
		s.bias, s.flags = j.before.Bias[lo:], s.flags|addRowBias
	}
	clipped := s.clip(isa, j.before)
	for k := 0; k < n; k += s.cols {
		s.cols, s.b, s.c = tapCols[T](isa, s.rows, n-k), image[k:], store[k:]
		runTaps(&s)
	}
	if !clipped && j.before.rowwise() {
		j.before.segment(store, 0)
	}
}
