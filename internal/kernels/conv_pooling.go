package kernels

// ConvMaxPool sets y to MaxPool of Conv. ep is as in Conv, without Deriv. The windows of q move over the output of the
// convolution, and q has a plane for each sample and output channel. For each sample and group, the output stays in the
// cache.
func ConvMaxPool[T Float](p *Pool, s ConvShape, q PoolShape, y, x, w []T, ep *Epilogue[T]) {
	in, out, weights := s.sizes()
	s.check("ConvMaxPool", len(x), s.Batch*s.Groups*out, len(w))
	ep.checkChannels("ConvMaxPool", s.Out, 0)
	q.check("ConvMaxPool", s.Batch*s.Groups*out, len(y))
	t, ok := s.strided()
	if strided := ok && stridedPays[T]() && t.fasterForward(); strided || SignalsPay[T](s) {
		between := borrow[T](s.Batch * out)
		defer giveBack(between)
		ConvPacked(p, s, between, x, w, nil, ep)
		MaxPool(p, q, y, between)
		return
	}
	product := newTapProduct(s, ep)
	product.prepare(p, s, w, nil)
	defer product.free()
	q.Planes = product.outs
	_, pooled := q.sizes()
	pooled *= product.outs
	outer, inner := inner(p, s.Batch*s.Groups)
	divide(outer, s.Batch*s.Groups, 1, pooledJob[T]{imagesJob[T]{product, inner, s.Groups, in, out, weights, y, x, w}, q, pooled})
}

// A pooledJob is an imagesJob whose results are pooled.
type pooledJob[T Float] struct {
	imagesJob[T]
	q      PoolShape
	pooled int // elements of one result
}

func (j *pooledJob[T]) piece(lo, hi int) {
	between := borrow[T](j.out)
	defer giveBack(between)
	columns := borrowColumns[T](&j.grid)
	defer columns.free()
	for i := lo; i < hi; i++ {
		j.one(columns, i, between, 0)
		MaxPool(j.pool, j.q, j.y[i*j.pooled:(i+1)*j.pooled], between)
	}
}

// ConvWeightsPooled sets dw to ConvWeights of x and d, where d is MaxPoolGrad of y and dy. y is the input of the pooling.
// If relu is set, d is multiplied by the derivative of a ReLU with output y. For each sample and group, d stays in the
// cache.
func ConvWeightsPooled[T Float](p *Pool, s ConvShape, q PoolShape, dw, x, y, dy []T, relu bool) {
	_, out, _ := s.sizes()
	q.check("ConvWeightsPooled", len(y), len(dy))
	q.Planes = s.Out / s.Groups
	_, pooled := q.sizes()
	convWeights(p, s, dw, x, len(y), outputs[T]{dy: dy, size: out, y: y, q: q, pooled: pooled * q.Planes, relu: relu})
}
