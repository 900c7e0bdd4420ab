package kernels

// A ConvOrder is an order of a convolution's weights, other than that in memory, in which kernels read them. It depends on the weights
// and on how the shape of an image decides to compute, so that images of several sizes may share it. The zero value is the order in
// memory.
type ConvOrder struct {
	isa         ISA
	depth, outs int // products in an element of the result, and channels
	tile        int // rows of a tile, 0 for points and signals
}

// OrderOf returns the order of the weights for a convolution, whatever its batch.
func OrderOf[T Float](s ConvShape) ConvOrder {
	if s.usesPlanes() || s.Groups != 1 {
		return ConvOrder{}
	}
	if SignalsPay[T](s) {
		return signalOrder(s)
	}
	t := newTapProduct[T](s, nil)
	if t.pointsPay() {
		return t.order(0)
	}
	if g, ok := t.tiled(1, 1); ok {
		return t.order(g.tile)
	}
	return ConvOrder{}
}

// A PackedConv holds the weights of a convolution in an order, for weights that stay the same over many convolutions. The zero value is
// ready for Pack.
type PackedConv[T Float] struct {
	order   ConvOrder
	weights []T // see pointProduct and tileProduct
}

// Pack replaces the contents of c by the weights of a convolution. It must not run while c is in use.
func (c *PackedConv[T]) Pack(p *Pool, s ConvShape, w []T) {
	_, _, weights := s.sizes()
	sameLength("Pack", len(w), s.Groups*weights)
	c.order = OrderOf[T](s)
	if c.order == (ConvOrder{}) {
		return
	}
	if n := PackedConvSize[T](s); cap(c.weights) >= n {
		c.weights = c.weights[:n]
	} else {
		c.weights = make([]T, n)
	}
	if SignalsPay[T](s) {
		packSignals(s, c.weights, w)
		return
	}
	t := newTapProduct[T](s, nil)
	if g, tiled := t.tiled(1, 1); tiled {
		transformWeights(p, g, c.weights, w)
	} else {
		t.packPoints(c.weights, w)
	}
}

// PackedConvSize returns the number of elements of the packed weights of a convolution that has an OrderOf them.
func PackedConvSize[T Float](s ConvShape) int {
	if SignalsPay[T](s) {
		return packedSignals[T](s)
	}
	t := newTapProduct[T](s, nil)
	if g, tiled := t.tiled(1, 1); tiled {
		_, _, n := g.panels(tilePanel[T]())
		return n
	}
	return t.packedPoints()
}

// Use makes memory the memory of c. Pack makes its own if that is too small.
func (c *PackedConv[T]) Use(memory []T) { c.weights = memory }

// Empty reports whether c has no memory yet.
func (c *PackedConv[T]) Empty() bool { return c.weights == nil }

// newTapProduct returns the product of a convolution, without the weights that it needs in another order.
func newTapProduct[T Float](s ConvShape, ep *Epilogue[T]) tapProduct[T] {
	return tapProduct[T]{grid: s.grid(), outs: s.Out / s.Groups, ep: ep}
}

// prepare puts the weights in the order that t needs, or takes those of packed, which may be nil. The caller must free t.
func (t *tapProduct[T]) prepare(p *Pool, s ConvShape, w []T, packed *PackedConv[T]) {
	t.tile(p, s.Batch, s.Groups, w, packed)
	if s.Groups != 1 || !t.pointsPay() {
		return
	}
	t.points = pointProduct[T]{channels: t.channels, outs: t.outs, pixels: t.rows * t.cols}
	if packed != nil && packed.order == t.order(0) {
		t.points.weights = packed.weights
		return
	}
	t.points.weights, t.points.lent = borrow[T](t.packedPoints()), true
	t.packPoints(t.points.weights, w)
}

// order returns the order of the weights of points, or of tiles with the given number of rows.
func (t *tapProduct[T]) order(tile int) ConvOrder { return ConvOrder{isa, t.channels, t.outs, tile} }

// free returns the memory of t.
func (t *tapProduct[T]) free() {
	t.tiles.free()
	t.points.free()
}
