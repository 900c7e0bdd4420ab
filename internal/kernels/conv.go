package kernels

// A ConvShape is the shape of a convolution of images (Batch, In, Y.In, X.In) with weights
// (Out, In/Groups, Y.Kernel, X.Kernel) into images (Batch, Out, Y.Out(), X.Out()). As usual for networks, the kernel is not
// turned round. Group i of the inputs' channels makes group i of the outputs'.
type ConvShape struct {
	Batch, In, Out, Groups int
	Y, X                   Window
}

// sizes returns the numbers of elements of the input, the output and the weights that belong to one group; of one sample.
func (s ConvShape) sizes() (in, out, weights int) {
	in = s.In / s.Groups * s.Y.In * s.X.In
	out = s.Out / s.Groups * s.Y.Out() * s.X.Out()
	return in, out, s.Out / s.Groups * s.depth()
}

// depth returns the number of products in an element of the output.
func (s ConvShape) depth() int { return s.In / s.Groups * s.Y.Kernel * s.X.Kernel }

// check panics unless the slices have the elements of the input, the output and the weights.
func (s ConvShape) check(kernel string, x, y, w int) {
	in, out, weights := s.sizes()
	sameLength(kernel, x, s.Batch*s.Groups*in)
	sameLength(kernel, y, s.Batch*s.Groups*out)
	sameLength(kernel, w, s.Groups*weights)
}

// Conv sets y to the convolution of x with w: for each sample and group a product of the weights and the patches.
func Conv[T Float](p *Pool, s ConvShape, y, x, w []T) {
	s.check("Conv", len(x), len(y), len(w))
	in, out, weights := s.sizes()
	dy, dx := s.Y.offsets(), s.X.offsets()
	pixels := s.Y.Out() * s.X.Out()
	eachProduct(p, s.Batch*s.Groups, func(p *Pool, lo, hi int) {
		b := &pixelLines[T]{patchesOf[T](s, dy, dx)}
		for i := lo; i < hi; i++ {
			b.image = x[i*in : (i+1)*in]
			a := w[i%s.Groups*weights:][:weights]
			matMulOperand(p, Dense(y[i*out:(i+1)*out], s.Out/s.Groups, pixels), Dense(a, s.Out/s.Groups, s.depth()), b, 0)
		}
	})
}

// patchesOf returns the patches that a convolution multiplies, of no image yet.
func patchesOf[T Float](s ConvShape, dy, dx []int) patches[T] {
	return patches[T]{height: s.Y.In, width: s.X.In, strideY: s.Y.Stride, strideX: s.X.Stride, dy: dy, dx: dx, gridCols: s.X.Out()}
}

// eachProduct calls f for all of n independent products: from several workers if there are enough products, else from this
// one with the Pool for the products.
func eachProduct(p *Pool, n int, f func(p *Pool, lo, hi int)) {
	if n < p.Workers() {
		f(p, 0, n)
		return
	}
	p.For(n, 1, func(lo, hi int) { f(nil, lo, hi) })
}
