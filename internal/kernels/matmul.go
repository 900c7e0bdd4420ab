package kernels

import "fmt"

// A Matrix is a row-major matrix in a slice: element (i, j) is Data[i·Stride+j]. If T is set, operations use its transpose;
// Rows, Cols and Stride still describe the stored matrix.
type Matrix[T Float] struct {
	Data               []T
	Rows, Cols, Stride int
	T                  bool
}

// Dense returns data as a rows × cols matrix without gaps between rows.
func Dense[T Float](data []T, rows, cols int) Matrix[T] {
	return Matrix[T]{Data: data, Rows: rows, Cols: cols, Stride: cols}
}

// Transposed returns the transpose of m, which shares m's data.
func (m Matrix[T]) Transposed() Matrix[T] {
	m.T = !m.T
	return m
}

// shape returns the number of rows and columns of m, transposed if m.T is set.
func (m Matrix[T]) shape() (rows, cols int) {
	if m.T {
		return m.Cols, m.Rows
	}
	return m.Rows, m.Cols
}

// check panics unless m's slice holds all of its elements.
func (m Matrix[T]) check(name string) {
	if m.Rows < 0 || m.Cols < 0 || m.Stride < m.Cols || m.Rows > 0 && m.Cols > 0 && len(m.Data) < (m.Rows-1)*m.Stride+m.Cols {
		panic(fmt.Sprintf("kernels: MatMul: %s: got %d elements, want a %d × %d matrix of stride %d",
			name, len(m.Data), m.Rows, m.Cols, m.Stride))
	}
}

// MatMul computes c = alpha·a·b + beta·c and applies ep, which may be nil. If beta is 0, the old c is not read. Each
// element is the sum of its products in the order of the depth, in blocks that depend only on the depth, and not on the
// other dimensions or the number of workers. The exception is a product of one or two rows with a transposed b of more than
// one column, whose sums have another order. The matrices must not overlap.
func MatMul[T Float](p *Pool, c, a, b Matrix[T], alpha, beta T, ep *Epilogue[T]) {
	multiply(p, c, a, b, alpha, beta, ep, false)
}

// MatMulInOrder is MatMul without its exception.
func MatMulInOrder[T Float](p *Pool, c, a, b Matrix[T], alpha, beta T, ep *Epilogue[T]) {
	multiply(p, c, a, b, alpha, beta, ep, true)
}

func multiply[T Float](p *Pool, c, a, b Matrix[T], alpha, beta T, ep *Epilogue[T], inOrder bool) {
	if c.T {
		if ep != nil {
			panic("kernels: MatMul: ep: got one for a transposed c, want nil")
		}
		c, a, b = c.Transposed(), b.Transposed(), a.Transposed()
	}
	g := newProduct[T](isa)
	defer g.free()
	g.set(c, a, alpha, beta, ep)
	g.setB(b, inOrder)
	g.plan(p)
	g.run()
}
