package kernels

import "fmt"

// MatMulBatch computes n products of the same shape, with the bits of MatMul or, with inOrder, of MatMulInOrder. The matrices of
// product i begin i·cNext, i·aNext and i·bNext elements after those of c, a and b, whose slices hold all of them. 0 uses the same
// operand in all products. c must not be transposed, and the results must not overlap.
func MatMulBatch[T Float](p *Pool, n int, c, a, b Matrix[T], cNext, aNext, bNext int, alpha, beta T, inOrder bool) {
	if c.T || n < 0 || min(cNext, aNext, bNext) < 0 {
		panic(fmt.Sprintf("kernels: MatMulBatch: got n %d, c.T %v, strides %d, %d, %d, want c.T false and nothing negative",
			n, c.T, cNext, aNext, bNext))
	}
	last := max(n-1, 0)
	c.from(last * cNext).check("c")
	a.from(last * aNext).check("a")
	b.from(last * bNext).check("b")
	outer, inner := inner(p, n)
	divide(outer, n, 1, productsJob[T]{inner, c, a, b, cNext, aNext, bNext, alpha, beta, inOrder})
}

// A productsJob is some products of MatMulBatch.
type productsJob[T Float] struct {
	pool                *Pool
	c, a, b             Matrix[T]
	cNext, aNext, bNext int
	alpha, beta         T
	inOrder             bool
}

// piece plans one product, and runs it for the operands of each.
func (j *productsJob[T]) piece(lo, hi int) {
	g := newProduct[T](isa)
	defer g.free()
	g.set(j.c, j.a, j.alpha, j.beta, nil)
	g.setB(j.b, j.inOrder)
	g.plan(j.pool)
	for i := lo; i < hi; i++ {
		g.c, g.aLines.data, g.bLines.data = j.c.from(i*j.cNext).Data, j.a.from(i*j.aNext).Data, j.b.from(i*j.bNext).Data
		g.run()
	}
}

// from returns m with its elements from offset on.
func (m Matrix[T]) from(offset int) Matrix[T] {
	m.Data = m.Data[min(offset, len(m.Data)):]
	return m
}
