package kernels

import "fmt"

// MatMulBatch computes n products of the same shape. The matrices of product i begin i·cNext, i·aNext and i·bNext elements
// after those of c, a and b, whose slices hold all of them. 0 uses the same operand in all products. c must not be
// transposed, and the results must not overlap.
func MatMulBatch[T Float](p *Pool, n int, c, a, b Matrix[T], cNext, aNext, bNext int, alpha, beta T) {
	if c.T || n < 0 || min(cNext, aNext, bNext) < 0 {
		panic(fmt.Sprintf("kernels: MatMulBatch: got n %d, c.T %v, strides %d, %d, %d, want c.T false and nothing negative",
			n, c.T, cNext, aNext, bNext))
	}
	outer, inner := inner(p, n)
	divide(outer, n, 1, productsJob[T]{inner, c, a, b, cNext, aNext, bNext, alpha, beta})
}

// A productsJob is some products of MatMulBatch.
type productsJob[T Float] struct {
	pool                *Pool
	c, a, b             Matrix[T]
	cNext, aNext, bNext int
	alpha, beta         T
}

func (j *productsJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i++ {
		MatMul(j.pool, j.c.from(i*j.cNext), j.a.from(i*j.aNext), j.b.from(i*j.bNext), j.alpha, j.beta, nil)
	}
}

// from returns m with its elements from offset on.
func (m Matrix[T]) from(offset int) Matrix[T] {
	m.Data = m.Data[min(offset, len(m.Data)):]
	return m
}
