package kernels

import "fmt"

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

// Conv sets y to the convolution of x with w and what ep makes of that, where ep may be nil: for each sample and group a
// product of the weights and what they meet. The epilogue's Bias has an element for each channel of the output, and its Deriv
// is of y's shape; if it has a Deriv it has no Bias.
func Conv[T Float](p *Pool, s ConvShape, y, x, w []T, ep *Epilogue[T]) {
	s.check("Conv", len(x), len(y), len(w))
	ep.checkChannels("Conv", s.Out, len(y))
	in, out, weights := s.sizes()
	t := tapProduct[T]{grid: s.grid(), outs: s.Out / s.Groups, ep: ep}
	t.tile(p, s.Batch, s.Groups, w)
	defer t.tiles.free()
	eachProduct(p, s.Batch*s.Groups, func(p *Pool, lo, hi int) {
		columns := borrowColumns[T](&t.grid)
		defer columns.free()
		for i := lo; i < hi; i++ {
			g := i % s.Groups
			t.image(p, columns, y[i*out:(i+1)*out], x[i*in:(i+1)*in], w[g*weights:][:weights], t.bias(g), i*out)
		}
	})
}

// checkChannels panics unless e fits images of so many channels and n elements together.
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
		panic(fmt.Sprintf("kernels: %s: an epilogue with both Bias and Deriv", kernel))
	}
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
