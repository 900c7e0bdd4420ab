package kernels

// ConvWeights sets dw to the derivative of Σ dy·Conv(x, w) by w. The samples are added up in pieces of the batch, whose
// number depends on the shape alone, and the pieces in their order.
func ConvWeights[T Float](p *Pool, s ConvShape, dw, x, dy []T) {
	s.check("ConvWeights", len(x), len(dy), len(dw))
	const most, elements = 8, 1 << 22
	pieces := max(1, min(s.Batch, most, elements/len(dw)))
	parts := borrow[T]((pieces - 1) * len(dw))
	defer giveBack(parts)
	_, _, weights := s.sizes()
	eachProduct(p, pieces*s.Groups, func(p *Pool, lo, hi int) {
		b := &tapLines[T]{patchesOf[T](s, s.Y.offsets(), s.X.offsets())}
		for i := lo; i < hi; i++ {
			piece, g := i/s.Groups, i%s.Groups
			to := dw
			if piece > 0 {
				to = parts[(piece-1)*len(dw):]
			}
			weightsOf(p, s, to[g*weights:][:weights], x, dy, b, g, s.Batch*piece/pieces, s.Batch*(piece+1)/pieces)
		}
	})
	p.For(len(dw), 4096, func(lo, hi int) {
		for i := range pieces - 1 {
			Add(dw[lo:hi], dw[lo:hi], parts[i*len(dw)+lo:][:hi-lo])
		}
	})
}

// weightsOf sets dw, the weights of group g, to the derivative for the samples [n0, n1).
func weightsOf[T Float](p *Pool, s ConvShape, dw, x, dy []T, b *tapLines[T], g, n0, n1 int) {
	in, out, _ := s.sizes()
	rows := s.Out / s.Groups
	beta := T(0)
	for n := n0; n < n1; n++ {
		i := n*s.Groups + g
		b.image = x[i*in : (i+1)*in]
		matMulOperand(p, Dense(dw, rows, s.depth()), Dense(dy[i*out:(i+1)*out], rows, s.Y.Out()*s.X.Out()), b, beta)
		beta = 1
	}
}
