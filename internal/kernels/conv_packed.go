package kernels

// A ConvOrder is an order of a convolution's weights, other than that in memory, in which kernels read them. It depends on the weights
// and on how the shape of an image decides to compute, so that images of several sizes may share it. The zero value is the order in
// memory.
type ConvOrder struct {
	isa            ISA
	channels, outs int
}

// OrderOf returns the order of the weights for a convolution, whatever its batch.
func OrderOf[T Float](s ConvShape) ConvOrder {
	if s.usesPlanes() || s.Groups != 1 {
		return ConvOrder{}
	}
	if t := newTapProduct[T](s, nil); t.pointsPay() {
		return t.order()
	}
	return ConvOrder{}
}

// A PackedConv holds the weights of a convolution in an order, for weights that stay the same over many convolutions. The zero value is
// ready for Pack.
type PackedConv[T Float] struct {
	order  ConvOrder
	points []T // see pointProduct
}

// Pack replaces the contents of c by the weights of a convolution. It must not run while c is in use.
func (c *PackedConv[T]) Pack(s ConvShape, w []T) {
	_, _, weights := s.sizes()
	sameLength("Pack", len(w), s.Groups*weights)
	c.order = OrderOf[T](s)
	if c.order == (ConvOrder{}) {
		return
	}
	t := newTapProduct[T](s, nil)
	if n := t.packedPoints(); len(c.points) != n {
		c.points = make([]T, n)
	}
	t.packPoints(c.points, w)
}

// newTapProduct returns the product of a convolution, without the weights that it needs in another order.
func newTapProduct[T Float](s ConvShape, ep *Epilogue[T]) tapProduct[T] {
	return tapProduct[T]{grid: s.grid(), outs: s.Out / s.Groups, ep: ep}
}

// prepare puts the weights in the order that t needs, or takes those of packed, which may be nil. The caller must free t.
func (t *tapProduct[T]) prepare(p *Pool, s ConvShape, w []T, packed *PackedConv[T]) {
	t.tile(p, s.Batch, s.Groups, w)
	if s.Groups != 1 || !t.pointsPay() {
		return
	}
	t.points = pointProduct[T]{channels: t.channels, outs: t.outs, pixels: t.rows * t.cols}
	if packed != nil && packed.order == t.order() {
		t.points.weights = packed.points
		return
	}
	t.points.weights, t.points.lent = borrow[T](t.packedPoints()), true
	t.packPoints(t.points.weights, w)
}

// order returns the order of the weights of points.
func (t *tapProduct[T]) order() ConvOrder { return ConvOrder{isa, t.channels, t.outs} }

// free returns the memory of t.
func (t *tapProduct[T]) free() {
	t.tiles.free()
	t.points.free()
}
