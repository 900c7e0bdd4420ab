package kernels

import "fmt"

// A Packed is a right operand in the order in which the micro-kernel reads it, for weights that stay the same over many
// products. The zero value is ready for Pack.
type Packed[T Float] struct {
	isa         ISA
	depth, cols int
	data        []T
}

// Pack returns b packed.
func Pack[T Float](p *Pool, b Matrix[T]) *Packed[T] {
	var x Packed[T]
	x.Pack(p, b)
	return &x
}

// PackedSize returns the number of elements of a packed rows × cols matrix.
func PackedSize[T Float](rows, cols int) int {
	_, tile := tileSize[T](isa)
	return ceilTo(cols, tile) * rows
}

// Use makes memory the memory of x. Pack makes its own if that is too small.
func (x *Packed[T]) Use(memory []T) { x.data = memory }

// Empty reports whether x has no memory yet.
func (x *Packed[T]) Empty() bool { return x.data == nil }

// Pack replaces the contents of x by b, in x's memory if that is large enough. It must not run while x is in use.
func (x *Packed[T]) Pack(p *Pool, b Matrix[T]) {
	b.check("b")
	x.isa = isa
	x.depth, x.cols = b.shape()
	g := newProduct[T](x.isa)
	defer g.free()
	g.cols, g.depth, g.depthBlock = x.cols, x.depth, depthBlock(x.depth)
	g.bLines = b.Transposed().lines()
	g.pool = p
	g.j1, g.k1 = x.cols, x.depth
	n := PackedSize[T](x.depth, x.cols)
	if cap(x.data) < n {
		x.data = make([]T, n)
	}
	x.data = x.data[:n]
	g.packed, g.prepacked = x.data, true
	g.packAll()
}

// Shape returns the number of rows and columns of the packed matrix.
func (x *Packed[T]) Shape() (rows, cols int) { return x.depth, x.cols }

// MatMulPacked is MatMul with a packed right operand. The result has the same bits, except where MatMul sums in another
// order. c must not be transposed.
func MatMulPacked[T Float](p *Pool, c, a Matrix[T], b *Packed[T], alpha, beta T, ep *Epilogue[T]) {
	if c.T {
		panic("kernels: MatMulPacked: c: got a transposed matrix, want one that is not")
	}
	g := newProduct[T](b.isa)
	defer g.free()
	g.set(c, a, alpha, beta, ep)
	if b.depth != g.depth || b.cols != g.cols {
		panic(fmt.Sprintf("kernels: MatMulPacked: b: got %d × %d, want %d × %d", b.depth, b.cols, g.depth, g.cols))
	}
	g.packed, g.prepacked = b.data, true
	g.plan(p)
	g.run()
}
