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

// eachProduct calls f for n independent products. If there are enough of them, the workers divide them, and p is nil in f;
// otherwise f gets all products and the Pool.
func eachProduct(p *Pool, n int, f func(p *Pool, lo, hi int)) {
	if n < p.Workers() {
		f(p, 0, n)
		return
	}
	p.For(n, 1, func(lo, hi int) { f(nil, lo, hi) })
}
