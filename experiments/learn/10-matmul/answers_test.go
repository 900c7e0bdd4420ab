package main

import "github.com/nndiy/nndiy/experiments/learn/internal/judge"

// These answers test the judges. Try the exercises first.

func product1(c, a, b []float32, n, k, m int) {
	clear(c)
	add1(c, a, b, n, k, m)
}

// add1 forgets what was in c.
func add1(c, a, b []float32, n, k, m int) {
	for i := range n {
		for p := range k {
			for j := range m {
				c[i*m+j] += a[i*k+p] * b[p*m+j]
			}
		}
	}
}

var right1 = []product{product1}

var wrong1 = []judge.Wrong[product]{
	{Name: "not cleared", Says: "c full of 1000: got 10", Answer: add1},
	{Name: "rows and columns of c exchanged", Says: "(2, 3) by (3, 4)", Answer: func(c, a, b []float32, n, k, m int) {
		t := make([]float32, len(c))
		product1(t, a, b, n, k, m)
		for i := range n {
			for j := range m {
				c[j*n+i] = t[i*m+j]
			}
		}
	}},
	{Name: "square matrices only", Says: "(2, 3) by (3, 4)", Answer: func(c, a, b []float32, n, k, m int) { product1(c, a, b, n, n, n) }},
}

var right2 = []roofline{
	func(operations, bytes, peak, bandwidth float64) float64 { return max(operations/peak, bytes/bandwidth) },
}

var wrong2 = []judge.Wrong[roofline]{
	{Name: "one after the other", Says: "got 0.0212", Answer: func(operations, bytes, peak, bandwidth float64) float64 {
		return operations/peak + bytes/bandwidth
	}},
	{Name: "the peak only", Says: "want 1.2", Answer: func(operations, _, peak, _ float64) float64 { return operations / peak }},
	{Name: "a speed", Says: "want 0.02", Answer: func(operations, bytes, peak, bandwidth float64) float64 {
		return min(peak, operations/bytes*bandwidth)
	}},
}
