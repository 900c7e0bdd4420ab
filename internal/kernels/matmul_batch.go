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
	at := func(m Matrix[T], offset int) Matrix[T] {
		m.Data = m.Data[min(offset, len(m.Data)):]
		return m
	}
	one := func(p *Pool, i int) {
		MatMul(p, at(c, i*cNext), at(a, i*aNext), at(b, i*bNext), alpha, beta, nil)
	}
	if n >= p.Workers() { // whole products to each worker
		p.For(n, 1, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				one(nil, i)
			}
		})
		return
	}
	for i := range n {
		one(p, i)
	}
}
