package kernels

import "fmt"

// A Matrix is a row-major matrix in a slice: element (i, j) is Data[i·Stride+j]. With T set it is used transposed; Rows,
// Cols and Stride are those of the stored matrix all the same.
type Matrix[T Float] struct {
	Data               []T
	Rows, Cols, Stride int
	T                  bool
}

// Dense returns data as a rows × cols matrix without gaps.
func Dense[T Float](data []T, rows, cols int) Matrix[T] {
	return Matrix[T]{Data: data, Rows: rows, Cols: cols, Stride: cols}
}

// Transposed returns m, used transposed.
func (m Matrix[T]) Transposed() Matrix[T] {
	m.T = !m.T
	return m
}

// shape returns the rows and columns of m as it is used.
func (m Matrix[T]) shape() (rows, cols int) {
	if m.T {
		return m.Cols, m.Rows
	}
	return m.Rows, m.Cols
}

// check panics unless m's elements are within its slice.
func (m Matrix[T]) check(name string) {
	if m.Rows < 0 || m.Cols < 0 || m.Stride < m.Cols || m.Rows > 0 && m.Cols > 0 && len(m.Data) < (m.Rows-1)*m.Stride+m.Cols {
		panic(fmt.Sprintf("kernels: MatMul: %s: a slice of %d elements is no %d × %d matrix of stride %d",
			name, len(m.Data), m.Rows, m.Cols, m.Stride))
	}
}

// MatMul computes c = alpha·a·b + beta·c and what ep makes of that, where ep may be nil. With beta 0 the old c is not read.
// Each element is the sum of its products in the order of the depth, in blocks that depend on the depth alone, whatever the
// other dimensions and the number of workers are; only where one or two rows meet a transposed b, of more than one column, are
// the sums in another order. The matrices must not overlap.
func MatMul[T Float](p *Pool, c, a, b Matrix[T], alpha, beta T, ep *Epilogue[T]) {
	if c.T {
		if ep != nil {
			panic("kernels: MatMul: a transposed result has no epilogue")
		}
		c, a, b = c.Transposed(), b.Transposed(), a.Transposed()
	}
	b.check("b")
	g := newProduct[T](isa)
	defer g.free()
	g.set(c, a, alpha, beta, ep)
	if rows, cols := b.shape(); rows != g.depth || cols != g.cols {
		panic(fmt.Sprintf("kernels: MatMul: a's depth is %d and c has %d columns, but b is %d × %d", g.depth, g.cols, rows, cols))
	}
	g.bLines = b.Transposed().lines()
	g.plan(p)
	g.run()
}
