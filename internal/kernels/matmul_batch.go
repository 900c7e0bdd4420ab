package kernels

import "fmt"

// MatMulBatch computes n products of one shape: the i-th is that of the matrices which begin i·cNext, i·aNext and i·bNext
// elements further on than c, a and b, whose slices hold them all. A step of 0 uses an operand again. No result may be
// transposed or overlap another.
func MatMulBatch[T Float](p *Pool, n int, c, a, b Matrix[T], cNext, aNext, bNext int, alpha, beta T) {
	if c.T || n < 0 || min(cNext, aNext, bNext) < 0 {
		panic(fmt.Sprintf("kernels: MatMulBatch: %d products, result transposed: %v, steps %d, %d, %d", n, c.T, cNext, aNext, bNext))
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
