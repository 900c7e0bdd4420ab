package kernels

import "fmt"

// A ConvShape is the shape of a convolution of images (Batch, In, Y.In, X.In) with weights (Out, In/Groups, Y.Kernel,
// X.Kernel) to images (Batch, Out, Y.Out(), X.Out()). As usual for networks, it is a cross-correlation: the kernel is not
// reversed. Group i of the output channels is computed from group i of the input channels.
type ConvShape struct {
	Batch, In, Out, Groups int
	Y, X                   Window
}

// sizes returns the number of elements that one group has in the input and the output of one sample, and in the weights.
func (s ConvShape) sizes() (in, out, weights int) {
	in = s.In / s.Groups * s.Y.In * s.X.In
	out = s.Out / s.Groups * s.Y.Out() * s.X.Out()
	return in, out, s.Out / s.Groups * s.depth()
}

// depth returns the number of products in one element of the output.
func (s ConvShape) depth() int { return s.In / s.Groups * s.Y.Kernel * s.X.Kernel }

// check panics unless x, y and w are the lengths of the input, the output and the weights.
func (s ConvShape) check(kernel string, x, y, w int) {
	in, out, weights := s.sizes()
	sameLength(kernel, x, s.Batch*s.Groups*in)
	sameLength(kernel, y, s.Batch*s.Groups*out)
	sameLength(kernel, w, s.Groups*weights)
}

// Conv sets y to the convolution of x with w and applies ep, which may be nil. For each sample and group it is a product of
// the weights and the patches of the image. Bias has an element for each output channel; Deriv has the shape of y. ep may
// have only one of them.
func Conv[T Float](p *Pool, s ConvShape, y, x, w []T, ep *Epilogue[T]) {
	ConvPacked(p, s, y, x, w, nil, ep)
}

// ConvPacked is Conv with weights that are also packed, unless packed is nil. The result has the same bits.
func ConvPacked[T Float](p *Pool, s ConvShape, y, x, w []T, packed *PackedConv[T], ep *Epilogue[T]) {
	s.check("Conv", len(x), len(y), len(w))
	ep.checkChannels("Conv", s.Out, len(y))
	if s.usesPlanes() {
		if !convLines(p, s, y, x, w, ep) {
			convPlanes(p, s, false, y, x, w, ep)
		}
		return
	}
	if t, ok := s.strided(); ok && stridedPays[T]() && t.fasterForward() {
		convStrided(p, t, false, y, x, w, ep)
		return
	}
	if SignalsPay[T](s) {
		convSignals(p, s, y, x, w, packed, ep)
		return
	}
	in, out, weights := s.sizes()
	t := newTapProduct(s, ep)
	t.prepare(p, s, w, packed)
	defer t.free()
	outer, inner := inner(p, s.Batch*s.Groups)
	divide(outer, s.Batch*s.Groups, t.tiles.together(), imagesJob[T]{t, inner, s.Groups, in, out, weights, y, x, w})
}

// An imagesJob is the convolution of independent images: of each sample and group.
type imagesJob[T Float] struct {
	tapProduct[T]
	pool             *Pool
	groups           int
	in, out, weights int // elements of one image, of its result and of a group's weights
	y, x, w          []T
}

func (j *imagesJob[T]) piece(lo, hi int) {
	columns := borrowColumns[T](&j.grid)
	defer columns.free()
	n := j.tiles.together()
	for i := lo; i < hi; i += n {
		plain := ^uint64(0) // images that are not computed together
		if n = min(n, hi-i); n > 1 {
			plain = j.together(i, n)
		}
		for k := range n {
			if plain>>k&1 == 1 {
				j.one(columns, i+k, j.y[(i+k)*j.out:(i+k+1)*j.out], (i+k)*j.out)
			}
		}
	}
}

// together computes n images by tiles, and returns the set of those for which that is not possible.
func (j *imagesJob[T]) together(i, n int) (bad uint64) {
	bad = j.tiles.compute(j.y[i*j.out:], j.x[i*j.in:], j.bias(0), j.ep.inStrip()&applyReLU != 0, n, 0, j.tiles.down)
	for k := range n {
		if bad>>k&1 == 0 {
			j.finish(area{0, j.rows, 0, j.cols}, j.y[(i+k)*j.out:(i+k+1)*j.out], (i+k)*j.out)
		}
	}
	return bad
}

// one sets c to the convolution of image i. c begins at element at of the whole tensor.
func (j *imagesJob[T]) one(columns *columns[T], i int, c []T, at int) {
	g := i % j.groups
	j.image(j.pool, columns, c, j.x[i*j.in:(i+1)*j.in], j.w[g*j.weights:][:j.weights], j.bias(g), at)
}

// checkChannels panics unless e fits images with the given number of channels and n elements in all.
func (e *Epilogue[T]) checkChannels(kernel string, channels, n int) {
	if e == nil {
		return
	}
	if e.Bias != nil {
		sameLength(kernel, len(e.Bias), channels)
	}
	if e.Deriv != nil {
		sameLength(kernel, len(e.Deriv), n)
	}
	if e.Bias != nil && e.Deriv != nil {
		panic(fmt.Sprintf("kernels: %s: got both Bias and Deriv, want at most one", kernel))
	}
}
